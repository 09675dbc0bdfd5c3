"""Nobody but the user's own pages changes anything, and no page loads anything from elsewhere."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from command import run
from studios import ARTICLE, opened

from audiobook.errors import OutputError
from audiobook.studio import guard, uploads
from audiobook.studio.app import open_studio
from audiobook.studio.guard import Guard, Pass, preferred_language

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from studios import Served


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path / "books") as served:
        yield served


def test_only_its_own_names_are_answered(studio: Served) -> None:
    port = studio.url.rstrip("/").rpartition(":")[2]
    for host in (f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil:{port}", ""):
        assert studio.ask("/", host=host).status == 421
    assert studio.ask("/", host=f"localhost:{port}").status == 200


def test_a_change_needs_the_token_and_our_origin(studio: Served) -> None:
    token, body = studio.token, b'{"text": "Xin ch\xc3\xa0o."}'
    refused: tuple[dict[str, str], ...] = (
        {},
        {"x_audiobook_token": "wrong"},
        {"x_audiobook_token": token, "origin": "https://evil.example"},
        {"x_audiobook_token": token, "origin": "null"},
        {"x_audiobook_token": token, "origin": "http://[::"},
        {"x_audiobook_token": token, "sec_fetch_site": "cross-site"},
        {"x_audiobook_token": token, "sec_fetch_site": "same-site"},
    )
    for headers in refused:
        assert studio.ask("/add/text", "POST", body, **headers).status in (403, 409), headers
    assert not list(studio.folder.glob("[!.]*"))
    origin = studio.url.rstrip("/")
    allowed = studio.ask("/add/text", "POST", body, x_audiobook_token=token, origin=origin)
    assert allowed.status == 200


def test_a_page_elsewhere_may_lead_here_and_loads_nothing(studio: Served) -> None:
    book = studio.add(ARTICLE)
    linked = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    for site in ("cross-site", "same-site"):
        assert studio.ask(book, "GET", None, sec_fetch_site=site, **linked).status == 200
        for mode, dest in (("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")):
            headers = {"sec_fetch_site": site, "sec_fetch_mode": mode, "sec_fetch_dest": dest}
            assert studio.ask(f"{book}/part/doubts", "GET", None, **headers).status == 403
    assert studio.ask("/", "GET", None, sec_fetch_site="none", **linked).status == 200
    ours = {"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}
    assert studio.ask(f"{book}/part/chapters", "GET", None, **ours).status == 200


def test_every_answer_has_the_headers(studio: Served) -> None:
    book = studio.add(ARTICLE)
    for path in ("/", book, f"{book}/part/chapters", "/nowhere", "/assets/x/studio.js"):
        headers = studio.ask(path).headers
        rules = dict(
            rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
        )
        assert set(rules.values()) == {"'none'", "'self'"}
        assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    page = studio.ask(book).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page)


@pytest.mark.parametrize(
    "path",
    [
        "/books/..%2f..%2fetc%2fpasswd",
        "/books/0000000000000000/media",
        "/assets/x/..%2f..%2fapp.py",
        "/assets/x/%2e%2e%2fapp.py",
    ],
)
def test_no_path_leads_out(studio: Served, path: str) -> None:
    assert studio.ask(path).status == 404


@pytest.mark.parametrize("name", ["podcast", ".audiobook-arrivals", ".removed"])
def test_no_folder_of_the_studio_is_a_link(tmp_path: Path, name: str) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "music").mkdir()
    link = tmp_path / "books" / name
    link.symlink_to(tmp_path / "music")
    address = ("http://127.0.0.1:8765/",)
    with pytest.raises(OutputError, match="leads out"), open_studio(link.parent, address):
        pass
    link.unlink()
    (tmp_path / "books/elsewhere").mkdir()
    link.symlink_to(tmp_path / "books/elsewhere")
    with open_studio(link.parent, address):
        assert link.is_symlink()


def test_a_link_out_of_the_folder_is_not_served(studio: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(b"\xff\xfb" + bytes(400))
    book = studio.add(ARTICLE)
    source = next(studio.folder.rglob("*.txt"))
    source.with_suffix(".mp3").symlink_to(secret)
    for path in ("media", "file/mp3", "listen", "cover"):
        assert studio.ask(f"{book}/{path}").status == 404


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../x.txt", "x/x.txt"),
        ("C:\\Windows\\x.txt", "x/x.txt"),
        ("/etc/passwd.txt", "passwd/passwd.txt"),
        (".hidden.txt", "hidden/hidden.txt"),
        ("a\x00b.txt", "a b/a b.txt"),
        ("<img src=x>.txt", "-img src=x-/-img src=x-.txt"),
        ("..txt", "untitled/untitled.txt"),
    ],
)
def test_the_name_of_a_dropped_file_stays_in_the_folder(
    tmp_path: Path, name: str, path: str
) -> None:
    async def data() -> AsyncIterator[bytes]:
        yield "Một câu.".encode()

    written = asyncio.run(uploads.receive(tmp_path, name, data()))
    assert written == tmp_path / path.lstrip("-") or written.resolve().is_relative_to(tmp_path)
    assert written.read_text("utf-8") == "Một câu."


def test_a_dropped_file_is_bounded(studio: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    answer = studio.ask("/add/file?name=a.txt", "POST", b"x" * 2000, x_audiobook_token=studio.token)
    assert answer.status == 422
    assert "larger" in answer.json["problem"]
    for name, body in (("a.exe", b"x"), ("a.txt", b"")):
        refused = studio.ask(f"/add/file?name={name}", "POST", body, x_audiobook_token=studio.token)
        assert refused.status == 422
    assert not list(studio.folder.glob("[!.]*"))


def test_what_no_page_sends_is_refused(studio: Served) -> None:
    book = studio.add(ARTICLE)
    for body in (b"[]", b"{", b'{"voice": 3}', b'{"\\u0000": ""}', b"[" * 100_000):
        answer = studio.ask(f"{book}/settings", "POST", body, x_audiobook_token=studio.token)
        assert answer.status == 422
    digits = b'{"speed": 1' + b"0" * 400 + b"}"
    for body in (b'{"title": "\\ud800"}', b'{"\\udfff": "x"}', digits, b'{"speed": NaN}'):
        answer = studio.ask(f"{book}/settings", "POST", body, x_audiobook_token=studio.token)
        assert answer.status == 422
        assert "fault" not in answer.json["problem"]
    numbers: tuple[object, ...] = ("x", [1], {}, True, -1, 9)
    for number in numbers:
        assert studio.change(f"{book}/hear", text="Một câu.", chapter=number).status == 200
    lists: tuple[object, ...] = ("x" * 20_000, ["x"] * 5001, [1], {}, None, 5)
    for keys in lists:
        assert studio.change(f"{book}/chapter", keys=keys).status == 422
    for values in ({"voice": "nobody"}, {"speed": "fast"}, {"speed": 9}, {"format": "wav"}):
        assert studio.change(f"{book}/settings", **values).status == 422
    assert not list(studio.folder.rglob("*.toml"))


def test_another_machine_gives_the_code_once() -> None:
    admission = Pass(hosts=frozenset(), code="123456")
    assert admission.is_code(" 123456 ")
    assert [admission.is_code("000000") for _ in range(6)] == [False] * 5 + [None]
    assert admission.is_code("123456") is None  # guessing took all tries
    assert admission.cookie != Pass(hosts=frozenset(), code="123456").cookie


def test_another_machine_comes_in_with_the_code_alone(tmp_path: Path) -> None:
    """Requests of one that is not this machine, as the server hands them on."""
    with open_studio(tmp_path, ("http://192.0.2.7:8765/",), "123456") as app:

        def ask(
            path: str,
            method: str = "GET",
            body: bytes = b"",
            *,
            client: str = "192.0.2.9",
            headers: Mapping[str, str] = MappingProxyType({}),
        ) -> tuple[int, dict[str, str]]:
            sent: list[Any] = []
            given = {"host": "192.0.2.7:8765", "accept": "text/html", **headers}
            scope = {
                "type": "http",
                "method": method,
                "path": path,
                "raw_path": path.encode(),
                "query_string": b"",
                "headers": [(name.encode(), value.encode()) for name, value in given.items()],
                "client": (client, 1),
                "server": ("192.0.2.7", 8765),
                "scheme": "http",
                "http_version": "1.1",
            }

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any) -> None:
                sent.append(message)

            async def run() -> None:
                await app(scope, receive, send)

            asyncio.run(run())
            return sent[0]["status"], {
                name.decode(): value.decode() for name, value in sent[0]["headers"]
            }

        assert ask("/") == (303, ask("/")[1])
        assert ask("/")[1]["location"] == "/enter"
        assert ask("/events", headers={"accept": "text/event-stream"})[0] == 403
        assert ask("/add/text", "POST", b"{}")[0] == 403
        assert ask("/enter")[0] == 200
        assert ask("/enter", "POST", b"code=000000")[0] == 403
        status, headers = ask("/enter", "POST", b"code=123456")
        assert status == 303
        cookie = headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert ask("/", headers={"cookie": cookie.partition(";")[0]})[0] == 200
        assert ask("/", headers={"cookie": "audiobook-studio=guess"})[0] == 303
        assert ask("/", client="127.0.0.1")[0] == 200
        for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via"):  # of a proxy here
            assert ask("/", client="127.0.0.1", headers={name: "127.0.0.1"})[0] == 303


@pytest.mark.parametrize("name", ["serve", "studio"])
def test_only_the_server_of_a_podcast_believes_proxies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever could say to be this machine would need no code."""
    believed: list[bool] = []

    def note(*_: object, proxy_headers: bool, **__: object) -> None:
        believed.append(proxy_headers)
        raise KeyboardInterrupt

    monkeypatch.setattr("uvicorn.Config", note)
    (tmp_path / "index.html").write_text("x")
    (tmp_path / "feed.xml").write_text("<rss/>")
    (tmp_path / "manifest.json").write_text("{}")
    flags = ("--no-open", "--lan") if name == "studio" else ()
    end = run(name, str(tmp_path), "--port", "0", *flags)
    assert believed == [name == "serve"]
    if name == "studio":
        assert re.search(r"code \d{8}$", end.stdout, re.MULTILINE)


