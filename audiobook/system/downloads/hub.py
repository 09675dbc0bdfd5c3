"""Asks Hugging Face which files a repository of models holds, and under which licence."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from audiobook.errors import EngineError, UsageError
from audiobook.messages import message, verbatim
from audiobook.system.downloads.texts import fetch_text

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "hf:"
_HOME = "https://huggingface.co"
_NAME = r"[\w.-]+/[\w.-]+"
_SHORT = re.compile(rf"hf:(?P<name>{_NAME})(@(?P<revision>[^/@]+))?(/(?P<path>.*))?")
_PAGE = re.compile(
    rf"/(?P<name>{_NAME})(/(resolve|blob|tree)/(?P<revision>[^/]+)(/(?P<path>.*))?)?"
)


@dataclass(frozen=True, slots=True)
class HubPlace:
    """A place at Hugging Face: a repository, and a file or folder in it."""

    name: str
    """OWNER/REPO."""
    path: str = ""
    """Empty for the whole repository."""
    revision: str = "main"

    def __str__(self) -> str:
        revision = "" if self.revision == "main" else f"@{self.revision}"
        return f"{PREFIX}{self.name}{revision}{'/' if self.path else ''}{self.path}"


@dataclass(frozen=True, slots=True)
class Repository:
    """What Hugging Face tells of a repository at one moment."""

    name: str
    revision: str
    """The commit, so that an address stays that of the same file."""
    licence: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """For each path the SHA-256 of the file, empty for small files."""

    def address(self, path: str) -> str:
        """Return the address of a file."""
        return f"{endpoint()}/{self.name}/resolve/{self.revision}/{quote(path)}"


def endpoint() -> str:
    """Return the address of Hugging Face, or of the mirror that HF_ENDPOINT names."""
    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or _HOME


def place_of(source: str) -> HubPlace | None:
    """Return the place that ``hf:OWNER/REPO[/PATH]`` or an address there means, or None.

    >>> place_of("hf:ai/giong/nam/nam.onnx")
    HubPlace(name='ai/giong', path='nam/nam.onnx', revision='main')
    >>> place_of("https://huggingface.co/ai/giong/blob/v1/nam.onnx?download=true")
    HubPlace(name='ai/giong', path='nam.onnx', revision='v1')

    Raises:
        UsageError: it begins with ``hf:`` and names no repository.
    """
    if source.startswith(PREFIX):
        match = _SHORT.fullmatch(source)
        if not match:
            raise UsageError(
                message("{source!r} names no repository", source=source),
                verbatim("hf:OWNER/REPO/PATH"),
            )
        path = match["path"]
    else:
        home = next((h for h in (endpoint(), _HOME) if source.startswith(f"{h}/")), "")
        match = _PAGE.fullmatch(urlsplit(source.removeprefix(home)).path) if home else None
        if not match:
            return None
        path = unquote(match["path"] or "")
    revision = unquote(match["revision"] or "main")
    return HubPlace(match["name"], (path or "").strip("/"), revision)


def look_up(place: HubPlace) -> Repository:
    """Return what a repository holds now.

    Raises:
        EngineError: the repository does not exist, or the server does not answer as it should.
    """
    revision = quote(place.revision, safe="")
    address = f"{endpoint()}/api/models/{place.name}/revision/{revision}?blobs=true"
    # For a repository that does not exist Hugging Face answers 401, as for one that is private.
    answer = fetch_text(address, absent={401, 403, 404, 410})
    if answer is None:
        raise EngineError(
            message("{endpoint} shows no {place} to everybody", endpoint=endpoint(), place=place),
            message("check the name; for a voice behind a login, fetch both files yourself"),
        )
    try:
        told = json.loads(answer)
        card = told.get("cardData") or {}
        licence = card.get("license_name") or card.get("license") or ""
        files = {
            str(file["rfilename"]): str((file.get("lfs") or {}).get("sha256", ""))
            for file in told["siblings"]
        }
        return Repository(
            place.name,
            str(told["sha"]),
            ", ".join(licence) if isinstance(licence, list) else str(licence),
            files,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise EngineError(
            message("{endpoint} does not answer as Hugging Face does", endpoint=endpoint()),
            message("check HF_ENDPOINT"),
        ) from problem
