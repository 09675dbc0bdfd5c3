"""The audit of a lock, by an index that a stand-in serves."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HASH = f" \\\n    --hash=sha256:{'0' * 64}"
HOLES = [{"id": "PYSEC-1"}, {"id": "PYSEC-2", "withdrawn": "2026-01-01T00:00:00Z"}]


def project(
    version: str, licence: str, *, holes: Any = (), yanked: bool = False, old: str = ""
) -> dict[str, Any]:
    """Return what an index tells of a package, whose newest version this is."""
    file = {"upload_time_iso_8601": "2020-02-02T00:00:00.000000Z", "yanked": yanked}
    return {
        "info": {"version": version, "license_expression": licence},
        "releases": {version: [file], old or version: [file]},
        "urls": [file],
        "vulnerabilities": list(holes),
    }


ANSWERS = {
    "/pypi/sound/json": project("1.0", "MIT"),
    "/pypi/leaky/json": project("1.0", "MIT", holes=HOLES),
    "/pypi/shut/json": project("1.0", "AGPL-3.0-only"),
    "/pypi/gone/json": project("1.0", "MIT", yanked=True),
    "/pypi/older/json": project("2.0", "MIT", old="1.0"),
    "/pypi/asked/json": project("2.0", "MIT", old="1.0"),
    "/pypi/asked/1.0/json": project("1.0", "MIT"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = ANSWERS.get(self.path)
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def index() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def audited(lock: Path, index: str) -> tuple[int, dict[str, str], str]:
    """Return the exit code, the line of each package, and the last line."""
    command = [sys.executable, str(ROOT / "bench" / "audit.py"), str(lock), "--index", index]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    head, *rows, last = done.stdout.splitlines()
    assert head.split() == "PACKAGE VERSION DAYS HASHES LICENCE FINDINGS".split()
    return done.returncode, {row.split()[0]: row for row in rows}, last


def test_what_speaks_against_a_package(tmp_path: Path, index: str) -> None:
    lock = tmp_path / "requirements.txt"
    names = ("sound", "leaky", "shut", "gone", "older", "asked", "unheard-of")
    lock.write_text("".join(f"{name}==1.0{HASH}\n" for name in names) + "bare==1.0\n")
    code, rows, last = audited(lock, index)
    ends = {
        "sound": "MIT",
        "leaky": " PYSEC-1",
        "shut": " licence",
        "gone": "withdrawn by its maker",
        "older": "holes not known",
        "asked": "MIT",
        "unheard-of": "licence not known, holes not known",
        "bare": "no hash, licence not known, holes not known",
    }
    assert {name: row for name, row in rows.items() if not row.endswith(ends[name])} == {}
    assert "1.0 (newest 2.0)" in rows["older"]
    assert (code, last) == (1, "8 packages, 6 with findings")


def test_a_lock_that_is_all_right(tmp_path: Path, index: str) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"sound==1.0{HASH}\n    # via audiobook-vi\n")
    assert audited(lock, index)[::2] == (0, "1 packages, 0 with findings")
    lock.write_text("# nothing\n")
    assert audited(lock, index)[0] == 1
