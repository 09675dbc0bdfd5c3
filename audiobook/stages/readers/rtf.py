"""RTF: what WordPad writes, and Word for everybody else.

`striprtf` turns the text into Unicode. It knows neither headings nor notes, which are marked or
taken out before, with characters of private use that no text has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELL, _PLAIN, _PART = "\ue001", "\ue002", "\ue003"
_HEADING = 0xE010
_LAST_LEVEL = 9
_BEGINNING = re.compile(r"\{\\rtf\d?")
_HEAD_WITHIN = 4096
_CODE_PAGE = re.compile(r"\\ansicpg\d{1,5}")
_DEFAULT_FONT = re.compile(r"\\deff\d{1,5}")
_FONT = re.compile(r"\\f(\d{1,5})(?: |\\(?!f\d|fcharset)[a-z]+-?\d*)*\\fcharset(\d{1,3})")
_FIELD = re.compile(r"\{\\field\{", re.I)
_HEADING_MARK = re.compile(f"[{chr(_HEADING + 1)}-{chr(_HEADING + _LAST_LEVEL)}]")
_PRIVATE = re.compile("[\ue000-\ue0ff]")
# Where groups begin and end, and what may hide it: signs that are escaped, and binary data of so
# many bytes.
_BRACE = re.compile(r"\\bin(\d{1,9}) ?|\\[\\{}]|[{}]")
_WORDS = r"(?:\\[a-z]+-?\d* ?)*?"
_GROUP = re.compile(
    r"\{(?:\\\*)?\s*(?:"
    r"(?P<no_text>\\(?:pict|shppict|nonshppict|object|objdata|themedata|datastore|latentstyles"
    r"|colorschememapping|generator|xmlnstbl|listtable|listoverridetable|rsidtbl|revtbl|annotation"
    r"|header[lrf]?|footer[lrf]?|atnid|atnauthor)(?![a-z]))"
    r"|(?P<note>\\footnote(?![a-z])(?:\\ftnalt)?)"
    r"|(?P<styles>\\stylesheet(?![a-z]))"
    r"|(?P<info>\\info(?![a-z]))"
    r"|(?P<fonts>\\fonttbl(?![a-z]))"
    rf"|(?P<hidden>{_WORDS}\\(?:v|deleted)(?![a-z0-9])))"
)
_STYLE = re.compile(r"\{(?P<words>(?:\\\*)?(?:\\[a-z]+-?\d* ?)*)(?P<name>[^{}\\;]*)")
_HEADING_STYLE = re.compile(r"\s*(?:heading|tiêu đề|đề mục) ?(\d)\s*", re.I)
_STYLE_WORD = re.compile(r"\\s(\d{1,4})(?!\d) ?")
_OUTLINE_WORD = re.compile(r"\\outlinelevel(\d)(?!\d) ?")
_PLAIN_WORD = re.compile(r"\\pard(?![a-z]) ?")
_CELL_WORD = re.compile(r"\\(?:nest)?cell(?![a-z]) ?")
_RAISED = re.compile(rf"\{{{_WORDS}\\super(?![a-z0-9]) ?(?:\\[a-z]+-?\d* ?)*(\d{{1,3}})\}}")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RAW = re.compile("[\x80-\xff]")
_TITLE = re.compile(r"\{\\title(?![a-z]) ?([^{}]*)\}")
_AUTHOR = re.compile(r"\{\\author(?![a-z]) ?([^{}]*)\}")
_CREATED = re.compile(r"\\creatim\s*\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_LOST_LETTERS = re.compile(r"\w\?+\w|\?\?")
_DAMAGE = (ArithmeticError, LookupError, TypeError, ValueError)


class _Parts(NamedTuple):
    """An RTF file without what is not its running text."""

    text: str
    notes: list[str]
    styles: str
    info: str
    head: str
    """The beginning of a file that says how its text is encoded."""


def read(data: bytes, name: str) -> Document:
    """Read an RTF file into a document of one chapter, with headings and notes.

    Args:
        data: the file.
        name: what to call it in messages.

    Raises:
        SourceError: it is damaged, or holds nothing to read.
    """
    parts = _take_apart(data.decode("latin-1"))
    title, author, *notes = _read_pieces(
        parts.head,
        [_first_match(_TITLE, parts.info), _first_match(_AUTHOR, parts.info), *parts.notes],
        name,
    )
    text = _as_unicode(_with_marks(parts.text, _heading_styles(parts.styles)), name)
    paragraphs = [*_paragraphs(text), *(Paragraph(note, Kind.NOTE) for note in notes if note)]
    if not any(map(str.isalnum, "".join(paragraph.text for paragraph in paragraphs))):
        raise SourceError(
            message("{name} holds no text to read", name=name),
            message("give a file with words in it"),
        )
    created = _CREATED.search(parts.info)
    date = "-".join(part.zfill(2) for part in created.groups()) if created else ""
    meta = Meta(title=_undamaged_name(title), author=_undamaged_name(author), date=date)
    return Document(meta=meta, chapters=(Chapter("", tuple(paragraphs)),))


def _undamaged_name(name: str) -> str:
    """Return a name, or nothing if some of its letters were written as question marks."""
    return "" if _LOST_LETTERS.search(name) else name


def _as_ascii(source: str) -> str:
    """Return source as text: UTF-8 where it is that, else with raw bytes escaped."""
    try:
        return source.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return _RAW.sub(lambda raw: f"\\'{ord(raw[0]):02x}", source)


def _first_match(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


# --- groups -------------------------------------------------------------------------------------


def _take_apart(source: str) -> _Parts:
    """Take notes, styles, properties, pictures and hidden text out of the running text."""
    groups = {group.start(): group for group in _GROUP.finditer(source)}
    ends = _group_ends(source)
    pieces: list[str] = []
    bodies: dict[str, list[str]] = {}
    position = 0
    for start, group in groups.items():
        if start < position or start not in ends:
            continue
        kind, end = group.lastgroup or "", ends[start]
        bodies.setdefault(kind, []).append(source[group.end() : end - 1])
        pieces.append(source[position:start])
        position = end
    pieces.append(source[position:])
    head = _encoding_head(source[:_HEAD_WITHIN], "".join(bodies.get("fonts", ())))
    # A table of fonts that is not closed is left in the text.
    text = _as_ascii("".join(pieces).replace("\\fonttbl", "\\info"))
    return _Parts(
        _BEGINNING.sub(lambda _: head, text, count=1),
        [*map(_as_ascii, bodies.get("note", []))],
        _as_ascii("".join(bodies.get("styles", ()))),
        _as_ascii("".join(bodies.get("info", ()))),
        head,
    )


def _encoding_head(source: str, fonts: str) -> str:
    """Return how text is encoded: in which code page, and which of each font."""
    page = _CODE_PAGE.search(source)
    default = _DEFAULT_FONT.search(source)
    table = "".join(
        rf"{{\f{number}\fcharset{charset} F;}}" for number, charset in _FONT.findall(fonts)
    )
    words = f"{page[0] if page else ''}{default[0] if default else ''}"
    return rf"{{\rtf1\ansi{words}{{\fonttbl{table}}}"


def _group_ends(source: str) -> dict[int, int]:
    """Return where the groups end that are closed, by where they begin."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    position = 0
    while brace := _BRACE.search(source, position):
        position = brace.end()
        if brace[1]:
            position += int(brace[1])
        elif brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened:
            ends[opened.pop()] = position
    return ends


