"""Compares a written site with what is published, and plans what publishing is going to do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.errors import FINDINGS, AudiobookError
from audiobook.messages import message, plural
from audiobook.podcast import lint, manifest
from audiobook.podcast.published import FactsCheck, check_empty, look
from audiobook.podcast.unfinished import is_unfinished

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.targets import Target

GRACE = 14.0
"""Days that a file stays after no feed names it any more: clients read feeds now and then."""
_DAY = 86_400


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
    kept = {path: published.sizes[path] for path in retired if path not in remove}
    target.check_fits({file.path: file.size for file in site_files.values()} | kept)
    unfinished = sorted(path for path in published.sizes if is_unfinished(path))
    return Plan(
        tuple(sorted(send, key=_publishing_order)),
        (*remove, *unfinished),
        {path: since for path, since in retired.items() if path not in remove},
        is_first=not published.is_ours,
    )


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
