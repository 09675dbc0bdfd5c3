"""Shared by the parts of the EPUB: names of files, and XML that accepts any text."""

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
    r"""Makes elements of one namespace, with any text.

    >>> etree.tostring(Maker("n:x", {None: "n:x"})("p", {"id": "1"}, "a\0<"))
    b'<p xmlns="n:x" id="1">a&lt;</p>'
    """

    namespace: str
    prefixes: dict[str | None, str]

    def __call__(
        self, tag: str, *content: str | dict[str, str] | etree._Element, **attributes: str
    ) -> etree._Element:
        """Return an element with text and elements in their order, and attributes from anywhere."""
        element = etree.Element(f"{{{self.namespace}}}{tag}", nsmap=self.prefixes)  # type: ignore[arg-type]
        for part in (*content, attributes):
            if isinstance(part, dict):
                element.attrib.update({name: legal_text(value) for name, value in part.items()})
            elif not isinstance(part, str):
                element.append(part)
            elif len(element):
                element[-1].tail = (element[-1].tail or "") + legal_text(part)
            else:
                element.text = (element.text or "") + legal_text(part)
        return element


H = Maker(XHTML, {None: XHTML, "epub": OPS})
"""Makes elements of XHTML."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A chapter in the EPUB, and the names of its files in the folder of the package."""

    number: int
    """From 1."""
    chapter: Chapter
    milliseconds: int
    """Length of its sound; 0 where there is none."""

    @property
    def page(self) -> str:
        """The file of its text."""
        return f"text/{self.number:04}.xhtml"

    @property
    def overlay(self) -> str:
        """The file of its overlay."""
        return f"overlays/{self.number:04}.smil"

    @property
    def audio(self) -> str:
        """The file of its sound."""
        return f"audio/{self.number:04}.mp3"

    @property
    def title(self) -> str:
        """Its title, or its number where it has none."""
        return one_line(self.chapter.title) or str(self.number)


def legal_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids or discourages."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """Return a text on one line, without illegal characters."""
    return " ".join(legal_text(text).split())


def language(tag: str) -> str:
    """Return a language tag, or ``und`` if it is not well formed (BCP 47)."""
    tag = tag.replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else "und"


def clock(milliseconds: int) -> str:
    """Return a time in the form of SMIL: hours, minutes, seconds."""
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def xml_file(root: etree._Element) -> bytes:
    """Return the file of an element without running text, with each child on a line."""
    etree.indent(root, space="")
    return _serialize(root)


def _serialize(root: etree._Element, doctype: str = "") -> bytes:
    head = f'<?xml version="1.0" encoding="utf-8"?>\n{doctype}'
    return head.encode() + etree.tostring(root, encoding="utf-8") + b"\n"


def xhtml_file(title: str, tag: str, *content: etree._Element, style: str) -> bytes:
    """Return the file of an XHTML page.

    Args:
        title: of the page.
        tag: its language.
        content: elements of its body.
        style: path of its style sheet, relative to the page.
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
    return _serialize(root, "<!DOCTYPE html>\n")
