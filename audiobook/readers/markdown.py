"""Markdown: CommonMark with tables and footnotes, described by front matter in YAML or TOML."""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from audiobook.errors import SourceError
from audiobook.model import Chapter, Document, Kind, Meta, Paragraph
from audiobook.readers import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

# Between lines of --- (YAML) or +++ (TOML) at the very top; a rule may stand there, too, so the
# first line must look like one of front matter.
_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\n"
    r"(?P<body>(?:#.*\n)*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=](?:.*\n)*?)"
    r"(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)"
)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])")
# The parser leaves out what lies deeper, and would need a deeper stack.
_DEEPEST = 60
# A line of verse is no longer; a break in a longer one only parts paragraphs.
_LONGEST_VERSE = 100
# Fenced blocks in these languages are for people.
_TEXT = {"", "text", "txt", "plain", "poem", "verse"}
_HTML_BLOCKS = frozenset("p div center h1 h2 h3 h4 h5 h6 li tr table section blockquote".split())
_RUNNING = (Kind.PROSE, Kind.QUOTE)
_BREAK = "* * *"
_LINE_END = "\n"


def read(data: bytes, name: str) -> Document:
    """Read Markdown: headings with levels, paragraphs, quotations, verse, notes, in one chapter.

    Pictures and code in a programming language are left out. Lines that end in a hard break are
    verse. A bullet that is a dash stays, since Vietnamese dialogue begins with one; so do the
    numbers of a list. Lines indented by four spaces are text, not code. Of raw HTML the text stays.

    Raises:
        SourceError: it is not text, its front matter is broken, or it nests too deep.
    """
    text = plain.decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    meta = _meta(_fields(front["fence"], front["body"], name)) if front else Meta()
    paragraphs = tuple(_paragraphs(_parse(text[front.end() if front else 0 :], name)))
    return Document(meta, (Chapter("", paragraphs),))


# --- front matter -------------------------------------------------------------------------------


def _fields(fence: str, body: str, name: str) -> dict[str, Any]:
    import tomllib

    import yaml

    try:
        # BaseLoader makes nothing but text: a book may be called 1984, or No.
        load = tomllib.loads if fence == "+++" else partial(yaml.load, Loader=yaml.BaseLoader)
        found = load(body)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        reason = getattr(problem, "problem", "") or problem
        raise SourceError(
            f"the front matter of {name} is broken ({reason})", "put its values in quotes"
        ) from problem
    return found if isinstance(found, dict) else {}


def _meta(fields: dict[str, Any]) -> Meta:
    known = {str(key).lower(): value for key, value in fields.items()}

    def said(*keys: str) -> str:
        return next(filter(None, (_said(known.get(key)) for key in keys)), "")

    date = _DATE.match(said("date", "published", "year"))
    return Meta(
        title=said("title"),
        author=said("author", "authors", "creator"),
        date=date[0] if date else "",
        language=said("language", "lang") or Meta().language,
        publisher=said("publisher"),
        description=said("description", "summary", "subtitle"),
    )


def _said(value: object) -> str:
    """Return what a field says in one line; several authors are parted by commas."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(
        " ".join(str(one).split())
        for one in values
        if one is not None and not isinstance(one, dict | list)
    )


# --- text ---------------------------------------------------------------------------------------


def _parse(text: str, name: str) -> list[Token]:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).disable("code").use(footnote_plugin)
    tokens = parser.parse(text)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise SourceError(f"{name} nests more than {_DEEPEST} deep", "make it flatter")
    return tokens


def _paragraphs(tokens: Iterable[Token]) -> Iterator[Paragraph]:
    usual = kind = Kind.PROSE
    level, marker, quoted = 0, "", 0
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                kind, level = Kind.HEADING, int(token.tag[1:])
            case "heading_close":
                kind, level = usual, 0
            case "footnote_block_open":
                usual = kind = Kind.NOTE
            case "blockquote_open" | "blockquote_close" if usual is not Kind.NOTE:
                quoted += token.nesting
                usual = kind = Kind.QUOTE if quoted else Kind.PROSE
            case "list_item_open":
                marker = _marker(token)
            case "tr_open":
                row = []
            case "tr_close":
                yield from _said_as(", ".join(filter(None, row or ())), kind)
                row = None
            case "hr":
                yield Paragraph(_BREAK, Kind.BREAK)
            case "fence" if token.info.strip().lower() in _TEXT:
                yield from _lines(token.content, kind)
            case "html_block":
                yield from _lines(_Html().text_of(token.content).strip(), kind)
            case "inline":
                text = "".join(_inline(token.children or ()))
                if row is not None:
                    row.append(" ".join(text.split()))
                elif kind in _RUNNING:
                    yield from _lines(marker + text, kind)
                else:
                    yield from _said_as(text, kind, level)
                marker = ""


def _marker(item: Token) -> str:
    if item.info:
        return f"{item.info}{item.markup} "
    return "- " if item.markup == "-" else ""


def _lines(text: str, kind: Kind) -> Iterator[Paragraph]:
    """Yield the lines of a paragraph; several short ones are verse."""
    lines = [" ".join(line.split()) for line in text.split(_LINE_END)]
    verse = len(lines) > 1 and max(map(len, lines)) <= _LONGEST_VERSE
    for line in lines:
        yield from _said_as(line, Kind.VERSE if verse and kind in _RUNNING else kind)


def _said_as(text: str, kind: Kind, level: int = 0) -> Iterator[Paragraph]:
    text = " ".join(text.split())
    if text:
        yield Paragraph(text, kind, level)


def _inline(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                yield token.content
            case "softbreak":
                yield " "
            case "hardbreak":
                yield _LINE_END
            case "html_inline" if token.content.lower().startswith("<br"):
                yield _LINE_END


class _Html(HTMLParser):
    """Collects the text of raw HTML, a line a block."""

    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._hidden = False

    def text_of(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._text)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._hidden = tag in ("script", "style")
        if tag == "br" or tag in _HTML_BLOCKS:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag in _HTML_BLOCKS:
            self._text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(" ".join(data.split("\n")))
