"""Publishes a written site, so that every file that a published feed names is there.

Files are sent in the order of their ranks: media, then pages, then the feeds that name them, the
library's feed last, and then the manifest, from which the next run learns what is published. A run
that is cut off leaves the old feeds with all files that they name; the next run sends the rest.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from audiobook.errors import FINDINGS, AudiobookError, OutputError
from audiobook.messages import message, plural
from audiobook.podcast import last_target, library, lint, manifest, state
from audiobook.podcast import site as sites
from audiobook.podcast.dates import DateError
from audiobook.podcast.last_target import LastTarget
from audiobook.podcast.published import RETIRED, FactsCheck, check_empty, look, render_retired
from audiobook.podcast.restore import is_behind
from audiobook.podcast.state import GuidError
from audiobook.podcast.targets import TargetLock
from audiobook.podcast.unfinished import is_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.targets import Target

GRACE = 14.0
"""Days that a file stays after no feed names it any more: clients read feeds now and then."""
_DAY = 86_400
_SENDERS = 4


class RulesError(AudiobookError):
    """The site breaks rules that clients or directories enforce."""

    exit_code = FINDINGS


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing is going to do."""

    send: tuple[SiteFile, ...]
    """The files to send, in order."""
    remove: tuple[str, ...]
    """The files to remove: retired for long enough, or sent only in part."""
    retired: Mapping[str, float]
    """The files that stay though nothing names them, and since when, in seconds since 1970."""
    is_first: bool = False
    """Nothing of ours was published there before."""

    @property
    def size(self) -> int:
        """The number of bytes to send."""
        return sum(file.size for file in self.send)


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


@contextmanager
def _no_progress(_size: int) -> Iterator[Callable[[SiteFile], None]]:
    yield lambda _file: None


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


def plan(
    site: Path,
    target: Target,
    *,
    prune: bool = False,
    grace: float = GRACE,
    allow_guid_change: bool = False,
    redate: bool = False,
    overwrite: bool = False,
    now: float | None = None,
) -> Plan:
    """Compare a site with what is published, and return what is to be done.

    Args:
        site: the folder of the site.
        target: the place to publish to.
        prune: whether to remove files that have been retired for long enough.
        grace: the days after which that is long enough.
        allow_guid_change: whether GUIDs and dates that subscribers have may change or vanish.
        redate: whether dates that lie in the future may be put right.
        overwrite: whether to publish to a place that holds files of somebody else.
        now: the time in seconds since 1970; the present if None.

    Raises:
        SourceError: there is no site.
        RulesError: the site is incomplete, or breaks rules.
        GuidError: GUIDs that subscribers have would change or vanish.
        DateError: dates that subscribers have would change.
        OutputError: the target cannot be reached, or holds files that are not ours.
    """
    _check_rules(site)
    now = time.time() if now is None else now
    site_files = {file.path: file for file in manifest.read(site)}
    published = look(target)
    if not published.is_ours and not overwrite:
        check_empty(target, site_files, published)
    if not allow_guid_change and published.is_ours:
        facts = FactsCheck(site=site, site_files=site_files, target=target, redate=redate, now=now)
        facts.run(published)
    send = [file for file in site_files.values() if not published.holds(file)]
    unnamed = (published.retired.keys() | published.files.keys()) - site_files.keys()
    retired = {
        path: published.retired.get(path, now)
        for path in sorted(unnamed)
        if path in published.sizes
    }
    expired = sorted(path for path, since in retired.items() if now - since >= grace * _DAY)
    remove = expired if prune else []
    unfinished = sorted(path for path in published.sizes if is_unfinished(path))
    return Plan(
        tuple(sorted(send, key=_publishing_order)),
        (*remove, *unfinished),
        {path: since for path, since in retired.items() if path not in remove},
        is_first=not published.is_ours,
    )


def carry_out(
    plan: Plan,
    site: Path,
    target: Target,
    report: Callable[[SiteFile], None] = lambda _file: None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Publish a site as planned.

    Args:
        plan: what `plan` returned.
        site: the folder of the site.
        target: the place to publish to.
        report: called with each file that has arrived.
        check: called before subscribers see anything new; what it raises ends it.

    Raises:
        DamageError: a file of the site is not what the manifest says.
        OutputError: a file did not arrive; subscribers see the old site, or all of the new one.
    """

    def send(file: SiteFile) -> SiteFile:
        target.put(site / file.path, file)
        return file

    target.clean()
    if plan.is_first:  # marks the place as ours, should this run be cut off
        target.put_data(manifest.NAME, manifest.render(()))

    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="send") as pool:
        for rank in (0, 1):
            arriving = pool.map(send, [file for file in plan.send if file.rank == rank])
            try:
                for file in arriving:
                    report(file)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    check()
    for file in plan.send:  # the feeds, one by one, the library's last
        if file.rank > 1:
            report(send(file))
    if plan.send or plan.remove:
        check()
        for path in plan.remove:
            target.remove(path)
        if plan.retired or target.read(RETIRED) is not None:
            target.put_data(RETIRED, render_retired(plan.retired))
        target.put_data(manifest.NAME, (site / manifest.NAME).read_bytes())


def _publishing_order(file: SiteFile) -> tuple[int, int, str]:
    """Return a sort key: by rank, and the library's feed after those of its books."""
    return file.rank, -file.path.count("/"), file.path


def _check_rules(site: Path) -> None:
    errors = [finding for finding in lint.check(site) if finding.is_error]
    if errors:
        raise RulesError(
            plural(
                "the site breaks {count} rule: {first}",
                "the site breaks {count} rules, first: {first}",
                count=len(errors),
                first=errors[0].line,
            ),
            message("`audiobook feed LIBRARY --check` lists them"),
        )
