"""Downloads one file of a voice, and resumes a download that was interrupted."""

from __future__ import annotations

import hashlib
import os
import re
import time
from typing import TYPE_CHECKING

from audiobook.errors import AudiobookError, EngineError
from audiobook.messages import message
from audiobook.model import VoiceFile
from audiobook.system.downloads import archive
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
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from urllib3 import BaseHTTPResponse

_PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each further attempt."""
_LARGEST = 4 << 30  # bytes of one file
_CHUNK = 1 << 18
_REPORT = message("report it to whoever made the voice")
_HEADERS = {
    "User-Agent": f"audiobook/{__version__}",
    # Ranges of bytes are those of the file only if it is sent uncompressed.
    "Accept-Encoding": "identity",
}


def fetch_file(
    file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
) -> bool:
    """Download a file into a folder; return whether it was checked by a checksum.

    Its addresses are tried in turn, and those that may still succeed again after a while.

    Args:
        file: the file.
        folder: where it goes.
        report: called with its name, the bytes so far, and its size or None.
    """
    downloads = [
        _Download(file, url, number, folder, report) for number, url in enumerate(file.urls, 1)
    ]
    problems: dict[_Download, AudiobookError] = {}
    for pause in (*_PAUSES, None):
        interrupted = []
        for download in downloads:
            try:
                return download.run()
            except InterruptedDownloadError as interruption:
                problems[download] = interruption.problem
                interrupted.append(download)
            except EngineError as problem:
                problems[download] = problem
        if pause is None or not interrupted:
            raise _sum_up(list(problems.values()))
        downloads = interrupted
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _sum_up(problems: Sequence[AudiobookError]) -> AudiobookError:
    """Return one error for those of all addresses."""
    if len(problems) == 1:
        return problems[0]
    what = problems[0].what
    for problem in problems[1:]:
        what = message("{first}; {second}", first=what, second=problem.what)
    return EngineError(what, problems[-1].remedy)


class _Download:
    """A download: the part that has arrived, and the entity tag by which it can be resumed."""

    def __init__(
        self,
        file: VoiceFile,
        url: str,
        number: int,
        folder: Path,
        report: Callable[[str, int, int | None], None],
    ) -> None:
        self._file, self._report = file, report
        self._url, self._member = archive.split_address(url)
        self._shown_url = bare(self._url)
        self._folder = folder
        self._target_path = folder / file.name
        self._accepted_path = folder / f".{file.name}.sha256"
        # No file of a voice begins with a dot. What one server began another does not go on with.
        stem = f".{file.name}" if number == 1 else f".{file.name}.{number}"
        self._part_path = folder / f"{stem}.part"
        self._etag_path = folder / f"{stem}.etag"
        self._checksum_path = folder / f"{stem}.sha256"

    def run(self) -> bool:
        """Get the missing part of the file, and check all of it; return whether by a checksum."""
        if not self._target_path.exists():
            from urllib3.exceptions import HTTPError

            try:
                if self._member:
                    self._unpack()
                else:
                    self._receive()
            except HTTPError as problem:
                raise connection_error(self._shown_url, problem) from problem
            self._accept()
        with output_errors(self._target_path):
            return bool(self._file.sha256 or self._accepted_path.read_text("utf-8"))

    def _unpack(self) -> None:
        """Take the file out of its archive, which is received once for all files in it."""
        digest = hashlib.blake2b(self._url.encode(), digest_size=8).hexdigest()
        packed = VoiceFile(f".{digest}{archive.ENDING}", self._url)
        path = self._folder / packed.name

        def report(_name: str, received: int, total: int | None) -> None:
            self._report(self._url.rpartition("/")[2], received, total)

        _Download(packed, self._url, 1, self._folder, report).run()
        try:
            archive.extract(path, self._member, self._part_path, self._url)
        except EngineError:
            with output_errors(path):
                path.unlink()
            raise

    def _receive(self) -> None:
        with output_errors(self._part_path):
            received = self._part_path.stat().st_size if self._part_path.exists() else 0
            has_etag = received > 0 and self._etag_path.exists()
            etag = self._etag_path.read_text("utf-8") if has_etag else ""
        received = received if etag else 0
        ranged = {"Range": f"bytes={received}-", "If-Range": etag} if received else {}
        with request_file(self._url, {**_HEADERS, **ranged}) as (response, checksum):
            if response.status == 416:
                if response.headers.get("Content-Range") == f"bytes */{received}":
                    return  # all of it has arrived
                self._discard()
                raise InterruptedDownloadError(
                    EngineError(
                        message("{url} cannot go on with what is here", url=self._shown_url), AGAIN
                    )
                )
            if response.status not in (200, 206):
                raise status_error(self._shown_url, response)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise EngineError(
                    message("{url} sends the file packed", url=self._shown_url), _REPORT
                )
            if response.status == 200:
                received = 0
            elif _range_start(response) != received:
                self._discard()
                raise InterruptedDownloadError(
                    EngineError(
                        message("{url} sends another part than asked for", url=self._shown_url),
                        AGAIN,
                    )
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
                    raise EngineError(
                        message(
                            "{url} sends a file whose checksum is not {expected}… but {checksum}…",
                            url=self._shown_url,
                            expected=expected[:12],
                            checksum=checksum[:12],
                        ),
                        message(
                            "it was removed; try again, and if it stays so the voice file or the "
                            "server is wrong"
                        ),
                    )
            self._accepted_path.write_text(expected, "utf-8")
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
            raise EngineError(
                message(
                    "{url} sends more than {size:.1f} GB",
                    url=self._shown_url,
                    size=_LARGEST / 1e9,
                ),
                _REPORT,
            )


def status_error(url: str, response: BaseHTTPResponse) -> Exception:
    """Return the error for an answer without the file; one to try again if that may help."""
    what = message("{url} answers {status}", url=url, status=response.status)
    match response.status:
        case 404 | 410:
            remedy = message("the file is gone: look for a newer voice file")
        case 401 | 403 | 407 | 451:
            remedy = message(
                "the file is not for everybody: fetch it yourself into the voice's folder"
            )
        case status if status in (408, 425, 429) or status >= 500:
            return InterruptedDownloadError(EngineError(what, message("try again later")))
        case _:
            remedy = _REPORT
    return EngineError(what, remedy)


def _range_start(response: BaseHTTPResponse) -> int | None:
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def _strong_etag(etag: str) -> str:
    """Return an entity tag if it is a strong one (RFC 9110, 8.8.3), else an empty string."""
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]+"', etag) else ""