def _heading_styles(styles: str) -> dict[str, int]:
    """Return the levels of the styles of headings by their numbers."""
    levels: dict[str, int] = {}
    for style in _STYLE.finditer(styles):
        number = _STYLE_WORD.search(style["words"])
        outline = _OUTLINE_WORD.search(style["words"])
        named = _HEADING_STYLE.fullmatch(style["name"])
        if number and (named or outline):
            levels[number[1]] = int(named[1]) if named else int((outline or [0, 8])[1]) + 1
    return levels


# --- text ---------------------------------------------------------------------------------------


def _with_marks(text: str, levels: dict[str, int]) -> str:
    """Mark where paragraphs get the look of a heading or lose it, and where cells end."""

    def heading(level: int) -> str:
        return chr(_HEADING + level) if 0 < level <= _LAST_LEVEL else ""

    text = _CELL_WORD.sub(_CELL, _PLAIN_WORD.sub(rf"\\pard {_PLAIN}", text))
    text = _STYLE_WORD.sub(lambda word: word[0] + heading(levels.get(word[1], 0)), text)
    text = _OUTLINE_WORD.sub(lambda word: word[0] + heading(int(word[1]) + 1), text)
    return _RAISED.sub(lambda raised: raised[1].translate(_SUPERSCRIPTS), text)


def _read_pieces(head: str, pieces: list[str], name: str) -> list[str]:
    """Return pieces of text that were taken out, each in one line."""
    body = _PART.join(f"{{{piece}}}" for piece in pieces)
    parts = _as_unicode(f"{head}{body}}}", name).split(_PART)
    lines = [" ".join(_PRIVATE.sub("", part).split()) for part in parts]
    return [*lines, *[""] * (len(pieces) - len(lines))]


def _as_unicode(source: str, name: str) -> str:
    from striprtf.striprtf import rtf_to_text

    # Without the space, the library would add the addresses of links to their texts.
    source = _FIELD.sub(r"{\\field {", source)
    try:
        text = rtf_to_text(source, errors="ignore")
    except _DAMAGE as problem:
        raise SourceError(
            message("{name} is a damaged RTF file", name=name), message("save it again")
        ) from problem
    # Letters outside the Basic Multilingual Plane come as surrogates.
    return str(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _paragraphs(text: str) -> Iterator[Paragraph]:
    level = 0
    for line in text.split("\n"):
        for mark in line:
            if mark == _PLAIN:
                level = 0
            elif _HEADING_MARK.match(mark):
                level = ord(mark) - _HEADING
        cells = (" ".join(_PRIVATE.sub("", cell).split()) for cell in line.split(_CELL))
        if words := ", ".join(filter(None, cells)):
            yield Paragraph(words, Kind.HEADING if level else Kind.PROSE, level)
