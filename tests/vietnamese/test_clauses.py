"""Long text in pieces, cut where a speaker would breathe."""

from __future__ import annotations

import pytest
from clock import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from audiobook.vietnamese import pack_clauses

TEXTS = st.text(st.sampled_from("aăđ, .;:!?…”»)\n\t—“ "), max_size=80)


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("Một, hai, ba bốn.", None, ["Một, hai, ba bốn."]),
        ("Một, hai, ba bốn.", 100, ["Một, hai, ba bốn."]),
        ("Một, hai, ba bốn.", 9, ["Một, hai,", "ba bốn."]),
        ("Một hai ba bốn", 7, ["Một hai", "ba bốn"]),
        ("nghiêng ngả", 4, ["nghi", "êng", "ngả"]),
        ("Ừ, nghiêng ngả, về", 9, ["Ừ,", "nghiêng", "ngả,", "về"]),
        ("  một  ", 5, ["một"]),
        ("", 5, []),
        (" \n ", None, []),
    ],
)
def test_pack_clauses(text: str, limit: int | None, pieces: list[str]) -> None:
    assert pack_clauses(text, limit) == pieces


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="limit must be at least 1"):
        pack_clauses("một hai", 0)


@given(TEXTS, st.integers(1, 30))
def test_nothing_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    pieces = pack_clauses(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= limit and piece == piece.strip() for piece in pieces)
    # Whatever is between two pieces is white space, or nothing inside a word too long.
    position = 0
    for piece in pieces:
        found = text.index(piece, position)
        assert not text[position:found].strip()
        position = found + len(piece)


@pytest.mark.parametrize("text", ["a" * 10**6, "a," * 500_000, "a, " * 333_333, "a" + " " * 10**6])
def test_a_megabyte_takes_no_time(text: str) -> None:
    assert cpu_seconds(lambda: pack_clauses(text, 200)) < 3
