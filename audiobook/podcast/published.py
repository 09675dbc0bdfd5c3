"""What a target holds: the files that we published there, and what may not take their place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.errors import OutputError
from audiobook.messages import first_of, message, plural
from audiobook.podcast import dates, manifest, pages, state
from audiobook.podcast.dates import DateError
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from audiobook.messages import Message
    from audiobook.podcast.manifest import SiteFile
    from audiobook.podcast.targets import Target

RETIRED = "retired.json"
"""The file at the target that lists what no feed names any more, and since when."""
_VERSION = 1
# How many files of somebody else a message names.
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """What lies at a target."""

    files: Mapping[str, SiteFile]
    """The files of the manifest there by path; none if it is missing or damaged."""
    retired: Mapping[str, float]
    """The files that no feed names any more, and since when, in seconds since 1970."""
    sizes: Mapping[str, int]
    """The sizes in bytes of all files there, by path."""
    is_ours: bool
    """We have published there before."""

    def holds(self, file: SiteFile) -> bool:
        """Return whether a file is published.

        An immutable file is if the target has it in its size; others must also be in the manifest.
        """
        return self.sizes.get(file.path) == file.size and (
            file.immutable or self.files.get(file.path) == file
        )

    @property
    def feeds(self) -> list[str]:
        """The paths of all feeds there, whether or not the manifest could be read."""
        return sorted(
            path
            for path in self.sizes
            if path == pages.LIBRARY_FEED
            or (path.startswith("books/") and path.endswith(f"/{pages.LIBRARY_FEED}"))
        )


def look(target: Target) -> PublishedSite:
    """Return what lies at a target.

    A damaged manifest counts as none where the state of a site shows that the place is ours.

    Raises:
        OutputError: the target cannot be reached, or has such files of somebody else.
        UsageError: a later version of the program published there.
    """
    sizes = target.sizes()
    manifest_data, retired_data = target.read(manifest.NAME), target.read(RETIRED)
    published_state = target.read(state.NAME)
    is_ours = published_state is not None and _is_state(published_state, target)
    files: Mapping[str, SiteFile] = {}
    if manifest_data is not None:
        try:
            files = {file.path: file for file in manifest.parse(manifest_data)}
        except ValueError as problem:
            is_unsafe = isinstance(problem, manifest.UnsafeManifestError)
            if is_unsafe or not is_ours or manifest.is_of_later_version(manifest_data):
                remedy = message("publish to a place of its own, or remove that file")
                raise _not_ours(manifest.NAME, target, problem, remedy) from problem
    retired: Mapping[str, float] = {}
    if retired_data is not None:
        try:
            retired = _parse_retired(retired_data)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            if not is_ours:
                remedy = message("remove that file")
                raise _not_ours(RETIRED, target, problem, remedy) from problem
    return PublishedSite(files, retired, sizes, is_ours or manifest_data is not None)


def _is_state(data: bytes, target: Target) -> bool:
    try:
        state.parse(data, f"{target.address}: {state.NAME}")
    except ValueError:
        return False
    return True


def _not_ours(name: str, target: Target, problem: Exception, remedy: Message) -> OutputError:
    return OutputError(
        message(
            "{file} at {address} is not ours: {reason}",
            file=name,
            address=target.address,
            reason=problem,
        ),
        remedy,
    )


def _parse_retired(data: bytes) -> dict[str, float]:
    document = load_json(data)
    if document["version"] != _VERSION:
        raise ValueError(message("version {version} is not known", version=document["version"]))
    return {str(path): float(since) for path, since in document["since"].items()}


def render_retired(retired: Mapping[str, float]) -> bytes:
    """Render the content of `retired.json`."""
    return json.dumps({"version": _VERSION, "since": retired}, indent=0).encode()


def check_empty(target: Target, site_files: Mapping[str, SiteFile], site: PublishedSite) -> None:
    """Make sure that a target where we never published holds no files of somebody else.

    Hidden files do not count, nor files that an earlier version sent before it was cut off.

    Args:
        target: the target.
        site_files: the files that are to be published, by path.
        site: what lies there.

    Raises:
        OutputError: there are such files.
    """
    foreign = [
        path
        for path, size in site.sizes.items()
        if not any(part.startswith(".") for part in path.split("/"))
        and path not in target.kept_files
        and not (path in site_files and site_files[path].size == size)
    ]
    foreign.sort(key=lambda path: (path not in site_files, path))  # first what would be replaced
    if foreign:
        raise OutputError(
            message(
                "{address} holds files that audiobook did not publish: {files}",
                address=target.address,
                files=first_of(foreign, _MOST_LISTED),
            ),
            message("publish to a place of its own, or insist with --overwrite"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsCheck:
    """Compares the feeds that are published with those that are to take their place."""

    site: Path
    """The folder of the site."""
    site_files: Mapping[str, SiteFile]
    """Its files, by path."""
    target: Target
    redate: bool
    """Whether dates that lie in the future may be put right."""
    now: float
    """The time in seconds since 1970."""

    def run(self, published: PublishedSite) -> None:
        """Make sure that every GUID and every date of a published feed stays in that feed.

        Raises:
            GuidError: a GUID changes or vanishes.
            DateError: a date changes.
            OutputError: a feed at the target is not ours.
        """
        for path, old, new in self._changed_feeds(published):
            try:
                gone = state.vanished_guids(old, new)
                old_dates, new_dates = dates.dates_in(old), dates.dates_in(new)
            except ValueError as problem:
                remedy = message("remove that file")
                raise _not_ours(path, self.target, problem, remedy) from problem
            if gone:
                raise state.GuidError(
                    message(
                        "{count} GUIDs that subscribers have would change or vanish from {path}",
                        count=len(gone),
                        path=path,
                    ),
                    message(
                        "take back the state that is published: audiobook feed LIBRARY --restore "
                        "{address}; or insist with --allow-guid-change",
                        address=self.target.address,
                    ),
                )
            self._check_dates(path, old_dates, new_dates)

    def _check_dates(self, path: str, old: Mapping[str, int], new: Mapping[str, int]) -> None:
        moved = dates.moved_dates(old, new, self.now)
        if moved:
            raise DateError(
                plural(
                    "{count} episode that subscribers have would get another date in {path}",
                    "{count} episodes that subscribers have would get other dates in {path}",
                    count=len(moved),
                    path=path,
                ),
                message(
                    "take back the dates that are published: audiobook feed LIBRARY --restore "
                    "{address}; or insist with --allow-guid-change",
                    address=self.target.address,
                ),
            )
        corrected = sum(new.get(guid, date) != date for guid, date in old.items())
        if corrected and not self.redate:
            raise DateError(
                plural(
                    "{count} episode of {path} is published with a date in the future, which is "
                    "put right here",
                    "{count} episodes of {path} are published with dates in the future, which are "
                    "put right here",
                    count=corrected,
                    path=path,
                ),
                message("publish them with --redate"),
            )

    def _changed_feeds(self, published: PublishedSite) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield each feed there that changes: its path, what it is and what it becomes."""
        for path in published.feeds:
            file = self.site_files.get(path)
            if file is not None and published.files.get(path) == file:
                continue
            old = self.target.read(path)
            if old is not None:
                yield path, old, (self.site / path).read_bytes() if file else b"<rss/>"
