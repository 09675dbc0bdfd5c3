"""Pages over real connections: what is fetched, and what is refused before a byte is sent."""

from __future__ import annotations

import base64
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from audiobook.errors import SourceError, UsageError
from audiobook.stages.readers import web, web_answers
from audiobook.system import public_hosts

PAGE = "<!doctype html><title>Chào</title><p>Chào các bạn.".encode()
Answer = Callable[["Handler"], object]


class Handler(BaseHTTPRequestHandler):
    """Answers each path with what the test laid there, and remembers what it was asked."""

    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers))
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.reply(404)
        else:
            answer(self)

    def do_CONNECT(self) -> None:
        self.server.asked.append((self.path, self.headers))
        with socket.create_connection(("127.0.0.1", self.server.tunnel_to)) as far:
            self.reply(200)
            sender = threading.Thread(target=pump, args=(self.connection, far))
            sender.start()
            pump(far, self.connection)
            sender.join()

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):  # either side hung up
        while data := source.recv(1 << 16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


class Site(ThreadingHTTPServer):
    """A web site on 127.0.0.1."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Message]] = []
        self.over = threading.Event()
        self.tunnel_to = 0
        self.base = f"http://127.0.0.1:{self.server_port}"

    def lay(self, path: str, status: int = 200, body: bytes = PAGE, **headers: str) -> str:
        self.answers[path] = lambda handler: handler.reply(status, body, **headers)
        return self.base + path

    def handle_error(self, *_: Any) -> None:
        pass  # a client that hung up


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        site.shutdown()
        site.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as site:
        yield site


def refusal(url: str, *, allow_private: bool = True) -> str:
    with pytest.raises(SourceError) as caught:
        web.fetch(url, allow_private=allow_private)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    return str(caught.value)


# --- what comes back ------------------------------------------------------------------------------


def test_a_page(site: Site) -> None:
    url = site.lay("/a?b=1", Content_Type="text/html; charset=TCVN-5712")
    page = web.fetch(url, allow_private=True)
    assert (page.data, page.url, page.charset) == (PAGE, url, "tcvn-5712")
    assert (page.validators, page.is_unchanged) == (web.UNKNOWN, False)
    ((_, headers),) = site.asked
    assert headers["User-Agent"].startswith("audiobook/")
    assert headers["Host"] == f"127.0.0.1:{site.server_port}"


def test_an_address_with_vietnamese_letters(site: Site) -> None:
    site.lay("/wiki/T%E1%BA%AFt_%C4%91%C3%A8n")
    assert web.fetch(f"{site.base}/wiki/Tắt_đèn#đầu", allow_private=True).data == PAGE


def test_a_packed_page(site: Site) -> None:
    url = site.lay("/", body=gzip.compress(PAGE), Content_Encoding="gzip")
    assert web.fetch(url, allow_private=True).data == PAGE


def test_redirects_are_followed_to_the_fifth(site: Site) -> None:
    for step in range(6):
        site.lay(f"/{step}", 302, b"", Location=f"/{step + 1}")
    end = site.lay("/6")
    assert web.fetch(f"{site.base}/1", allow_private=True).url == end
    assert "was redirected 6 times" in refusal(f"{site.base}/0")


def test_credentials_are_sent_and_never_shown(site: Site) -> None:
    url = site.lay("/").replace("//", "//an:m%40t@")
    page = web.fetch(url, allow_private=True)
    assert page.url == f"{site.base}/"
    expected = base64.b64encode(b"an:m@t").decode()
    assert site.asked[0][1]["Authorization"] == f"Basic {expected}"
    assert "m%40t" not in refusal(f"{url}missing")
    assert "secret" not in refusal("http://an:secret@[::1")
    assert "secret" not in refusal("ftp://an:secret@a.vn/")
    assert "secret" not in refusal("http://an:secret@127.0.0.1/", allow_private=False)


def test_credentials_stay_with_their_host(site: Site) -> None:
    other = site.lay("/there").replace("127.0.0.1", "localhost")
    site.lay("/here", 301, b"", Location=other)
    web.fetch(f"{site.base}/here".replace("//", "//an:mat@"), allow_private=True)
    assert "Authorization" not in site.asked[-1][1]


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, "log in"),
        (403, "log in"),
        (404, "check the address"),
        (410, "check the address"),
        (429, "later"),
        (500, "later"),
        (503, "later"),
        (418, "save the page"),
    ],
)
def test_a_status_says_what_to_do(site: Site, status: int, remedy: str) -> None:
    message = refusal(site.lay("/", status))
    assert f"answered {status}" in message
    assert remedy in message


def test_a_body_that_is_too_large(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_answers, "_LARGEST", 1 << 20)
    message = "is larger than 1 MB"
    assert message in refusal(site.lay("/told", body=b"a" * ((1 << 20) + 1)))
    bomb = gzip.compress(b"a" * (1 << 24))
    assert message in refusal(site.lay("/bomb", body=bomb, Content_Encoding="gzip"))
    assert message in refusal(site.lay("/claimed", body=b"", Content_Length=str(1 << 40)))


def test_a_body_that_breaks_off(site: Site) -> None:
    assert "broke off" in refusal(site.lay("/", Content_Length="9999"))


def test_a_body_that_is_packed_wrong(site: Site) -> None:
    assert "packed wrong" in refusal(site.lay("/gzip", body=b"no", Content_Encoding="gzip"))
    assert "as br" in refusal(site.lay("/br", Content_Encoding="br"))


def test_one_that_hangs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_READ", 0.2)
    site.answers["/"] = lambda _: site.over.wait(10)
    assert "does not answer" in refusal(f"{site.base}/")


def test_one_that_trickles(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No single read times out: a header line comes every twentieth of a second."""
    monkeypatch.setattr(web, "_IN_ALL", 0.5)

    def trickle(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not site.over.wait(0.05):
            handler.wfile.write(b"X-More: and more\r\n")

    site.answers["/"] = trickle
    assert "took longer than 0.5 seconds" in refusal(f"{site.base}/")


def test_nobody_there() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))  # and does not listen
        port = server.getsockname()[1]
        assert "no connection" in refusal(f"http://127.0.0.1:{port}/")


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no host khong-co.vn is known" in refusal("https://khong-co.vn/a")


