"""Patterns that users write: in a lexicon, and to replace misprints before anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from clock import cpu_seconds
from typer.testing import CliRunner

from audiobook.cli.app import app
from audiobook.config.lexicons import read_lexicon
from audiobook.errors import UsageError
from audiobook.model import Teaching
from audiobook.vietnamese import Lexicon, explain, normalize, patterns
from audiobook.vietnamese.patterns import check_pattern, find_pattern

RUNNER = CliRunner()


def taught(tmp_path: Path, *lines: str) -> Lexicon:
    path = tmp_path / "lexicon.tsv"
    path.write_text("\n".join(lines), "utf-8")
    return Lexicon(read_lexicon(path))


@pytest.mark.parametrize(
    ("entry", "written", "spoken"),
    [
        (
            "/(\\d+)\\s?qz/\t\\1 quy dét",
            "Có 25qz và 3 QZ.",
            "Có hai mươi lăm quy dét và ba quy dét.",
        ),
        ("/(?<=toa )(\\d)(\\d)/\t\\1 \\2", "toa 45, ghế 45", "toa bốn năm, ghế bốn mươi lăm"),
        ("/Lin(?P<rest>h|a)/\tLin \\g<rest>\tcase", "Lina, lina", "Lin a, lina"),
    ],
)
def test_the_reading_holds_groups(tmp_path: Path, entry: str, written: str, spoken: str) -> None:
    assert normalize(written, lexicon=taught(tmp_path, entry)) == spoken


def test_words_win_over_patterns_and_those_over_parts(tmp_path: Path) -> None:
    entries = ("/k\\w+/\tmẫu", "kho\ttừ", "kh\tphần\tpart")
    assert normalize("kho khe bakhe", lexicon=taught(tmp_path, *entries)) == "từ mẫu ba mẫu"
    assert normalize("bakh", lexicon=taught(tmp_path, *entries[1:])) == "ba phần"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("/(a+)+b/\tx", "too long"),
        ("/(ab/\tx", "is wrong"),
        ("/(\\d)/\t\\2", "is wrong"),
        ("/a*/\tx", "nothing is written"),
        ("/ab/\t", "how to say"),
    ],
)
def test_bad_patterns_are_refused_at_once(tmp_path: Path, entry: str, what: str) -> None:
    with pytest.raises(UsageError, match="line 1") as caught:
        taught(tmp_path, entry)
    assert what in str(caught.value)


def test_a_slow_pattern_that_slipped_through_is_not_waited_for() -> None:
    with pytest.raises(UsageError, match="too long"):
        list(find_pattern("(x+x+)+y", "z", "x" * 5000))
    check_pattern("(x+)y", "z")


def test_a_word_many_times_on_one_line_takes_no_longer_than_as_many_lines() -> None:
    """Linear: with time squared ten times the words would take a hundred times as long."""

    lexicon = Lexicon(
        [Teaching(written="đò", spoken="ghe"), Teaching(written="x+", spoken="ích", part=True)]
    )

    def seconds(words: int) -> float:
        rows: list[object] = []
        took = cpu_seconds(lambda: rows.extend(explain("đò 5 x+ " * words, lexicon=lexicon)))
        assert len(rows) == 3 * words
        return took

    seconds(100)
    assert seconds(10_000) < 40 * seconds(1_000)


REPLACE = """replace = [["tbì", "thì"], ['/\\brn(?=[aà]\\b)/', "m"], ['/ {2,}/', " "]]"""


@pytest.fixture
def slips(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("Chương 1: Trời tbì mưa\n\nCon rna  kia tbì khóc.\n\nHết mưa.\n", "utf-8")
    return path


def test_slips_are_replaced_before_anything_else(slips: Path) -> None:
    (slips.parent / "book.toml").write_text(REPLACE, "utf-8")
    result = RUNNER.invoke(app, ["read", str(slips)])
    assert result.stdout.splitlines() == [
        "Chương một: Trời thì mưa",
        "Con ma kia thì khóc.",
        "Hết mưa.",
    ]
    shown = RUNNER.invoke(app, ["read", str(slips), "--left-out"]).stdout
    assert "replaced as book.toml says: 2; 0 words; 0.0 %" in shown
    assert "rna -> ma" in shown


@pytest.mark.parametrize(
    "line",
    ["replace = 3", 'replace = [["a"]]', 'replace = [["", "b"]]', "replace = [['/(/', 'b']]"],
)
def test_bad_replacements_are_said(slips: Path, line: str) -> None:
    (slips.parent / "book.toml").write_text(line, "utf-8")
    result = RUNNER.invoke(app, ["read", str(slips)])
    assert result.exit_code == 2
    assert "book.toml" in result.stderr


# Each takes a twentieth of a second on the text that patterns are tried on.
SLOW = [f"(x+)y{number}" for number in range(1_000)]
MOST_SECONDS = 8.0
USUAL_SECONDS, SHORT_SECONDS = patterns._SECONDS_TOGETHER, 0.5
"""For all patterns together: as it is, and as most tests set it."""


@pytest.mark.usefixtures("short_time")
def test_1000_slow_patterns_are_not_all_tried(tmp_path: Path) -> None:
    def read() -> None:
        with pytest.raises(
            UsageError, match=r"line \d+.*together take too long.*'\(x\+\)y\d+'"
        ) as caught:
            taught(tmp_path, *(f"/{pattern}/\tđọc" for pattern in SLOW))
        assert "\n" not in str(caught.value)

    assert USUAL_SECONDS + cpu_seconds(read) - SHORT_SECONDS < MOST_SECONDS


@pytest.fixture
def short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_SECONDS_TOGETHER", SHORT_SECONDS)


@pytest.mark.usefixtures("short_time")
@pytest.mark.parametrize("key", ["lexicon", "replace"])
def test_1000_slow_patterns_of_book_toml_are_not_all_tried(slips: Path, key: str) -> None:
    pairs = (f'["/{pattern}/", "đọc"]' for pattern in SLOW)
    table = "\n".join(f"'/{pattern}/' = 'đọc'" for pattern in SLOW)
    settings = f"replace = [{', '.join(pairs)}]" if key == "replace" else f"[lexicon]\n{table}"
    (slips.parent / "book.toml").write_text(settings, "utf-8")

    def read() -> None:
        result = RUNNER.invoke(app, ["read", str(slips)])
        assert result.exit_code == 2
        assert "together" in result.stderr

    assert cpu_seconds(read) < MOST_SECONDS / 2


@pytest.mark.usefixtures("short_time")
def test_1000_slow_patterns_are_not_waited_for_over_a_book() -> None:
    """They pass the trial, and meet a text that nobody thought of."""
    teachings = [
        Teaching(written=pattern.replace("x", "q"), spoken="đọc", pattern=True) for pattern in SLOW
    ]

    def read() -> None:
        lexicon = Lexicon(teachings)
        with pytest.raises(UsageError, match="together"):
            for _ in range(100):
                lexicon.find("q" * 1_000)

    assert cpu_seconds(read) < MOST_SECONDS


def test_1000_usual_patterns_are_tried_and_found(tmp_path: Path) -> None:
    lexicon = taught(tmp_path, *(f"/(\\d+)\\s?q{number}z/\tđọc" for number in range(1_000)))
    for number in range(0, 1_000, 10):
        assert [place.spoken for place in lexicon.find(f"Có 25 q{number}z ở đây.")] == ["đọc"]


@pytest.mark.parametrize(
    ("pattern", "what"),
    [("(?:" * 1_000 + "a" + ")" * 1_000, "too deeply"), ("ab" * 6_000, "longer than 10,000")],
)
def test_a_huge_pattern_is_named_by_its_beginning(pattern: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        check_pattern(pattern, "x")
    assert len(str(caught.value)) < 200
