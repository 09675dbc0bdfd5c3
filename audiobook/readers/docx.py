"""Word files (.docx): what a reader of the printed page would read, in Office Open XML (ECMA-376).

Only the parts that hold text are unpacked, and read as a stream of events: memory grows with the
text, not with the markup, and nesting costs nothing.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from audiobook.errors import SourceError
from audiobook.model import Chapter, Document, Kind, Meta, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The markup of a 1,000,000-character novel takes 5 to 15 MB and packs ten to forty times.
_LARGEST_PART = 512 * 1024 * 1024
_LARGEST_RATIO = 250
_RATIO_MATTERS = 4 * 1024 * 1024
_CHUNK = 64 * 1024

_NAMESPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",  # "strict" files
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
}

_HEADING_STYLE = re.compile(r"heading ([1-9])")
_CONTENTS_STYLE = re.compile(r"toc [1-9]|toc heading|table of figures|index [1-9]")
_VERSE_STYLE = re.compile(r"\b(?:verse|poem|poetry|thơ|khổ thơ|câu thơ)\b")
# Fields whose result is a list of pages, or the mark of a note.
_FIELDS_LEFT_OUT = frozenset({"TOC", "INDEX", "TOA", "NOTEREF"})
# Deleted and moved text, the past of properties, drawings for old programs, readings over letters.
_LEFT_OUT = frozenset(
    "w:del w:moveFrom w:pPrChange w:rPrChange w:tcPrChange w:trPrChange mc:Fallback w:rt".split()
)
_SCENE_BREAK = "* * *"
_SPACES = re.compile(r"[ \t]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST_LABEL = 100


def read(data: bytes, name: str) -> Document:
    """Read a Word file into one chapter whose headings are marked.

    Headings are paragraphs of a heading or title style, or with an outline level. Inserted text
    stays and deleted text goes, as if all tracked changes were accepted; hidden text, tables of
    contents, headers, footers and comments are left out. Automatic numbers are spelled out, a
    table is read row by row, and the body of a note follows the paragraph that refers to it.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SourceError: it is not a Word file, has a password, is damaged, holds no text, or
            unpacks to far more than it should.
    """
    archive = _Archive(data, name)
    main = archive.related("", "officeDocument")
    root = next(archive.events(main), None)
    if main is None or root is None or root.name != "w:document":
        raise SourceError(f"{name} is not a Word file", "save it as .docx, or give a text file")
    styles = _read_styles(archive, archive.related(main, "styles"))
    numbering = _read_numbering(archive, archive.related(main, "numbering"))
    notes: dict[str, list[Paragraph]] = {}
    for kind in ("footnotes", "endnotes"):
        part = archive.related(main, kind)
        notes |= _Story(archive, part, styles, numbering, {}).notes
    story = _Story(archive, main, styles, numbering, notes)
    if not any(character.isalnum() for text in story.paragraphs for character in text.text):
        raise SourceError(
            f"{name} holds no text to read",
            "if its pages are pictures, recognise their text (OCR) first",
        )
    meta = _read_meta(archive, archive.related("", "core-properties"))
    return Document(
        replace(meta, title=meta.title or story.title), (Chapter("", tuple(story.paragraphs)),)
    )


# --- the package --------------------------------------------------------------------------------


class _Event(NamedTuple):
    """One piece of an XML part."""

    what: str
    """start, end or text."""
    name: str
    """Prefix and local name of the element, or the text."""
    attributes: Mapping[str, str] = {}
    """By local name."""


class _Archive:
    """The parts of an Office Open XML package, each unpacked as it is read."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if data.startswith(_OLD_OFFICE):
            raise _old_office(data, name)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
            raise self.damaged(problem) from problem
        self._members = {
            member.filename.replace("\\", "/").lower(): member for member in self._zip.infolist()
        }

    def related(self, part: str, kind: str) -> str | None:
        """Return the part that a part (the package itself for "") names as its styles, say."""
        folder, base = posixpath.split(part)
        for what, element, attributes in self.events(f"{folder}/_rels/{base}.rels".lstrip("/")):
            if (
                what == "start"
                and element == "Relationship"
                and attributes.get("Type", "").rpartition("/")[2] == kind
                and attributes.get("TargetMode") != "External"
            ):
                target = posixpath.join("/", folder, attributes.get("Target", ""))
                return posixpath.normpath(target).lstrip("/")
        return None

    def events(self, part: str | None) -> Iterator[_Event]:
        """Read the XML of a part; a part that is not there has none.

        Raises:
            SourceError: it is damaged, too large, or declares entities.
        """
        member = self._members.get(part.lower()) if part is not None else None
        if member is None:
            return
        self._weigh(member)
        parser = _Parser(self.name)
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    yield from parser.feed(chunk)
                yield from parser.feed(b"", last=True)
        except (
            *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError),
            *(RuntimeError, NotImplementedError),  # a password, a packing of the future
            *(expat.ExpatError, LookupError),  # LookupError: an unheard-of encoding
        ) as problem:
            raise self.damaged(problem) from problem

    def damaged(self, reason: object) -> SourceError:
        """Say that the file cannot be opened."""
        return SourceError(
            f"{self.name} is a damaged Word file ({reason})",
            "get it again, or open it in Word or LibreOffice and save it anew",
        )

    def _weigh(self, member: zipfile.ZipInfo) -> None:
        """Refuse a part before it unpacks; zipfile reads no more than the size it declares."""
        size = member.file_size
        too_dense = size > _RATIO_MATTERS and size > member.compress_size * _LARGEST_RATIO
        if size > _LARGEST_PART or too_dense:
            raise SourceError(
                f"{self.name} unpacks to {size / 1e6:,.0f} MB from"
                f" {member.compress_size / 1e6:,.1f} MB, as no book does",
                "if you trust it, open it in Word or LibreOffice and save its text",
            )


