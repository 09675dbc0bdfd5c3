"""FB2 (FictionBook 2): a book as one XML file, whose sections are its chapters."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Meta
from audiobook.outputs.pictures import kind_of
from audiobook.stages.readers.markup import flow, tag_name
from audiobook.stages.readers.xml_files import parse_xml
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# Pictures in Base64, which would take many times their size in the tree.
_BINARY = re.compile(rb"""<binary\b(?P<attributes>[^<>]*)>(?P<text>[^<]*)</binary\s*>""")
_ID = re.compile(rb"""\bid\s*=\s*["']([^"']*)["']""")
_DATE = re.compile(r"[1-9]\d{3}(?:-\d\d(?:-\d\d)?)?(?=$|\D)")
# What elements of FB2 are in HTML; those that are not here have the same name, or none there.
_AS_HTML = {
    "annotation": "blockquote",
    "cite": "blockquote",
    "emphasis": "i",
    "epigraph": "blockquote",
    "image": "img",
    "poem": "div",
    "section": "div",
    "stanza": "div",
    "strong": "b",
    "style": "span",
    "strikethrough": "s",
    "text-author": "p",
    "v": "p",
}
_NOTES = ("notes", "comments", "footnotes")
_LAST_LEVEL = 6
# Where there are fewer paragraphs to an empty line, empty lines only space paragraphs out.
_FEWEST_BETWEEN = 5
_ENDS = (".", "?", "!", "…", ":")


def read(data: bytes, name: str) -> Document:
    """Read an FB2 book into a document whose chapters are its sections with a title.

    Its notes are a chapter of their own at the end.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is not XML, declares entities, is larger or deeper than books are, or
            holds nothing to read.
    """
    binaries = {
        identifier[1].decode("utf-8", "replace"): binary["text"]
        for binary in _BINARY.finditer(data)
        if (identifier := _ID.search(binary["attributes"]))
    }
    root = parse_xml(_BINARY.sub(b"", data), name)
    if root is None:
        raise SourceError(
            message("{name} is a damaged FB2 book (it is not XML)", name=name),
            message("get it again"),
        )
    cited: set[str] = set()
    chapters: list[Chapter] = []
    bodies = list(root.iterfind("{*}body"))
    for body in sorted(bodies, key=_is_notes):
        chapters += _chapters(body, cited)
    if not chapters:
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    return Document(meta=_meta_of(root, binaries), chapters=tuple(chapters))


def _is_notes(body: etree._Element) -> bool:
    return (body.get("name") or "").lower() in _NOTES


def _chapters(body: etree._Element, cited: set[str]) -> Iterator[Chapter]:
    """Yield the chapters of a body: the paragraphs from each title of a section to the next."""
    is_notes = _is_notes(body)
    title = _title(body.find("{*}title")) if is_notes else ""
    starts = _with_headings(body, is_notes=is_notes)
    content = flow(_as_html(body, is_notes=is_notes), "", cited)
    begins = sorted(
        (content.places[name], *start) for name, start in starts.items() if name in content.places
    )
    first = begins[0][0] if begins else len(content.paragraphs)
    if content.paragraphs[:first]:
        yield Chapter(title, tuple(content.paragraphs[:first]))
    ends = [place for place, *_ in begins[1:]] + [len(content.paragraphs)]
    for (place, title, level), end in zip(begins, ends, strict=bool(begins)):
        yield Chapter(title, tuple(content.paragraphs[place:end]), level)


def _with_headings(body: etree._Element, *, is_notes: bool) -> dict[str, tuple[str, int]]:
    """Make headings of titles; return the titles and levels of chapters by the id of a heading.

    The titles of notes are their numbers, and are taken out.
    """
    starts: dict[str, tuple[str, int]] = {}
    for number, title in enumerate(list(body.iter("{*}title", "{*}subtitle"))):
        if is_notes:
            _take_out(title)
            continue
        parent = title.getparent()
        is_chapter = (
            tag_name(title) == "title" and parent is not None and tag_name(parent) == "section"
        )
        level = sum(1 for _ in title.iterancestors("{*}section"))
        text = _title(title)
        for child in list(title):
            title.remove(child)
        title.tag, title.text = f"h{min(max(level + (not is_chapter), 1), _LAST_LEVEL)}", text
        if is_chapter and any(map(str.isalnum, text)):
            title.set("id", f"title {number}")
            starts[f"title {number}"] = (text, level)
    return starts


def _title(title: etree._Element | None) -> str:
    """Return a title in one line: a colon after its first line, unless that ends in a mark."""
    if title is None:
        return ""
    for mark in title.findall(".//{*}a[@type='note']"):
        _take_out(mark)
    lines = [_text_of(line) for line in title.iterfind("{*}p")] or [_text_of(title)]
    first, *others = [line for line in lines if line] or [""]
    if not others:
        return first
    return f"{first}{'' if first.endswith(_ENDS) else ':'} {' '.join(others)}"


def _take_out(element: etree._Element) -> None:
    """Take out an element and leave what follows it."""
    tail = element.tail
    element.clear()
    element.tag, element.tail = "span", tail


def _as_html(body: etree._Element, *, is_notes: bool) -> etree._Element:
    """Give the elements of a body the names that they have in HTML."""
    elements = list(body.iter("*"))
    tags = Counter(map(tag_name, elements))
    parts_scenes = tags["empty-line"] * _FEWEST_BETWEEN <= tags["p"]
    for element in elements:
        tag = tag_name(element)
        if tag == "empty-line":
            # Above and below pictures and titles it is only space.
            around = (element.getprevious(), element.getnext())
            is_between = all(other is not None and tag_name(other) == "p" for other in around)
            element.tag = "hr" if parts_scenes and is_between else "div"
        elif tag == "a":
            links = [value for key, value in element.items() if str(key).endswith("href")]
            if element.get("type") == "note":
                element.set("role", "doc-noteref")
            element.set("href", str(links[0]) if links else "")
            element.tag = "a"
        else:
            if tag == "poem":
                element.set("class", "poem")
            # A prefix that is not declared is part of the name.
            element.tag = _AS_HTML.get(tag, tag if tag.isalnum() else "span")
    body.tag = "div"
    if is_notes:
        body.set("role", "doc-endnotes")
    return body


def _text_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


# --- what the book says of itself ---------------------------------------------------------------


def _meta_of(root: etree._Element, binaries: dict[str, bytes]) -> Meta:
    info = root.find("{*}description/{*}title-info")
    if info is None:
        return Meta()
    published = root.find("{*}description/{*}publish-info")
    date = info.find("{*}date")
    date_texts = [_child_text(published, "year")]
    date_texts += [date.get("value") or "", _text_of(date)] if date is not None else []
    dates = [day[0] for text in date_texts if (day := _DATE.match(text))]
    annotation = info.find("{*}annotation")
    return Meta(
        title=_child_text(info, "book-title"),
        author=", ".join(filter(None, map(_author_name, info.iterfind("{*}author")))),
        date=next(iter(dates), ""),
        language=_child_text(info, "lang") or Meta().language,
        publisher=_child_text(published, "publisher"),
        description=_text_of(annotation) if annotation is not None else "",
        cover=_cover(info, binaries),
    )


def _child_text(info: etree._Element | None, tag: str) -> str:
    element = info.find(f"{{*}}{tag}") if info is not None else None
    return _text_of(element) if element is not None else ""


def _author_name(author: etree._Element) -> str:
    """Return the name of an author in the Western order: the family name last.

    Vietnamese books have the whole name in one of the three.
    """
    names = [_child_text(author, part) for part in ("first-name", "middle-name", "last-name")]
    return " ".join(filter(None, names)) or _child_text(author, "nickname")


def _cover(info: etree._Element, binaries: dict[str, bytes]) -> bytes:
    for image in info.iterfind("{*}coverpage/{*}image"):
        for key, link in image.items():
            packed = binaries.get(str(link).lstrip("#"), b"")
            if str(key).endswith("href") and packed:
                try:
                    picture = base64.b64decode(packed)
                except binascii.Error:
                    continue
                if kind_of(picture):
                    return picture
    return b""
