"""Downloads one file of a voice, and resumes a download that was interrupted."""

from __future__ import annotations

import hashlib
import os
import re
import time
from typing import TYPE_CHECKING

from audiobook.errors import EngineError
from audiobook.system.downloads.asking import (
    AGAIN,
    InterruptedDownloadError,
    bare,
    connection_error,
    request_file,
)
from audiobook.system.downloads.disk import check_free_space, output_errors
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
    # Ranges of bytes are those of the file only if it is sent uncompressed.
    "Accept-Encoding": "identity",
}


def fetch_file(
    file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
) -> bool:
    """Download a file into a folder; return whether it was checked by a checksum.

    Args:
        file: the file.
        folder: where it goes.
        report: called with its name, the bytes so far, and its size or None.
    """
    download = _Download(file, folder, report)
    for pause in (*_PAUSES, None):
        try:
            return download.run()
        except InterruptedDownloadError as interruption:
            if pause is None:
                raise interruption.problem from interruption
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


class _Download:
    """A download: the part that has arrived, and the entity tag by which it can be resumed."""

    def __init__(
        self, file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
    ) -> None:
        self._file, self._report = file, report
        self._shown_url = bare(file.url)
        self._target_path = folder / file.name
        # No file of a voice begins with a dot.
        self._part_path = folder / f".{file.name}.part"
        self._etag_path = folder / f".{file.name}.etag"
        self._checksum_path = folder / f".{file.name}.sha256"

    def run(self) -> bool:
        """Get the missing part of the file, and check all of it; return whether by a checksum."""
        if not self._target_path.exists():
            from urllib3.exceptions import HTTPError

            try:
                self._receive()
            except HTTPError as problem:
                raise connection_error(self._shown_url, problem) from problem
            self._accept()
        with output_errors(self._target_path):
            return bool(self._expected_checksum())

    def _receive(self) -> None:
        with output_errors(self._part_path):
            received = self._part_path.stat().st_size if self._part_path.exists() else 0
            has_etag = received > 0 and self._etag_path.exists()
            etag = self._etag_path.read_text("utf-8") if has_etag else ""
        received = received if etag else 0
        ranged = {"Range": f"bytes={received}-", "If-Range": etag} if received else {}
        with request_file(self._file.url, {**_HEADERS, **ranged}) as (response, checksum):
            if response.status == 416:
                if response.headers.get("Content-Range") == f"bytes */{received}":
                    return  # all of it has arrived
                self._discard()
                raise InterruptedDownloadError(self._error("cannot go on with what is here", AGAIN))
            if response.status not in (200, 206):
                raise self._status_error(response)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise self._error("sends the file packed", "report it to whoever made the voice")
            if response.status == 200:
                received = 0
            elif _range_start(response) != received:
                self._discard()
                raise InterruptedDownloadError(
                    self._error("sends another part than asked for", AGAIN)
                )
            size = response.length_remaining
            total = None if size is None else received + size
            self._check_size(total or received)
            with output_errors(self._part_path):
                check_free_space(self._part_path.parent, size or 0)
                if not received:
                    self._discard()
                    etag = _strong_etag(response.headers.get("ETag", ""))
                    self._etag_path.write_text(etag, "utf-8")
                    self._checksum_path.write_text(checksum, "utf-8")
            self._copy(response, received, total)

    def _copy(self, response: BaseHTTPResponse, received: int, total: int | None) -> None:
        self._report(self._file.name, received, total)
        with output_errors(self._part_path):
            part = self._part_path.open("r+b" if received else "wb")
        with part:
            part.seek(received)
            for chunk in response.stream(_CHUNK, decode_content=False):
                received += len(chunk)
                self._check_size(received)
                with output_errors(self._part_path):
                    part.write(chunk)
                    part.flush()
                self._report(self._file.name, received, total)
            with output_errors(self._part_path):
                os.fsync(part.fileno())

    def _accept(self) -> None:
        """Rename the file if its checksum is right; remove it if not."""
        with output_errors(self._part_path):
            expected = self._expected_checksum()
            if expected:
                with self._part_path.open("rb") as part:
                    checksum = hashlib.file_digest(part, "sha256").hexdigest()
                if checksum != expected:
                    self._discard()
                    raise self._error(
                        f"sends a file whose checksum is not {expected[:12]}… but {checksum[:12]}…",
                        "it was removed; try again, and if it stays so the voice file or the "
                        "server is wrong",
                    )
            self._part_path.rename(self._target_path)

    def _expected_checksum(self) -> str:
        """Return the checksum in the voice file, else the one that the server published."""
        if self._file.sha256:
            return self._file.sha256.lower()
        return self._checksum_path.read_text("utf-8") if self._checksum_path.exists() else ""

    def _discard(self) -> None:
        with output_errors(self._part_path):
            for path in (self._part_path, self._etag_path, self._checksum_path):
                path.unlink(missing_ok=True)

    def _check_size(self, size: int) -> None:
        if size > _LARGEST:
            self._discard()
            raise self._error(
                f"sends more than {_LARGEST / 1e9:.1f} GB", "report it to whoever made the voice"
            )

    def _status_error(self, response: BaseHTTPResponse) -> Exception:
        match response.status:
            case 404 | 410:
                remedy = "the file is gone: look for a newer voice file"
            case 401 | 403 | 407 | 451:
                remedy = "the file is not for everybody: fetch it yourself into the voice's folder"
            case status if status in (408, 425, 429) or status >= 500:
                return InterruptedDownloadError(self._error(f"answers {status}", "try again later"))
            case _:
                remedy = "report it to whoever made the voice"
        return self._error(f"answers {response.status}", remedy)

    def _error(self, problem: str, remedy: str) -> EngineError:
        return EngineError(f"{self._shown_url} {problem}", remedy)


def _range_start(response: BaseHTTPResponse) -> int | None:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _strong_etag(etag: str) -> str:
    """Return an entity tag if it is a strong one (RFC 9110, 8.8.3), else an empty string."""
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]+"', etag) else ""