class _Parser:
    """Expat, which opens nothing outside the file, as a source of events."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._events: list[_Event] = []
        self._names: dict[str, str] = {}
        self._expat = expat.ParserCreate(namespace_separator=" ")
        self._expat.buffer_text = True
        self._expat.StartDoctypeDeclHandler = self._refuse
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, last: bool = False) -> list[_Event]:
        self._expat.Parse(chunk, last)
        events, self._events = self._events, []
        return events

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._events.append(_Event("start", self._prefixed(name), local))

    def _end(self, name: str) -> None:
        self._events.append(_Event("end", self._prefixed(name)))

    def _text(self, text: str) -> None:
        self._events.append(_Event("text", text))

    def _refuse(self, *_declaration: object) -> None:
        raise SourceError(
            f"{self._name} declares XML entities, which no Word file does", "do not trust it"
        )

    def _prefixed(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            namespace, _, local = name.rpartition(" ")
            prefix = _NAMESPACES.get(namespace)
            known = self._names[name] = f"{prefix}:{local}" if prefix else local
        return known


def _old_office(data: bytes, name: str) -> SourceError:
    """Say what is in a container of the Office of 1997; its directory is in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return SourceError(
            f"{name} is protected by a password", "open it in Word and save it without one"
        )
    return SourceError(
        f"{name} is a file of old Word (.doc), not .docx", "open it in Word and save it as .docx"
    )


def _is_on(attributes: Mapping[str, str]) -> bool:
    """Whether a toggle such as ``<w:vanish/>`` is on."""
    return attributes.get("val", "true") not in {"0", "false", "off", "none", "nil"}


def _integer(attributes: Mapping[str, str], default: int = 0) -> int:
    value = attributes.get("val", "")
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else default


def _read_meta(archive: _Archive, part: str | None) -> Meta:
    """Read the core properties (Dublin Core)."""
    texts: dict[str, str] = {}
    element = ""
    for what, name, _ in archive.events(part):
        if what == "text":
            texts[element] = texts.get(element, "") + name
        else:
            element = name if what == "start" else ""
    said = {key: " ".join(value.split()) for key, value in texts.items()}
    date = _DATE.match(said.get("created", "") or said.get("modified", ""))
    return Meta(
        title=said.get("title", ""),
        author=said.get("creator", ""),
        date=date[0] if date else "",
        language=said.get("language", "") or Meta().language,
        description=said.get("description", "") or said.get("subject", ""),
    )


# --- styles and numbers -------------------------------------------------------------------------


@dataclass
class _Style:
    """What a paragraph or character style says, as far as it is heard."""

    name: str = ""
    parent: str = ""
    outline: int | None = None
    """Of a heading, 0 for the outermost; 9 is plain text."""
    hidden: bool = False
    numbering: str = ""
    """The list it belongs to."""
    depth: int = 0


