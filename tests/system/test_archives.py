"""Files of voices that lie in several places, and in archives: good ones and malicious ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from audiobook.errors import EngineError, VoiceError
from audiobook.model import Voice, VoiceFile
from audiobook.system import downloads
from audiobook.system.downloads import archive, download
from audiobook.system.folders import voice_folder

WEIGHTS = b"weights" * 1_000


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, 404)
        body = answer if isinstance(answer, bytes) else b""
        self.send_response(200 if isinstance(answer, bytes) else answer)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Answers with bytes, or with a status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        self.base = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download, "_PAUSES", (0.0,))
    with serving() as server:
        yield server


def member(name: str, content: bytes = b"", **how: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in how.items():
        setattr(info, key, value)
    return info, content


def packed(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as pack:
        for info, content in members:
            pack.addfile(info, io.BytesIO(content))
    return file.getvalue()


def voice(*files: VoiceFile) -> Voice:
    return Voice(name="rieng", engine="tone", files=files)


def packed_voice(server: Server, *names: str) -> Voice:
    """Return a voice whose files lie loose, or in an archive where they do not."""
    pack = f"{server.base}/voice{archive.ENDING}"
    return voice(
        *(VoiceFile(name, f"{server.base}/{name}", "", (f"{pack}#{name}",)) for name in names)
    )


def fetch(wanted: Voice) -> dict[str, bytes]:
    """Return the files that were fetched."""
    downloads.fetch(wanted, lambda *_: None)
    return {path.name: path.read_bytes() for path in voice_folder("rieng").iterdir()}


def fails(wanted: Voice) -> str:
    with pytest.raises(EngineError) as caught:
        fetch(wanted)
    assert not voice_folder("rieng").exists()
    return str(caught.value)


def test_another_place_where_the_first_has_it_no_more(server: Server) -> None:
    server.answers["/second"] = WEIGHTS
    wanted = voice(VoiceFile("w", f"{server.base}/first", "", (f"{server.base}/second",)))
    assert fetch(wanted) == {"w": WEIGHTS}
    assert server.asked == ["/first", "/second"]


def test_a_server_in_trouble_is_asked_again_after_the_others(server: Server) -> None:
    server.answers["/first"] = 503
    wanted = voice(VoiceFile("w", f"{server.base}/first", "", (f"{server.base}/second",)))
    message = fails(wanted)
    assert "/first answers 503; " in message and "/second answers 404" in message
    assert server.asked == ["/first", "/second", "/first"]


def test_a_wrong_file_is_asked_for_elsewhere(server: Server) -> None:
    server.answers |= {"/first": b"wrong", "/second": WEIGHTS}
    sha256 = hashlib.sha256(WEIGHTS).hexdigest()
    wanted = voice(VoiceFile("w", f"{server.base}/first", sha256, (f"{server.base}/second",)))
    assert fetch(wanted) == {"w": WEIGHTS}


def test_all_files_of_an_archive_which_is_fetched_once(server: Server) -> None:
    server.answers["/voice.tar.gz"] = packed(
        member("other.bin", b"not wanted"), member("./w", WEIGHTS), member("manifest.json", b"{}")
    )
    told: list[str] = []
    fetched = downloads.fetch(
        packed_voice(server, "w", "manifest.json"), lambda name, *_: told.append(name)
    )
    assert {path.name: path.read_bytes() for path in fetched.folder.iterdir()} == {
        "w": WEIGHTS,
        "manifest.json": b"{}",
    }
    assert fetched.unchecked == ("w", "manifest.json")
    assert server.asked.count("/voice.tar.gz") == 1
    assert set(told) == {"voice.tar.gz"}


@pytest.mark.parametrize(
    "malicious",
    [
        member("../w", WEIGHTS),
        member("/etc/w", WEIGHTS),
        member("w", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("w", type=tarfile.LNKTYPE, linkname="/etc/passwd"),
        member("w", type=tarfile.CHRTYPE),
        member("w", type=tarfile.DIRTYPE),
    ],
)
def test_only_a_regular_file_of_that_name_is_taken(
    server: Server, malicious: tuple[tarfile.TarInfo, bytes]
) -> None:
    server.answers["/voice.tar.gz"] = packed(malicious)
    message = fails(packed_voice(server, "w"))
    assert "voice.tar.gz holds no file w" in message
    assert not list(Path(voice_folder("rieng")).parent.rglob("w"))


def test_an_archive_that_unpacks_to_too_much(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_LARGEST", 1_000_000)
    server.answers["/voice.tar.gz"] = packed(member("zeros", bytes(2_000_000)), member("w", b"w"))
    assert "unpacks to more than 0.0 GB" in fails(packed_voice(server, "w"))
    server.answers["/voice.tar.gz"] = packed(member("w", bytes(2_000_000)))
    assert "unpacks to more than" in fails(packed_voice(server, "w"))


def test_a_header_that_fills_the_memory(server: Server) -> None:
    info, _ = member("long", size=1 << 29, type=tarfile.GNUTYPE_LONGNAME)
    server.answers["/voice.tar.gz"] = gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(5_000))
    assert "one of its headers is too long" in fails(packed_voice(server, "w"))


def test_an_archive_of_too_many_files(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_MEMBERS", 2)
    server.answers["/voice.tar.gz"] = packed(*(member(name, b"x") for name in "abw"))
    assert "holds more than 2 files" in fails(packed_voice(server, "w"))


@pytest.mark.parametrize(
    "damage",
    [b"not gzip", packed(member("w", WEIGHTS))[:60], b""],
    ids=["another kind", "cut off", "empty"],  # the second holds the time
)
def test_a_damaged_archive_is_fetched_again(server: Server, damage: bytes) -> None:
    server.answers["/voice.tar.gz"] = damage
    assert "is not a good archive: it is damaged or cut off" in fails(packed_voice(server, "w"))
    server.answers["/voice.tar.gz"] = packed(member("w", WEIGHTS))
    assert fetch(packed_voice(server, "w")) == {"w": WEIGHTS}


def test_a_member_of_what_is_no_archive() -> None:
    wanted = voice(VoiceFile("w", "https://example.org/w.zip#w"))
    with pytest.raises(VoiceError, match=r"the url of w may only have a # behind \.tar\.gz"):
        fetch(wanted)


def test_patience_changes_nothing_where_the_network_answers(server: Server) -> None:
    wanted = voice(VoiceFile("w", f"{server.base}/w"))
    server.answers["/w"] = WEIGHTS
    assert downloads.fetch(wanted, lambda *_: None, patience=10).size == len(WEIGHTS)
    server.answers["/w"] = 404
    with pytest.raises(EngineError, match="answers 404"):
        downloads.fetch(wanted, lambda *_: None, patience=10)
