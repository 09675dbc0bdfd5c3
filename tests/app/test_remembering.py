"""A program that makes books for months remembers no words of those that are done."""

from __future__ import annotations

import random
import sys
from functools import _lru_cache_wrapper
from typing import TYPE_CHECKING

from audiobook.app.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

WORDS = 1_500


def invented_text(seed: int) -> str:
    """Return sentences of words that nobody has seen: of our letters, of others, with signs."""
    chance = random.Random(seed)

    def word() -> str:
        letters = chance.choice(["abcdefghiklmnoprstuvxy", "aăâeêioôơuưyáàảãạbcdđghklmnpqrstvx"])
        found = "".join(chance.choices(letters, k=chance.randint(2, 9)))
        return chance.choice([found, found.capitalize(), found.upper(), f"“{found}”", f"{found},"])

    sentences = [" ".join(word() for _ in range(10)) + "." for _ in range(WORDS // 10)]
    return "\n\n".join(sentences)


def remembered() -> dict[str, int]:
    """Return how much each function that remembers does, by its name."""
    return {
        f"{found.__module__}.{found.__qualname__}": found.cache_info().currsize
        for name, module in list(sys.modules.items())
        if name.startswith("audiobook.")
        for found in vars(module).values()
        if isinstance(found, _lru_cache_wrapper)
    }


def test_no_words_are_remembered_after_a_book(make_quick_job: Callable[..., Job]) -> None:
    build(make_quick_job(invented_text(1)))
    before = remembered()
    build(make_quick_job(invented_text(2)))
    grown = {
        name: size for name, size in remembered().items() if size > before.get(name, 0) + WORDS / 30
    }
    assert not grown
