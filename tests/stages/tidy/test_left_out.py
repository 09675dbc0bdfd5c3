"""What a book leaves out of its source can be seen, word for word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from command import run

if TYPE_CHECKING:
    from pathlib import Path

LONG = (
    "Người lái đò chống sào đứng đợi bên gốc gạo từ lúc sương còn phủ kín bãi lau, "
    "tay kéo nón che nửa mặt, chẳng nói chẳng rằng với ai."
)
TEXT = f"# Bến cũ\n\n{LONG}\n\nẢnh: Lê Hoa\n\nThuyền ra giữa dòng thì gió nổi.\n\n{LONG}\n"


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "ben-cu.md"
    path.write_text(TEXT, "utf-8")
    return str(path)


def test_every_piece_stands_under_its_step_with_what_is_before_it(source: str) -> None:
    lines = run("read", source, "--left-out").stdout.splitlines()
    assert lines[0].startswith("captions left out [captions]: 1; 3 words")
    assert lines[1] == "    Ảnh: Lê Hoa"
    assert lines[2].strip().endswith("chẳng nói chẳng rằng với ai.”")
    assert f"    {LONG}" in lines
    assert lines[-1] == "33 words of 72 will not be read (45.8 %)"


def test_what_is_kept_is_not_left_out(source: str) -> None:
    shown = run("read", source, "--left-out", "--keep", "captions").stdout
    assert "Lê Hoa" not in shown


def test_programs_get_the_same(source: str) -> None:
    shown = json.loads(run("read", source, "--left-out", "--json").stdout)
    assert shown["words"] == 39
    captions, repeats = shown["changes"]
    assert (captions["keep"], captions["words"]) == ("captions", 3)
    assert repeats["pieces"][0]["text"] == LONG


def test_a_step_that_takes_much_is_a_warning_with_the_way_back(source: str) -> None:
    (warning,) = (
        line
        for line in run("build", source, "--dry-run").stdout.splitlines()
        if line.startswith("warning: ") and "repeated" in line
    )
    assert "30 words, 41.7 % of the text" in warning
    assert warning.endswith("--keep repeats")
    assert "repeated paragraphs read once" in warning  # it is told once, not in the summary too
    output = run("build", source, "--dry-run").stdout
    assert output.count("repeated paragraphs read once") == 1


def test_many_books_tell_their_warnings_by_name(source: str, tmp_path: Path) -> None:
    output = run("build", source, "-k", "-o", str(tmp_path)).stderr
    assert f"{source}: warning: repeated paragraphs read once" in output


def test_what_is_left_out_is_not_explained(source: str) -> None:
    answer = run("read", source, "--left-out", "--explain")
    assert answer.returncode == 2
    assert "leave out --lines, --explain and --doubts" in answer.stderr
