"""What a shell offers when Tab is pressed after an option that takes one of a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def complete_voices(incomplete: str) -> list[str]:
    """Return the names of the voices that begin with what is typed."""
    from audiobook.config import voice_names

    return _beginning(voice_names(), incomplete)


def one_of(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a function that returns those of the words that begin with what is typed."""

    def complete(incomplete: str) -> list[str]:
        return _beginning(words, incomplete)

    return complete


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
