"""A written site goes where subscribers find it: what they are told of is always there.

Files go in the order of their ranks: media, then pages, then the feeds that name them, the
library's last, and then the manifest, by which the next run knows what is there. Whatever is cut
off in the middle leaves the old feeds with all that they name; the next run sends the rest.
"""

from __future__ import annotations

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.errors import FINDINGS, AudiobookError, OutputError
from audiobook.podcast import lint, manifest, state, targets
from audiobook.podcast.manifest import SiteFile
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from audiobook.podcast.targets import Target

RETIRED = "retired.json"
"""At the target: what no feed names any more, and since when."""
GRACE = 14.0
"""Days that a file stays after the last feed that named it: clients look at feeds now and then."""
_VERSION = 1
_DAY = 86_400
_AT_ONCE = 4
# Files of somebody else that a message names.
_LISTED = 5


class RulesError(AudiobookError):
    """The site is not what clients need."""

    exit_code = FINDINGS


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing does."""

    send: tuple[SiteFile, ...]
    """In order."""
    remove: tuple[str, ...]
    """What has been retired for long enough, and what came only in part."""
    retired: Mapping[str, float]
    """What stays though nothing names it, and since when, in seconds since 1970."""
    is_first: bool = False
    """Nothing of ours was published there before."""

    @property
    def size(self) -> int:
        """Bytes to send."""
        return sum(file.size for file in self.send)


def plan(
    site: Path,
    target: Target,
    *,
    prune: bool = False,
    grace: float = GRACE,
    allow_guid_change: bool = False,
    overwrite: bool = False,
    now: float | None = None,
) -> Plan:
    """Compare a site with what is published, and tell what is to do.

    Args:
        site: its folder.
        target: where it is published.
        prune: whether to remove what has been retired for long enough.
        grace: days that it stays.
        allow_guid_change: whether GUIDs that subscribers have may change or vanish.
        overwrite: whether a place may be published to that holds files of somebody else.
        now: seconds since 1970; the present if None.

    Raises:
        SourceError: there is no site.
        RulesError: it is not whole, or not what clients need.
        GuidError: GUIDs that subscribers have would change or vanish.
        OutputError: the target cannot be reached, or what is there is not ours.
    """
    _check_rules(site)
    ours = {file.path: file for file in manifest.read(site)}
    published = _published(target)
    before = published or {}
    if not allow_guid_change:
        _check_guids(site, target, ours, before)
    there = target.sizes()
    send = [file for file in ours.values() if not _is_there(file, before, there)]
    now = time.time() if now is None else now
    known = _retired(target)
    if published is None and not overwrite:
        _check_empty(target, ours, there)
    unnamed = (known.keys() | before.keys()) - ours.keys()
    retired = {path: known.get(path, now) for path in sorted(unnamed) if path in there}
    old = sorted(path for path, since in retired.items() if now - since >= grace * _DAY)
    remove = old if prune else []
    left_over = sorted(path for path in there if targets.is_unfinished(path))
    return Plan(
        tuple(sorted(send, key=_order)),
        (*remove, *left_over),
        {path: since for path, since in retired.items() if path not in remove},
        is_first=published is None,
    )


def carry_out(
    made: Plan,
    site: Path,
    target: Target,
    report: Callable[[SiteFile], None] = lambda _file: None,
) -> None:
    """Publish a site as planned.

    Args:
        made: the plan.
        site: its folder.
        target: where it is published.
        report: is told of each file that has arrived.

    Raises:
        OutputError: something did not arrive; what subscribers see is as before, or whole.
    """

    def send(file: SiteFile) -> SiteFile:
        target.put(site / file.path, file)
        return file

    if made.is_first:  # so that what is cut off is known to be ours
        draft = site / f".{manifest.NAME}"
        files.put(draft, manifest.render(()))
        _put(target, draft, manifest.NAME)

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="send") as pool:
        for rank in (0, 1):
            arriving = pool.map(send, [file for file in made.send if file.rank == rank])
            try:
                for file in arriving:
                    report(file)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    for file in made.send:  # the feeds, one by one, the library's last
        if file.rank > 1:
            report(send(file))
    if made.send or made.remove:
        for path in made.remove:
            target.remove(path)
        if made.retired or target.read(RETIRED) is not None:
            draft = site / f".{RETIRED}"
            files.put(draft, _render_retired(made.retired))
            _put(target, draft, RETIRED)
        _put(target, site / manifest.NAME, manifest.NAME)


def _order(file: SiteFile) -> tuple[int, int, str]:
    """Sort by rank, and the library's feed after those of its books."""
    return file.rank, -file.path.count("/"), file.path


