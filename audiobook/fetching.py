"""The files of a voice: fetched over HTTP into a folder of their own, which is whole or not there.

What has arrived waits in a folder beside it, so that a later run goes on where one was stopped.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from audiobook import __version__, connection
from audiobook.errors import AudiobookError, EngineError, OutputError, VoiceError
from audiobook.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from urllib3 import BaseHTTPResponse, PoolManager
    from urllib3.exceptions import HTTPError

    from audiobook.model import Voice, VoiceFile

_CONNECT, _READ = 10.0, 30.0  # seconds
_PAUSES = (1.0, 3.0, 9.0)
"""Seconds before each further attempt."""
_REDIRECTS = 8
_LARGEST = 4 << 30  # bytes of one file
_CHUNK = 1 << 18
_HEADERS = {
    "User-Agent": f"audiobook/{__version__}",
    # A range of a file is a range of its bytes only as long as nothing is packed.
    "Accept-Encoding": "identity",
}
_AGAIN = "run the same command again: it goes on where it stopped"
_ROOM = "make room there, or name another folder with AUDIOBOOK_DATA"


class Fetched(NamedTuple):
    """What was fetched for a voice."""

    folder: Path
    size: int
    """Bytes of all its files."""
    unchecked: tuple[str, ...]
    """Files that nobody published a checksum of: only their length is known to be right."""


class _LaterError(Exception):
    """The same request may well succeed if it is sent again."""

    def __init__(self, problem: AudiobookError) -> None:
        super().__init__(problem)
        self.problem = problem


def missing(voice: Voice) -> list[str]:
    """Return the names of the files that a voice still needs fetched."""
    folder = voice_folder(voice.name)
    return [file.name for file in voice.files if not (folder / file.name).is_file()]


def fault(file: VoiceFile) -> str:
    """Say what is wrong with the description of a file; an empty string if nothing is."""
    if not re.fullmatch(r"\w[\w .+-]{0,199}", file.name):
        return f"a file cannot be called {file.name!r}: letters, digits and . _ + - name one"
    if file.sha256 and not _is_sha256(file.sha256):
        return f"the sha256 of {file.name} must be 64 hexadecimal digits"
    return address_fault(file.name, file.url)


def address_fault(what: str, url: str) -> str:
    """Say what is wrong with the address of something; an empty string if nothing is."""
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port  # a port that is no number is an error, too
    except ValueError:
        return f"the url of {what} is no address"
    if address.scheme not in ("http", "https") or not host:
        return f"the url of {what} must begin with http:// or https://"
    if address.username or address.password:
        return f"the url of {what} holds a password, which no voice file should"
    return ""


def fetch(voice: Voice, report: Callable[[str, int, int | None], None]) -> Fetched:
    """Fetch the files of a voice into its folder, which appears once all of them are right.

    Certificates are verified, proxies taken from the environment, and redirects followed to
    http and https only. What breaks off is asked for again a few times, from where it broke off
    if the server can say that the file is still the same (RFC 9110, 13.1.5).

    Args:
        voice: whose files.
        report: is told the name of a file, its bytes that are here and its bytes in all (None
            where the server does not say), when it begins and as it grows.

    Raises:
        EngineError: a server does not give the file, or one with another checksum.
        OutputError: the disk does not take it, or another process is at it.
        VoiceError: what the voice says of its files is not right.
    """
    for file in voice.files:
        if what := fault(file):
            raise VoiceError(f"voice {voice.name}: {what}", "mend the voice file")
    folder = voice_folder(voice.name)
    # What arrived for another version of the voice is not taken for this one.
    order = hashlib.blake2b(repr(voice.files).encode(), digest_size=8).hexdigest()
    waiting = _waiting(folder) / order
    with _writing(waiting):
        waiting.mkdir(parents=True, exist_ok=True)
    with _alone(_waiting(folder)):
        unchecked = tuple(
            file.name for file in voice.files if not _fetch_file(file, waiting, report)
        )
        with _writing(folder):
            for mark in waiting.glob(".*"):
                mark.unlink()
            size = _size(waiting)
            _clear_away(folder)
            waiting.rename(folder)
            _clear_away(_waiting(folder))
    return Fetched(folder, size, unchecked)


def remove(name: str) -> int:
    """Remove what was fetched for a voice, whole or in part, and return the bytes it took.

    Raises:
        OutputError: it cannot be removed.
    """
    folder = voice_folder(name)
    places = (folder, _waiting(folder))
    with _writing(folder, "remove", "remove it yourself"):
        size = sum(map(_size, places))
        for place in places:
            _clear_away(place)
    return size


# --- the disk -----------------------------------------------------------------------------------


@contextmanager
def _writing(path: Path, act: str = "write", remedy: str = _ROOM) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        what = f"cannot {act} {path}: {problem.strerror or problem}"
        raise OutputError(what, remedy) from problem


def _waiting(folder: Path) -> Path:
    """Return where files wait until the folder is whole: beside it, so that a rename will do."""
    return folder.with_name(f".{folder.name}.part")


def _size(folder: Path) -> int:
    """Count the bytes of the files in a folder; none for a link to one, which is not ours."""
    if folder.is_symlink():
        return 0
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes out of a folder; the system lets go of it when this one dies."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with _writing(folder):
        lock = os.open(folder, os.O_RDONLY)
    try:
        with _writing(folder):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as problem:
                raise OutputError(
                    f"another process is fetching into {folder}", "wait until it ends"
                ) from problem
        yield
    finally:
        os.close(lock)


def _clear_away(folder: Path) -> None:
    """Remove a folder, or the link to one, so that it is never seen half removed."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        going = folder.with_name(f".{folder.name}.gone")
        shutil.rmtree(going, ignore_errors=True)  # left over from when this was interrupted
        folder.rename(going)
        shutil.rmtree(going)


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OSError(
            errno.ENOSPC,
            f"{needed / 1e6:,.1f} MB are needed and {free / 1e6:,.1f} MB are free",
        )


