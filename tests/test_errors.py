"""Whatever is raised becomes one line with the place, and costs no other book."""

from __future__ import annotations

import pickle
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from audiobook.cli.app import app
from audiobook.errors import InternalError, SourceError, as_error, located
from audiobook.messages import message, verbatim
from audiobook.stages.readers import plain
from audiobook.workers import local

if TYPE_CHECKING:
    from collections.abc import Callable

BUILD = ("build", "--voice", "tone", "--cover", "none")


class RustPanic(BaseException):
    """As extensions written in Rust raise it: no Exception."""


def endless() -> None:
    endless()


def fall(problem: BaseException) -> Callable[[], Any]:
    def raise_it() -> None:
        raise problem

    return raise_it


POISONS: dict[bytes, Callable[[], Any]] = {
    b"INDEX": lambda: [][0],
    b"MEMORY": fall(MemoryError()),
    b"DEPTH": endless,
    b"LEAVE": fall(SystemExit(0)),
    b"PANIC": fall(RustPanic("called `unwrap()`\non a `None` value")),
    b"SYSTEM": fall(OSError(24, "Too many open files")),
}


SHORTAGES = {
    b"MEMORY": "there is too little memory: MemoryError at ",
    b"SYSTEM": "the system lets no more files be opened: OSError ([Errno 24] Too many open files) ",
}
"""What no report is written of, because the system is short of it."""


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that falls over some texts."""
    read = plain.read

    def fall_over(data: bytes, name: str) -> Any:
        for word, poison in POISONS.items():
            if word in data:
                poison()
        return read(data, name)

    monkeypatch.setattr(plain, "read", fall_over)


def run(*words: str) -> tuple[int, list[str], list[str]]:
    """Run a command; return its exit code and the lines of stdout and stderr."""
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()


def report_in(line: str) -> str:
    """Return the report that a line names."""
    _, _, path = line.rpartition("please report it, with the file ")
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
    return Path(path).read_text("utf-8")


@pytest.mark.usefixtures("poisoned")
def test_each_book_that_falls_costs_only_itself(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for word in POISONS:
        (texts / f"{word.decode()}.txt").write_bytes(word)
    (texts / "lành.txt").write_text("Một câu.", "utf-8")
    code, table, lines = run(*BUILD, str(texts), "-o", str(tmp_path / "out"), "-k")
    assert code == 70
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["lành.mp3"]
    reports = []
    for word in POISONS:
        (row,) = [row for row in table if f"{word.decode()}.txt" in row]
        assert f"failed: {SHORTAGES.get(word, 'a fault of audiobook: ')}" in row
        assert "at stages/readers/__init__.py:" in row
        if word not in SHORTAGES:
            reports.append(report_in(row))
            assert word.decode() in reports[-1]
            assert "in fall_over" in reports[-1]
    assert len(set(reports)) == 4
    assert lines[-1].startswith("audiobook: 6 of 7 books could not be made: ")
    assert not any("Traceback" in line for line in lines)


@pytest.mark.usefixtures("poisoned")
@pytest.mark.parametrize("command", [BUILD, ("read",), ("build", "--dry-run"), ("chapters",)])
def test_every_command_ends_in_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_bytes(b"INDEX")
    code, shown, lines = run(*command, str(tmp_path / "a.txt"))
    assert (code, shown) == (70, [])
    assert len(lines) == 1
    assert "a fault of audiobook: IndexError (list index out of range) at " in lines[0]
    assert "in fall_over" in report_in(lines[0])
    code, _, lines = run(*command, str(tmp_path / "a.txt"), "--debug")
    assert code == 70
    assert lines[0].startswith("Traceback")
    assert any("in fall_over" in line for line in lines)
    assert lines[-1].startswith("audiobook: ")


def test_debug_keeps_the_exit_code(tmp_path: Path) -> None:
    code, _, lines = run("build", str(tmp_path / "none.txt"), "--debug")
    assert code == 3
    assert lines[0].startswith("Traceback")
    assert "there is no file" in lines[-1]


@pytest.mark.usefixtures("poisoned")
def test_with_debug_each_failure_shows_where_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"INDEX")
    (tmp_path / "b.txt").write_bytes(b"MEMORY")
    code, _, lines = run(*BUILD, str(tmp_path), "-o", str(tmp_path / "out"), "-k", "--debug")
    assert code == 70
    assert {"IndexError: list index out of range", "MemoryError"} <= set(lines)


def test_a_fault_of_recording_names_the_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    from audiobook.config import load_voice
    from audiobook.model import Cast, Kind, Passage, Sound, Utterance

    monkeypatch.setattr(local, "record", lambda *_: fall(KeyError("no clip"))())
    spoken = [
        Utterance(text=text, spoken=(text,), role=Kind.PROSE, pause=0.1)
        for text in ("Một.", "Hai.")
    ]
    passage = Passage(2, 4, tuple(spoken))
    with pytest.raises(InternalError) as caught:
        local.record_in_time(passage, Cast(load_voice("tone")), Sound())
    assert caught.value.what.startswith("chapter 3, sentences 5 to 6: a fault of audiobook: KeyErr")
    # It travels from the process that records.
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.what, copy.exit_code) == (caught.value.what, 70)


def test_places_are_named_from_the_outside_in() -> None:
    with pytest.raises(InternalError) as caught, located("a.txt"), located("chapter 1"):
        raise ValueError("bad")
    assert caught.value.what.startswith("a.txt: chapter 1: a fault of audiobook: ValueError (bad)")
    assert isinstance(caught.value.__cause__, ValueError)


def test_what_is_no_fault_stays_what_it_is() -> None:
    known = SourceError(verbatim("a.txt is a folder"), message("name a file"))
    assert as_error(known, "a.txt") is known
    with pytest.raises(KeyboardInterrupt):
        as_error(KeyboardInterrupt())
    with pytest.raises(SourceError), located("a.txt"):
        raise known
