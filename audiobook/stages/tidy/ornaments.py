"""Ornaments between scenes, which are a pause and not speech."""

from __future__ import annotations

from audiobook.model import Document, Kind, Paragraph
from audiobook.stages.tidy.step import SPOKEN, Result, all_paragraphs, exchange_paragraphs
from audiobook.vietnamese import lazy_re as re

_BREAK = Paragraph("* * *", Kind.BREAK)
_LONGEST = 60
# One star makes an ornament; of the strokes it takes three. Dots alone are silence: "...", "— …".
_STARS = "*⁂⁎∗✱✻✽❀❁❖❦❧☙※♦◊◆◇★☆●○■□▪"
_STROKES = "-–—―_~=#+•·|/\\^"
_ROW = re.compile(
    rf"(?=.*[{_STARS}]|(?:.*[{re.escape(_STROKES)}]){{3}})[\s.…<>(){re.escape(_STARS + _STROKES)}]+"
)
_FRAME = rf"[\s.…{re.escape(_STARS + _STROKES)}]*"
_LETTERS = re.compile(rf"{_FRAME}o{{1,4}}[ .~*-]?[0Oo][ .~*-]?o{{1,4}}{_FRAME}")


def pause_at_ornaments(document: Document) -> Result:
    """Make a pause of a row of stars or dashes, and of ``~o0o~`` and its kin."""
    breaks = {
        number: [_BREAK]
        for number, paragraph in enumerate(all_paragraphs(document))
        if (paragraph.kind in SPOKEN or paragraph.kind is Kind.VERSE)
        and len(paragraph.text) <= _LONGEST
        and is_ornament(paragraph.text)
    }
    return exchange_paragraphs(document, breaks)


def is_ornament(text: str) -> bool:
    """Whether a line is nothing but an ornament."""
    return (_ROW.fullmatch(text) or _LETTERS.fullmatch(text)) is not None
