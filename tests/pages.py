"""The documents: their pages, the examples in them, and following those as a reader would."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.testing import CliRunner

from audiobook.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

from places import ROOT

DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))
# Running all tests inside a test would never end.
_NOT_HERE = {"make test"}
_DEAR = ("audiobook build ", "audiobook publish ", "audiobook feed ")
"""What takes seconds: it is run once, for the README, and has tests of its own."""
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELLS = {"bat", "console", "cron", "powershell", "sh"}
_SCHEDULE = re.compile(r"^\S+ \S+ \S+ \S+ \S+  +(?=\S)")
_BETWEEN = re.compile(r"&&|\|\||[;|]")
_SPAN = re.compile(r"(?<!`)`(audiobook [^`]+)`(?!`)")
_ANY_COMMAND = ("COMMAND", "LỆNH")


class Example(NamedTuple):
    """A command that a page shows, and the lines of its output that the page shows."""

    command: str
    shown: list[str]


def name_of(page: Path) -> str:
    """Return what a page is called in the names of tests."""
    return page.relative_to(ROOT).as_posix()


def prose_of(page: Path) -> str:
    """Return a page without its blocks of code."""
    return _FENCE.sub("", page.read_text("utf-8"))


def examples(page: Path) -> list[Example]:
    """Return the commands of a page's console blocks, in order."""
    listed: list[Example] = []
    for language, block in _FENCE.findall(page.read_text("utf-8")):
        for line in block.splitlines() if language == "console" else ():
            if line.startswith("$ "):
                listed.append(Example(line[2:], []))
            else:
                listed[-1].shown.append(line)
    return listed


def command_lines(page: Path) -> Iterator[list[str]]:
    """Yield the words after ``audiobook`` of each command in the blocks of a page."""
    for language, block in _FENCE.findall(page.read_text("utf-8")):
        for line in block.splitlines() if language in _SHELLS else ():
            if language == "console" and not line.startswith("$ "):
                continue
            line = _SCHEDULE.sub("", line) if language == "cron" else line.removeprefix("$ ")
            line = line.replace("\\", "/") if language in ("bat", "powershell") else line
            for stage in _stages(line):
                if stage[0] == "audiobook":
                    yield stage[1:]


def mentions(page: Path) -> Iterator[list[str]]:
    """Yield the words after ``audiobook`` of each command in the prose of a page."""
    for span in _SPAN.findall(prose_of(page)):
        words = shlex.split(span)[1:]
        if words[0] not in _ANY_COMMAND:
            yield words


def _stages(line: str) -> Iterator[list[str]]:
    """Yield the words of each command of a line, up to where its output goes."""
    words: list[str] = []
    for word in [*shlex.split(line, comments=True), ";"]:
        if not _BETWEEN.fullmatch(word.rstrip(";") or ";"):
            words.append(word)
            if not word.endswith(";"):
                continue
            words[-1] = word.rstrip(";")
        if words:
            redirected = [at for at, one in enumerate(words) if one.startswith((">", "2>"))]
            yield words[: redirected[0]] if redirected else words
        words = []


@cache
def _command() -> Any:
    return typer.main.get_command(app)


def parse(words: list[str]) -> dict[str, Any]:
    """Return the parameters that the real command line takes from words.

    Raises:
        Exception: it does not take them.
    """
    command, name = _command(), "audiobook"
    while words and words[0] in getattr(command, "commands", {}):
        name, *words = words
        command = command.commands[name]
    if hasattr(command, "commands"):
        # Its own options, such as --version, would end this.
        options = {"-h", "--help", *(option for one in command.params for option in one.opts)}
        if unknown := set(words) - options:
            raise ValueError(f"there is no command or option {min(unknown)}")
        return {}
    return dict(command.make_context(name, list(words)).params)


def masked(line: str) -> str:
    """Hide figures, which differ between machines, and the spaces that line them up."""
    return " ".join(re.sub(r"\d[\d.,:]*", "N", line).split())


def follow(
    page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, cheap: bool = False
) -> None:
    """Run the examples of a page one after the other in a folder, and compare what is printed.

    Args:
        page: the page.
        folder: an empty folder.
        monkeypatch: puts the working folder back afterwards.
        cheap: whether those that take seconds are passed over.
    """
    article = ROOT / "tests" / "data" / "ve-tinh.txt"
    shutil.copy(article, folder / ("bai.txt" if "vi" in page.parts else "article.txt"))
    monkeypatch.chdir(folder)
    for command, shown in examples(page):
        is_dear = any(word in command for word in _DEAR) and "--dry-run" not in command
        if command in _NOT_HERE or (cheap and is_dear):
            continue
        printed = _run(command)
        lines = [masked(line) for line in printed.splitlines()]
        for line in shown:
            assert line == "…" or masked(line) in lines, f"$ {command}\n{printed}"


def _run(command: str) -> str:
    """Run a line of a shell, ``audiobook`` in this process, and return what it prints."""
    if command.startswith("make "):
        return _make(command)
    may_fail = command.endswith(" || true")
    printed = ""
    for stage in command.removesuffix(" || true").split(" && "):
        before, _, ours = stage.rpartition(" | ") if " | audiobook " in stage else ("", "", stage)
        if not ours.startswith("audiobook "):
            printed += _shell(ours)
            continue
        given = _shell(before) if before else None
        result = CliRunner().invoke(app, shlex.split(ours)[1:], input=given)
        printed += result.output
        assert may_fail or result.exit_code == 0, f"$ {ours}\n{printed}{result.exception or ''}"
    return printed


def _shell(command: str) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    return done.stdout


def _make(command: str) -> str:
    """Run make; the environment of this test stands for the one that it would set up."""
    shutil.copytree(ROOT / "tests" / "data", "tests/data", dirs_exist_ok=True)
    shutil.copy(ROOT / "Makefile", ".")
    Path("pyproject.toml").touch()
    tools = Path(sys.executable).parent
    words = [*shlex.split(command), "-o", ".venv/.installed", f"BIN={tools}"]
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