def test_not_http_at_all(site: Site) -> None:
    site.answers["/"] = lambda handler: handler.wfile.write(b"220 smtp.vn ESMTP\r\n")
    assert "broke off" in refusal(f"{site.base}/")


@pytest.mark.parametrize(
    "url", ["ftp://a.vn/b", "file:///etc/passwd", "http://", "gopher://a.vn", "http://[::1", "x://"]
)
def test_only_web_addresses(url: str) -> None:
    assert "address" in refusal(url)


# --- TLS ------------------------------------------------------------------------------------------


@contextmanager
def secure(certificate: trustme.LeafCert) -> Iterator[Site]:
    site = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    site.base = f"https://localhost:{site.server_port}"
    with serving(site):
        yield site


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    authority = trustme.CA()
    with secure(authority.issue_cert("localhost")) as site:
        url = site.lay("/")
        assert f"the certificate of {url} is not to be trusted" in refusal(url)
        certificate = tmp_path / "ca.pem"
        authority.cert_pem.write_to_path(str(certificate))
        monkeypatch.setenv(variable, str(tmp_path / "nowhere.pem"))
        with pytest.raises(UsageError, match=rf"{variable} names .*nowhere\.pem"):
            web.fetch(url, allow_private=True)
        monkeypatch.setenv(variable, str(certificate))
        assert web.fetch(url, allow_private=True).data == PAGE
        # It names localhost, and that is asked for, not the address connected to.
        assert "not to be trusted" in refusal(url.replace("localhost", "127.0.0.1"))


def test_no_tls_where_it_should_be(site: Site) -> None:
    assert "no secure connection" in refusal(site.lay("/").replace("http:", "https:"))


# --- private networks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.0.192",
        "168.63.129.16",
        "198.18.0.1",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[3fff::1]",
        "100.64.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "0.0.0.0",
        "[::]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_addresses_are_refused(scheme: str, host: str) -> None:
    message = refusal(f"{scheme}://{host}/", allow_private=False)
    assert "is on a private network" in message
    assert "--allow-private" in message


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]
)
def test_public_addresses(address: str) -> None:
    assert public_hosts.is_public(address)