# --- one file -----------------------------------------------------------------------------------


def _fetch_file(
    file: VoiceFile, folder: Path, report: Callable[[str, int, int | None], None]
) -> bool:
    """Make a file lie in a folder; return whether it was checked by a checksum."""
    download = _Download(file, folder, report)
    for pause in (*_PAUSES, None):
        try:
            return download.run()
        except _LaterError as later:
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
        self._shown = _bare(file.url)
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
                raise _explain(self._shown, problem) from problem
            self._settle()
        with _writing(self._target):
            return bool(self._expected())

    def _receive(self) -> None:
        with _writing(self._part):
            here = self._part.stat().st_size if self._part.exists() else 0
            sign = self._sign.read_text("utf-8") if here and self._sign.exists() else ""
        here = here if sign else 0
        ranged = {"Range": f"bytes={here}-", "If-Range": sign} if here else {}
        with _asked(self._file.url, {**_HEADERS, **ranged}) as (response, checksum):
            if response.status == 416:
                if response.headers.get("Content-Range") == f"bytes */{here}":
                    return  # all of it had arrived
                self._forget()
                raise _LaterError(self._wrong("cannot go on with what is here", _AGAIN))
            if response.status not in (200, 206):
                raise self._refused(response)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise self._wrong("sends the file packed", "report it to whoever made the voice")
            if response.status == 200:
                here = 0
            elif _range_start(response) != here:
                self._forget()
                raise _LaterError(self._wrong("sends another part than asked for", _AGAIN))
            size = response.length_remaining
            total = None if size is None else here + size
            self._check_size(total or here)
            with _writing(self._part):
                _check_room(self._part.parent, size or 0)
                if not here:
                    self._forget()
                    self._sign.write_text(_strong(response.headers.get("ETag", "")), "utf-8")
                    self._checksum.write_text(checksum, "utf-8")
            self._copy(response, here, total)

    def _copy(self, response: BaseHTTPResponse, here: int, total: int | None) -> None:
        self._report(self._file.name, here, total)
        with _writing(self._part):
            part = self._part.open("r+b" if here else "wb")
        with part:
            part.seek(here)
            for chunk in response.stream(_CHUNK, decode_content=False):
                here += len(chunk)
                self._check_size(here)
                with _writing(self._part):
                    part.write(chunk)
                    part.flush()
                self._report(self._file.name, here, total)
            with _writing(self._part):
                os.fsync(part.fileno())

    def _settle(self) -> None:
        """Give the file its name if it is the right one; remove it if it is not."""
        with _writing(self._part):
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
        with _writing(self._part):
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
                return _LaterError(self._wrong(f"answers {status}", "try again later"))
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


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None


