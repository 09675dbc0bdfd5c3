"""What each kind of place asks of the user, and what is left there by a process that was killed."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from command import COMMAND, run
from lxml import etree
from reaching import fixture_of_reach  # noqa: F401
from servers import SSHD, Line, s3, sftp, user, webdav
from stubs import make_book

from audiobook.errors import OutputError, UsageError
from audiobook.model import Meta
from audiobook.podcast import manifest, site, targets
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from pathlib import Path

    from reaching import Reach

URL = "https://example.org/sach"


# --- SFTP -----------------------------------------------------------------------------------------


@pytest.mark.skipif(not SSHD, reason="there is no sshd: apt-get install openssh-server")
@pytest.mark.parametrize("has_file", [True, False])
def test_a_server_that_is_not_known(
    reach: Reach, tmp_path: Path, has_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How its key is accepted is said, whether or not any key ever was."""
    with sftp(tmp_path / "home", monkeypatch) as port:
        known_hosts = tmp_path / "home" / ".ssh" / "known_hosts"
        if has_file:
            known_hosts.write_text("")
        with pytest.raises(OutputError, match="not trusted") as refused:
            reach(f"sftp://{user()}@127.0.0.1:{port}{tmp_path}/www").sizes()
        command = f"`ssh -p {port} {user()}@127.0.0.1`"
        assert "is not in ~/.ssh/known_hosts" in refused.value.remedy
        assert command in refused.value.remedy
        # What the hint asks for makes it work.
        accept = ["ssh", "-o", "StrictHostKeyChecking=accept-new", "-o", "BatchMode=yes"]
        accept += ["-o", f"UserKnownHostsFile={known_hosts}", "-o", "GlobalKnownHostsFile=none"]
        accept += ["-i", str(tmp_path / "home" / ".ssh" / "id_ed25519")]
        command_line = [*accept, *command.strip("`").split()[1:], "true"]
        subprocess.run(command_line, check=True, capture_output=True, timeout=30)
        assert reach(f"sftp://{user()}@127.0.0.1:{port}{tmp_path}/www").sizes() == {}


# --- WebDAV ---------------------------------------------------------------------------------------


def test_a_password_is_not_sent_openly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(targets.WEBDAV_USER, "someone")
    monkeypatch.setenv(targets.WEBDAV_PASSWORD, "hunter2")
    with pytest.raises(UsageError, match="would send your password without encryption") as refused:
        open_target("webdav://dav.example.org/a")
    assert "--insecure" in refused.value.remedy
    for address in ("webdavs://dav.example.org/a", "webdav://127.0.0.1/a", "webdav://localhost/"):
        open_target(address)
    open_target("webdav://dav.example.org/a", insecure=True)
    done = run("publish", str(tmp_path), "webdav://dav.example.org/a", folder=tmp_path)
    assert done.returncode == 2
    assert "--insecure" in done.stderr
    assert "hunter2" not in done.stderr
    monkeypatch.delenv(targets.WEBDAV_USER)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    open_target("webdav://dav.example.org/a")  # there is none
    (tmp_path / "netrc").write_text("machine dav.example.org login someone password hunter2\n")
    with pytest.raises(UsageError, match="without encryption"):
        open_target("webdav://dav.example.org/a")
    open_target("webdav://other.example.org/a")


def test_a_password_in_netrc(reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "a.txt").write_text("a")
    monkeypatch.delenv(targets.WEBDAV_USER, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password of-netrc\n")
    with webdav(tmp_path / "www", "someone", "of-netrc") as port:
        assert reach(f"webdav://127.0.0.1:{port}/").sizes() == {"a.txt": 1}
        (tmp_path / "netrc").write_text("nonsense")
        with pytest.raises(UsageError, match="netrc cannot be read"):
            reach(f"webdav://127.0.0.1:{port}/").sizes()


# --- S3 -------------------------------------------------------------------------------------------


def test_a_process_that_is_killed_while_it_publishes_to_s3(
    reach: Reach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subscribers see all that the feeds name; the next run neither waits nor leaves anything."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "library.toml").write_text('email = "an@example.org"\n')
    for name in ("mot", "hai"):
        make_book(library / f"{name}.mp3", Meta(title=name, author="An"), ("A", "B"), length=400)
    site.write(library, url=URL)
    size = sum(file.size for file in manifest.read(library / "site"))
    with s3(monkeypatch) as port:
        line = Line(port)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{line.port}")
        target = reach("s3://sach/a")
        began = {"Bucket": "sach", "Key": "a/books/left-over.mp3"}
        target.read("")  # connects
        target._connection.call_s3("create_multipart_upload", **began)
        line.cut_after(2 * size)  # counts, and is far from being cut
        command = [*COMMAND, "publish", str(library), "s3://sach/a"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publishing:
            while (line.left or 0) > 1.6 * size and publishing.poll() is None:
                time.sleep(0.002)
            publishing.send_signal(signal.SIGKILL)
        assert publishing.returncode == -signal.SIGKILL
        line.mend()
        assert target.sizes()
        _check_feeds(target)
        done = run("publish", str(library), "s3://sach/a")
        assert done.returncode == 0, done.stderr
        assert "breaking the lock that" in done.stderr
        _check_feeds(target)
        for file in manifest.read(library / "site"):
            assert target.read(file.path) == (library / "site" / file.path).read_bytes()
        assert ".audiobook-lock.json" not in target.sizes()
        left = target._connection.call_s3("list_multipart_uploads", Bucket="sach")
        assert not left.get("Uploads")
        assert run("publish", str(library), "s3://sach/a").stdout == "s3://sach/a: unchanged\n"
        line.close()


def _check_feeds(target: targets.Target) -> None:
    sizes = target.sizes()
    for path in sizes:
        if path.endswith("feed.xml"):
            for enclosure in etree.fromstring(target.read(path) or b"").iter("enclosure"):
                address = str(enclosure.get("url")).removeprefix(f"{URL}/")
                assert sizes.get(address) == int(str(enclosure.get("length")))
