"""Marks that refer to notes, and marks of printed pages, which no one reads aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup.tree import tag_name
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

# The text of a link to a note, or of one back: [1], (2), 3, a, *, †, ^, ↩.
MARK = re.compile(r"[\[({]?\s*(?:\d{1,4}|[a-z]{1,2}|[*†‡§]{1,4}|[\^↑↩↵⏎]\ufe0e?)\s*[\])}]?[.:]?")
# Several at once, raised: 1,2 and [1][2]; or with the page of the source, as [2]:12 and :12.
_SEVERAL = re.compile(r"(?:[\[(]?\d{1,3}[\])]?\s?[,;–-]?\s?){0,6}(?::\s?\d{1,4}(?:[–-]\d{1,4})?)?")
PLAIN_MARK = re.compile(r"\w+[.:]?")
MARK_TYPES = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
MARK_CLASS = re.compile(r"note|foot|super|\bsup|\bref", re.I)
_LONGEST_MARK = 10
PAGE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:pag(?:e|ina)?[_-]?(?:num(?:ber)?|no|break|breaks|ref)?s?|pgnum|pb|so-?trang)"
    r"\d*(?:$|[\s_-])",
    re.I,
)
_PAGE_NAME = re.compile(r"(?:p|pg|pag|page|trang)[_.-]?0*(\d{1,4}|[ivxlc]{1,7})", re.I)
_PAGE = re.compile(
    r"[\W_]*(?:(?:trang|tr|pages?|pag|pg|p)\b[.\s]*)?(\d{1,4}|[ivxlc]{1,7})[\W_]*", re.I
)
_LONGEST_PAGE = 20
# What a small raised number after them makes a power: units, functions, and what multiplies.
_UNITS = frozenset("km hm dam dm cm mm nm µm μm sin cos tan tg cot cotg log ln lg sec".split())
_TOKEN = re.compile(r"\S*\Z")
_LETTERS = re.compile(r"[a-zA-Zα-ωΑ-Ωµ]+\Z")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d\Z")


def short_text(element: etree._Element, longest: int = _LONGEST_MARK) -> str:
    """Return the text of an element if it is short enough for a mark, else nothing."""
    text = ""
    for piece in element.itertext():
        text += str(piece).strip()
        if len(text) > longest:
            return ""
    return text


def is_in_superscript(element: etree._Element) -> bool:
    """Whether an element stands right in a raised one."""
    parent = element.getparent()
    return parent is not None and tag_name(parent) == "sup"


def is_several(text: str) -> bool:
    """Whether a raised text is several marks."""
    return len(text) > 1 and _SEVERAL.fullmatch(text) is not None and not text.isdecimal()


def is_raised_mark(number: str, text: str) -> bool:
    """Whether a raised number is the mark of a note rather than a power or part of a unit.

    Args:
        number: its digits.
        text: what stands before it in its line.

    >>> is_raised_mark("1", "Vua đi săn"), is_raised_mark("2", "Hết."), is_raised_mark("3", "")
    (True, True, True)
    >>> is_raised_mark("2", "20 m"), is_raised_mark("3", "10"), is_raised_mark("2", "(a + b)")
    (False, False, False)
    >>> is_raised_mark("4", "năm 1945"), is_raised_mark("2", "5cm"), is_raised_mark("2", "số 2x")
    (True, False, False)
    """
    token = _TOKEN.search(text)
    word = token[0] if token else ""
    if len(number) > 3 or not word:
        return not word
    if word[-1].isdigit():
        return _YEAR.search(word) is not None
    if word[-1] in ")]":
        inside = text[max(text.rfind("("), text.rfind("[")) + 1 : -1]
        return any(len(part) > 1 and part.isalpha() for part in inside.split())
    letters = _LETTERS.search(word)
    if letters is None:
        return word[-1] not in "∞π’'′"
    beginning = word[: letters.start()]
    if letters[0].lower() in _UNITS:
        return False
    if beginning:
        return beginning[-1].isalpha() or (len(letters[0]) > 2 and not beginning[-1].isdigit())
    return len(letters[0]) > 1


def is_page_mark(element: etree._Element, names: Iterable[str], *, of_class: bool) -> bool:
    """Whether an element is the number of a printed page, by its class or its name.

    Args:
        element: the element.
        names: by which links can point to it.
        of_class: whether its class says so.
    """
    by_name = [match for name in names if (match := _PAGE_NAME.fullmatch(name))]
    if not of_class and not by_name:
        return False
    page = _PAGE.fullmatch(short_text(element, _LONGEST_PAGE))
    if page is None:
        return False
    return of_class or any(name[1].lower() == page[1].lower() for name in by_name)


def parts_words(left: str, right: str) -> bool:
    """Whether two pieces that a page mark stood between are words of their own.

    >>> parts_words("đi về", "phía nhà"), parts_words("ông ngh", "iêng mình")
    (True, False)
    """
    last, first = _last_word(left), _first_word(right)
    if not last or not first:
        return False
    return not is_vietnamese(last + first) and is_vietnamese(last) and is_vietnamese(first)


def _last_word(text: str) -> str:
    match = re.search(r"[^\W\d_]+\Z", text[-_LONGEST_PAGE:])
    return match[0] if match else ""


def _first_word(text: str) -> str:
    match = re.match(r"[^\W\d_]+", text)
    return match[0] if match else ""
