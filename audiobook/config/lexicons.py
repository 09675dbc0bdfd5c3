"""Reads lexicons, in which users write how words are said: one entry a line."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import all_of, message
from audiobook.model import Teaching
from audiobook.system import files
from audiobook.vietnamese import clean_letters, is_speakable
from audiobook.vietnamese.patterns import PatternTime, check_pattern, is_pattern

if TYPE_CHECKING:
    from pathlib import Path

NAME = "lexicon.tsv"
_OPTIONS = ("case", "part")


def read_lexicon(path: Path) -> tuple[Teaching, ...]:
    """Return the entries of a lexicon file.

    A line holds what is written, a tab, what is said, and perhaps a tab and options. The options
    are ``case`` (capitals count) and ``part`` (inside longer words too). Lines that begin with
    ``#`` and a space are remarks. What is written may be a pattern between slashes.

    Raises:
        UsageError: the file cannot be read, or a line is not right.
    """
    try:
        text = files.read_text(path)
    except UnicodeDecodeError as problem:
        raise UsageError(
            message("the lexicon {path} is not UTF-8", path=path), message("save it as UTF-8")
        ) from problem
    except (OSError, ValueError) as problem:
        raise UsageError(
            message("cannot read the lexicon {path}: {reason}", path=path, reason=problem)
        ) from problem
    return _parse(path, text)


@lru_cache(4)  # a library asks for those of the user and of a folder for each of its books
def _parse(path: Path, text: str) -> tuple[Teaching, ...]:
    teachings = []
    together = PatternTime()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("# "):
            continue
        try:
            teachings.append(_read_line(line, together))
        except ValueError as problem:
            raise UsageError(
                message("{path}, line {line}: {problem}", path=path, line=number, problem=problem),
                message("fix the line"),
            ) from problem
    return tuple(teachings)


def _read_line(line: str, together: PatternTime) -> Teaching:
    cells = line.split("\t")
    if not 2 <= len(cells) <= 3:
        raise ValueError(message("it needs what is written, a tab, and what is said"))
    options = cells[2].replace(",", " ").split() if len(cells) > 2 else []
    for option in options:
        if option not in _OPTIONS:
            raise ValueError(
                message(
                    "there is no option {option!r}, only {options}",
                    option=option,
                    options=all_of(_OPTIONS),
                )
            )
    return teach(
        cells[0], cells[1], case="case" in options, part="part" in options, together=together
    )


def teach(
    written: str,
    spoken: str,
    *,
    case: bool = False,
    part: bool = False,
    together: PatternTime | None = None,
) -> Teaching:
    """Return an entry, with its letters composed as those of the texts are.

    Args:
        written: a word or phrase, or a pattern between slashes.
        spoken: how it is said.
        case: whether capitals count.
        part: whether it is found inside longer words, too.
        together: the time of all patterns of its lexicon; None if it is alone.

    Raises:
        ValueError: there is nothing to find, or nothing to say, or a pattern is not right.
    """
    written, spoken = clean_letters(written), clean_letters(spoken)
    if not written:
        raise ValueError(message("it does not say what to find"))
    if is_pattern(written):
        if not spoken:
            raise ValueError(message("it does not tell how to say {written!r}", written=written))
        written = written[1:-1]
        check_pattern(written, spoken, case=case, together=together)
        return Teaching(written=written, spoken=spoken, case=case, pattern=True)
    if not is_speakable(spoken):
        raise ValueError(message("it does not tell how to say {written!r}", written=written))
    return Teaching(written=written, spoken=spoken, case=case, part=part)
