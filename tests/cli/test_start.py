"""What a command imports before it does its work: only what the work needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import COMMAND

from audiobook.cli.commands import COMMANDS

LIBRARIES = {
    *("PIL", "filelock", "gtts", "lameenc", "lxml", "multiprocessing", "numpy", "pydub", "regex"),
    *("requests", "rich", "soundfile", "soxr", "trafilatura", "underthesea", "urllib3"),
}
"""Libraries that are imported where they are used, and only there."""
_PROGRAM = """
import sys
from audiobook.cli import main
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def modules_of(*words: str, folder: Path | None = None) -> set[str]:
    """Return the names of all modules that a command imports, and those of their packages."""
    completed = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    names = completed.stderr.split()
    return {*names, *(name.partition(".")[0] for name in names)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    (folder / "bai.txt").write_text("Hôm nay trời đẹp.\n", "utf-8")
    return folder


def test_help_imports_no_command() -> None:
    loaded = modules_of("--help")
    assert not loaded & {*LIBRARIES, "mutagen", "audiobook.model", "audiobook.config"}
    assert not loaded & {f"audiobook.cli.{entry.module}" for entry in COMMANDS.values()}


def test_a_command_imports_no_other() -> None:
    loaded = modules_of("read", "--help")
    others = {entry.module for entry in COMMANDS.values()} - {"reading"}
    assert not loaded & {*LIBRARIES, *(f"audiobook.cli.{module}" for module in others)}


def test_a_line_is_read_by_the_reader_of_its_format_alone(folder: Path) -> None:
    loaded = modules_of("read", "bai.txt", folder=folder)
    package = "audiobook.stages.readers."
    readers = {name.removeprefix(package) for name in loaded if name.startswith(package)}
    assert {"formats", "plain", "registry"} <= readers
    assert not readers & {"docx", "epub", "html", "kindle", "pdf", "rtf", "web"}
    assert not loaded & LIBRARIES


def test_an_unchanged_book_imports_nothing_that_makes_one(folder: Path) -> None:
    words = ("build", "bai.txt", "--voice", "hanoi", "--quiet", "--cover", "none")
    subprocess.run([*COMMAND, *words], cwd=folder, check=True)
    loaded = modules_of(*words, folder=folder)
    assert "audiobook.app.current" in loaded
    makers = {
        "audiobook.app.stages_in_order",
        "audiobook.stages.record",
        "audiobook.vietnamese.reading",
    }
    assert not loaded & {*LIBRARIES, *makers}


def test_every_line_of_the_list_of_commands_fits_into_a_terminal() -> None:
    longest = max(map(len, COMMANDS))
    assert all(longest + 4 + len(entry.summary) < 80 for entry in COMMANDS.values())
