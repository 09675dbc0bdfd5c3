"""Addresses that are none: every command that takes one says so, and none falls over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import run

from audiobook.errors import EngineError
from audiobook.system.connection import parts_of
from audiobook.system.downloads import asking, hub

if TYPE_CHECKING:
    from pathlib import Path

WRONG = (
    "://[::1/x",
    "://]/x",
    "://a:b/x",
    "://a:99999/x",
    "://\N{ACCOUNT OF}/x",  # letters that NFKC turns into a slash
)
COMMANDS = (
    ("build", "http{}", "--voice", "tone"),
    ("build", "http{}", "https{}", "--voice", "tone", "-k"),
    ("read", "http{}"),
    ("chapters", "http{}"),
    ("feed", "LIBRARY", "--url", "http{}"),
    ("feed", "LIBRARY", "--url", "https://example.org", "--restore", "s3{}"),
    ("publish", "LIBRARY", "s3{}"),
    ("publish", "LIBRARY", "sftp{}"),
    ("publish", "LIBRARY", "webdavs{}"),
    ("publish", "LIBRARY", "git+https{}"),
    ("voices", "add", "http{}.onnx"),
    ("follow", "http{}", "-o", "LIBRARY"),
    ("build", "TEXT", "--voice", "tone", "--cluster", "tcp{}"),
)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_command_falls_over_it(tmp_path: Path, wrong: str) -> None:
    library, text = tmp_path / "library", tmp_path / "a.txt"
    library.mkdir()
    text.write_text("Một câu.", "utf-8")
    for command in COMMANDS:
        places = {"LIBRARY": str(library), "TEXT": str(text)}
        words = [places.get(word, word.replace("{}", wrong)) for word in command]
        done = run(*words, folder=tmp_path)
        assert done.returncode in (2, 3, 5, 7), (words, done.stderr)
        assert len(done.stderr.splitlines()) <= 3, (words, done.stderr)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", WRONG)
def test_what_a_server_answers(wrong: str) -> None:
    assert parts_of(f"http{wrong}") is None
    with pytest.raises(EngineError, match="leads to"):
        asking._redirect_target("http://example.org/a", f"http{wrong}")
    assert hub.place_of(f"https://huggingface.co/{wrong[1:]}") is None
