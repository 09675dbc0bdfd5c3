"""Regular expressions of users: compiled, tried on hostile text, with limits of time."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from audiobook.errors import UsageError
from audiobook.messages import message, reason

if TYPE_CHECKING:
    import regex

# Seconds that a pattern may take on 5,000 characters before it is refused, and on one text later.
_TRIAL_SECONDS, _SECONDS = 0.5, 2.0
_TRIAL_LENGTH = 5_000
# Seconds that all patterns of a list may take beyond what each character of a text allows them. Of
# usual patterns 1,000 take 0.5 s to try, and 0.00005 s for a character.
_SECONDS_TOGETHER, _SECONDS_A_CHARACTER = 5.0, 0.0005
# Characters of a pattern. Compiling one of 900,000 took 6 s, which nothing can interrupt.
_LONGEST = 10_000
_SHOWN = 60
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


class PatternTime:
    """The processor's time that the patterns of a list may take together.

    A list of many patterns that are each just quick enough would take hours over a book.
    """

    def __init__(self) -> None:
        self._left = _SECONDS_TOGETHER
        self._slowest, self._longest = "", 0.0

    def allow(self, text: str) -> None:
        """Allow the patterns the time for one more text, which all of them search."""
        self._left = min(self._left + _SECONDS_A_CHARACTER * len(text), _SECONDS_TOGETHER)

    def search(
        self, pattern: regex.Pattern[str], text: str, seconds: float
    ) -> list[regex.Match[str]]:
        """Return the matches of a pattern in a text.

        Raises:
            TimeoutError: it takes longer than so many seconds.
            ValueError: all patterns have taken too long; the message names the slowest.
        """
        began = time.thread_time()
        try:
            return [*pattern.finditer(text, timeout=max(min(seconds, self._left), 0.001))]
        finally:
            self.spend(pattern.pattern, time.thread_time() - began)

    def spend(self, expression: str, seconds: float) -> None:
        """Count the seconds that a pattern took.

        Raises:
            ValueError: all patterns have taken too long; the message names the slowest.
        """
        self._left -= seconds
        if seconds > self._longest:
            self._slowest, self._longest = expression, seconds
        if self._left <= 0:
            raise ValueError(
                message(
                    "the patterns together take too long; the slowest is {pattern!r}",
                    pattern=_shortened(self._slowest),
                )
            )


def check_pattern(
    expression: str, template: str, *, case: bool = False, together: PatternTime | None = None
) -> None:
    r"""Check that a pattern is valid, fits its replacement, and is quick.

    Args:
        expression: a pattern in the syntax of the package regex.
        template: the replacement of a match; ``\1`` or ``\g<name>`` stands for a group.
        case: whether capitals count.
        together: the time of all patterns of its list; None if it is alone.

    Raises:
        ValueError: it is not a regular expression, is too long, lacks a group of the template,
            matches the empty text, or takes too long on text made to slow it down, by itself or
            together with the others.
    """
    together = together or PatternTime()
    began = time.thread_time()
    compiled = _compiled(expression, template, case)
    together.spend(expression, time.thread_time() - began)
    shown = _shortened(expression)
    if compiled.fullmatch("", timeout=_TRIAL_SECONDS):
        raise ValueError(
            message("the pattern {pattern!r} matches where nothing is written", pattern=shown)
        )
    letters = dict.fromkeys(letter for letter in expression if letter.isalnum())
    for unit in (*_HOSTILE, *list(letters)[:_MOST_LETTERS], expression):
        try:
            together.search(compiled, unit * (_TRIAL_LENGTH // len(unit)) + "!", _TRIAL_SECONDS)
        except TimeoutError as problem:
            raise ValueError(
                message(
                    "the pattern {pattern!r} takes too long: {remedy}",
                    pattern=shown,
                    remedy=_REMEDY,
                )
            ) from problem


def _compiled(expression: str, template: str, case: bool) -> regex.Pattern[str]:
    """Return a pattern compiled, its groups checked against the template."""
    import regex

    from audiobook.messages.foreign import explain

    if len(expression) > _LONGEST:
        raise ValueError(
            message(
                "the pattern {pattern!r} is longer than {most:,} characters",
                pattern=_shortened(expression),
                most=_LONGEST,
            )
        )
    too_deep = message("its groups are nested too deeply")
    try:
        compiled = _compile(expression, case)
        regex.sub(f"(?:{expression})|", template, "", count=1)  # the empty branch checks the groups
    except (regex.error, IndexError, RecursionError, MemoryError) as problem:
        is_deep = isinstance(problem, RecursionError | MemoryError)
        raise ValueError(
            message(
                "the pattern {pattern!r} is wrong: {reason}",
                pattern=_shortened(expression),
                reason=too_deep if is_deep else explain(problem),
            )
        ) from problem
    return compiled


def find_pattern(
    expression: str,
    template: str,
    text: str,
    *,
    case: bool = False,
    together: PatternTime | None = None,
) -> list[tuple[int, int, str]]:
    """Return the start, the end and the replacement of each match of a pattern in a text.

    Args:
        expression: the pattern, a regular expression.
        template: the replacement, with groups as in `re.Match.expand`.
        text: where to search.
        case: whether capitals differ from small letters.
        together: the time of all patterns of its list; None if it is alone.

    Raises:
        UsageError: it takes longer than two seconds, or all together take too long.
    """
    together = together or PatternTime()
    try:
        matches = together.search(_compile(expression, case), text, _SECONDS)
    except TimeoutError as problem:
        what = message(
            "the pattern {pattern!r} takes too long on “{text}…”",
            pattern=_shortened(expression),
            text=text[:40],
        )
        raise UsageError(what, _REMEDY) from problem
    except ValueError as problem:
        raise UsageError(reason(problem), _REMEDY) from problem
    return [
        (match.start(), match.end(), match.expand(template))
        for match in matches
        if match.end() > match.start()
    ]


def _shortened(expression: str) -> str:
    return expression if len(expression) <= _SHOWN else f"{expression[:_SHOWN]}…"


@cache
def _compile(expression: str, case: bool) -> regex.Pattern[str]:
    import regex

    return regex.compile(expression, 0 if case else regex.IGNORECASE)
