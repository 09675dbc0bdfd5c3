"""`audiobook build film.srt --timed`, as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import run

if TYPE_CHECKING:
    from pathlib import Path

FILM = """1
00:00:01,000 --> 00:00:02,000
Một câu dài hơn hẳn thời gian mà nó có được ở trong phim này.

2
00:00:02,200 --> 00:00:0x,000
Hỏng.

3
00:00:02,500 --> 00:00:04,000
Nước lên.
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "phim.srt"
    path.write_text(FILM, "utf-8")
    return path


def test_a_film_is_spoken_and_what_does_not_fit_is_told(film: Path) -> None:
    done = run(
        "build", str(film), "--timed", "--voice", "tone", "-o", str(film.with_suffix(".wav"))
    )
    assert (done.returncode, film.with_suffix(".wav").exists()) == (0, True)
    assert "1 subtitle is too long for its time" in done.stderr
    assert "  1, at 0:01: " in done.stderr
    assert "subtitles without readable times left out" in done.stderr
    assert "6: 00:00:02,200 --> 00:00:0x,000" in done.stderr
    again = run(
        "build", str(film), "--timed", "--voice", "tone", "-o", str(film.with_suffix(".wav"))
    )
    assert "unchanged" in again.stdout


def test_a_dry_run_lists_what_will_not_fit(film: Path) -> None:
    done = run("build", str(film), "--timed", "--voice", "tone", "--dry-run")
    assert done.returncode == 0
    assert "  1, at 0:01: " in done.stdout
    assert "0:04 of speech expected" in done.stdout


def test_without_timed_it_is_read_as_a_text_and_the_option_is_named(film: Path) -> None:
    done = run("build", str(film), "--voice", "tone", "--cover", "none", "-o", str(film.parent))
    assert "add --timed" in done.stderr
    done = run(
        "build", str(film), "--voice", "tone", "--cover", "none", "-q", "-o", str(film.parent)
    )
    assert not done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--timed", "--split"),
        ("--timed", "--join"),
        ("--timed", "--chapters", "1"),
        ("--timed", "--format", "epub"),
        ("--format", "wav"),
        ("--timed", "--format", "wav", "--bitrate", "64"),
    ],
)
def test_what_does_not_go_together(film: Path, options: tuple[str, ...]) -> None:
    done = run("build", str(film), "--voice", "tone", *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_text_without_times_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "sách.txt"
    path.write_text("Nước lên.", "utf-8")
    done = run("build", str(path), "--timed", "--voice", "tone")
    assert done.returncode == 3
    assert "leave out --timed" in done.stderr


def test_a_book_is_not_converted_to_wav(tmp_path: Path) -> None:
    done = run("convert", str(tmp_path / "a.mp3"), "--format", "wav")
    assert done.returncode == 2


def test_what_will_be_said_is_shown_with_numbers_and_times(film: Path) -> None:
    done = run("read", str(film), "--timed", "--voice", "tone")
    assert done.stdout.splitlines()[-1] == "3\t0:02\tNước lên."
    done = run("read", str(film), "--timed", "--left-out", "--voice", "tone")
    assert "6: 00:00:02,200" in done.stdout