# --- what is published ----------------------------------------------------------------------------


def _is_there(file: SiteFile, before: Mapping[str, SiteFile], there: Mapping[str, int]) -> bool:
    """Whether a file is published: one whose name tells its content, if it has its length."""
    return there.get(file.path) == file.size and (file.immutable or before.get(file.path) == file)


def _published(target: Target) -> dict[str, SiteFile] | None:
    """Return what was published to a place; None where nothing of ours was."""
    data = target.read(manifest.NAME)
    if data is None:
        return None
    try:
        return {file.path: file for file in manifest.parse(data)}
    except ValueError as problem:
        raise OutputError(
            f"{manifest.NAME} at {target.address} is not ours: {problem}",
            "publish to a place of its own, or remove that file",
        ) from problem


def _check_empty(target: Target, ours: Mapping[str, SiteFile], there: Mapping[str, int]) -> None:
    """Make sure that a place which nothing was published to holds no files of somebody else.

    Hidden files do not count, nor what an earlier version sent before it was cut off.

    Raises:
        OutputError: it does.
    """
    foreign = [
        path
        for path, size in there.items()
        if not any(part.startswith(".") for part in path.split("/"))
        and not (path in ours and ours[path].size == size)
    ]
    foreign.sort(key=lambda path: (path not in ours, path))  # what would be replaced comes first
    if foreign:
        listed = ", ".join(foreign[:_LISTED])
        more = f" and {len(foreign) - _LISTED} more" if len(foreign) > _LISTED else ""
        raise OutputError(
            f"{target.address} holds files that audiobook did not publish: {listed}{more}",
            "publish to a place of its own, or insist with --overwrite",
        )


def _retired(target: Target) -> dict[str, float]:
    data = target.read(RETIRED)
    if data is None:
        return {}
    try:
        said = json.loads(data)
        if said["version"] != _VERSION:
            raise ValueError(f"version {said['version']} is not known")
        return {str(path): float(since) for path, since in said["since"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise OutputError(
            f"{RETIRED} at {target.address} is not ours: {problem}", "remove that file"
        ) from problem


def _render_retired(retired: Mapping[str, float]) -> bytes:
    return json.dumps({"version": _VERSION, "since": retired}, indent=0).encode()


def _put(target: Target, local: Path, path: str) -> None:
    data = local.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    target.put(local, SiteFile(path, len(data), digest, immutable=False))


# --- what must not be published -------------------------------------------------------------------


def _check_rules(site: Path) -> None:
    errors = [finding for finding in lint.check(site) if finding.is_error]
    if errors:
        raise RulesError(
            f"the site breaks {len(errors)} rules: {errors[0]}",
            "`audiobook feed LIBRARY --check` lists them",
        )


def _check_guids(
    site: Path, target: Target, ours: Mapping[str, SiteFile], before: Mapping[str, SiteFile]
) -> None:
    """Make sure that what subscribers have stays, in the very feed they have it from."""
    feeds = (file for file in before.values() if file.path.endswith("feed.xml"))
    for file in feeds:
        if ours.get(file.path) == file or (published := target.read(file.path)) is None:
            continue
        own = (site / file.path).read_bytes() if file.path in ours else b"<rss/>"
        try:
            gone = state.vanished(published, own)
        except ValueError as problem:
            raise OutputError(
                f"{file.path} at {target.address} is not ours: {problem}", "remove that file"
            ) from problem
        if gone:
            raise state.GuidError(
                f"{len(gone)} GUIDs that subscribers have would change or vanish from {file.path}",
                "bring back the state.json that is published, or insist with --allow-guid-change",
            )
