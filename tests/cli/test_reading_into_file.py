"""`audiobook read -o FILE` writes what it would print, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from audiobook.cli.app import app

RUNNER = CliRunner()
TEXT = "Chương 1\n\nÔng Zorkmid gặp bà Ngãi lúc 8h30.\n\nTrang 7\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bai.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--explain"],
        ["--json"],
        ["--lines"],
        ["--left-out"],
        ["--doubts"],
        ["--doubts", "--json"],
    ],
    ids=" ".join,
)
def test_the_file_holds_what_is_printed(source: Path, options: list[str]) -> None:
    command = ["read", str(source), "--voice", "hanoi", *options]
    target = source.with_name("read.out")
    printed = RUNNER.invoke(app, command)
    written = RUNNER.invoke(app, [*command, "-o", str(target)])
    assert (written.exit_code, written.stdout) == (0, "")
    assert target.read_bytes().decode("utf-8") == printed.stdout != ""


def test_a_file_that_exists_is_replaced_only_if_asked(source: Path) -> None:
    target = source.with_name("words.tsv")
    target.write_text("Zorkmid\tzo mít\n", "utf-8")
    command = ["read", str(source), "--doubts", "-o", str(target)]
    refused = RUNNER.invoke(app, command)
    assert refused.exit_code == 7
    assert f"{target} exists already" in refused.stderr
    assert target.read_text("utf-8") == "Zorkmid\tzo mít\n"
    assert RUNNER.invoke(app, [*command, "--overwrite"]).exit_code == 0
    assert target.read_text("utf-8") == RUNNER.invoke(app, command[:3]).stdout


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    missing = str(tmp_path / "nowhere.txt")
    assert RUNNER.invoke(app, ["read", missing, "-o", str(target)]).exit_code == 3
    assert [*tmp_path.iterdir()] == []
    target.write_text("kept", "utf-8")
    again = RUNNER.invoke(app, ["read", missing, "-o", str(target), "--overwrite"])
    assert (again.exit_code, target.read_text("utf-8")) == (3, "kept")
    assert [*tmp_path.iterdir()] == [target]
