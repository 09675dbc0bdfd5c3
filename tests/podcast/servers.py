"""Places to publish to: real servers on loopback, and a line to them that can be cut."""

from __future__ import annotations

import base64
import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or ""
GIT = shutil.which("git") or ""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Line:
    """Passes connections on to a port, and drops all of them after so many bytes sent there."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.left: int | None = None
        """Bytes until it is cut; None for never."""
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, size: int) -> None:
        self.left = size

    def mend(self) -> None:
        self.left = None

    def close(self) -> None:
        self._listener.close()
        self._drop()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.left is not None and self.left <= 0:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends += near, far
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for way in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=way, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 14):
                if counts and self.left is not None:
                    self.left -= len(data)
                    if self.left <= 0:
                        self._drop()
                        return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def _drop(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()


@contextmanager
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run moto's server, make the bucket ``sach`` there, and give its port."""
    import boto3
    from moto.server import ThreadedMotoServer

    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-s3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    try:
        # What other tests left there: servers of one process share it.
        urlopen(Request(f"http://127.0.0.1:{port}/moto-api/reset", method="POST")).close()
        client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}")
        client.create_bucket(Bucket="sach")
        client.close()
        yield port
    finally:
        server.stop()


@contextmanager
def webdav(root: Path, user: str, password: str, certificate: Path | None = None) -> Iterator[int]:
    """Run wsgidav over a folder, and give its port.

    Args:
        root: the folder.
        user: who may write there.
        password: theirs.
        certificate: a file with its certificate and private key, to speak through TLS.
    """
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from cheroot.wsgi import Server
    from wsgidav.wsgidav_app import WsgiDAVApp

    port = free_port()
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(root)},
            "simple_dc": {"user_mapping": {"*": {user: {"password": password}}}},
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    server = Server(("127.0.0.1", port), app)
    if certificate:
        server.ssl_adapter = BuiltinSSLAdapter(str(certificate), str(certificate))
        # Clients that do not trust it are no error here.
        vars(server)["error_log"] = lambda *_, **__: None
    # A server that is stopped before it is prepared would serve for ever.
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    try:
        yield port
    finally:
        server.stop()
        serving.join()


@contextmanager
def sftp(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Run OpenSSH's server, with keys that it and the user in ``home`` know; give its port."""
    ssh = home / ".ssh"
    ssh.mkdir(parents=True, mode=0o700)
    for name in (ssh / "id_ed25519", home / "host_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(name)]
        subprocess.run(command, check=True)
    authorized = ssh / "authorized_keys"
    authorized.write_bytes((ssh / "id_ed25519.pub").read_bytes())
    authorized.chmod(0o600)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    port = free_port()
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": home / "host_key",
        "AuthorizedKeysFile": authorized,
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "Subsystem": "sftp internal-sftp",
        "MaxStartups": 100,
    }
    config = home / "sshd_config"
    config.write_text("".join(f"{name} {setting}\n" for name, setting in settings.items()))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with subprocess.Popen(
        [SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def know(home: Path, port: int) -> None:
    """Let the user of ``home`` know the server at a port."""
    key = (home / "host_key.pub").read_text().split()
    with (home / ".ssh" / "known_hosts").open("a") as file:
        file.write(f"[127.0.0.1]:{port} {key[0]} {key[1]}\n")


def user() -> str:
    return getpass.getuser()


def make_repository(folder: Path) -> str:
    """Make an empty bare repository that answers as those of hosts do, and return its address."""
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    for right in ("allowFilter", "allowAnySHA1InWant"):
        git(folder, "config", f"uploadpack.{right}", "true")
    return folder.as_uri()


@contextmanager
def git_over_http(root: Path, user: str, password: str) -> Iterator[int]:
    """Run git's own program for the web over repositories in a folder, and give its port."""
    from cheroot.wsgi import Server

    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if environ.get("HTTP_AUTHORIZATION") != wanted:
            start("401 Unauthorized", [("WWW-Authenticate", 'Basic realm="git"')])
            return [b""]
        words = {name: word for name, word in environ.items() if isinstance(word, str)}
        places = {"GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": user}
        data = environ["wsgi.input"].read()
        words |= places | {"CONTENT_LENGTH": str(len(data)), "PATH": os.environ["PATH"]}
        words["GIT_PROTOCOL"] = environ.get("HTTP_GIT_PROTOCOL", "")
        command = [GIT, "http-backend"]
        done = subprocess.run(command, input=data, env=words, capture_output=True, check=True)
        head, body = done.stdout.split(b"\r\n\r\n", 1)
        headers = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((value for name, value in headers if name == "Status"), "200 OK")
        start(status, [(name, value) for name, value in headers if name != "Status"])
        return [body]

    port = free_port()
    server = Server(("127.0.0.1", port), answer)
    server.prepare()
    serving = threading.Thread(target=server.serve)
    serving.start()
    try:
        yield port
    finally:
        server.stop()
        serving.join()


def git(repository: Path, *words: str) -> str:
    """Run git in a bare repository, and return what it prints."""
    repository.mkdir(parents=True, exist_ok=True)
    command = [GIT, "-C", str(repository), *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout
