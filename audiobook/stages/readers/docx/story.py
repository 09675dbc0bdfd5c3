"""The story of a Word file: its paragraphs and notes, gathered from the events of a part."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Kind, Paragraph
from audiobook.stages.readers.docx.fields import OpenFields, is_left_out
from audiobook.stages.readers.docx.formulas import Formula
from audiobook.stages.readers.docx.open_paragraph import OpenParagraph
from audiobook.stages.readers.docx.package import font_of, integer_of, is_on
from audiobook.stages.readers.docx.styles import Style
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.encodings import is_converted, is_old_font, read_font

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobook.stages.readers.docx.numbering import Numbering
    from audiobook.stages.readers.docx.package import WordPackage
    from audiobook.stages.readers.docx.styles import Styles

_CONTENTS_STYLE = re.compile(r"toc [1-9]|toc heading|table of figures|index [1-9]")
# Deleted and moved text, earlier properties, drawings for old programs, readings over letters.
_LEFT_OUT = frozenset(
    "w:del w:moveFrom w:pPrChange w:rPrChange w:tcPrChange w:trPrChange mc:Fallback w:rt".split()
)
_SCENE_BREAK = "* * *"
_SPACES = re.compile(r"[ \t]+")
_BEFORE_STOP = re.compile(r"(?<=\S) (?=[.,;:!?)\]])")


class Story:
    """The paragraphs of the document, or its notes, gathered from the events of its part."""

    def __init__(
        self,
        package: WordPackage,
        part: str | None,
        styles: Styles,
        numbering: Numbering,
        notes: dict[str, list[Paragraph]],
        *,
        converted: bool = False,
    ) -> None:
        self.converted = converted
        """Some text is in an old Vietnamese font and yet in Unicode."""
        self.reread: list[tuple[str, str]] = []
        """Pieces of text that an old font changes, as they stood and as they are read."""
        self.paragraphs: list[Paragraph] = []
        self.notes = notes
        """By the name of their kind and their number."""
        self.title = ""
        self._name, self._styles, self._numbering = package.name, styles, numbering
        self._path: list[str] = []
        self._depths: dict[str, list[int]] = {}
        """The places in the path of the open elements of each name, the innermost last."""
        self._left: int | None = None
        self._targets = [self.paragraphs]
        self._rows: list[list[list[Paragraph]]] = []
        self._open: list[OpenParagraph] = []
        self._fields = OpenFields()
        self._carried: list[str] = []
        self._formula: Formula | None = None
        for kind, name, attributes in package.events(part):
            if kind == "text":
                self._read_text(name)
            elif kind == "start":
                if self._left is None:
                    self._start(name, attributes)
                self._depths.setdefault(name, []).append(len(self._path))
                self._path.append(name)
            else:
                self._depths[self._path.pop()].pop()
                if self._left == len(self._path):
                    self._left = None
                if self._left is None:
                    self._end(name)
        if self._fields.are_left_out():
            raise package.damage_error(message("a table of contents has no end"))
        self._add("".join(self._carried), Kind.PROSE, 0)

    def _skip_rest_of(self, name: str) -> None:
        """Skip the rest of the innermost open element of a name."""
        if depths := self._depths.get(name):
            self._left = depths[-1]

    def _is_within(self, *names: str) -> bool:
        return tuple(self._path[-len(names) :]) == names

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        paragraph = self._open[-1] if self._open else OpenParagraph()
        if self._formula:
            self._formula.start(name, attributes)
        match name:
            case "m:oMath":
                self._formula = Formula()
            case "w:del" if self._is_within("w:pPr", "w:rPr"):
                paragraph.joined = True
            case "w:del" if self._is_within("w:trPr"):
                self._skip_rest_of("w:tr")
            case _ if name in _LEFT_OUT:
                self._left = len(self._path)
            case "w:p":
                self._open.append(OpenParagraph())
            case "w:r":
                paragraph.font, paragraph.is_raised = "", False
            case "w:vertAlign" if self._is_within("w:r", "w:rPr"):
                paragraph.is_raised = attributes.get("val") == "superscript"
            case "w:rFonts" if self._is_within("w:r", "w:rPr"):
                paragraph.font = font_of(attributes) or paragraph.font
            case "w:pStyle":
                paragraph.style = attributes.get("val", "")
                if self._styles.hides(paragraph.style):
                    self._skip_rest_of("w:p")
            case "w:outlineLvl":
                paragraph.outline = integer_of(attributes)
            case "w:numId":
                paragraph.numbering = attributes.get("val", "")
            case "w:ilvl":
                paragraph.depth = integer_of(attributes)
            case "w:framePr":
                paragraph.initial = attributes.get("dropCap", "none") != "none"
            case "w:top" | "w:bottom" if self._is_within("w:pBdr"):
                paragraph.ruled = is_on(attributes)
            case "v:rect":
                paragraph.ruled = paragraph.ruled or "hr" in attributes
            case "w:vanish" if self._is_within("w:r", "w:rPr") and is_on(attributes):
                self._skip_rest_of("w:r")
            case "w:rStyle" if self._is_within("w:r", "w:rPr"):
                paragraph.font = paragraph.font or self._styles.font(attributes.get("val", ""))
                paragraph.is_raised |= self._styles.raises(attributes.get("val", ""))
                if self._styles.hides(attributes.get("val", "")):
                    self._skip_rest_of("w:r")
            case "w:tab" | "w:ptab" if self._is_within("w:r"):
                self._add_text(" ")
            case "w:br" | "w:cr":
                self._add_text("\n")
            case "w:noBreakHyphen":
                self._add_text("-")
            case "w:fldChar" | "w:fldSimple":
                self._start_field(name, attributes)
            case "w:footnoteReference" | "w:endnoteReference":
                key = name.removesuffix("Reference") + attributes.get("id", "")
                paragraph.following += self.notes.pop(key, ())
                if "customMarkFollows" in attributes:
                    self._skip_rest_of("w:r")
            case "w:footnote" | "w:endnote":
                self._targets.append([])
                self._start_note(name + attributes.get("id", ""), attributes.get("type"))
            case "w:txbxContent":
                self._targets.append(paragraph.following)
            case "w:tr":
                self._rows.append([])
            case "w:tc":
                self._targets.append([])
            case "w:vMerge" | "w:hMerge" if attributes.get("val") != "restart":
                self._skip_rest_of("w:tc")
            case "w:showingPlcHdr":
                self._skip_rest_of("w:sdt")
            case "w:docPartGallery" if attributes.get("val") == "Table of Contents":
                self._skip_rest_of("w:sdt")
            case "w:altChunk":
                raise SourceError(
                    message("{name} holds another file in place of its text", name=self._name),
                    message("open it in Word and save it again"),
                )

    def _start_field(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "w:fldSimple":
            if is_left_out(attributes.get("instr", "")):
                self._left = len(self._path)
            return
        self._fields.read_mark(attributes.get("fldCharType"))

    def _start_note(self, key: str, special: str | None) -> None:
        if special is None or special == "normal":
            self.notes[key] = self._targets[-1]
        else:
            self._left = len(self._path)  # the line between text and notes

    def _end(self, name: str) -> None:
        if self._formula:
            self._formula.end(name)
        match name:
            case "m:oMath" if self._formula:
                formula, self._formula = self._formula, None
                self._add_text(f" {formula.spoken()} ")
                if self._open:
                    self._open[-1].has_formula = True
            case "w:p":
                self._end_paragraph(self._open.pop())
            case "w:txbxContent":
                self._targets.pop()
            case "w:footnote" | "w:endnote":
                note = self._targets.pop()
                note[:] = [Paragraph(_on_one_line(paragraph.text), Kind.NOTE) for paragraph in note]
            case "w:tc":
                cell = self._targets.pop()
                if self._rows:
                    self._rows[-1].append(cell)
                else:
                    self._targets[-1] += cell
            case "w:tr":
                self._targets[-1] += _row_paragraphs(self._rows.pop())

    def _read_text(self, text: str) -> None:
        if self._left is not None or not self._path:
            return
        if self._path[-1] == "m:t" and self._formula:
            self._formula.text(text)
        elif self._path[-1] in {"w:t", "m:t"}:
            self._add_text(text)
        elif self._path[-1] == "w:instrText":
            self._fields.add_code(text)

    def _add_text(self, text: str) -> None:
        if self._open and not self._fields.are_left_out():
            self._open[-1].add(text)

    def _end_paragraph(self, paragraph: OpenParagraph) -> None:
        text = "".join([*self._carried, *self._decoded(paragraph)])
        if paragraph.has_formula:
            text = _BEFORE_STOP.sub("", text)
        self._carried = []
        style = self._styles.get(paragraph.style, Style()).name
        if paragraph.joined or (paragraph.initial and text.strip()):
            self._carried = [text.strip() if paragraph.initial else text]
        elif not text.strip():
            if paragraph.ruled:
                self._targets[-1].append(Paragraph(_SCENE_BREAK, Kind.BREAK))
        elif not _CONTENTS_STYLE.fullmatch(style):
            text = self._label(paragraph) + text
            outline = (
                self._styles.outline(paragraph.style)
                if paragraph.outline is None
                else paragraph.outline
            )
            kind, level = self._styles.kind(paragraph.style), 0
            if outline is not None and outline < 9:
                kind, level = Kind.HEADING, outline + 1
            if style == "title" and not self.title:
                self.title = _on_one_line(text)
            self._add(text, kind, level)
        self._targets[-1] += paragraph.following

    def _decoded(self, paragraph: OpenParagraph) -> Iterator[str]:
        """Yield the text of a paragraph; old Vietnamese fonts are read as what they show."""
        styles = self._styles
        usual = styles.font(paragraph.style or styles.default) or styles.default_font
        for font, parts in groupby(paragraph.parts, key=lambda part: part[1] or usual):
            text = "".join(text for text, _ in parts)
            self.converted |= is_old_font(font) and is_converted(text)
            decoded = read_font(text, font, mixed=self.converted)
            if decoded != text:
                self.reread.append((text, decoded))
            yield decoded

    def _label(self, paragraph: OpenParagraph) -> str:
        name, depth = self._styles.numbered(paragraph.style)
        if paragraph.numbering is not None:
            name, depth = paragraph.numbering, paragraph.depth
        label = self._numbering.next_label(name, depth)
        return f"{label} " if label else ""

    def _add(self, text: str, kind: Kind, level: int) -> None:
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.strip().split("\n"))
        if kind is Kind.VERSE:
            lines = [line for line in text.split("\n") if line]
        else:
            lines = [text if kind in (Kind.PROSE, Kind.QUOTE) else _on_one_line(text)]
        self._targets[-1] += [Paragraph(line, kind, level) for line in lines if line]


def _on_one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n")).strip()


def _row_paragraphs(cells: list[list[Paragraph]]) -> list[Paragraph]:
    """Return a row of a table as one paragraph, or each of its own where cells hold several."""
    notes = [paragraph for cell in cells for paragraph in cell if paragraph.kind is Kind.NOTE]
    texts = [[paragraph for paragraph in cell if paragraph.kind is not Kind.NOTE] for cell in cells]
    filled_cells = [cell for cell in texts if cell]
    if len(filled_cells) > 1 and all(len(cell) == 1 for cell in filled_cells):
        return [Paragraph(", ".join(_on_one_line(cell[0].text) for cell in filled_cells)), *notes]
    return [paragraph for cell in cells for paragraph in cell]
