"""Publishing by WebDAV to a server whose certificate only the user's own file vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import trustme
from servers import webdav

from audiobook.errors import OutputError, UsageError
from audiobook.podcast import targets
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server; ``authority.pem`` vouches for it."""
    for variable in (*VARIABLES, "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("audiobook.podcast.targets.failing._FIRST_PAUSE", 0.01)
    monkeypatch.setenv(targets.WEBDAV_USER, "someone")
    monkeypatch.setenv(targets.WEBDAV_PASSWORD, "secret-of-webdav")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    certificate = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "feed.xml").write_bytes(b"<rss/>")
    with webdav(folder, "someone", "secret-of-webdav", certificate) as port:
        yield f"webdavs://127.0.0.1:{port}/"


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_certificate_of_the_user_is_trusted(
    address: str, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "authority.pem"))
    with open_target(address) as target:
        assert target.read("feed.xml") == b"<rss/>"


def test_without_it_the_server_is_a_stranger(address: str) -> None:
    with open_target(address) as target, pytest.raises(OutputError, match="CERTIFICATE_VERIFY"):
        target.read("feed.xml")


def test_what_is_no_file_of_certificates_is_named(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    with (
        open_target(address) as target,
        pytest.raises(UsageError, match=r"SSL_CERT_FILE names .*nowhere\.pem"),
    ):
        target.read("feed.xml")