# --- the connection -----------------------------------------------------------------------------


@contextmanager
def _asked(url: str, headers: dict[str, str]) -> Iterator[tuple[BaseHTTPResponse, str]]:
    """Ask for a file wherever it was moved to; give the answer, and the SHA-256 told on the way.

    Hugging Face tells it where it sends us on, not where the file is.
    """
    from urllib3 import Timeout

    checksum = ""
    for _ in range(_REDIRECTS + 1):
        with _door(url) as door:
            response = door.urlopen(
                "GET",
                url,
                headers=headers,
                timeout=Timeout(connect=_CONNECT, read=_READ),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                told = response.headers.get("X-Linked-ETag", "").strip('"')
                checksum = checksum or (told.lower() if _is_sha256(told) else "")
                location = response.get_redirect_location()
                if not location:
                    yield response, checksum
                    return
            finally:
                response.close()
        url = _next(url, location)
    raise EngineError(f"{_bare(url)} was redirected {_REDIRECTS + 1} times", "try again later")


def _next(url: str, location: str) -> str:
    """Return where a redirect leads: to the web, and from TLS to nothing less."""
    further = urljoin(url, location)
    allowed = ("https",) if url.startswith("https:") else ("http", "https")
    if urlsplit(further).scheme not in allowed:
        raise EngineError(
            f"{_bare(url)} leads to {_bare(further)}, which is not {' or '.join(allowed)}",
            "report it to whoever made the voice",
        )
    return further


@contextmanager
def _door(url: str) -> Iterator[PoolManager]:
    """Open the way to a host: straight, or through the proxy the environment names."""
    import urllib3

    address = urlsplit(url)
    proxy = connection.proxy_to(address.scheme, address.hostname or "")
    way = (
        connection.through(proxy) if proxy else urllib3.PoolManager(ssl_context=connection.trust())
    )
    with way as door:
        yield door


def _explain(shown: str, problem: HTTPError) -> Exception:
    """Say what went wrong between the two computers; what passes is a `_LaterError`."""
    from urllib3 import exceptions

    root: BaseException = problem
    while cause := root.__cause__ or root.__context__:
        root = cause
    reason = getattr(root, "verify_message", "") or getattr(root, "strerror", "") or root
    match problem:
        case exceptions.ProxyError() | exceptions.ProxySchemeUnknown():
            return EngineError(f"the proxy did not lead to {shown}", "check https_proxy")
        case exceptions.SSLError():
            return EngineError(
                f"no secure connection to {shown} ({reason})",
                "check the address; if your network looks into connections on purpose, name the "
                "file of its certificate in SSL_CERT_FILE",
            )
        case exceptions.NameResolutionError() | exceptions.LocationValueError():
            return EngineError(
                f"no host of {shown} is known", "check the address and the network connection"
            )
        case exceptions.NewConnectionError():
            return _LaterError(EngineError(f"no connection to {shown} ({reason})", _AGAIN))
        case exceptions.TimeoutError():
            return _LaterError(EngineError(f"{shown} does not answer", _AGAIN))
        case _:
            return _LaterError(EngineError(f"the connection to {shown} broke off", _AGAIN))


def _bare(url: str) -> str:
    """Return an address as it may be shown: without credentials, and without a signed query."""
    return connection.bare(url).split("?")[0]
