"""The pages of an EPUB become chapters, divided where its table of contents says."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import Message
from audiobook.model import Chapter, Kind, Paragraph
from audiobook.stages.readers.archive import key
from audiobook.stages.readers.epub.pages import parse_page
from audiobook.stages.readers.markup import flow, losses
from audiobook.stages.readers.titles import is_damaged, restores

if TYPE_CHECKING:
    from audiobook.stages.readers.epub.book import EpubArchive
    from audiobook.stages.readers.epub.contents import ContentsEntry
    from audiobook.stages.readers.epub.package import EpubPackage

# A page is a table of contents when so much of its text is links within the book, and it either
# is named so or is longer than the title of a part, which may well link back to the contents.
_CONTENTS_SHARE = 0.9
_LONGEST_TITLE_PAGE = 3
# A title stands among the first lines of its chapter, after the author's name and the book's.
_TITLE_WITHIN = 5


class ReadPages(NamedTuple):
    """What the pages of a book hold."""

    chapters: list[Chapter]
    losses: losses.Losses
    """What is not read."""


def chapters_of(book: EpubArchive, package: EpubPackage) -> ReadPages:
    """Read the spine and divide it where the table of contents says."""
    entries: dict[str, list[ContentsEntry]] = {}
    for entry in package.contents:
        entries.setdefault(key(entry.path), []).append(entry)
    chapters: list[Chapter] = []
    left_out = losses.Losses()
    title, level = "", 1
    paragraphs: list[Paragraph] = []
    cited: set[str] = set()
    for path in package.spine:
        page = parse_page(book, path)
        content = flow(page, path, cited)
        left_out.add_all(content.losses)
        is_longer = len(content.paragraphs) > _LONGEST_TITLE_PAGE
        if content.links >= _CONTENTS_SHARE and (is_longer or path == package.guide.get("toc")):
            _leave_out(content.paragraphs, losses.CONTENTS, left_out)
            continue
        start = 0
        for cut, entry in _chapter_starts(
            content.paragraphs, content.places, entries.get(key(path), [])
        ):
            paragraphs += content.paragraphs[start:cut]
            start = cut
            if paragraphs:
                chapters.append(_chapter(title, level, paragraphs))
            title, level, paragraphs = entry.title, entry.level, []
        paragraphs += content.paragraphs[start:]
    for path in package.asides:
        paragraphs += _notes_beside(book, path, cited, left_out)
    if paragraphs:
        chapters.append(_chapter(title, level, paragraphs))
    return ReadPages(chapters, left_out)


def _notes_beside(
    book: EpubArchive, path: str, cited: set[str], left_out: losses.Losses
) -> list[Paragraph]:
    """Return the notes of a page outside the reading order; what else it holds is left out."""
    page = flow(parse_page(book, path), path, cited)
    left_out.add_all(page.losses)
    others = [paragraph for paragraph in page.paragraphs if paragraph.kind is not Kind.NOTE]
    _leave_out(others, losses.ASIDES, left_out)
    return [paragraph for paragraph in page.paragraphs if paragraph.kind is Kind.NOTE]


def _leave_out(paragraphs: list[Paragraph], step: Message, left_out: losses.Losses) -> None:
    text = "\n".join(paragraph.text for paragraph in paragraphs if paragraph.kind is not Kind.BREAK)
    left_out.note(step, text, is_chapter=True)


def _chapter_starts(
    paragraphs: list[Paragraph], places: dict[str, int], entries: list[ContentsEntry]
) -> list[tuple[int, ContentsEntry]]:
    """Return the positions in a page at which chapters begin, in order.

    An entry whose place is unknown stands for the whole page, unless another one does. Headings
    right before a place belong to what follows. Where entries share a place, a heading that shows
    the title of the outer one is left to it.
    """
    placed = [entry for entry in entries if not entry.fragment or entry.fragment in places]
    starts = [(places.get(entry.fragment, 0), entry) for entry in placed]
    if all(place for place, _ in starts):
        lost = [entry for entry in entries if entry.fragment and entry.fragment not in places]
        starts += [(0, entry) for entry in lost[:1]]
    cuts: list[tuple[int, ContentsEntry]] = []
    previous = -1
    for place, entry in sorted(starts, key=lambda cut: cut[0]):
        place = max(place, previous)
        if place == previous and place < len(paragraphs):
            place += _shows_title(paragraphs[place], cuts[-1][1].title)
        cut = place
        for above in range(place - 1, previous, -1):
            if paragraphs[above].kind is Kind.HEADING:
                cut = above
            elif paragraphs[above].kind is not Kind.BREAK:
                break
        cuts.append((cut, entry))
        previous = place
    return cuts


def _chapter(title: str, level: int, paragraphs: list[Paragraph]) -> Chapter:
    """Make a chapter; the first lines that show its title are its heading.

    Where letters of the title are lost, the line that has them is the title.
    """
    if is_damaged(title):
        beginning = [paragraph.text for paragraph in paragraphs[:_TITLE_WITHIN]]
        title = next((line for line in beginning if restores(line, title)), title)
    for place, paragraph in enumerate(paragraphs[:_TITLE_WITHIN]):
        if paragraph.kind is Kind.HEADING:
            break
        if _shows_title(paragraph, title):
            paragraphs[place] = Paragraph(paragraph.text, Kind.HEADING, level)
            break
    return Chapter(title, tuple(paragraphs), level)


def _shows_title(paragraph: Paragraph, title: str) -> bool:
    return bool(title) and _comparable(paragraph.text) == _comparable(title)


def _comparable(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
