"""Prints what a bench measures beside what was measured before, and what is wanted.

``former.tsv`` holds the former figures, by what they are figures of. Whoever measures on the
machine of docs/performance.md, with nothing else at work, writes the new ones there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FORMER = Path(__file__).with_name("former.tsv")


@cache
def _former() -> dict[str, str]:
    rows = _FORMER.read_text("utf-8").splitlines()
    return dict(row.split("\t") for row in rows if row and not row.startswith("# "))


def show(what: str, measured: str, wanted: str = "") -> None:
    """Print one figure."""
    print(f"{what:<42}{measured:>24}{_former().get(what, ''):>30}   {wanted}".rstrip(), flush=True)


def show_head(title: str) -> None:
    """Print the head of a table."""
    print(f"{title:<42}{'measured':>24}{'before':>30}   wanted", flush=True)
