"""What the parts of the EPUB share: their names, and XML that takes any text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from audiobook.model import Chapter

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
TYPE = f"{{{OPS}}}type"
TEXTREF = f"{{{OPS}}}textref"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PACKAGE = "EPUB/package.opf"
COVER = {"image/png": "cover.png", "image/jpeg": "cover.jpg"}

_ILLEGAL = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]"
)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Maker:
    r"""Makes elements of one namespace, of any text.

    >>> etree.tostring(Maker("n:x", {None: "n:x"})("p", {"id": "1"}, "a\0<"))
    b'<p xmlns="n:x" id="1">a&lt;</p>'
    """

    namespace: str
    prefixes: dict[str | None, str]

    def __call__(
        self, tag: str, *content: str | dict[str, str] | etree._Element, **attributes: str
    ) -> etree._Element:
        """Make an element: of text and elements in their order, and attributes wherever."""
        made = etree.Element(f"{{{self.namespace}}}{tag}", nsmap=self.prefixes)  # type: ignore[arg-type]
        for part in (*content, attributes):
            if isinstance(part, dict):
                made.attrib.update({name: clean(value) for name, value in part.items()})
            elif not isinstance(part, str):
                made.append(part)
            elif len(made):
                made[-1].tail = (made[-1].tail or "") + clean(part)
            else:
                made.text = (made.text or "") + clean(part)
        return made


H = Maker(XHTML, {None: XHTML, "epub": OPS})
"""Makes XHTML."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One chapter in the EPUB: where its parts lie, from the folder of the package."""

    number: int
    """From 1."""
    chapter: Chapter
    milliseconds: int
    """How long it is heard; 0 where nothing is."""

    @property
    def page(self) -> str:
        """Its text."""
        return f"text/{self.number:04}.xhtml"

    @property
    def overlay(self) -> str:
        """What is heard when."""
        return f"overlays/{self.number:04}.smil"

    @property
    def audio(self) -> str:
        """Its sound."""
        return f"audio/{self.number:04}.mp3"

    @property
    def title(self) -> str:
        """Its title, or its number where it has none."""
        return line(self.chapter.title) or str(self.number)


def clean(text: str) -> str:
    """Leave out what XML 1.0 may not hold, and what has no place in it."""
    return _ILLEGAL.sub("", text)


def line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(clean(text).split())


def language(tag: str) -> str:
    """Return a language tag that is well formed (BCP 47), for any."""
    tag = tag.replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else "und"


def clock(milliseconds: int) -> str:
    """Return a time as SMIL writes it: hours, minutes, seconds."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def picture(data: bytes) -> str:
    """Return the media type of a picture."""
    return "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"


def document(root: etree._Element) -> bytes:
    """Return the file of an element that holds no running text: a line for each below it."""
    etree.indent(root, space="")
    return _file(root)


def _file(root: etree._Element, doctype: str = "") -> bytes:
    head = f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}'
    return head.encode() + etree.tostring(root, encoding="utf-8") + b"\n"


def page(title: str, tag: str, *content: etree._Element, style: str) -> bytes:
    """Return the file of an XHTML page.

    Args:
        title: what it is called.
        tag: its language.
        content: what is on it.
        style: where its style sheet lies, from the page.
    """
    root = H(
        "html",
        {"lang": tag, LANG: tag},
        H(
            "head",
            H("meta", charset="utf-8"),
            H("title", title),
            H("link", rel="stylesheet", type="text/css", href=style),
        ),
        H("body", *content),
    )
    return _file(root, "<!DOCTYPE html>\n")
