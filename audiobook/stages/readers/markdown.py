"""Markdown: CommonMark and what GitHub, Obsidian and Docusaurus add, with front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Chapter, Document, Kind, Paragraph, StanzaEnd
from audiobook.stages.readers import plain
from audiobook.stages.readers.code import looks_like_code
from audiobook.stages.readers.front_matter import FRONT_MATTER, fields_of, meta_of
from audiobook.stages.readers.markup import flow, losses, parse_html
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.formulas import say_tex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

# The parser leaves out what is nested deeper, since it would need a deeper stack.
_DEEPEST = 60
# The longest line of verse; a break in a longer line only parts paragraphs.
_LONGEST_VERSE = 100
# Fenced blocks in these languages are text, not code.
_TEXT = {"", "text", "txt", "plain", "poem", "verse"}
# What other programs put between the lines: the fences of boxes, with a title perhaps, commands to
# the program that makes a site, a place for the table of contents, and lines of comment.
_BOX = re.compile(r"[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]*)[ \t]*(?:\[(.*)\]|(.*))")
_COMMANDS = re.compile(r"\{\{[<%].{0,500}?[>%]\}\}|\{%.{0,500}?%\}")
_CONTENTS = re.compile(r"[ \t]*(?:\[toc\]|\[\[_?toc_?\]\])[ \t]*", re.I)
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")
# The fence of a box whose title holds code, which is no fence to CommonMark; its end would be one.
_CODE_BOX = re.compile(r"[ \t]{0,3}(`{3,})(?!`)(?=.*`)(?!.*\1)[ \t]*[\w-]*[ \t]*(.*)")
_HEADER = re.compile(r"""header=(["'])(.*)\1[ \t]*""")
_COMMENT = re.compile(r"(?<![\w%])%%([^%\n]{0,2000})%%")
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:][^{}\n]{0,200}\}(?=[ \t]*(?:\n|\Z))")
_ALERT = re.compile(r"\[!\w{1,20}\][+-]?[ \t]*")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
# What an author orders in SSML, for tidying to follow.
_MARK = re.compile(r"</?(?:break|voice)\b", re.IGNORECASE)
_MARK_ALONE = re.compile(
    r"^[ \t]{0,3}(</?(?:break|voice)\b[^<>\n]{0,200}>)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_RUNNING = (Kind.PROSE, Kind.QUOTE)
_BREAK = "* * *"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINE_END = "\n"


def read(data: bytes, name: str) -> Document:
    """Read Markdown: headings with levels, paragraphs, quotations, verse, notes, in one chapter.

    Pictures are left out, and code in a programming language is marked as such. Lines that end in
    a hard break are verse. A bullet that is a dash stays, since Vietnamese dialogue begins with
    one; so do the numbers of a list. Lines indented by four spaces are text, not code. Of raw HTML
    the text stays. Formulas become what they say.

    Raises:
        SourceError: it is not text, its front matter is broken, or it nests too deep.
    """
    text = plain.decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT_MATTER.match(text)
    fields, changes = fields_of(front["fence"], front["body"], name) if front else ({}, ())
    left_out = losses.Losses()
    body = _without_commands(text[front.end() if front else 0 :], left_out)
    paragraphs = tuple(_Paragraphs(name, left_out).from_tokens(_parse_tokens(body, name)))
    return Document(
        meta=meta_of(fields),
        chapters=(Chapter("", paragraphs),),
        changes=(*changes, *left_out.changes()),
    )


# Asterisks between digits multiply. CommonMark would read two as emphasis and join the digits.
_TIMES = re.compile(r"(?<=\d)\*{1,2}(?=\d)")


def _without_commands(text: str, left_out: losses.Losses) -> str:
    """Return the text without what other programs would act upon."""
    lines: list[str] = []
    fence = box = ""
    in_comment = False
    originals = text.split("\n")
    last_fences = {line.strip(): n for n, line in enumerate(originals) if _FENCE.match(line)}
    for number, line in enumerate(originals):
        if (
            not fence
            and (start := _CODE_BOX.fullmatch(line))
            and last_fences.get(start[1], 0) > number
        ):
            box = start[1]
            header = _HEADER.fullmatch(start[2])
            line = f"\n{header[2] if header else start[2]}\n"
        elif box and not fence and line.strip() == box:
            box = line = ""
        elif opening := _FENCE.match(line):
            mark = opening[1]
            fence = "" if fence and mark.startswith(fence) else fence or mark
        elif not fence and line.strip() == "%%":
            in_comment = not in_comment
            line = ""
        elif in_comment:
            left_out.note(losses.HIDDEN, line, lines[-1] if lines else "")
            line = ""
        elif not fence:
            line = _without_command(line, left_out)
        lines.append(line)
    return "\n".join(lines)


def _without_command(line: str, left_out: losses.Losses) -> str:
    if _CONTENTS.fullmatch(line):
        return ""
    if box := _BOX.fullmatch(line):
        return f"\n{box[1] or box[2]}\n" if box[1] or box[2] else ""
    for comment in _COMMENT.finditer(line):
        left_out.note(losses.HIDDEN, comment[1], line[: comment.start()])
    line = _COMMENT.sub("", line) if "%%" in line else line
    line = _TIMES.sub(lambda signs: r"\*" * len(signs[0]), line) if "*" in line else line
    return _COMMANDS.sub("", line) if "{" in line else line


def _parse_tokens(text: str, name: str) -> list[Token]:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.texmath import texmath_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).disable("code").use(footnote_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.use(texmath_plugin, delimiters="brackets")
    tokens = parser.parse(text)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        raise SourceError(
            message("{name} nests more than {most} deep", name=name, most=_DEEPEST),
            message("make it flatter"),
        )
    return tokens


class _Paragraphs:
    """The tokens of a text as paragraphs."""

    def __init__(self, name: str, left_out: losses.Losses) -> None:
        self._name, self._losses = name, left_out
        self._raised = False

    def from_tokens(self, tokens: Iterable[Token]) -> Iterator[Paragraph]:
        usual = kind = Kind.PROSE
        level, marker, quoted = 0, "", 0
        begins_quotation = False
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
                    begins_quotation = token.nesting > 0
                    usual = kind = Kind.QUOTE if quoted else Kind.PROSE
                case "list_item_open":
                    marker = _item_marker(token)
                case "tr_open":
                    row = []
                case "tr_close":
                    yield from _one_line_paragraph(", ".join(filter(None, row or ())), kind)
                    row = None
                case "hr":
                    yield Paragraph(_BREAK, Kind.BREAK)
                case "fence":
                    yield from self._paragraphs_in_fence(token, kind)
                case "html_block":
                    yield from self._paragraphs_in_html(token.content, kind)
                case "math_block" | "math_block_label" | "math_block_eqno":
                    yield from _one_line_paragraph(self._spoken_formula(token.content), kind)
                case "inline":
                    text = _ATTRIBUTES.sub("", "".join(self._inline_texts(token.children or ())))
                    if begins_quotation:
                        text = _ALERT.sub("", text, count=1) if _ALERT.match(text) else text
                        begins_quotation = False
                    if marker and (task := _TASK.match(text)):
                        marker, text = "", text[task.end() :]
                    if row is not None:
                        row.append(" ".join(text.split()))
                    elif kind in _RUNNING:
                        yield from _line_paragraphs(marker + text, kind)
                    else:
                        yield from _one_line_paragraph(text, kind, level)
                    marker = ""

    def _paragraphs_in_fence(self, token: Token, kind: Kind) -> Iterator[Paragraph]:
        """Yield what stands between fences: lines of text, a formula, or code."""
        words = token.info.strip().lower().split()
        if words[:1] == ["math"]:
            yield from _one_line_paragraph(self._spoken_formula(token.content), kind)
        elif not words or words[0] in _TEXT:
            if not words and looks_like_code(token.content):
                yield from _code_paragraph(token.content)
            else:
                yield from _line_paragraphs(token.content.strip("\n"), kind)
        else:
            yield from _code_paragraph(token.content)

    def _paragraphs_in_html(self, markup: str, kind: Kind) -> Iterator[Paragraph]:
        """Yield the paragraphs of raw HTML; a mark alone on its line belongs to what is around."""
        for number, part in enumerate(_MARK_ALONE.split(markup)):
            if number % 2:
                yield Paragraph(part)
            elif part.strip():
                yield from self._paragraphs_in_html_part(part, kind)

    def _paragraphs_in_html_part(self, markup: str, kind: Kind) -> Iterator[Paragraph]:
        page = flow(parse_html(markup.encode(), self._name))
        self._losses.add_all(page.losses)
        for paragraph in page.paragraphs:
            if paragraph.kind is Kind.PROSE:
                yield from _one_line_paragraph(paragraph.text, kind)
            else:
                yield paragraph

    def _spoken_formula(self, tex: str) -> str:
        spoken = say_tex(tex)
        if not spoken:
            self._losses.note(losses.FORMULAS, tex)
        return spoken

    def _inline_texts(self, tokens: Iterable[Token]) -> Iterator[str]:
        for token in tokens:
            match token.type:
                case "text" if self._raised and token.content.isdecimal():
                    yield token.content.translate(_SUPERSCRIPTS)
                case "text" | "code_inline":
                    yield token.content
                case "math_inline" | "math_inline_double" | "math_single":
                    yield self._spoken_formula(token.content)
                case "softbreak":
                    yield " "
                case "hardbreak":
                    yield _LINE_END
                case "html_inline" if _MARK.match(token.content):
                    yield token.content
                case "html_inline":
                    tag = token.content.lower()
                    self._raised = tag.startswith("<sup")
                    if tag.startswith("<br"):
                        yield _LINE_END


def _code_paragraph(text: str) -> Iterator[Paragraph]:
    if text.strip():
        yield Paragraph(text.strip("\n"), Kind.CODE)


def _item_marker(item: Token) -> str:
    if item.info:
        return f"{item.info}{item.markup} "
    return "- " if item.markup == "-" else ""


def _line_paragraphs(text: str, kind: Kind) -> Iterator[Paragraph]:
    """Yield the lines of a paragraph; several short ones are verse."""
    lines = [" ".join(line.split()) for line in text.split(_LINE_END)]
    verse = len(lines) > 1 and max(map(len, lines)) <= _LONGEST_VERSE
    if verse and kind in _RUNNING:
        stanza = [one for line in lines for one in _one_line_paragraph(line, Kind.VERSE)]
        yield from stanza[:-1]
        yield from (StanzaEnd.of(last) for last in stanza[-1:])
        return
    for line in lines:
        yield from _one_line_paragraph(line, kind)


def _one_line_paragraph(text: str, kind: Kind, level: int = 0) -> Iterator[Paragraph]:
    text = " ".join(text.split())
    if text:
        yield Paragraph(text, kind, level)
