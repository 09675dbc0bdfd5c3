"""The meanings of acronyms and abbreviations, and the words beside them that decide for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, spell

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEIGHBOURHOOD = 60
_CAPITALISED = rf"[{CAPITALS}][^\W\d_]*[^\W\d_{CAPITALS}]"


class AcronymSense(NamedTuple):
    """One meaning of a written form, and the words that must stand beside it."""

    spoken: str | None
    """None where the form stays as it is, because it is an acronym that is said as a word."""
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    near: re.Pattern[str] | None

    def fits(self, match: re.Match[str]) -> bool:
        """Whether the words that this meaning needs stand before, after or near a match."""
        text, start, end = match.string, match.start(), match.end()
        window_start, window_end = max(0, start - _NEIGHBOURHOOD), end + _NEIGHBOURHOOD
        return not (
            (self.before and not self.before.search(text, window_start, start))
            or (self.after and not self.after.match(text, end, window_end))
            or (
                self.near
                and not self.near.search(text, window_start, start)
                and not self.near.search(text, end, window_end)
            )
        )

    @property
    def is_weak(self) -> bool:
        """Whether the only sign of this meaning is a word somewhere near."""
        return self.near is not None and not (self.before or self.after)

    @property
    def always(self) -> bool:
        """Whether this meaning needs no words beside it."""
        return not (self.before or self.after or self.near)


def list_senses(rows: Iterable[tuple[str, ...]]) -> dict[str, list[AcronymSense]]:
    """Return the meanings of each written form, in the order of the rows of the table."""
    senses: dict[str, list[AcronymSense]] = {}
    for written, kind, spoken, *beside in rows:
        before, after, near = (*beside, "", "", "")[:3]
        sense = AcronymSense(
            _spoken(written, kind, spoken),
            re.compile(rf"(?<![^\W0-9])(?:{before})[\s\"“(]*\Z", re.IGNORECASE) if before else None,
            re.compile(rf"\s?(?:{after.replace('NAME', _CAPITALISED)})(?![a-zà-ỹ])")
            if after
            else None,
            re.compile(rf"(?<!\w)(?:{near})(?!\w)", re.IGNORECASE) if near else None,
        )
        senses.setdefault(written, []).append(sense)
    return senses


def _spoken(written: str, kind: str, spoken: str) -> str | None:
    """Return what a row of the table says for a form; None where it stays as it is."""
    if kind == "letters":
        return spell(written)
    if kind == "english":
        return spell(written, "english")
    return None if kind == "word" else spoken