def test_who_gives_a_code_slowly_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_SLOWEST", 0.4)
    answers = []

    async def app(scope: Any, receive: Any, _send: Any) -> None:
        pieces = 0
        while (await receive())["type"] == "http.request":
            pieces += 1
        answers.append((scope["path"], pieces))

    async def send(_message: Any) -> None:
        """Send nothing."""

    async def receive_slowly() -> dict[str, Any]:
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b"1", "more_body": len(answers) == 0}

    async def ask_slowly(path: str) -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(b"host", b"a"), (b"x-audiobook-token", admission.token.encode())],
        }
        with suppress(TimeoutError):
            await asyncio.wait_for(Guard(app, admission)(scope, receive_slowly, send), 2)

    admission = Pass(hosts=frozenset(("a",)))
    asyncio.run(ask_slowly("/add/file"))
    assert answers == []  # as long as something comes, a file may take any time
    asyncio.run(ask_slowly("/enter"))
    ((path, pieces),) = answers
    assert (path, pieces < 5) == ("/enter", True)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("vi", "vi"),
        ("en-US,en;q=0.9,vi;q=0.8", "en"),
        ("fr-FR, vi;q=0.5", "vi"),
        ("vi;q=0", "en"),
        ("vi;q=x, en;q=0.1", "en"),
    ],
)
def test_the_browser_chooses_the_language(header: str, language: str) -> None:
    assert preferred_language(header) == language
