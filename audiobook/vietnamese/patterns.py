"""Regular expressions that users write: compiled, tried on hostile text, and never waited for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiobook.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import regex

# What a pattern may take on 5,000 characters before it is refused, and on one text afterwards.
_TRIAL_SECONDS, _SECONDS = 0.5, 2.0
_TRIAL_LENGTH = 5_000
# Text that makes patterns go back and try again, beside the letters that they name themselves.
_HOSTILE = ("a", "0", " ", "a ", "0.", "Aa", "à", "\n")
_MOST_LETTERS = 12
_REMEDY = "write a simpler pattern, without one repetition inside another"


def is_pattern(written: str) -> bool:
    r"""Whether an entry is a regular expression between slashes.

    >>> is_pattern(r"/\d+px/"), is_pattern("km/h"), is_pattern("//")
    (True, False, False)
    """
    return len(written) > 2 and written[0] == written[-1] == "/"


def check_pattern(expression: str, template: str, *, case: bool = False) -> None:
    r"""Check that a pattern and what takes its place fit together, and that it is quick.

    Args:
        expression: as the package regex reads it.
        template: what is put in place of a match; ``\1`` or ``\g<name>`` stands for a group.
        case: whether capitals count.

    Raises:
        ValueError: it is no regular expression, has no such group, matches the empty text, or
            takes too long on text made to slow it down.
    """
    import regex

    try:
        compiled = _compile(expression, case)
        regex.sub(f"(?:{expression})|", template, "", count=1)  # what is empty has all groups
    except (regex.error, IndexError) as problem:
        raise ValueError(f"the pattern {expression!r} is wrong: {problem}") from problem
    if compiled.fullmatch("", timeout=_TRIAL_SECONDS):
        raise ValueError(f"the pattern {expression!r} matches where nothing is written")
    letters = dict.fromkeys(letter for letter in expression if letter.isalnum())
    for unit in (*_HOSTILE, *list(letters)[:_MOST_LETTERS], expression):
        text = unit * (_TRIAL_LENGTH // len(unit)) + "!"
        try:
            for _ in compiled.finditer(text, timeout=_TRIAL_SECONDS):
                pass
        except TimeoutError as problem:
            raise ValueError(f"the pattern {expression!r} takes too long: {_REMEDY}") from problem


def find_pattern(
    expression: str, template: str, text: str, *, case: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Yield where a pattern matches a text, from start to end, and what takes its place.

    Raises:
        UsageError: it takes longer than two seconds.
    """
    try:
        for match in _compile(expression, case).finditer(text, timeout=_SECONDS):
            if match.end() > match.start():
                yield match.start(), match.end(), match.expand(template)
    except TimeoutError as problem:
        what = f"the pattern {expression!r} takes too long on “{text[:40]}…”"
        raise UsageError(what, _REMEDY) from problem


@cache
def _compile(expression: str, case: bool) -> regex.Pattern[str]:
    import regex

    return regex.compile(expression, 0 if case else regex.IGNORECASE)
