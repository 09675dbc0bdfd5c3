"""Reads and writes lists of chapters as files: titles, labels of Audacity, metadata of ffmpeg."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobook.audit.types import FileChapter


class Form(StrEnum):
    """How a list of chapters is written."""

    TITLES = "titles"
    """A title on each line."""
    LABELS = "labels"
    """Labels of Audacity: start, end and title on each line, with tabs between them."""
    FFMETADATA = "ffmetadata"
    """What ffmpeg reads and writes as ``ffmetadata``."""


@dataclass(frozen=True, slots=True)
class ListedChapter:
    """A chapter of a list."""

    title: str
    start: Fraction | None = None
    """Seconds; None in a list of titles."""


_NUMBER = r"-?\d{1,12}(?:[.,]\d{1,12})?"
_LABEL = re.compile(rf"({_NUMBER})\t({_NUMBER})(?:\t(.*))?")
_SPECTRAL = "\\\t"
"""How the second line of a label begins that has frequencies, too."""
_FFMETADATA = ";FFMETADATA"
_CHAPTER = "[CHAPTER]"
_FRACTION = re.compile(r"-?\d{1,20}(?:/\d{1,20})?")
_NANOSECONDS = Fraction(1, 1_000_000_000)
"""The unit of times where a chapter names none."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"([=;#\\\n])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def read_list(path: Path) -> list[ListedChapter]:
    """Return the chapters of a file, whatever form it has.

    Raises:
        SourceError: it cannot be read, or holds no chapters, or a line is not right.
    """
    try:
        text = files.read_text(path)
    except UnicodeDecodeError as problem:
        raise SourceError(
            message("{path} is not a text in UTF-8", path=path), message("save it as UTF-8")
        ) from problem
    except (OSError, ValueError) as problem:
        raise SourceError(
            message("cannot read {path}: {reason}", path=path, reason=problem)
        ) from problem
    chapters = parse_list(text, str(path))
    if not chapters:
        raise SourceError(
            message("{path} lists no chapters", path=path),
            message("write a title on each line, or export the list with audiobook info"),
        )
    for number, chapter in enumerate(chapters, 1):
        if not chapter.title:
            raise SourceError(
                message("chapter {number} of {path} has no title", number=number, path=path),
                message("write one"),
            )
    return chapters


def parse_list(text: str, path: str) -> list[ListedChapter]:
    """Return the chapters of a text.

    Args:
        text: the list, in any of the forms.
        path: its file, for messages.

    Raises:
        SourceError: a line is not right.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(_FFMETADATA):
        return [*_parse_ffmetadata(text, path)]
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.startswith(_SPECTRAL)
    ]
    labels = [_LABEL.fullmatch(line) for _, line in lines]
    if not any(labels):
        return [ListedChapter(_clean(line)) for _, line in lines]
    chapters = []
    for (number, _), label in zip(lines, labels, strict=True):
        if label is None:
            raise _wrong_line(path, number)
        start = Fraction(label[1].replace(",", "."))
        chapters.append(ListedChapter(_clean(label[3] or ""), start))
    return chapters


def _parse_ffmetadata(text: str, path: str) -> Iterator[ListedChapter]:
    for number, section in _sections(text):
        values: dict[str, str] = {}
        for line in section:
            key, sign, value = _split_escaped(line)
            if sign:
                values[key.strip().lower()] = value
        try:
            unit = _fraction_of(values["timebase"]) if "timebase" in values else _NANOSECONDS
            start = _fraction_of(values["start"]) * unit
        except (KeyError, ValueError, ZeroDivisionError) as problem:
            raise SourceError(
                message(
                    "{path}, line {line}: the chapter has no right START and TIMEBASE",
                    path=path,
                    line=number,
                ),
                message("as in TIMEBASE=1/1000 and START=65000"),
            ) from problem
        yield ListedChapter(_clean(values.get("title", "")), start)


def _fraction_of(text: str) -> Fraction:
    """Return a whole number or a fraction; one of thousands of digits is no time.

    Raises:
        ValueError: it is something else.
        ZeroDivisionError: it is a fraction of nothing.
    """
    if not _FRACTION.fullmatch(text.strip()):
        raise ValueError(text[:80])
    return Fraction(text.strip())


def _sections(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line and the lines of each section of a chapter."""
    section: list[str] | None = None
    first = 0
    for number, line in _logical_lines(text):
        if line.strip().startswith("[") and line.strip().endswith("]"):
            if section is not None:
                yield first, section
            section, first = ([], number) if line.strip().upper() == _CHAPTER else (None, number)
        elif section is not None and not line.startswith((";", "#")):
            section.append(line)
    if section is not None:
        yield first, section


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers; one that ends in a backslash goes on in the next."""
    pending, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        first = first if pending else number
        pending += line
        backslashes = len(pending) - len(pending.rstrip("\\"))
        if backslashes % 2:
            pending += "\n"
            continue
        yield first, pending
        pending = ""
    if pending:
        yield first, pending


def _split_escaped(line: str) -> tuple[str, str, str]:
    """Return key, sign and value of a line, parted at the first sign that is not escaped."""
    position = 0
    while position < len(line):
        if line[position] == "\\":
            position += 2
            continue
        if line[position] == "=":
            return _unescape(line[:position]), "=", _unescape(line[position + 1 :])
        position += 1
    return _unescape(line), "", ""


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _clean(title: str) -> str:
    """Return a title on one line; a NUL would end it for some players."""
    return " ".join(_CONTROLS.sub(" ", title).split())


def _wrong_line(path: str, number: int) -> SourceError:
    return SourceError(
        message("{path}, line {line} is not a label", path=path, line=number),
        message("write start, end and title with tabs between them, as Audacity exports them"),
    )


def write_list(chapters: Sequence[FileChapter], form: Form) -> str:
    """Return chapters as a list that `read_list` understands."""
    if form is Form.TITLES:
        return "".join(f"{_clean(chapter.title)}\n" for chapter in chapters)
    if form is Form.LABELS:
        return "".join(
            f"{chapter.start:.6f}\t{chapter.end:.6f}\t{_clean(chapter.title)}\n"
            for chapter in chapters
        )
    blocks = [f"{_FFMETADATA}1\n"]
    for chapter in chapters:
        title = _SPECIAL.sub(r"\\\1", _clean(chapter.title))
        start, end = (round(seconds * 1_000_000) for seconds in (chapter.start, chapter.end))
        blocks.append(
            f"\n{_CHAPTER}\nTIMEBASE=1/1000000\nSTART={start}\nEND={end}\ntitle={title}\n"
        )
    return "".join(blocks)
