"""Places of every kind to publish to, for all tests of publishing.

A test that asks for the fixture `reach` or `address` imports its function.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from servers import GIT, SSHD, Line, know, make_repository, s3, sftp, user, webdav

from audiobook.podcast import targets
from audiobook.podcast.targets import open_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiobook.podcast.targets import Target

    Reach = Callable[[str], Target]


@pytest.fixture(name="reach")
def fixture_of_reach() -> Iterator[Reach]:
    """Open targets, to be closed when the test ends."""
    with ExitStack() as stack:
        yield lambda address: stack.enter_context(open_target(address))


@pytest.fixture(name="address", params=["folder", "s3", "sftp", "webdav", "git"])
def fixture_of_address(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Line | None]]:
    """An address to publish to, and the line to it."""
    kind = request.param
    if kind == "folder":
        yield str(tmp_path / "www" / "sách"), None
    elif kind == "git":
        if not GIT:
            pytest.skip("there is no git: apt-get install git")
        yield f"git+{make_repository(tmp_path / 'www.git')}", None
    elif kind == "s3":
        with s3(monkeypatch) as port:
            line = Line(port)
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{line.port}")
            monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
            yield "s3://sach/truyện", line
            line.close()
    elif kind == "sftp":
        if not SSHD:
            pytest.skip("there is no sshd: apt-get install openssh-server")
        home = tmp_path / "home"
        with sftp(home, monkeypatch) as port:
            line = Line(port)
            know(home, line.port)
            yield f"sftp://{user()}@127.0.0.1:{line.port}{tmp_path}/www", line
            line.close()
    else:
        root = tmp_path / "www"
        root.mkdir()
        monkeypatch.setenv(targets.WEBDAV_USER, "someone")
        monkeypatch.setenv(targets.WEBDAV_PASSWORD, "secret-of-webdav")
        with webdav(root, "someone", "secret-of-webdav") as port:
            line = Line(port)
            yield f"webdav://127.0.0.1:{line.port}/sach", line
            line.close()