def test_one_private_address_among_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_names(monkeypatch, ["93.184.215.14", "10.0.0.7"])
    assert "(10.0.0.7)" in refusal("https://nhieu.vn/", allow_private=False)


def test_a_redirect_into_the_private_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    public = public_hosts.is_public
    monkeypatch.setattr(
        public_hosts, "is_public", lambda address: address == "127.0.0.1" or public(address)
    )
    for target in ("http://169.254.169.254/latest/", "http://[::1]/", "//10.0.0.1/"):
        url = site.lay("/", 302, b"", Location=target)
        assert "is on a private network" in refusal(url, allow_private=False)
    assert "not a web address" in refusal(site.lay("/", 302, b"", Location="file:///etc/passwd"))


def test_the_address_that_was_checked_is_the_one_connected_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that says something else the second time is not asked again."""
    names = answer_names(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    site.lay("/")
    page = web.fetch(f"http://doi-y.vn:{site.server_port}/", allow_private=True)
    assert page.data == PAGE
    assert names == ["doi-y.vn"]
    assert site.asked[0][1]["Host"] == f"doi-y.vn:{site.server_port}"


def test_the_second_address_where_the_first_is_dead(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_names(monkeypatch, ["127.0.0.99", "127.0.0.1"])
    site.lay("/")
    page = web.fetch(f"http://hai-nha.vn:{site.server_port}/", allow_private=True)
    assert page.data == PAGE


def answer_names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Answer look-ups of names, one answer after the other; return which were asked."""
    hosts: list[str] = []
    look_up = socket.getaddrinfo

    def answer(host: str, port: Any, *args: Any, **kwargs: Any) -> Any:
        if not host.endswith(".vn"):
            return look_up(host, port, *args, **kwargs)
        hosts.append(host)
        addresses = answers[min(len(hosts), len(answers)) - 1]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return hosts


# --- proxies --------------------------------------------------------------------------------------


def test_through_a_proxy(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.base.replace("//", "//me:pass@"))
    answer_names(monkeypatch, [])  # only the proxy knows the name
    site.answers["http://ngoai.vn/a"] = lambda handler: handler.reply(200, PAGE)
    assert web.fetch("http://ngoai.vn/a", allow_private=False).data == PAGE
    assert "Proxy-Authorization" in site.asked[0][1]
    for host in ("10.0.0.1", "localhost", "0x7f.1", "[::1]"):
        assert "private network" in refusal(f"http://{host}/", allow_private=False)
    answer_names(monkeypatch, ["192.168.7.7"])
    assert "private network" in refusal("http://noi-bo.vn/", allow_private=False)
    assert len(site.asked) == 1


def test_tls_through_a_tunnel(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy joins two connections; the certificate is still that of the host."""
    authority = trustme.CA()
    certificate = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("https_proxy", site.base)
    answer_names(monkeypatch, [])
    with secure(authority.issue_cert("ngoai.vn")) as far:
        far.lay("/a")
        site.tunnel_to = far.server_port
        assert web.fetch("https://ngoai.vn/a").data == PAGE
        assert site.asked[0][0] == "ngoai.vn:443"
        assert "is not to be trusted" in refusal("https://khac.vn/a", allow_private=False)


def test_a_proxy_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:pass@127.0.0.1:9")
    answer_names(monkeypatch, ["93.184.215.14"])
    message = refusal("https://ngoai.vn/", allow_private=False)
    assert "proxy" in message
    assert "pass" not in message
    monkeypatch.setenv("https_proxy", "socks5://me:pass@127.0.0.1:9")
    assert "is not one of HTTP" in refusal("https://ngoai.vn/", allow_private=False)


def test_an_answer_without_an_end_leaves_nobody_waiting(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the thread that reads it, nor the site that sends it."""
    monkeypatch.setattr(web, "_IN_ALL", 0.5)
    given_up = threading.Event()

    def flow(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while not site.over.wait(0.02):
                handler.wfile.write(b"<p>and more</p>")
        finally:
            if not site.over.is_set():
                given_up.set()

    site.answers["/"] = flow
    assert "took longer than 0.5 seconds" in refusal(f"{site.base}/")
    assert given_up.wait(20)
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(20)
            assert not thread.is_alive()
