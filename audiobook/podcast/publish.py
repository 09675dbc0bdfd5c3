"""Publishes a written site, so that every file that a published feed names is there.

Files are sent in the order of their ranks: media, then pages, then the feeds that name them, the
library's feed last, and then the manifest, from which the next run learns what is published. A run
that is cut off leaves the old feeds with all files that they name; the next run sends the rest.
Where the whole site changes at once, a run that is cut off leaves the old site.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import message
from audiobook.podcast import last_target, library, manifest, state
from audiobook.podcast import site as sites
from audiobook.podcast.dates import DateError
from audiobook.podcast.last_target import LastTarget
from audiobook.podcast.plan import GRACE, Plan, RulesError, plan
from audiobook.podcast.published import RETIRED, render_retired
from audiobook.podcast.restore import is_behind
from audiobook.podcast.state import GuidError
from audiobook.podcast.targets import OvertakenError, TargetLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.targets import Target

__all__ = ["GRACE", "Options", "Plan", "RulesError", "carry_out", "plan", "publish"]

_SENDERS = 4
# How often a run that another machine overtakes begins again.
_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user wants of publishing; see `plan`."""

    prune: bool = False
    grace: float = GRACE
    allow_guid_change: bool = False
    redate: bool = False
    overwrite: bool = False


def publish(
    folder: Path,
    target: Target,
    options: Options,
    say: Callable[[Message], None],
    progress: Callable[[int], AbstractContextManager[Callable[[SiteFile], None]]] | None = None,
) -> Plan:
    """Publish a site while nobody else publishes to the same place, and return what was done.

    A site that lacks or contradicts names, GUIDs or dates that are published, or is lost, is
    written anew first, if the library is there that it is made of.

    Args:
        folder: the folder of a library with a site in it, or the site itself.
        target: the place to publish to.
        options: what the user wants.
        say: is told what the user should know meanwhile.
        progress: called with the number of bytes to send; opens what is told of each file sent.

    Raises:
        AudiobookError: as `plan`, `carry_out` and `site.write` do.
    """
    for _ in range(_ROUNDS - 1):
        try:
            return _publish(folder, target, options, say, progress)
        except OvertakenError as problem:
            say(message("{what}; beginning again with what is there now", what=problem.what))
    return _publish(folder, target, options, say, progress)


def _publish(
    folder: Path,
    target: Target,
    options: Options,
    say: Callable[[Message], None],
    progress: Callable[[int], AbstractContextManager[Callable[[SiteFile], None]]] | None,
) -> Plan:
    seen = _facts_at(target)
    steps: Plan | None = None
    with suppress(GuidError, DateError):  # perhaps somebody else is publishing just now
        steps = _renew_and_plan(folder, target, options, say)
    if steps is None or steps.send or steps.remove:
        with TargetLock(target, say) as lock:
            if steps is None or _facts_at(target) != seen:
                steps = _renew_and_plan(folder, target, options, say)
            with (progress or _no_progress)(steps.size) as report:
                carry_out(steps, _place_of(folder)[0], target, report, lock.check)
    return steps


def _facts_at(target: Target) -> tuple[bytes | None, bytes | None]:
    return target.read(state.NAME), target.read(manifest.NAME)


def _renew_and_plan(
    folder: Path, target: Target, options: Options, say: Callable[[Message], None]
) -> Plan:
    """Write a site anew if it is behind what is published, and plan what is to be done.

    The target is remembered, also where it refuses: `audiobook feed` takes back what it holds.
    """
    place, _ = _place_of(folder)
    try:
        _renew(folder, target, options, say)
        steps = plan(place, target, **asdict(options))
    except (GuidError, DateError):
        _remember(place, target, say)
        raise
    _remember(place, target, say)
    return steps


def _remember(place: Path, target: Target, say: Callable[[Message], None]) -> None:
    """Note where a site is published, if the folder that it lies in can be written to."""
    try:
        last_target.remember(place, target)
    except OutputError as problem:
        say(message("where it is published is not noted: {reason}", reason=problem.what))


def _ignore(_file: SiteFile) -> None:
    """Do nothing with a file that has arrived."""


@contextmanager
def _no_progress(_size: int) -> Iterator[Callable[[SiteFile], None]]:
    yield _ignore


def _place_of(folder: Path) -> tuple[Path, bool]:
    """Return the folder of the site, and whether the library that it is made of is there."""
    place = folder / sites.FOLDER
    is_site = (folder / manifest.NAME).exists() or not folder.is_dir()
    is_library = place.is_dir() or bool(not is_site and library.find_books(folder))
    return (place if is_library else folder), is_library


def _renew(folder: Path, target: Target, options: Options, say: Callable[[Message], None]) -> None:
    """Write a site anew if it is behind what is published."""
    place, is_library = _place_of(folder)
    if is_library and is_behind(place, target, time.time()):
        written = sites.write(
            folder,
            place,
            restore=LastTarget(target.address, target.insecure),
            allow_guid_change=options.allow_guid_change,
            redate=options.redate,
        )
        for note in written.notes:
            say(note)
        for problem in written.broken:
            say(message("left out: {problem}", problem=problem))


def carry_out(
    steps: Plan,
    site: Path,
    target: Target,
    report: Callable[[SiteFile], None] = _ignore,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Publish a site as planned.

    Args:
        steps: what `plan` returned.
        site: the folder of the site.
        target: the place to publish to.
        report: called with each file that has arrived.
        check: called before subscribers see anything new; what it raises ends it.

    Raises:
        DamageError: a file of the site is not what the manifest says.
        OvertakenError: somebody else has published since the target was read.
        OutputError: a file did not arrive; subscribers see the old site, or all of the new one.
    """
    arrived = _ignore if target.is_atomic else report

    def send(file: SiteFile) -> SiteFile:
        target.put(site / file.path, file)
        return file

    target.clean()
    if steps.is_first:  # marks the place as ours, should this run be cut off
        target.put_data(manifest.NAME, manifest.render(()))

    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="send") as pool:
        for rank in (0, 1):
            arriving = pool.map(send, [file for file in steps.send if file.rank == rank])
            try:
                for file in arriving:
                    arrived(file)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    check()
    for file in steps.send:  # the feeds, one by one, the library's last
        if file.rank > 1:
            arrived(send(file))
    if steps.send or steps.remove:
        check()
        for path in steps.remove:
            target.remove(path)
        if steps.retired or target.read(RETIRED) is not None:
            target.put_data(RETIRED, render_retired(steps.retired))
        target.put_data(manifest.NAME, (site / manifest.NAME).read_bytes())
    target.commit(report)
