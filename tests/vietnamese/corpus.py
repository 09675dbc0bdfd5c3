"""The scored corpus: rows of written and spoken, paragraphs, and what counts as right.

``test_corpus.py`` holds us to it and ``bench/reading.py`` scores others on it. Its part in
``fresh`` is real text that no rule was mended with, and none may be: it tells how we do on text
that nobody here has seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from places import DATA

FOLDER = DATA / "reading"
FRESH = FOLDER / "fresh"
_CHOICE = re.compile(r"\{([^}]*)\}")

Normalizer = Callable[[str, str], str]
Splitter = Callable[[str], list[str]]


class Row(NamedTuple):
    """One written sentence and every right reading of it."""

    written: str
    spoken: tuple[str, ...]
    """The first is the one preferred; ``{a|b|}`` in it stands for a, for b, or for nothing."""
    accent: str = "north"
    verbatim: bool = False
    """Not one character may change: punctuation and case count too."""


class Paragraph(NamedTuple):
    """A text and where its sentences end."""

    text: str
    sentences: list[str]


class Failure(NamedTuple):
    """What was said for a row instead of one of its readings."""

    row: Row
    got: str

    def __str__(self) -> str:
        return f"{self.row.written!r}\n    read {self.got!r}\n    want {self.row.spoken[0]!r}"


def classes(folder: Path = FOLDER) -> list[str]:
    """Return the names of the classes, which are the names of the files."""
    return sorted(path.stem for path in folder.glob("*.tsv"))


@cache
def load(name: str, folder: Path = FOLDER) -> list[Row]:
    """Return the rows of a class.

    ``accents`` names the accent in its first column; ``prose`` has one column, left as it is.
    """
    lines = (folder / f"{name}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
    if name == "prose":
        return [Row(written, (written,), verbatim=True) for (written,) in rows]
    if name == "accents":
        return [Row(written, tuple(spoken), accent) for accent, written, *spoken in rows]
    return [Row(written, tuple(spoken)) for written, *spoken in rows]


@cache
def load_paragraphs(folder: Path = FOLDER) -> list[Paragraph]:
    """Return the paragraphs of ``sentences.txt``, which tells its format."""
    paragraphs = []
    for line in (folder / "sentences.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            text = line.replace(" | ", " ").replace("||", "").replace(" ¶ ", "\n")
            paragraphs.append(Paragraph(text, re.split(r" \| |\|\|| ¶ ", line)))
    return paragraphs


def key(text: str) -> str:
    """Return what is compared: lower case, without punctuation, single spaces.

    >>> key("Chín giờ, – ba mươi phút!")
    'chín giờ ba mươi phút'
    """
    text = unicodedata.normalize("NFC", text).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def is_right(row: Row, got: str) -> bool:
    """Whether what was said is one of the readings of the row."""
    if row.verbatim:
        return got == row.written
    return any(is_said(spoken, got) for spoken in row.spoken)


def is_said(spoken: str, got: str, fold: Callable[[str], str] = key) -> bool:
    """Whether what was said is a reading, by one of its choices each.

    >>> [is_said("ngày {mùng|} một", got) for got in ("Ngày mùng một.", "ngày một", "mùng một")]
    [True, True, False]
    """
    return _compile(spoken, fold).fullmatch(f"{fold(got)} ") is not None


@cache
def _compile(spoken: str, fold: Callable[[str], str]) -> re.Pattern[str]:
    parts = _CHOICE.split(spoken)
    expressions = [_words(part, fold) for part in parts]
    for place in range(1, len(parts), 2):
        choices = (_words(choice, fold) for choice in parts[place].split("|"))
        expressions[place] = f"(?:{'|'.join(choices)})"
    return re.compile("".join(expressions))


def _words(part: str, fold: Callable[[str], str]) -> str:
    folded = fold(part)
    return f"{re.escape(folded)} " if folded else ""


def failures(
    rows: list[Row], read: Normalizer, is_right: Callable[[Row, str], bool] = is_right
) -> Iterator[Failure]:
    """Yield the rows that a normalizer reads otherwise; one that it cannot read says why."""
    for row in rows:
        try:
            got = read(row.written, row.accent)
        except Exception as problem:  # noqa: BLE001  # one row must not hide the others
            got = f"({problem!r})"
        if not is_right(row, got):
            yield Failure(row, got)


def missed_paragraphs(
    split: Splitter, folder: Path = FOLDER
) -> Iterator[tuple[Paragraph, list[str]]]:
    """Yield the paragraphs that a splitter cuts elsewhere, with its sentences."""
    for paragraph in load_paragraphs(folder):
        got = split(paragraph.text)
        if got != paragraph.sentences:
            yield paragraph, got


def percent(right: int, total: int) -> float:
    """Return a score from 0 to 100."""
    return 100 * right / total