class _Styles(dict[str, _Style]):
    """The styles of a document by identifier."""

    def line(self, style: str) -> Iterator[_Style]:
        """Yield a style and those it is based on."""
        passed: set[str] = set()
        while style in self and style not in passed:
            passed.add(style)
            yield self[style]
            style = self[style].parent

    def outline(self, style: str) -> int | None:
        for ancestor in self.line(style):
            if ancestor.name == "title":
                return 0
            if found := _HEADING_STYLE.fullmatch(ancestor.name):
                return int(found[1]) - 1
            if ancestor.outline is not None:
                return ancestor.outline
        return None

    def kind(self, style: str) -> Kind:
        for ancestor in self.line(style):
            if ancestor.name == "caption":
                return Kind.CAPTION
            if _VERSE_STYLE.search(ancestor.name):
                return Kind.VERSE
        return Kind.PROSE

    def hides(self, style: str) -> bool:
        return any(ancestor.hidden for ancestor in self.line(style))

    def numbered(self, style: str) -> tuple[str, int]:
        return next(((a.numbering, a.depth) for a in self.line(style) if a.numbering), ("", 0))


def _read_styles(archive: _Archive, part: str | None) -> _Styles:
    styles = _Styles()
    style = _Style()
    for what, element, attributes in archive.events(part):
        if what != "start":
            continue
        value = attributes.get("val", "")
        match element:
            case "w:style":
                style = styles[attributes.get("styleId", "")] = _Style()
            case "w:name":
                style.name = value.lower()
            case "w:basedOn":
                style.parent = value
            case "w:outlineLvl":
                style.outline = _integer(attributes)
            case "w:vanish":
                style.hidden = _is_on(attributes)
            case "w:numId":
                style.numbering = value
            case "w:ilvl":
                style.depth = _integer(attributes)
    return styles


@dataclass
class _Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    label: str = ""
    """``%1.%2`` stands for the numbers of the first and second level."""
    start: int = 1


