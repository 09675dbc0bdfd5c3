"""Tables on a terminal and elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from audiobook.cli.printing import display_width, print_table, shorten_middle

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("sach/Truyện kể của một người đi biển, tập thứ nhất.mp3", "sach/b.mp3")
ROWS = [("BOOK", "LENGTH", ""), (NAMES[0], "1:02:05", ""), (NAMES[1], "0:05", "unchanged")]


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def open_with(width: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))

    return open_with


def test_names_are_shortened_in_the_middle(
    on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(50)
    print_table(ROWS, shorten=0)
    first, second, third = capsys.readouterr().out.splitlines()
    assert len(second) <= 50
    assert second.startswith("sach/Truyện")
    assert "… " not in second
    assert second.endswith("nhất.mp3  1:02:05")
    assert first.index("LENGTH") == second.index("1:02:05") == third.index("0:05")


def test_what_goes_wrong_is_told_whole_and_leaves_names_their_room(
    on_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(60)
    problem = "failed: " + "không đọc được " * 10
    print_table([*ROWS[:2], ("sach/c.epub", "", problem.strip())], shorten=0)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith(problem.strip())
    assert len(lines[1]) > 40


def test_a_pipe_gets_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(ROWS, shorten=0)
    assert NAMES[0] in capsys.readouterr().out


@pytest.mark.parametrize("most", [1, 2, 7, 16])
def test_both_ends_are_kept(most: int) -> None:
    for text in ("abcdefghijklmnopqrstuvwxyz", "水水水水水水水水水水", "Nước lên từ đêm rằm"):
        short = shorten_middle(text, most)
        assert display_width(short) <= most
        head, tail = short.split("…")
        assert text.startswith(head)
        assert text.endswith(tail)
    assert shorten_middle("ngắn", 4) == "ngắn"
    assert display_width("ế") == display_width("e\u0302\u0301") == 1
