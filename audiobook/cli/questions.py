"""Questions to whoever sits at the terminal, answered in Vietnamese or English."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

from audiobook.messages import localize

if TYPE_CHECKING:
    from audiobook.messages import Message

_YES = frozenset({"y", "yes", "c", "co", "có"})
_NO = frozenset({"n", "no", "k", "ko", "khong", "không"})


def is_somebody_there() -> bool:
    """Return whether a person sees a question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: Message, *, default: bool) -> bool | None:
    """Return whether the answer to a question is yes; None if the input ends without one.

    Args:
        question: it says in brackets which letters answer it; repeated until one does.
        default: the answer of an empty line.
    """
    while True:
        print(localize(question), end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.buffer.readline()
        if not line:
            print(file=sys.stderr)
            return None
        answer = unicodedata.normalize("NFC", line.decode(errors="replace")).strip().casefold()
        if not answer:
            return default
        if answer in _YES | _NO:
            return answer in _YES
