"""Files of voices over real connections: good ones, and every way in which they are not."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import random
import re
import shutil
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme

from audiobook.errors import AudiobookError, EngineError, OutputError, UsageError, VoiceError
from audiobook.model import Voice, VoiceFile
from audiobook.system import downloads, public_hosts
from audiobook.system.downloads import download
from audiobook.system.folders import voice_folder

MODEL = random.Random(5).randbytes(1_500_000)
SUM = hashlib.sha256(MODEL).hexdigest()
ETAG = '"of-the-first-make"'


@dataclass
class Answer:
    """How the server behaves at one address."""

    body: bytes = b""
    status: int = 200
    etag: str = ETAG
    ranges: bool = True
    breaks_at: list[int] = field(default_factory=list)
    """After so many bytes each of the next answers breaks off."""
    failures: list[int] = field(default_factory=list)
    """The statuses of the next answers, before it is well."""
    headers: dict[str, str] = field(default_factory=dict)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers))
        answer = self.server.answers.get(self.path, Answer(status=404))
        status, start, size = answer.status, 0, len(answer.body)
        if answer.failures:
            status = answer.failures.pop(0)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        headers = dict(answer.headers)
        if status == 200 and asked and answer.ranges and self.headers["If-Range"] == answer.etag:
            start = int(asked[1])
            status = 206 if start < size else 416
            told = f"bytes {start}-{size - 1}/{size}" if status == 206 else f"bytes */{size}"
            headers.setdefault("Content-Range", told)
        body = answer.body[start:] if status in (200, 206) else b""
        self.send_response(status)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.breaks_at and status in (200, 206):
            body = body[: answer.breaks_at.pop(0)]
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Where voices lie, on 127.0.0.1."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Message]] = []
        self.base = f"http://127.0.0.1:{self.server_port}"

    def lay(self, path: str, body: bytes = MODEL, **how: Any) -> str:
        self.answers[path] = Answer(body, **how)
        return self.base + path

    @property
    def ranges(self) -> list[str | None]:
        return [headers["Range"] for _, headers in self.asked]

    def handle_error(self, *_: Any) -> None:
        pass  # a client that hung up


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(download, "_PAUSES", (0.0, 0.0))
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def voice(*files: VoiceFile) -> Voice:
    return Voice(name="rieng", engine="tone", files=files)


def model_of(url: str, sha256: str = "") -> Voice:
    return voice(VoiceFile("model.onnx", url, sha256))


def fetch(wanted: Voice) -> downloads.Fetched:
    return downloads.fetch(wanted, lambda *_: None)


def fails(wanted: Voice, problem: type[AudiobookError]) -> str:
    """Return the one line that says why nothing was fetched."""
    with pytest.raises(problem) as caught:
        fetch(wanted)
    assert not voice_folder(wanted.name).exists()
    assert caught.value.remedy
    assert "Errno" not in str(caught.value)
    return str(caught.value)


def waiting() -> set[str]:
    """Return the names of all that has arrived so far."""
    folder = voice_folder("rieng").with_name(".rieng.part")
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_all_files_are_there_and_nothing_else(server: Server) -> None:
    url, other = server.lay("/model"), server.lay("/settings", b"{}", etag="")
    wanted = voice(VoiceFile("model.onnx", url, SUM.upper()), VoiceFile("model.json", other))
    assert downloads.missing(wanted) == ["model.onnx", "model.json"]
    told: list[tuple[str, int, int | None]] = []
    fetched = downloads.fetch(wanted, lambda *event: told.append(event))
    folder = voice_folder("rieng")
    assert fetched == (folder, len(MODEL) + 2, ("model.json",))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "model.onnx": MODEL,
        "model.json": b"{}",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["rieng"]
    assert told[0] == ("model.onnx", 0, len(MODEL))
    assert told[-1] == ("model.json", 2, 2)
    assert downloads.missing(wanted) == []


def test_what_breaks_off_goes_on_at_once(server: Server) -> None:
    url = server.lay("/model", breaks_at=[700_000, 300_000])
    fetch(model_of(url, SUM))
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL
    assert server.ranges == [None, "bytes=700000-", "bytes=1000000-"]
    assert server.asked[1][1]["If-Range"] == ETAG


def test_a_later_run_goes_on_where_one_was_stopped(server: Server) -> None:
    url = server.lay("/model", breaks_at=[600_000, 0, 0])
    broken_off = fails(model_of(url, SUM), EngineError)
    assert re.search(r"broke off \(.*\): run the same command again", broken_off)
    assert "bytes=600000-" in server.ranges
    server.asked.clear()
    fetch(model_of(url, SUM))
    assert server.ranges == ["bytes=600000-"]


def test_a_run_stopped_between_two_files_asks_for_no_file_twice(server: Server) -> None:
    wanted = voice(
        VoiceFile("model.onnx", server.lay("/model", headers={"X-Linked-ETag": f'"{SUM}"'})),
        VoiceFile("model.json", server.base + "/settings"),
    )
    fails(wanted, EngineError)
    server.lay("/settings", b"{}")
    assert fetch(wanted).unchecked == ("model.json",)
    assert [path for path, _ in server.asked] == ["/model", "/settings", "/settings"]


def test_interrupted_when_all_of_it_had_arrived(server: Server) -> None:
    wanted = model_of(server.lay("/model"), SUM)

    def stop(_name: str, here: int, total: int | None) -> None:
        if here == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloads.fetch(wanted, stop)
    fetch(wanted)
    assert server.ranges == [None, f"bytes={len(MODEL)}-"]


@pytest.mark.parametrize(
    ("how", "ranges"),
    [
        ({"ranges": False}, [None, "bytes=600000-"]),
        ({"etag": 'W/"weak"'}, [None, None]),
        ({"etag": ""}, [None, None]),
    ],
)
def test_a_server_that_cannot_go_on_starts_over(
    server: Server, how: dict[str, Any], ranges: list[str | None]
) -> None:
    fetch(model_of(server.lay("/model", breaks_at=[600_000], **how), SUM))
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL
    assert server.ranges == ranges


def test_a_file_that_changed_meanwhile_starts_over(server: Server) -> None:
    wanted = model_of(server.lay("/model", b"old" * 400_000, breaks_at=[600_000, 0, 0]))
    fails(wanted, EngineError)
    server.lay("/model", etag='"of-the-second-make"')
    fetch(wanted)
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL


def test_a_wrong_part_is_not_put_in(server: Server) -> None:
    url = server.lay("/model", breaks_at=[600_000])
    server.answers["/model"].headers["Content-Range"] = "bytes 5-9/1500000"
    fetch(model_of(url))
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL
    assert server.ranges == [None, "bytes=600000-", None]


def test_what_another_version_of_the_voice_left_is_not_taken(server: Server) -> None:
    old = voice(
        VoiceFile("model.onnx", server.lay("/old", b"old")),
        VoiceFile("model.json", server.base + "/none"),
    )
    fails(old, EngineError)
    fetch(model_of(server.lay("/model"), SUM))
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL
    assert not waiting()


def test_a_folder_that_lacks_a_file_is_replaced(server: Server) -> None:
    folder = voice_folder("rieng")
    folder.mkdir(parents=True)
    (folder / "other.bin").write_bytes(b"of an older version")
    fetch(model_of(server.lay("/model"), SUM))
    assert [path.name for path in folder.iterdir()] == ["model.onnx"]
    assert [path.name for path in folder.parent.iterdir()] == ["rieng"]


@pytest.mark.parametrize("published", [True, False])
def test_a_wrong_checksum_leaves_nothing(server: Server, published: bool) -> None:
    """Whether it stands in the voice file or the server publishes it."""
    url = server.lay("/model", MODEL[:-1] + b"?")
    if published:
        server.answers["/model"].headers["X-Linked-ETag"] = f'"{SUM}"'
    message = fails(model_of(url, "" if published else SUM), EngineError)
    assert f"{url} sends a file whose checksum is not {SUM[:12]}…" in message
    assert not waiting()


def test_the_voice_file_knows_better_than_the_server(server: Server) -> None:
    url = server.lay("/model", headers={"X-Linked-ETag": "0" * 64})
    assert fetch(model_of(url, SUM)).unchecked == ()


def test_a_checksum_told_where_a_redirect_leads_on(server: Server) -> None:
    """Hugging Face tells it in the redirect to where the file lies."""
    server.lay("/store?signed=secret")
    url = server.lay("/resolve", b"", status=302)
    server.answers["/resolve"].headers |= {
        "Location": "/store?signed=secret",
        "X-Linked-ETag": f'"{SUM}"',
    }
    assert fetch(model_of(url)).unchecked == ()
    assert [path for path, _ in server.asked] == ["/resolve", "/store?signed=secret"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("file:///etc/passwd", "leads to file:///etc/passwd, which is not http or https"),
        ("ftp://example.org/a", "which is not http or https"),
        ("/turn", "was redirected 9 times"),
    ],
)
def test_redirects_that_lead_nowhere(server: Server, location: str, why: str) -> None:
    url = server.lay("/turn", b"", status=302, headers={"Location": location})
    assert why in fails(model_of(url), EngineError)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/model.onnx",
        "http://[fe80::1]/model.onnx",
        "http://[::ffff:169.254.169.254]/model.onnx",
        "http://10.0.0.1:8080/model.onnx",
        "http://[::1]/model.onnx",
        "//192.168.1.1/model.onnx",
        "http://0x0a000001/model.onnx",
    ],
)
def test_no_redirect_leads_into_the_private_network(
    server: Server, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    public = public_hosts.is_public
    monkeypatch.setattr(
        public_hosts, "is_public", lambda address: address == "127.0.0.1" or public(address)
    )
    url = server.lay("/turn", b"", status=302, headers={"Location": location})
    assert "which is on a private network" in fails(model_of(url), EngineError)


def test_a_server_of_the_user_leads_to_its_neighbours_only(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.server_port
    server.lay("/model")
    url = server.lay("/turn", b"", status=302, headers={"Location": f"http://127.0.0.2:{port}/x"})
    monkeypatch.setattr(download, "_PAUSES", ())
    assert "private network" not in fails(model_of(url), EngineError)
    server.answers["/turn"].headers["Location"] = "http://169.254.169.254/latest/"
    assert "which is on a private network" in fails(model_of(url), EngineError)
    server.answers["/turn"].headers["Location"] = f"http://localhost:{port}/model"
    assert fetch(model_of(url)).size == len(MODEL)


@pytest.mark.parametrize(
    ("status", "remedy", "asked"),
    [
        (404, "the file is gone", 1),
        (403, "the file is not for everybody", 1),
        (400, "report it", 1),
        (429, "try again later", 3),
        (503, "try again later", 3),
    ],
)
def test_refusals(server: Server, status: int, remedy: str, asked: int) -> None:
    url = server.lay("/model", status=status)
    message = fails(model_of(url), EngineError)
    assert f"{url} answers {status}: {remedy}" in message
    assert len(server.asked) == asked


def test_a_server_that_recovers(server: Server) -> None:
    fetch(model_of(server.lay("/model", failures=[503, 429]), SUM))
    assert len(server.asked) == 3


def test_nobody_answers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.lay("/model")
    server.socket.close()
    assert "no connection to http://127.0.0.1" in fails(model_of(url), EngineError)
    monkeypatch.setenv("http_proxy", "http://me:pass@127.0.0.1:9")
    message = fails(model_of("http://example.org/model?key=secret"), EngineError)
    assert message == "the proxy did not lead to http://example.org/model: check https_proxy"


def test_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.base.replace("//", "//me:pass@"))
    server.lay("http://voices.example/model")
    fetch(model_of("http://voices.example/model", SUM))
    assert server.asked[0][1]["Proxy-Authorization"] == "Basic bWU6cGFzcw=="


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_are_verified(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.lay("/model")
    url = server.base.replace("http:", "https:")
    message = fails(model_of(f"{url}/model"), EngineError)
    assert (
        f"the certificate of {url}/model is not to be trusted (unable to get local issuer "
        "certificate)" in message
    )
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv(variable, str(tmp_path / "nowhere.pem"))
    assert f"{variable} names" in fails(model_of(f"{url}/model"), UsageError)
    monkeypatch.setenv(variable, str(tmp_path / "authority.pem"))
    server.lay("/less", b"", status=302, headers={"Location": "http://example.org/model"})
    assert "which is not https" in fails(model_of(f"{url}/less"), EngineError)
    fetch(model_of(f"{url}/model", SUM))


def test_too_large(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_LARGEST", 1_000_000)
    url = server.lay("/model")
    assert "sends more than" in fails(model_of(url), EngineError)
    assert not waiting()


def test_packed(server: Server) -> None:
    url = server.lay("/model", headers={"Content-Encoding": "gzip"})
    assert "sends the file packed" in fails(model_of(url), EngineError)


def test_no_room(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    message = fails(model_of(server.lay("/model")), OutputError)
    assert "1.5 MB are needed and 1.0 MB are free: make room there, or name another" in message


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_disk_that_fills_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    open_really = Path.open

    def open_on_full_disk(path: Path, *words: Any, **more: Any) -> Any:
        place = Path("/dev/full") if path.suffix == ".part" else path
        return open_really(place, *words, **more)

    monkeypatch.setattr(Path, "open", open_on_full_disk)
    message = fails(model_of(server.lay("/model")), OutputError)
    assert ".model.onnx.part: No space left on device: make room there" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_nobody_may_write(server: Server, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    assert "Permission denied" in fails(model_of(server.lay("/model")), OutputError)


def test_a_file_in_the_way(server: Server, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    assert "AUDIOBOOK_DATA" in fails(model_of(server.lay("/model")), OutputError)


@pytest.mark.filterwarnings("ignore:flock not supported")
@pytest.mark.parametrize("error", [errno.ENOSYS, errno.ENOLCK])
def test_a_disk_without_locks(server: Server, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(fcntl, "flock", refuse)  # as some network disks do
    assert fetch(model_of(server.lay("/model"), SUM)).size == len(MODEL)


def test_two_at_once(server: Server) -> None:
    wanted = model_of(server.lay("/model"), SUM)
    refused: list[str] = []

    def meanwhile(*_: object) -> None:
        if not refused:
            refused.append(fails(wanted, OutputError))

    downloads.fetch(wanted, meanwhile)
    assert "another process is fetching into" in refused[0]
    assert (voice_folder("rieng") / "model.onnx").read_bytes() == MODEL


@pytest.mark.parametrize(
    ("name", "url", "sha256", "why"),
    [
        ("../model", "http://a/b", "", "a file cannot be called '../model'"),
        (".etag", "http://a/b", "", "a file cannot be called '.etag'"),
        ("a\n", "http://a/b", "", "a file cannot be called"),
        ("", "http://a/b", "", "a file cannot be called ''"),
        ("m", "file:///etc/passwd", "", "the url of m must begin with http:// or https://"),
        ("m", "https://", "", "the url of m must begin with"),
        ("m", "http://[::1/a", "", "the url of m is not an address"),
        ("m", "http://a:b/c", "", "the url of m is not an address"),
        ("m", "http://me:secret@a/b", "", "the url of m holds a password"),
        ("m", "http://a/b", "abc", "the sha256 of m must be 64 hexadecimal digits"),
    ],
)
def test_files_described_wrong(name: str, url: str, sha256: str, why: str) -> None:
    message = fails(voice(VoiceFile(name, url, sha256)), VoiceError)
    assert why in message
    assert "secret" not in message
    assert downloads.file_problem(VoiceFile("vi_VN-x.onnx.json", "https://a/b", SUM)) == ""


def test_remove(server: Server) -> None:
    url = server.lay("/model", breaks_at=[600_000, 0, 0])
    fails(model_of(url), EngineError)
    assert downloads.remove("rieng") >= 600_000
    assert not waiting()
    fetch(model_of(url))
    assert downloads.remove("rieng") == len(MODEL)
    assert not list(voice_folder("rieng").parent.iterdir())
    assert downloads.remove("rieng") == 0


def test_remove_leaves_what_a_link_leads_to(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "model.onnx").write_bytes(MODEL)
    voice_folder("rieng").parent.mkdir(parents=True)
    voice_folder("rieng").symlink_to(mine)
    assert downloads.remove("rieng") == 0
    assert not voice_folder("rieng").is_symlink()
    assert (mine / "model.onnx").exists()
