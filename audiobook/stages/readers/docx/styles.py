"""Styles of a Word file: what its paragraphs are (headings, verse ...), and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.readers.docx.package import font_of, integer_of, is_on
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.stages.readers.docx.package import WordPackage

_HEADING_STYLE = re.compile(r"heading ([1-9])")
_QUOTE_STYLE = re.compile(r"\b(?:quotes?|quotations?|block text|trích dẫn|trích)\b")
_MOST_PARENTS = 16
"""Styles that one is based on, one on another; each paragraph looks through them."""
_VERSE_STYLE = re.compile(r"\b(?:verse|poem|poetry|thơ|khổ thơ|câu thơ)\b")


@dataclass(kw_only=True)
class Style:
    """What a paragraph or character style says that changes what is read."""

    name: str = ""
    parent: str = ""
    outline: int | None = None
    """Of a heading, 0 for the outermost; 9 is plain text."""
    hidden: bool = False
    numbering: str = ""
    """The list it belongs to."""
    depth: int = 0
    font: str = ""
    raised: bool = False
    """Its text is superscript."""


class Styles(dict[str, Style]):
    """The styles of a document by identifier."""

    default = ""
    """Of paragraphs that name none."""
    default_font = ""

    def ancestry(self, style: str) -> Iterator[Style]:
        """Yield a style and those it is based on; one may be based on itself."""
        for _ in range(1 + _MOST_PARENTS):
            if style not in self:
                return
            yield self[style]
            style = self[style].parent

    def outline(self, style: str) -> int | None:
        """Return the level of headings of a style, 0 for the outermost, None for text."""
        for ancestor in self.ancestry(style):
            if ancestor.name == "title":
                return 0
            if match := _HEADING_STYLE.fullmatch(ancestor.name):
                return int(match[1]) - 1
            if ancestor.outline is not None:
                return ancestor.outline
        return None

    def kind(self, style: str) -> Kind:
        """Return what a paragraph of a style is."""
        for ancestor in self.ancestry(style):
            if ancestor.name == "caption":
                return Kind.CAPTION
            if _VERSE_STYLE.search(ancestor.name):
                return Kind.VERSE
            if _QUOTE_STYLE.search(ancestor.name):
                return Kind.QUOTE
        return Kind.PROSE

    def hides(self, style: str) -> bool:
        """Whether text of a style is hidden."""
        return any(ancestor.hidden for ancestor in self.ancestry(style))

    def raises(self, style: str) -> bool:
        """Whether text of a style is superscript."""
        return any(ancestor.raised for ancestor in self.ancestry(style))

    def font(self, style: str) -> str:
        """Return the font of a style, nothing where it does not say."""
        return next((ancestor.font for ancestor in self.ancestry(style) if ancestor.font), "")

    def numbered(self, style: str) -> tuple[str, int]:
        """Return the list that a style belongs to, nothing for none, and the depth there."""
        return next(((a.numbering, a.depth) for a in self.ancestry(style) if a.numbering), ("", 0))


def read_styles(package: WordPackage, part: str | None) -> Styles:
    """Read the part that defines styles."""
    styles = Styles()
    style = Style()
    for element, attributes in package.elements(part):
        value = attributes.get("val", "")
        match element:
            case "w:style":
                identifier = attributes.get("styleId", "")
                style = styles[identifier] = Style()
                if attributes.get("type") == "paragraph" and "default" in attributes:
                    styles.default = identifier
            case "w:rFonts" if styles:
                style.font = font_of(attributes)
            case "w:rFonts":  # before all styles: what holds where none says
                styles.default_font = font_of(attributes)
            case "w:name":
                style.name = value.lower()
            case "w:basedOn":
                style.parent = value
            case "w:outlineLvl":
                style.outline = integer_of(attributes)
            case "w:vanish":
                style.hidden = is_on(attributes)
            case "w:vertAlign":
                style.raised = value == "superscript"
            case "w:numId":
                style.numbering = value
            case "w:ilvl":
                style.depth = integer_of(attributes)
    return styles
