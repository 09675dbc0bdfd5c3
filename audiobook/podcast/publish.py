"""Publishes a written site, so that every file that a published feed names is there.

Files are sent in the order of their ranks: media, then pages, then the feeds that name them, the
library's feed last, and then the manifest, from which the next run learns what is published. A run
that is cut off leaves the old feeds with all files that they name; the next run sends the rest.
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
"""The file at the target that lists what no feed names any more, and since when."""
GRACE = 14.0
"""Days that a file stays after no feed names it any more: clients read feeds now and then."""
_VERSION = 1
_DAY = 86_400
_SENDERS = 4
# How many files of somebody else a message names.
_MOST_LISTED = 5


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
    """Compare a site with what is published, and return what is to be done.

    Args:
        site: the folder of the site.
        target: the place to publish to.
        prune: whether to remove files that have been retired for long enough.
        grace: the days after which that is long enough.
        allow_guid_change: whether GUIDs that subscribers have may change or vanish.
        overwrite: whether to publish to a place that holds files of somebody else.
        now: the time in seconds since 1970; the present if None.

    Raises:
        SourceError: there is no site.
        RulesError: the site is incomplete, or breaks rules.
        GuidError: GUIDs that subscribers have would change or vanish.
        OutputError: the target cannot be reached, or holds files that are not ours.
    """
    _check_rules(site)
    site_files = {file.path: file for file in manifest.read(site)}
    published = _published_files(target)
    published_before = published or {}
    if not allow_guid_change:
        _check_guids(site, target, site_files, published_before)
    target_sizes = target.sizes()
    send = [
        file
        for file in site_files.values()
        if not _is_published(file, published_before, target_sizes)
    ]
    now = time.time() if now is None else now
    retired_before = _retired_files(target)
    if published is None and not overwrite:
        _check_empty(target, site_files, target_sizes)
    unnamed = (retired_before.keys() | published_before.keys()) - site_files.keys()
    retired = {
        path: retired_before.get(path, now) for path in sorted(unnamed) if path in target_sizes
    }
    expired = sorted(path for path, since in retired.items() if now - since >= grace * _DAY)
    remove = expired if prune else []
    unfinished = sorted(path for path in target_sizes if targets.is_unfinished(path))
    return Plan(
        tuple(sorted(send, key=_publishing_order)),
        (*remove, *unfinished),
        {path: since for path, since in retired.items() if path not in remove},
        is_first=published is None,
    )


def carry_out(
    plan: Plan,
    site: Path,
    target: Target,
    report: Callable[[SiteFile], None] = lambda _file: None,
) -> None:
    """Publish a site as planned.

    Args:
        plan: what `plan` returned.
        site: the folder of the site.
        target: the place to publish to.
        report: called with each file that has arrived.

    Raises:
        OutputError: a file did not arrive; subscribers see the old site, or all of the new one.
    """

    def send(file: SiteFile) -> SiteFile:
        target.put(site / file.path, file)
        return file

    if plan.is_first:  # marks the place as ours, should this run be cut off
        draft = site / f".{manifest.NAME}"
        files.put(draft, manifest.render(()))
        _upload(target, draft, manifest.NAME)

    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="send") as pool:
        for rank in (0, 1):
            arriving = pool.map(send, [file for file in plan.send if file.rank == rank])
            try:
                for file in arriving:
                    report(file)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    for file in plan.send:  # the feeds, one by one, the library's last
        if file.rank > 1:
            report(send(file))
    if plan.send or plan.remove:
        for path in plan.remove:
            target.remove(path)
        if plan.retired or target.read(RETIRED) is not None:
            draft = site / f".{RETIRED}"
            files.put(draft, _render_retired(plan.retired))
            _upload(target, draft, RETIRED)
        _upload(target, site / manifest.NAME, manifest.NAME)


def _publishing_order(file: SiteFile) -> tuple[int, int, str]:
    """Return a sort key: by rank, and the library's feed after those of its books."""
    return file.rank, -file.path.count("/"), file.path


# --- what is published ----------------------------------------------------------------------------


def _is_published(
    file: SiteFile, published: Mapping[str, SiteFile], target_sizes: Mapping[str, int]
) -> bool:
    """Return whether a file is published.

    An immutable file is if the target has it in its size; others must also be in the manifest.
    """
    return target_sizes.get(file.path) == file.size and (
        file.immutable or published.get(file.path) == file
    )


def _published_files(target: Target) -> dict[str, SiteFile] | None:
    """Return the files of the manifest at a target, by path; None if it has no manifest."""
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


def _check_empty(
    target: Target, site_files: Mapping[str, SiteFile], target_sizes: Mapping[str, int]
) -> None:
    """Make sure that a target without a manifest holds no files of somebody else.

    Hidden files do not count, nor files that an earlier version sent before it was cut off.

    Raises:
        OutputError: there are such files.
    """
    foreign = [
        path
        for path, size in target_sizes.items()
        if not any(part.startswith(".") for part in path.split("/"))
        and not (path in site_files and site_files[path].size == size)
    ]
    foreign.sort(key=lambda path: (path not in site_files, path))  # first what would be replaced
    if foreign:
        listed = ", ".join(foreign[:_MOST_LISTED])
        more = f" and {len(foreign) - _MOST_LISTED} more" if len(foreign) > _MOST_LISTED else ""
        raise OutputError(
            f"{target.address} holds files that audiobook did not publish: {listed}{more}",
            "publish to a place of its own, or insist with --overwrite",
        )


def _retired_files(target: Target) -> dict[str, float]:
    data = target.read(RETIRED)
    if data is None:
        return {}
    try:
        document = json.loads(data)
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']} is not known")
        return {str(path): float(since) for path, since in document["since"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise OutputError(
            f"{RETIRED} at {target.address} is not ours: {problem}", "remove that file"
        ) from problem


def _render_retired(retired: Mapping[str, float]) -> bytes:
    return json.dumps({"version": _VERSION, "since": retired}, indent=0).encode()


def _upload(target: Target, local: Path, path: str) -> None:
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
    site: Path,
    target: Target,
    site_files: Mapping[str, SiteFile],
    published: Mapping[str, SiteFile],
) -> None:
    """Make sure that every GUID of a published feed stays in that feed."""
    feeds = (file for file in published.values() if file.path.endswith("feed.xml"))
    for file in feeds:
        if site_files.get(file.path) == file or (published_feed := target.read(file.path)) is None:
            continue
        new_feed = (site / file.path).read_bytes() if file.path in site_files else b"<rss/>"
        try:
            gone = state.vanished_guids(published_feed, new_feed)
        except ValueError as problem:
            raise OutputError(
                f"{file.path} at {target.address} is not ours: {problem}", "remove that file"
            ) from problem
        if gone:
            raise state.GuidError(
                f"{len(gone)} GUIDs that subscribers have would change or vanish from {file.path}",
                "bring back the state.json that is published, or insist with --allow-guid-change",
            )
