"""The module `re`, but a pattern is compiled when it is first used.

The rules have a thousand patterns, which take half a second to compile; one line needs a few of
them. Modules with many say ``from audiobook.vietnamese import lazy_re as re``.
"""

from __future__ import annotations

from functools import cached_property
from re import (
    ASCII,
    DOTALL,
    IGNORECASE,
    MULTILINE,
    I,
    Match,
    Pattern,
    S,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from re import compile as compile_at_once
from typing import Any, AnyStr

__all__ = [
    "ASCII",
    "DOTALL",
    "IGNORECASE",
    "MULTILINE",
    "I",
    "Match",
    "Pattern",
    "S",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]


def compile(pattern: AnyStr, flags: int = 0) -> Pattern[AnyStr]:  # noqa: A001 (its name in re)
    """Return a pattern as `re.compile` does; if it is faulty, its first use raises `re.error`."""
    return _LazyPattern(pattern, flags)  # type: ignore[return-value]  # it has all attributes


class _LazyPattern:
    """A pattern that is compiled when the first of its attributes is asked for."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> Any:
        return compile_at_once(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the compiled pattern, and keep it: it is found at once then."""
        attribute = getattr(self._compiled, name)
        setattr(self, name, attribute)
        return attribute
