"""Makes the page of a chapter, with a span for each sentence, and the overlay with its times."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.model import Kind
from audiobook.outputs.epub.xml import (
    COVER,
    OPS,
    TEXTREF,
    TYPE,
    H,
    Maker,
    clock,
    language,
    one_line,
    xhtml_file,
    xml_file,
)
from audiobook.outputs.pictures import mime
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
    """Return the page that shows the cover."""
    title = one_line(meta.title)
    section = H(
        "section",
        {TYPE: "cover", "class": "cover"},
        H("img", src=COVER[mime(meta.cover)], alt=title, role="doc-cover"),
    )
    return xhtml_file(title, language(meta.language), section, style="style.css")


def render(sheet: Sheet, meta: Meta, cues: Sequence[Cue], rate: int) -> tuple[bytes, bytes]:
    """Return a chapter as a page of XHTML and a Media Overlay.

    The sound of a sentence goes on until the next one begins, pauses included, so that players
    play the whole file.

    Args:
        sheet: the chapter, and the names of its files.
        meta: metadata of the book.
        cues: the sentences of the chapter that are heard, in samples of its file.
        rate: samples a second.

    Raises:
        ValueError: a cue is not in the text.
    """
    chapter = sheet.chapter
    section = H("section", {TYPE: "chapter", "role": "doc-chapter"})
    if all(paragraph.kind is not Kind.HEADING for paragraph in chapter.paragraphs):
        section.append(H(_heading_tag(chapter.level), sheet.title))
    body = _S("body", {TYPE: "bodymatter chapter"})
    times = [cue.start * 1000 // rate for cue in cues]
    if times:
        times[0] = 0
    times.append(sheet.milliseconds)
    first = 0
    for kind, run in groupby(chapter.paragraphs, lambda paragraph: paragraph.kind):
        blocks = []
        for paragraph in run:
            content, last = _sentence_spans(paragraph.text, cues, first)
            blocks.append(_block_element(paragraph, content, chapter.level, first + 1))
            body.extend(_overlay_items(sheet, paragraph, times, first, last))
            blocks[-1].tail = "\n"
            first = last
        section.extend([H("div", {"class": "verse"}, *blocks)] if kind is Kind.VERSE else blocks)
    if first < len(cues):
        raise ValueError(
            message(
                "chapter {chapter} has no {text!r} in its place",
                chapter=sheet.number,
                text=cues[first].text,
            )
        )
    text = xhtml_file(sheet.title, language(meta.language), section, style="../style.css")
    return text, xml_file(_S("smil", {"version": "3.0"}, body))


def _heading_tag(level: int) -> str:
    return f"h{min(max(level, 1), _DEEPEST)}"


def _sentence_spans(
    text: str, cues: Sequence[Cue], first: int
) -> tuple[list[str | etree._Element], int]:
    """Put spans around the sentences of a paragraph.

    Args:
        text: the paragraph.
        cues: those of its chapter.
        first: position of the next cue.

    Returns:
        The content of the paragraph, and the position of the cue after it.
    """
    content: list[str | etree._Element] = []
    position = 0
    for number in range(first, len(cues)):
        sentence = cues[number].text
        start = text.find(sentence, position)
        if start < 0 or is_speakable(text[position:start]):
            break
        content += (text[position:start], H("span", sentence, id=f"s{number + 1}"))
        position, first = start + len(sentence), number + 1
    return [*content, text[position:]], first


def _block_element(
    paragraph: Paragraph, content: list[str | etree._Element], level: int, number: int
) -> etree._Element:
    match paragraph.kind:
        case Kind.BREAK:
            return H("hr")
        case Kind.HEADING:
            return H(_heading_tag(paragraph.level or level), *content)
        case Kind.NOTE:
            name = {"id": f"n{number}", "class": "note", "role": "doc-footnote"}
            return H("aside", name, H("p", *content))
        case Kind.CAPTION:
            return H("p", {"class": "caption"}, *content)
        case Kind.QUOTE:
            return H("blockquote", H("p", *content))
        case _:
            return H("p", *content)


def _overlay_items(
    sheet: Sheet, paragraph: Paragraph, times: Sequence[int], first: int, last: int
) -> Iterator[etree._Element]:
    """Yield the overlay of a paragraph; that of a note is marked, so that readers can skip it."""
    pars = [
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
    if paragraph.kind is Kind.NOTE and pars:
        yield _S("seq", {TYPE: "footnote", TEXTREF: f"../{sheet.page}#n{first + 1}"}, *pars)
    else:
        yield from pars
