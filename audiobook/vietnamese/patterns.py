"""Regular expressions of users: compiled, tried on hostile text, with a limit of time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Iterator

    import regex

# Time that a pattern may take on 5,000 characters before it is refused, and on one text later.
_TRIAL_SECONDS, _SECONDS = 0.5, 2.0
_TRIAL_LENGTH = 5_000
# Text that makes patterns backtrack, beside the letters that stand in them.
_HOSTILE = ("a", "0", " ", "a ", "0.", "Aa", "à", "\n")
_MOST_LETTERS = 12
_REMEDY = message("write a simpler pattern, without one repetition inside another")


def is_pattern(written: str) -> bool:
    r"""Whether an entry is a regular expression between slashes.

    >>> is_pattern(r"/\d+px/"), is_pattern("km/h"), is_pattern("//")
    (True, False, False)
    """
    return len(written) > 2 and written[0] == written[-1] == "/"


def check_pattern(expression: str, template: str, *, case: bool = False) -> None:
    r"""Check that a pattern is valid, fits its replacement, and is quick.

    Args:
        expression: a pattern in the syntax of the package regex.
        template: the replacement of a match; ``\1`` or ``\g<name>`` stands for a group.
        case: whether capitals count.

    Raises:
        ValueError: it is not a regular expression, lacks a group of the template, matches the
            empty text, or takes too long on text made to slow it down.
    """
    import regex

    from audiobook.messages.foreign import explain

    try:
        compiled = _compile(expression, case)
        regex.sub(f"(?:{expression})|", template, "", count=1)  # the empty branch checks the groups
    except (regex.error, IndexError) as problem:
        raise ValueError(
            message(
                "the pattern {pattern!r} is wrong: {reason}",
                pattern=expression,
                reason=explain(problem),
            )
        ) from problem
    if compiled.fullmatch("", timeout=_TRIAL_SECONDS):
        raise ValueError(
            message("the pattern {pattern!r} matches where nothing is written", pattern=expression)
        )
    letters = dict.fromkeys(letter for letter in expression if letter.isalnum())
    for unit in (*_HOSTILE, *list(letters)[:_MOST_LETTERS], expression):
        text = unit * (_TRIAL_LENGTH // len(unit)) + "!"
        try:
            for _ in compiled.finditer(text, timeout=_TRIAL_SECONDS):
                pass
        except TimeoutError as problem:
            raise ValueError(
                message(
                    "the pattern {pattern!r} takes too long: {remedy}",
                    pattern=expression,
                    remedy=_REMEDY,
                )
            ) from problem


def find_pattern(
    expression: str, template: str, text: str, *, case: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Yield the start, the end and the replacement of each match of a pattern in a text.

    Args:
        expression: the pattern, a regular expression.
        template: the replacement, with groups as in `re.Match.expand`.
        text: where to search.
        case: whether capitals differ from small letters.

    Raises:
        UsageError: it takes longer than two seconds.
    """
    try:
        for match in _compile(expression, case).finditer(text, timeout=_SECONDS):
            if match.end() > match.start():
                yield match.start(), match.end(), match.expand(template)
    except TimeoutError as problem:
        what = message(
            "the pattern {pattern!r} takes too long on “{text}…”",
            pattern=expression,
            text=text[:40],
        )
        raise UsageError(what, _REMEDY) from problem


@cache
def _compile(expression: str, case: bool) -> regex.Pattern[str]:
    import regex

    return regex.compile(expression, 0 if case else regex.IGNORECASE)