class _Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[int, _Level]] = {}
        self.lists: dict[str, str] = {}
        self.restarts: dict[str, dict[int, int]] = {}
        """Where the first item of a list begins to count anew."""
        self._counts: dict[str, dict[int, int]] = {}

    def next_label(self, name: str, depth: int) -> str:
        """Count one item on and return its label, empty for bullets."""
        kind = self.lists.get(name, "")
        levels = self.kinds.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        for restarted, start in self.restarts.pop(name, {}).items():
            counts[restarted] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if levels[depth].form in {"bullet", "none"}:
            return ""

        def spelled(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            level = levels.get(at, _Level())
            return _spell(counts.get(at, level.start), level.form)

        return re.sub(r"%([1-9])", spelled, levels[depth].label)


def _spell(number: int, form: str) -> str:
    """Spell a number of a list (ECMA-376, part 1, 17.18.59)."""
    spelled = str(number)
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26 * 4:
        # After z comes aa, then bb.
        spelled = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        spelled = ""
        for value, letters in _ROMAN:
            spelled += letters * (number // value)
            number %= value
    return spelled.upper() if form.startswith("upper") else spelled


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def _depth(attributes: Mapping[str, str]) -> int:
    depth = attributes.get("ilvl", "")
    return int(depth) if re.fullmatch(r"[0-8]", depth) else 0


def _read_numbering(archive: _Archive, part: str | None) -> _Numbering:
    numbering = _Numbering()
    levels: dict[int, _Level] = {}
    level = _Level()
    name, overridden = "", 0
    for what, element, attributes in archive.events(part):
        if what != "start":
            continue
        value = attributes.get("val", "")
        match element:
            case "w:abstractNum":
                levels = numbering.kinds[attributes.get("abstractNumId", "")] = {}
            case "w:lvl":
                level = levels[_depth(attributes)] = _Level()
            case "w:lvlOverride":
                overridden = _depth(attributes)
            case "w:startOverride":
                numbering.restarts.setdefault(name, {})[overridden] = _integer(attributes, 1)
            case "w:start":
                level.start = _integer(attributes, 1)
            case "w:numFmt":
                level.form = value
            case "w:lvlText":
                level.label = value[:_LONGEST_LABEL]
            case "w:num":
                name = attributes.get("numId", "")
                levels, level = {}, _Level()  # what a list overrides, it keeps to itself
            case "w:abstractNumId":
                numbering.lists[name] = value
    return numbering


# --- the text -----------------------------------------------------------------------------------


@dataclass
class _Open:
    """A paragraph being read."""

    parts: list[str] = field(default_factory=list)
    style: str = ""
    outline: int | None = None
    numbering: str | None = None
    depth: int = 0
    joined: bool = False
    """Its end was deleted: the next paragraph goes on with it."""
    ruled: bool = False
    """It has a line drawn across the page."""
    following: list[Paragraph] = field(default_factory=list)
    """Text boxes and notes."""


@dataclass
class _Field:
    """A field being read: what computes it, then its result."""

    code: str = ""
    left_out: bool = False


class _Story:
    """The paragraphs of the document, or its notes, gathered from the events of its part."""

    def __init__(
        self,
        archive: _Archive,
        part: str | None,
        styles: _Styles,
        numbering: _Numbering,
        notes: dict[str, list[Paragraph]],
    ) -> None:
        self.paragraphs: list[Paragraph] = []
        self.notes = notes
        """By the name of their kind and their number."""
        self.title = ""
        self._name, self._styles, self._numbering = archive.name, styles, numbering
        self._path: list[str] = []
        self._left: int | None = None
        self._targets = [self.paragraphs]
        self._rows: list[list[list[Paragraph]]] = []
        self._open: list[_Open] = []
        self._fields: list[_Field] = []
        self._carried: list[str] = []
        for what, name, attributes in archive.events(part):
            if what == "text":
                self._read_text(name)
            elif what == "start":
                if self._left is None:
                    self._start(name, attributes)
                self._path.append(name)
            else:
                self._path.pop()
                if self._left == len(self._path):
                    self._left = None
                if self._left is None:
                    self._end(name)
        if any(unfinished.left_out for unfinished in self._fields):
            raise archive.damaged("a table of contents has no end")
        self._add("".join(self._carried), Kind.PROSE, 0)

    def _leave(self, name: str) -> None:
        """Pass over what is left of the innermost open element of a name."""
        for depth in reversed(range(len(self._path))):
            if self._path[depth] == name:
                self._left = depth
                return

    def _is_within(self, *names: str) -> bool:
        return tuple(self._path[-len(names) :]) == names

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        here = self._open[-1] if self._open else _Open()
        match name:
            case "w:del" if self._is_within("w:pPr", "w:rPr"):
                here.joined = True
            case "w:del" if self._is_within("w:trPr"):
                self._leave("w:tr")
            case _ if name in _LEFT_OUT:
                self._left = len(self._path)
            case "w:p":
                self._open.append(_Open())
            case "w:pStyle":
                here.style = attributes.get("val", "")
                if self._styles.hides(here.style):
                    self._leave("w:p")
            case "w:outlineLvl":
                here.outline = _integer(attributes)
            case "w:numId":
                here.numbering = attributes.get("val", "")
            case "w:ilvl":
                here.depth = _integer(attributes)
            case "w:top" | "w:bottom" if self._is_within("w:pBdr"):
                here.ruled = _is_on(attributes)
            case "v:rect":
                here.ruled = here.ruled or "hr" in attributes
            case "w:vanish" if self._is_within("w:r", "w:rPr") and _is_on(attributes):
                self._leave("w:r")
            case "w:rStyle" if self._is_within("w:r", "w:rPr"):
                if self._styles.hides(attributes.get("val", "")):
                    self._leave("w:r")
            case "w:tab" | "w:ptab" if self._is_within("w:r"):
                self._say(" ")
            case "w:br" | "w:cr":
                self._say("\n")
            case "w:noBreakHyphen":
                self._say("-")
            case "w:fldChar" | "w:fldSimple":
                self._start_field(name, attributes)
            case "w:footnoteReference" | "w:endnoteReference":
                key = name.removesuffix("Reference") + attributes.get("id", "")
                here.following += self.notes.pop(key, ())
                if "customMarkFollows" in attributes:
                    self._leave("w:r")
            case "w:footnote" | "w:endnote":
                self._targets.append([])
                self._start_note(name + attributes.get("id", ""), attributes.get("type"))
            case "w:txbxContent":
                self._targets.append(here.following)
            case "w:tr":
                self._rows.append([])
            case "w:tc":
                self._targets.append([])
            case "w:vMerge" | "w:hMerge" if attributes.get("val") != "restart":
                self._leave("w:tc")
            case "w:showingPlcHdr":
                self._leave("w:sdt")
            case "w:docPartGallery" if attributes.get("val") == "Table of Contents":
                self._leave("w:sdt")
            case "w:altChunk":
                raise SourceError(
                    f"{self._name} holds another file in place of its text",
                    "open it in Word and save it anew",
                )

    def _start_field(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "w:fldSimple":
            if _is_left_out(attributes.get("instr", "")):
                self._left = len(self._path)
            return
        match attributes.get("fldCharType"):
            case "begin":
                self._fields.append(_Field())
            case "separate" if self._fields:
                self._fields[-1].left_out = _is_left_out(self._fields[-1].code)
            case "end" if self._fields:
                self._fields.pop()

    def _start_note(self, key: str, special: str | None) -> None:
        if special is None or special == "normal":
            self.notes[key] = self._targets[-1]
        else:
            self._left = len(self._path)  # the line between text and notes

    def _end(self, name: str) -> None:
        match name:
            case "w:p":
                self._end_paragraph(self._open.pop())
            case "w:txbxContent":
                self._targets.pop()
            case "w:footnote" | "w:endnote":
                note = self._targets.pop()
                note[:] = [Paragraph(_on_one_line(each.text), Kind.NOTE) for each in note]
            case "w:tc":
                cell = self._targets.pop()
                if self._rows:
                    self._rows[-1].append(cell)
                else:
                    self._targets[-1] += cell
            case "w:tr":
                self._targets[-1] += _row(self._rows.pop())

    def _read_text(self, text: str) -> None:
        if self._left is not None or not self._path:
            return
        if self._path[-1] in {"w:t", "m:t"}:
            self._say(text)
        elif self._path[-1] == "w:instrText" and self._fields:
            self._fields[-1].code += text

    def _say(self, text: str) -> None:
        if self._open and not any(computed.left_out for computed in self._fields):
            self._open[-1].parts.append(text)

    def _end_paragraph(self, read: _Open) -> None:
        text = "".join([*self._carried, *read.parts])
        self._carried = []
        style = self._styles.get(read.style, _Style()).name
        if read.joined:
            self._carried = [text]
        elif not text.strip():
            if read.ruled:
                self._targets[-1].append(Paragraph(_SCENE_BREAK, Kind.BREAK))
        elif not _CONTENTS_STYLE.fullmatch(style):
            text = self._label(read) + text
            outline = self._styles.outline(read.style) if read.outline is None else read.outline
            kind, level = self._styles.kind(read.style), 0
            if outline is not None and outline < 9:
                kind, level = Kind.HEADING, outline + 1
            if style == "title" and not self.title:
                self.title = _on_one_line(text)
            self._add(text, kind, level)
        self._targets[-1] += read.following

    def _label(self, read: _Open) -> str:
        name, depth = self._styles.numbered(read.style)
        if read.numbering is not None:
            name, depth = read.numbering, read.depth
        label = self._numbering.next_label(name, depth)
        return f"{label} " if label else ""

    def _add(self, text: str, kind: Kind, level: int) -> None:
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.strip().split("\n"))
        if kind is Kind.VERSE:
            lines = [line for line in text.split("\n") if line]
        else:
            lines = [text if kind is Kind.PROSE else _on_one_line(text)]
        self._targets[-1] += [Paragraph(line, kind, level) for line in lines if line]


def _is_left_out(code: str) -> bool:
    return (code.split() or [""])[0].upper() in _FIELDS_LEFT_OUT


def _on_one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n")).strip()


def _row(cells: list[list[Paragraph]]) -> list[Paragraph]:
    """Return a row of a table as one paragraph, or each of its own where cells hold several."""
    notes = [each for cell in cells for each in cell if each.kind is Kind.NOTE]
    texts = [[each for each in cell if each.kind is not Kind.NOTE] for cell in cells]
    said = [cell for cell in texts if cell]
    if len(said) > 1 and all(len(cell) == 1 for cell in said):
        return [Paragraph(", ".join(_on_one_line(cell[0].text) for cell in said)), *notes]
    return [each for cell in cells for each in cell]
