"""What a step of tidying is, and the few ways in which one acts on a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Document, Kind, Paragraph, Step
from audiobook.vietnamese.divisions import LONGEST, parse_division

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

Result = tuple[Document, list[str]]
"""What a step made of a document, and the texts it touched, in order."""
Act = Callable[[Document], Result]
SPOKEN = frozenset((Kind.PROSE, Kind.DIALOGUE, Kind.QUOTE))
"""Running text as opposed to headings, verse, and what is out of the way."""
_SPEECH = tuple("-–—“\"«‘'")
_CLOSING = ",.;:!?…)]”’»"
_PARTING = ".!?…,;:"
_SENTENCE_ENDS = tuple('.!?…:;,”"»’)')


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyStep(Step):
    """One step of tidying, with the function that does it."""

    act: Act


def all_paragraphs(document: Document) -> list[Paragraph]:
    """Return the paragraphs of all chapters, in order: their numbers are places in this list."""
    return [paragraph for chapter in document.chapters for paragraph in chapter.paragraphs]


def remove_paragraphs(document: Document, numbers: Collection[int]) -> Result:
    """Leave out the paragraphs with these numbers."""
    return exchange_paragraphs(document, {number: [] for number in numbers})


def exchange_paragraphs(document: Document, by_number: dict[int, list[Paragraph]]) -> Result:
    """Replace the paragraphs with some numbers by others."""
    if not by_number:
        return document, []
    chapters = []
    touched: list[str] = []
    first = 0
    for chapter in document.chapters:
        remaining: list[Paragraph] = []
        for number, paragraph in enumerate(chapter.paragraphs, first):
            if number in by_number:
                touched.append(paragraph.text)
                remaining += by_number[number]
            else:
                remaining.append(paragraph)
        first += len(chapter.paragraphs)
        chapters.append(replace(chapter, paragraphs=tuple(remaining)))
    return replace(document, chapters=tuple(chapters)), touched


def rewrite_paragraphs(document: Document, write: Callable[[str], str]) -> Result:
    """Rewrite the text of every paragraph; one that becomes empty is left out."""
    written = {}
    for number, paragraph in enumerate(all_paragraphs(document)):
        text = write(paragraph.text)
        if text != paragraph.text:
            written[number] = [replace(paragraph, text=text)] if text else []
    return exchange_paragraphs(document, written)


def space_between(preceding: str, following: str) -> str:
    """Return the space, if any, that must part two texts once what stood between is left out."""
    end, beginning = preceding.rstrip(), following.lstrip()
    if not end or not beginning or "\n" in (end[-1], beginning[0]) or beginning[0] in _CLOSING:
        return ""
    if end != preceding or beginning != following or end[-1].isalnum() or end[-1] in _PARTING:
        return " "
    return ""


def is_speech(text: str) -> bool:
    """Whether a text begins as direct speech does: people do say the same thing twice."""
    return text.startswith(_SPEECH)


def is_closed(text: str) -> bool:
    """Whether a line ends as a sentence or a clause does, unlike headings and labels."""
    return text.endswith(_SENTENCE_ENDS)


class _Bounds(NamedTuple):
    """The document whose sections were asked for last, with them: most steps do not change it."""

    document: Document | None
    sections: Sequence[tuple[int, int]]


_last = _Bounds(None, ())


def sections(document: Document) -> Sequence[tuple[int, int]]:
    """Return the bounds of each run of paragraphs below a heading, which is among them.

    Plain text is one chapter until it is divided: lines that name chapters are headings too.
    """
    global _last
    last = _last
    if last.document is not document:
        last = _last = _Bounds(document, tuple(_section_bounds(document)))
    return last.sections


def forget_sections() -> None:
    """Forget the document whose sections were asked for last, so that its memory is freed."""
    global _last
    _last = _Bounds(None, ())


def _section_bounds(document: Document) -> Iterable[tuple[int, int]]:
    paragraphs = all_paragraphs(document)
    for first, end in chapter_bounds(document):
        start = first
        below_title = False
        for number, paragraph in enumerate(paragraphs[first:end], first):
            if is_heading(paragraph):
                if number > start and not below_title:
                    yield start, number
                    start = number
                below_title = True
            elif paragraph.kind is not Kind.BREAK:
                below_title = False
        if end > start:
            yield start, end


def is_heading(paragraph: Paragraph) -> bool:
    """Whether a paragraph is marked as a heading or names a chapter."""
    if paragraph.kind is Kind.HEADING:
        return True
    if len(paragraph.text) > LONGEST or paragraph.kind not in SPOKEN:
        return False
    return parse_division(paragraph.text) is not None


def chapter_bounds(document: Document) -> Iterable[tuple[int, int]]:
    """Yield the number of each chapter's first paragraph and the number after its last."""
    first = 0
    for chapter in document.chapters:
        yield first, first + len(chapter.paragraphs)
        first += len(chapter.paragraphs)
