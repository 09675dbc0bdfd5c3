"""Leaves out lines of pages and books that are not their text: credits, adverts, captions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.boilerplate_lines import CAPITAL, PARTS, closing_advert, weights_of
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    chapter_bounds,
    is_closed,
    is_heading,
    is_speech,
    remove_paragraphs,
    rewrite_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Paragraph
    from audiobook.stages.tidy.step import Act


_LONGEST = 240
_KINDS = SPOKEN | {Kind.VERSE, Kind.HEADING}
# Paragraphs from the beginning and the end of a chapter, boilerplate not counted, that may be
# beside the text rather than in it.
_HEAD, _TAIL = 5, 4
# Lines that could be text are boilerplate beside lines that are, or where this many are together.
_TOGETHER = 3
# An article is one chapter of at most so many characters; a name alone ends it.
_LONGEST_ARTICLE = 30_000
Bounds = Callable[[Document], "Iterable[tuple[int, int]]"]
# What ends a story and is no name.
_ENDING = re.compile(r"(?i:hết|còn tiếp|kết thúc|the end)\b.*")
_NAME = re.compile(rf"{CAPITAL}\w*(?: {CAPITAL}\w*){{1,3}}|(?:{CAPITAL}\.){{2,4}}")
_THE_END = re.compile(
    r"[\W_]{0,8}(?i:hết|the end|end|fin|hoàn|hết truyện|hết sách|toàn văn hoàn)[\W_]{0,8}"
)
# What follows the end of a story and is longer, in characters, belongs to it.
_LONGEST_AFTER_END = 1_000


def drop_lines_of(name: str, bounds: Bounds = chapter_bounds) -> Act:
    """Return the step that leaves out the lines of ``data/lines.tsv`` under this name.

    Args:
        name: that of the step.
        bounds: what divides a document where the place of a line counts: its chapters, or
            `sections`, which plain text has too.
    """

    def act(document: Document) -> Result:
        return remove_paragraphs(document, _boilerplate_numbers(document, name, bounds))

    return act


def drop_advertising(document: Document) -> Result:
    """Leave out the lines of story sites, and what they add to the ends of paragraphs."""
    cleaned, lines = drop_lines_of("site-ads", sections)(document)
    cleaned, last = remove_paragraphs(cleaned, _adverts_after_end(all_paragraphs(cleaned)))
    cleaned, ends = rewrite_paragraphs(cleaned, _without_advertising)
    return cleaned, [*lines, *last, *ends]


def _adverts_after_end(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of lines about other books and the file, after the end of the story."""
    length = 0
    numbers: set[int] = set()
    for number in reversed(range(len(paragraphs))):
        paragraph = paragraphs[number]
        if _THE_END.fullmatch(paragraph.text):
            return numbers
        length += len(paragraph.text)
        if length > _LONGEST_AFTER_END or is_heading(paragraph):
            break
        if _advert_after_end().search(paragraph.text) and not is_speech(paragraph.text):
            numbers.add(number)
    return set()


@cache
def _advert_after_end() -> re.Pattern[str]:
    return re.compile(
        r"(?i:\bmời (?:quý )?(?:các )?(?:bạn|độc giả)|\b(?:đón|tìm) đọc\b|\bsố h(?:óa|oá) bởi"
        r"|\be-?book\b|\btìm thêm|\bfanpage\b|\bwebsite\b|\bđánh máy\b|\bthực hiện bởi"
        rf"|\b(?:cảm|cám) ơn (?:các )?bạn đã (?:đọc|theo dõi|ủng hộ))|(?<!\S){PARTS['web']}"
    )


def _without_advertising(text: str) -> str:
    match = closing_advert(text, max(len(text) - _LONGEST, 0))
    return text[: match.start()] if match else text


def drop_captions(document: Document) -> Result:
    """Leave out captions, those that the source marks and those that show it themselves."""
    marked = {
        number
        for number, paragraph in enumerate(all_paragraphs(document))
        if paragraph.kind is Kind.CAPTION
    }
    return remove_paragraphs(document, marked | _boilerplate_numbers(document, "captions"))


def drop_bylines(document: Document) -> Result:
    """Leave out bylines and datelines, and the name alone that ends an article."""
    boilerplate = _boilerplate_numbers(document, "bylines")
    paragraphs = all_paragraphs(document)
    remaining = [number for number in range(len(paragraphs)) if number not in boilerplate]
    if len(document.chapters) == 1 and _ends_in_signature(
        [paragraphs[number] for number in remaining]
    ):
        boilerplate.add(remaining[-1])
    return remove_paragraphs(document, boilerplate)


def _ends_in_signature(article: Sequence[Paragraph]) -> bool:
    if len(article) < 3 or sum(len(paragraph.text) for paragraph in article) > _LONGEST_ARTICLE:
        return False
    previous, last = article[-2:]
    return (
        last.kind is Kind.PROSE
        and previous.kind in SPOKEN
        and len(previous.text) >= 80
        and is_closed(previous.text)
        and not is_speech(previous.text)
        and _NAME.fullmatch(last.text) is not None
        and _ENDING.fullmatch(last.text) is None
    )


def _boilerplate_numbers(
    document: Document, step: str, bounds: Bounds = chapter_bounds
) -> set[int]:
    paragraphs = all_paragraphs(document)
    boilerplate: set[int] = set()
    for first, end in bounds(document):
        lines = [
            number for number in range(first, end) if paragraphs[number].kind is not Kind.BREAK
        ]
        weights = {
            number: weight
            for number in lines
            if (weight := _weigh(paragraphs[number], step)) is not None
        }
        weights = _without_headings_of_text(paragraphs, lines, weights)
        if weights:
            boilerplate |= _boilerplate_by_place(lines, weights)
    return boilerplate


def _without_headings_of_text(
    paragraphs: Sequence[Paragraph], lines: Sequence[int], weights: dict[int, str]
) -> dict[int, str]:
    """Return the weights without those of headings that have anything else below them."""
    remaining = dict(weights)
    below_is_text = False
    for number in reversed(lines):
        if number not in weights:
            below_is_text = True
        elif below_is_text and paragraphs[number].kind is Kind.HEADING:
            del remaining[number]
    return remaining


def _weigh(paragraph: Paragraph, step: str) -> str | None:
    text = paragraph.text
    weight = weights_of(text).get(step) if len(text) <= _LONGEST else None
    return weight if weight and paragraph.kind in _KINDS else None


def _boilerplate_by_place(lines: Sequence[int], weights: dict[int, str]) -> set[int]:
    """Return which of the weighted lines of one chapter are boilerplate, by where they stand."""
    text = [number for number in lines if number not in weights]
    head = text[_HEAD - 1] if len(text) >= _HEAD else lines[-1] + 1
    tail = text[-_TAIL] if len(text) >= _TAIL else lines[0] - 1
    boilerplate: set[int] = set()
    group: list[int] = []
    for number in (*lines, -1):
        if number in weights:
            group.append(number)
            continue
        linked = sum(weights[candidate] == "linked" for candidate in group)
        placed = [
            candidate
            for candidate in group
            if weights[candidate] == "sure"
            or (weights[candidate] == "edge" and (candidate < head or candidate > tail))
            or (weights[candidate] in ("tail", "linked") and candidate > tail)
            or (weights[candidate] == "linked" and linked > 1)
        ]
        doubtful = [candidate for candidate in group if candidate not in placed]
        together = placed or len(group) >= _TOGETHER
        if together and all(weights[candidate] == "beside" for candidate in doubtful):
            boilerplate.update(group)
        else:
            boilerplate.update(placed)
        group = []
    return boilerplate
