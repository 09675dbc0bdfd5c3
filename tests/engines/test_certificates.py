"""Certificates of the user: the same variables work for every engine, through real TLS."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
from contract import SHORT
from edge_stand_in import Microsoft
from edge_tts.drm import DRM
from openai_stand_in import Speech
from stand_in import Google, hurry

from audiobook.config import load_voice
from audiobook.engines import Engine
from audiobook.engines.edge import Edge
from audiobook.engines.gtts import Gtts
from audiobook.engines.openai import BASE, OpenAi
from audiobook.errors import EngineError, UsageError
from audiobook.model import Voice
from audiobook.system import connection

Served = Callable[[], tuple[Engine, Voice]]
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    hurry(monkeypatch)


@contextmanager
def google_served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, Voice]]:
    with Google(folder) as google:
        google.lead_here(monkeypatch)
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        shutil.copyfile(google.certificate, folder / "certificate.pem")
        yield Gtts(), load_voice("google")


@contextmanager
def microsoft_served(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Engine, Voice]]:
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
    with Microsoft(server_context(folder)) as microsoft:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", microsoft.url)
        yield Edge(), load_voice("hoaimy")


@contextmanager
def openai_served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, Voice]]:
    with Speech(server_context(folder)) as speech:
        monkeypatch.setenv(BASE, speech.url)
        engine = OpenAi()
        yield engine, load_voice("openai")
        engine.connections.close()


def server_context(folder: Path) -> ssl.SSLContext:
    """Return a server's context; the certificate of its authority goes into the folder."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    authority.cert_pem.write_to_path(str(folder / "certificate.pem"))
    return tls


@pytest.fixture(
    params=[google_served, microsoft_served, openai_served], ids=["gtts", "edge", "openai"]
)
def served(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Engine, Voice]]:
    """An engine, and a voice of a server whose certificate only ``certificate.pem`` vouches for."""
    with request.param(tmp_path, monkeypatch) as (engine, voice):
        yield engine, replace(voice, concurrency=1)


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_works_for_each_engine(
    served: tuple[Engine, Voice], tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, voice = served
    place = tmp_path / "certificate.pem"
    if variable == "SSL_CERT_DIR":
        place = hashed_folder(place)
    monkeypatch.setenv(variable, str(place))
    assert len(engine.say([SHORT], voice)) == 1


def test_without_it_the_server_is_a_stranger(served: tuple[Engine, Voice]) -> None:
    engine, voice = served
    with pytest.raises(EngineError, match=r"another server answers .* SSL_CERT_FILE"):
        engine.say([SHORT], voice)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_what_is_no_file_of_certificates_is_named(
    served: tuple[Engine, Voice],
    tmp_path: Path,
    content: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, voice = served
    path = tmp_path / "wrong.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(UsageError, match=r"SSL_CERT_FILE names .*wrong\.pem") as caught:
        engine.say([SHORT], voice)
    assert "\n" not in str(caught.value)


def test_libraries_do_not_share_a_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = connection.trust_of("one")
    assert connection.trust_of("one") is one
    assert connection.trust_of("other") is not one
    server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    assert connection.trust_of("one") is not one, "the environment has changed"


def hashed_folder(certificate: Path) -> Path:
    """Return a folder that holds a certificate under the name that OpenSSL looks for."""
    command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(certificate)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    folder = certificate.with_name("certificates")
    folder.mkdir()
    (folder / f"{name}.0").write_bytes(certificate.read_bytes())
    return folder
