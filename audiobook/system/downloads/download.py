"""One file of a voice on its way: what is here is kept, and only the rest is asked for."""

from __future__ import annotations

import hashlib
import os
import re
import time
from typing import TYPE_CHECKING

from audiobook.errors import EngineError
from audiobook.system.downloads.asking import AGAIN, LaterError, ask, bare, explain
from audiobook.system.downloads.disk import check_room, writing
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from urllib3 import BaseHTTPResponse

    from audiobook.model import VoiceFile

_PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each further attempt."""
_LARGEST = 4 << 30  # bytes of one file
_CHUNK = 1 << 18
_HEADERS = {
    "User-Agent": f"audiobook/{__version__}",
    # A range of a file is a range of its bytes only as long as nothing is packed.
    "Accept-Encoding": "identity",
}


def fetch_file(
    file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
) -> bool:
    """Make a file lie in a folder; return whether it was checked by a checksum."""
    download = _Download(file, folder, report)
    for pause in (*_PAUSES, None):
        try:
            return download.run()
        except LaterError as later:
            if pause is None:
                raise later.problem from later
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


class _Download:
    """One file on its way: what has arrived, and by which sign a server knows that file again."""

    def __init__(
        self, file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
    ) -> None:
        self._file, self._report = file, report
        self._shown = bare(file.url)
        self._target = folder / file.name
        # No file of a voice begins with a dot.
        self._part = folder / f".{file.name}.part"
        self._sign = folder / f".{file.name}.etag"
        self._checksum = folder / f".{file.name}.sha256"

    def run(self) -> bool:
        """Get what is still missing, and check the whole."""
        if not self._target.exists():
            from urllib3.exceptions import HTTPError

            try:
                self._receive()
            except HTTPError as problem:
                raise explain(self._shown, problem) from problem
            self._settle()
        with writing(self._target):
            return bool(self._expected())

    def _receive(self) -> None:
        with writing(self._part):
            here = self._part.stat().st_size if self._part.exists() else 0
            sign = self._sign.read_text("utf-8") if here and self._sign.exists() else ""
        here = here if sign else 0
        ranged = {"Range": f"bytes={here}-", "If-Range": sign} if here else {}
        with ask(self._file.url, {**_HEADERS, **ranged}) as (response, checksum):
            if response.status == 416:
                if response.headers.get("Content-Range") == f"bytes */{here}":
                    return  # all of it had arrived
                self._forget()
                raise LaterError(self._wrong("cannot go on with what is here", AGAIN))
            if response.status not in (200, 206):
                raise self._refused(response)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise self._wrong("sends the file packed", "report it to whoever made the voice")
            if response.status == 200:
                here = 0
            elif _range_start(response) != here:
                self._forget()
                raise LaterError(self._wrong("sends another part than asked for", AGAIN))
            size = response.length_remaining
            total = None if size is None else here + size
            self._check_size(total or here)
            with writing(self._part):
                check_room(self._part.parent, size or 0)
                if not here:
                    self._forget()
                    self._sign.write_text(_strong(response.headers.get("ETag", "")), "utf-8")
                    self._checksum.write_text(checksum, "utf-8")
            self._copy(response, here, total)

    def _copy(self, response: BaseHTTPResponse, here: int, total: int | None) -> None:
        self._report(self._file.name, here, total)
        with writing(self._part):
            part = self._part.open("r+b" if here else "wb")
        with part:
            part.seek(here)
            for chunk in response.stream(_CHUNK, decode_content=False):
                here += len(chunk)
                self._check_size(here)
                with writing(self._part):
                    part.write(chunk)
                    part.flush()
                self._report(self._file.name, here, total)
            with writing(self._part):
                os.fsync(part.fileno())

    def _settle(self) -> None:
        """Give the file its name if it is the right one; remove it if it is not."""
        with writing(self._part):
            expected = self._expected()
            if expected:
                with self._part.open("rb") as part:
                    found = hashlib.file_digest(part, "sha256").hexdigest()
                if found != expected:
                    self._forget()
                    raise self._wrong(
                        f"sends a file whose checksum is not {expected[:12]}… but {found[:12]}…",
                        "it was removed; try again, and if it stays so the voice file or the "
                        "server is wrong",
                    )
            self._part.rename(self._target)

    def _expected(self) -> str:
        """Return the checksum: that of the voice file, else the one its server published."""
        if self._file.sha256:
            return self._file.sha256.lower()
        return self._checksum.read_text("utf-8") if self._checksum.exists() else ""

    def _forget(self) -> None:
        with writing(self._part):
            for path in (self._part, self._sign, self._checksum):
                path.unlink(missing_ok=True)

    def _check_size(self, size: int) -> None:
        if size > _LARGEST:
            self._forget()
            raise self._wrong(
                f"sends more than {_LARGEST / 1e9:.1f} GB", "report it to whoever made the voice"
            )

    def _refused(self, response: BaseHTTPResponse) -> Exception:
        match response.status:
            case 404 | 410:
                remedy = "the file is gone: look for a newer voice file"
            case 401 | 403 | 407 | 451:
                remedy = "the file is not for everybody: fetch it yourself into the voice's folder"
            case status if status in (408, 425, 429) or status >= 500:
                return LaterError(self._wrong(f"answers {status}", "try again later"))
            case _:
                remedy = "report it to whoever made the voice"
        return self._wrong(f"answers {response.status}", remedy)

    def _wrong(self, what: str, remedy: str) -> EngineError:
        return EngineError(f"{self._shown} {what}", remedy)


def _range_start(response: BaseHTTPResponse) -> int | None:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def _strong(etag: str) -> str:
    """Return an entity tag if it promises the very same bytes (RFC 9110, 8.8.3)."""
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]+"', etag) else ""
