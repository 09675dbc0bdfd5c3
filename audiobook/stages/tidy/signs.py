"""Signs of markup in plain text, which stand for how words look: **bold**, _italic_, [[links]]."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind, Paragraph
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    exchange_paragraphs,
    rewrite_paragraphs,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.formulas import say_tex

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOME = re.compile(r"[*_`~=$\[\\>|]")
_LONGEST = 400  # characters between two signs
# What stands within a pair begins and ends with a word or its punctuation, and holds a letter:
# not 2*3*4, snake_case, 5*, (*), or the * of a list.
_BEGINS = rf"(?=[\w\"'“‘«(\[–—-])(?=[^{{0}}\n]{{{{0,{_LONGEST}}}}}[^\W\d_])"
_ENDS = r"(?<=[\w\"'”’».,;:!?…)\]%])"


def _pair_pattern(sign: str, mark: str, *, thick: bool = False) -> str:
    """Return the expression for what stands between two equal signs.

    Args:
        sign: what stands on both sides.
        mark: the character it is made of.
        thick: whether it may stand within a word, as in **T**rời, and go on in the next line.
    """
    apart = "" if thick else r"\w"
    next_line = rf"(?:\n[^{mark}\n]{{1,{_LONGEST}}})?" if thick else ""
    inner = _BEGINS.format(mark) + rf"([^{mark}\n]{{1,{_LONGEST}}}{next_line})" + _ENDS
    return rf"(?<![{apart}{mark}]){sign}(?![{mark}]){inner}{sign}(?![{apart}{mark}])"


_PAIRS = re.compile(
    "|".join(
        (
            _pair_pattern(r"\*\*\*", "*", thick=True),
            _pair_pattern(r"\*\*", "*", thick=True),
            _pair_pattern(r"\*", "*"),
            _pair_pattern(r"___", "_"),
            _pair_pattern(r"__", "_"),
            _pair_pattern(r"_", "_"),
            _pair_pattern(r"~~", "~", thick=True),
            _pair_pattern(r"==", "=", thick=True),
            rf"``([^`\n]{{1,{_LONGEST}}})``(?!`)",
            rf"(?<!`)`([^`\n]{{1,{_LONGEST}}})`(?!`)",
        )
    )
)
# [[page]], [[page#part|words]], [words](address), ![picture](address).
_WIKI = re.compile(
    r"!?\[\[(?!\d+\]\])([^\[\]|#\n]{1,200})(?:#[^\[\]|\n]{0,200})?(?:\|([^\[\]\n]{1,200}))?\]\]"
)
_LINK = re.compile(
    r"(!)\[[^\[\]\n]{0,300}\]\([^()\s]{1,500}\)"
    r"|\[([^\[\]\n]{0,300})\]\((?:https?://|mailto:|www\.|[./#])[^()\s]{0,500}\)"
)
# At the beginning of a line: boxes to tick, kinds of boxes, fences of code. The # of a heading is
# left for the division into chapters.
_LINE = re.compile(
    r"^[ \t]*(?:"
    r"(?:>[ \t]?){0,5}\[!\w{1,20}\][+-]?[ \t]*\n?"
    r"|[-*+][ \t]+\[[ xX]\][ \t]+"
    r"|(?:```|~~~)[ \t]*\w{0,20}[ \t]*(?:\n|\Z)"
    r")",
    re.MULTILINE,
)
# A fence of code on its line, with the name of the language at the first of two. What stands
# between two of ``` without a name is code if it has none of the letters of Vietnamese.
_FENCE_SIGN = re.compile(r"```|~~~")
_FENCE = re.compile(r"\s{0,3}(?P<sign>```|~~~)\s?(?P<language>[a-z][a-z0-9+#.-]{0,20})?\s*")
_LONGEST_CODE = 20_000  # characters
_BULLET = re.compile(r"\A[*+][ \t]+(?=[^\W\d_])")
# A row of a table: cells between bars, two at least.
_ROW = re.compile(
    r"^[ \t]*\|(?P<cells>[^|\n]{1,200}(?:\|[^|\n]{1,200}){1,20})\|[ \t]*$", re.MULTILINE
)
_FORMULA = re.compile(
    r"\$\$([^$]{1,2000})\$\$|(?<![\w$\\])\$(?=[^\s\d$]|\d[^$\n]{0,200}[\\^_=])([^$\n]{1,500})(?<=\S)\$(?![\w$])"
    r"|\\\(((?:(?!\\[(\[])[^$\n]){1,500}?)\\\)|\\\[((?:(?!\\[(\[])[^$]){1,2000}?)\\\]"
)
# Of what is between two dollars, only a formula: not "$5 và 6$".
_IS_FORMULA = re.compile(r"[\\^_=<>+{}]|[^\W\d_]\Z(?<![^\W\d_].)|\A[^\W\d_]\Z")


def drop_signs(document: Document) -> Result:
    """Take off the signs of Markdown and wikis around words, and say formulas in TeX."""
    written = {
        number: [replace(paragraph, text=text)] if text.strip() else []
        for number, paragraph in enumerate(all_paragraphs(document))
        if paragraph.kind is not Kind.CODE
        and _SOME.search(paragraph.text)
        and (text := without_signs(paragraph.text)) != paragraph.text
    }
    return exchange_paragraphs(document, written)


def drop_code(document: Document) -> Result:
    """Leave out code of programs, in plain text what stands between two fences."""
    paragraphs = all_paragraphs(document)
    code = {
        number: list[Paragraph]()
        for number, paragraph in enumerate(paragraphs)
        if paragraph.kind is Kind.CODE
    }
    return exchange_paragraphs(document, code | _without_fenced(paragraphs))


def _without_fenced(paragraphs: Sequence[Paragraph]) -> dict[int, list[Paragraph]]:
    """Return the paragraphs that hold lines of fenced code, without these, by their numbers."""
    if not any(_FENCE_SIGN.search(paragraph.text) for paragraph in paragraphs):
        return {}
    lines = [
        (number, line)
        for number, paragraph in enumerate(paragraphs)
        if paragraph.kind in SPOKEN
        for line in paragraph.text.split("\n")
    ]
    code_places: set[int] = set()
    opened: tuple[int, re.Match[str]] | None = None
    for place, (_, line) in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        if opened is None or opened[1]["sign"] != fence["sign"] or fence["language"]:
            opened = (place, fence)
            continue
        first, opening = opened
        body = "".join(line for _, line in lines[first + 1 : place])
        is_code = opening["language"] or (opening["sign"] == "```" and body.isascii())
        if len(body) <= _LONGEST_CODE and is_code:
            code_places.update(range(first, place + 1))
        opened = None
    touched = {lines[place][0] for place in code_places}
    remaining: dict[int, list[str]] = {number: [] for number in touched}
    for place, (number, line) in enumerate(lines):
        if number in touched and place not in code_places:
            remaining[number].append(line)
    return {
        number: [replace(paragraphs[number], text="\n".join(lines_left))] if lines_left else []
        for number, lines_left in remaining.items()
    }


def drop_bullets(document: Document) -> Result:
    """Take off the signs * and + before the items of a list."""
    return rewrite_paragraphs(document, lambda text: _BULLET.sub("", text))


def without_signs(text: str) -> str:
    """Return a text without the signs that only tell how words look.

    >>> without_signs("Cô ấy **rất** vui và _hát_ vang, gọi `ls` xong cười.")
    'Cô ấy rất vui và hát vang, gọi ls xong cười.'
    >>> without_signs("2*3*4, snake_case, a_b, từ* và * chú, [[trang khác|đây]], $a^2=4$")
    '2*3*4, snake_case, a_b, từ* và * chú, đây, a bình phương bằng 4'
    """
    text = _FORMULA.sub(_say_formula, text)
    lines = text.split("\n")
    if len(lines) > 1 and all(line.startswith(">") for line in lines):
        text = "\n".join(line[1:].lstrip() for line in lines)  # a quotation, as in mail
    text = _LINE.sub("", text)
    text = _ROW.sub(_cells_in_words, text)
    text = _LINK.sub(lambda link: "" if link[1] else link[2], text)
    text = _WIKI.sub(_words_of_link, text)
    for _ in range(3):  # one pair within another
        plain = _PAIRS.sub(lambda pair: pair[pair.lastindex or 0], text)
        if plain == text:
            break
        text = plain
    return text


def _cells_in_words(row: re.Match[str]) -> str:
    """Return the cells of a row of a table, parted by commas."""
    cells = [cell.strip() for cell in row["cells"].split("|")]
    return ", ".join(cell for cell in cells if cell.strip(":- "))


def _words_of_link(link: re.Match[str]) -> str:
    return "" if link[0].startswith("!") else link[2] or link[1]


def _say_formula(formula: re.Match[str]) -> str:
    tex = formula[formula.lastindex or 0]
    if formula.lastindex == 2 and not _IS_FORMULA.search(tex):
        return formula[0]
    return say_tex(tex) or formula[0]
