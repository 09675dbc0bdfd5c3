"""manifest.json: every file of a site in the order of publishing, with its size and hash."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.podcast.records import record_of
from audiobook.system import files
from audiobook.system.json_data import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "manifest.json"
_FEED = "feed.xml"
"""The path of the manifest from the root of the site; it does not list itself."""
VERSION = 1

_TYPES = {
    ".chapters.json": "application/json+chapters",
    ".css": "text/css",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".m4b": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".png": "image/png",
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    "sitemap.xml": "application/xml",
    ".xml": "application/rss+xml",
}
"""Media types by the end of the name, the first that fits; those of the system may differ."""


class UnsafeManifestError(ValueError):
    """A manifest that no damage explains: somebody wrote it to do harm."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of a site."""

    path: str
    """The path from the root of the site, with slashes; ASCII."""
    size: int
    """The size in bytes."""
    sha256: str
    """The hash of the content, hexadecimal."""
    immutable: bool = True
    """The name holds the hash of the content, so that what was fetched once never changes."""

    @property
    def type(self) -> str:
        """The media type that the file is served with (RFC 6838)."""
        return media_type(self.path)

    @property
    def rank(self) -> int:
        """The order of publishing: files of a lower rank go before those that point to them."""
        return 0 if self.immutable else 2 if self.path.endswith("feed.xml") else 1


def media_type(path: str) -> str:
    """Return the media type of a file of a site by the end of its name; empty if it has none."""
    return next((kind for end, kind in _TYPES.items() if path.endswith(end)), "")


def render(files: Iterable[SiteFile]) -> bytes:
    """Render a manifest, its files in the order of publishing."""
    entries = [
        {name: getattr(file, name) for name in SiteFile.__slots__}
        for file in sorted(files, key=lambda file: (file.rank, file.path))
    ]
    return json.dumps({"version": VERSION, "files": entries}, indent=0).encode()


def parse(data: bytes) -> tuple[SiteFile, ...]:
    """Read a manifest.

    Raises:
        UnsafeManifestError: it leads out of the site, or is meant to exhaust whoever reads it.
        ValueError: the data is not a manifest, or has an unknown version.
    """
    try:
        document = json.loads(data)
        if document["version"] != VERSION:
            raise ValueError(message("version {version} is not known", version=document["version"]))
        files = tuple(record_of(SiteFile, file) for file in document["files"])
        if wrong := [file.path for file in files if not _is_within(file.path)]:
            what = message("{name!r} is not a path in a site", name=wrong[0])
            raise UnsafeManifestError(what)
        return files
    except RecursionError as problem:
        raise UnsafeManifestError(message("it is not a manifest")) from problem
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(message("it is not a manifest")) from problem


def is_of_later_version(data: bytes) -> bool:
    """Return whether a later version of the program wrote a manifest."""
    try:
        version = json.loads(data)["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return isinstance(version, int) and version > VERSION


def _is_within(path: str) -> bool:
    """Return whether a path stays within the site, on every system."""
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and not set(path) & {"\\", ":", "\0"}


def find_link(site: Path, paths: Iterable[str]) -> str:
    """Return the first path of a site that is a link, or leads through one; empty if none does.

    A site may come from a stranger: through a link, files elsewhere would be published, written
    anew or removed. Pipes and devices count as links. What is not there is none.

    Args:
        site: the folder of the site.
        paths: paths of files and folders from its root.
    """
    own_folders: set[str] = set()
    for path in paths:
        place = ""
        for part in path.split("/"):
            place = f"{place}/{part}"
            if place in own_folders:
                continue
            try:
                mode = os.lstat(f"{site}{place}").st_mode
            except OSError:
                break
            if not stat.S_ISDIR(mode):
                if not stat.S_ISREG(mode):
                    return path
                break
            own_folders.add(place)
    return ""


def read(site: Path) -> tuple[SiteFile, ...]:
    """Read the manifest of a site.

    Raises:
        SourceError: there is no manifest, it is damaged, or what it lists is a link.
    """
    remedy = message("write the site with `audiobook feed LIBRARY --url BASE`")
    try:
        listed = parse(read_facts(site / NAME))
    except OSError as problem:
        raise SourceError(
            message("{site} holds no site: {reason}", site=site, reason=problem), remedy
        ) from problem
    except ValueError as problem:
        raise SourceError(
            message("{path} is not right: {reason}", path=site / NAME, reason=problem), remedy
        ) from problem
    if link := find_link(site, (file.path for file in listed)):
        what = message("{path} is a link, or lies behind one", path=site / link)
        raise SourceError(what, message("remove the link")) from UnsafeManifestError(what)
    return listed


def is_site(folder: Path) -> bool:
    """Return whether a folder is a site that `audiobook feed` wrote."""
    return files.is_file(folder / NAME) and files.is_file(folder / _FEED)
