"""Chapter to page and overlay: a span for each sentence, and when it is heard."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.outputs.epub.xml import (
    COVER,
    OPS,
    TEXTREF,
    TYPE,
    H,
    Maker,
    clock,
    document,
    language,
    line,
    page,
    picture,
)
from audiobook.vietnamese import is_speakable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from audiobook.model import Cue, Meta, Paragraph
    from audiobook.outputs.epub.xml import Sheet

_SMIL = "http://www.w3.org/ns/SMIL"
_S = Maker(_SMIL, {None: _SMIL, "epub": OPS})
_DEEPEST = 6


def cover(meta: Meta) -> bytes:
    """Render the page that shows the cover."""
    title = line(meta.title)
    section = H(
        "section",
        {TYPE: "cover", "class": "cover"},
        H("img", src=COVER[picture(meta.cover)], alt=title, role="doc-cover"),
    )
    return page(title, language(meta.language), section, style="style.css")


def render(sheet: Sheet, meta: Meta, cues: Sequence[Cue], rate: int) -> tuple[bytes, bytes]:
    """Render a chapter as a page of XHTML and a Media Overlay.

    A sentence is heard until the next one begins, pauses included: so the sound runs on, and
    nothing of it is left out.

    Args:
        sheet: the chapter and where its parts lie.
        meta: of the book.
        cues: all that is heard of the chapter, in samples of its file.
        rate: samples a second.

    Raises:
        ValueError: a cue is not in the text.
    """
    chapter = sheet.chapter
    section = H("section", {TYPE: "chapter", "role": "doc-chapter"})
    if all(paragraph.kind is not Kind.HEADING for paragraph in chapter.paragraphs):
        section.append(H(_heading(chapter.level), sheet.title))
    body = _S("body", {TYPE: "bodymatter chapter"})
    times = [cue.start * 1000 // rate for cue in cues]
    if times:
        times[0] = 0
    times.append(sheet.milliseconds)
    first = 0
    for kind, run in groupby(chapter.paragraphs, lambda paragraph: paragraph.kind):
        blocks = []
        for paragraph in run:
            content, last = _sentences(paragraph.text, cues, first)
            blocks.append(_block(paragraph, content, chapter.level, first + 1))
            body.extend(_heard(sheet, paragraph, times, first, last))
            blocks[-1].tail = "\n"
            first = last
        section.extend([H("div", {"class": "verse"}, *blocks)] if kind is Kind.VERSE else blocks)
    if first < len(cues):
        raise ValueError(f"chapter {sheet.number} has no {cues[first].text!r} in its place")
    text = page(sheet.title, language(meta.language), section, style="../style.css")
    return text, document(_S("smil", {"version": "3.0"}, body))


def _heading(level: int) -> str:
    return f"h{min(max(level, 1), _DEEPEST)}"


def _sentences(
    text: str, cues: Sequence[Cue], first: int
) -> tuple[list[str | etree._Element], int]:
    """Put spans around the sentences of a paragraph.

    Args:
        text: the paragraph.
        cues: of its chapter.
        first: which of them comes next.

    Returns:
        What is in the paragraph, and the number of the cue after it.
    """
    content: list[str | etree._Element] = []
    at = 0
    for number in range(first, len(cues)):
        said = cues[number].text
        found = text.find(said, at)
        if found < 0 or is_speakable(text[at:found]):
            break
        content += (text[at:found], H("span", said, id=f"s{number + 1}"))
        at, first = found + len(said), number + 1
    return [*content, text[at:]], first


def _block(
    paragraph: Paragraph, content: list[str | etree._Element], level: int, number: int
) -> etree._Element:
    match paragraph.kind:
        case Kind.BREAK:
            return H("hr")
        case Kind.HEADING:
            return H(_heading(paragraph.level or level), *content)
        case Kind.NOTE:
            name = {"id": f"n{number}", "class": "note", "role": "doc-footnote"}
            return H("aside", name, H("p", *content))
        case Kind.CAPTION:
            return H("p", {"class": "caption"}, *content)
        case Kind.QUOTE:
            return H("blockquote", H("p", *content))
        case _:
            return H("p", *content)


def _heard(
    sheet: Sheet, paragraph: Paragraph, times: Sequence[int], first: int, last: int
) -> Iterator[etree._Element]:
    """Yield what is heard of a paragraph; a reader may be told to skip notes."""
    heard = [
        _S(
            "par",
            {"id": f"p{number + 1}"},
            _S("text", src=f"../{sheet.page}#s{number + 1}"),
            _S(
                "audio",
                src=f"../{sheet.audio}",
                clipBegin=clock(times[number]),
                clipEnd=clock(times[number + 1]),
            ),
        )
        for number in range(first, last)
        if times[number] < times[number + 1]
    ]
    if paragraph.kind is Kind.NOTE and heard:
        yield _S("seq", {TYPE: "footnote", TEXTREF: f"../{sheet.page}#n{first + 1}"}, *heard)
    else:
        yield from heard
