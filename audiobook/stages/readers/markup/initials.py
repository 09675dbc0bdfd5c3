"""Initials that stand apart from their word: a letter over several lines, or the picture of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup.tree import tag_name
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from lxml import etree

INITIAL_CLASS = re.compile(
    r"drop-?_?caps?|initial|lettrine|first-?_?letter|chu-?_?cai-?_?dau", re.I
)
_STYLE = re.compile(
    r"float\s*:\s*left|font-size\s*:\s*(?:[2-9]|[1-9]\d+)(?:\.\d+)?(?:em|rem)"
    r"|font-size\s*:\s*(?:[2-9]\d\d|1[5-9]\d)%|font-size\s*:\s*(?:x+-large|[3-9]\dp[tx])",
    re.I,
)
_FONT_SIZE = re.compile(r"\+[2-9]|[5-7]")
# One capital letter, after the marks that open speech.
_INITIAL = re.compile(r"[\"'“‘«(\[–—-]?\s?[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouyăâêôơưà-ỹ]", re.I)
_LONGEST = 8  # characters of an element that holds an initial, blanks counted


def is_initial(text: str) -> bool:
    """Whether a text is no more than one capital letter.

    >>> is_initial("T"), is_initial("“Đ"), is_initial("A."), is_initial("t"), is_initial("1")
    (True, True, False, False, False)
    """
    text = text.strip()
    return text[-1:].isupper() and _INITIAL.fullmatch(text) is not None


def initial_in(element: etree._Element, attributes: dict[str, str], *, of_class: bool) -> str:
    """Return the initial that an element shows, empty where it shows none.

    Args:
        element: the element.
        attributes: its attributes.
        of_class: whether its class says that it is an initial.
    """
    if tag_name(element) == "img":
        text = attributes.get("alt", "")
        return text.strip() if is_initial(text) else ""
    if not of_class and not _is_set_apart(attributes):
        return ""
    text = ""
    for inner in element.iter():
        text += (inner.get("alt") or "") if tag_name(inner) == "img" else str(inner.text or "")
        text += str(inner.tail or "") if inner is not element else ""
        if len(text) > _LONGEST and len(text.strip()) > _LONGEST:
            return ""
    return text.strip() if is_initial(text) else ""


def may_be_initial(tag: str, attributes: dict[str, str], *, of_class: bool) -> bool:
    """Whether an element with such attributes shows an initial if it holds one.

    Args:
        tag: the name of the element.
        attributes: its attributes.
        of_class: whether its class says that it is an initial.
    """
    return tag == "img" or of_class or _is_set_apart(attributes)


def _is_set_apart(attributes: dict[str, str]) -> bool:
    return (
        ("id" in attributes and bool(INITIAL_CLASS.search(attributes["id"])))
        or ("style" in attributes and bool(_STYLE.search(attributes["style"])))
        or ("size" in attributes and bool(_FONT_SIZE.fullmatch(attributes["size"].strip())))
    )


def join_initial(initial: str, text: str, *, loose: bool, marked: bool) -> str | None:
    """Return a text with the initial before it.

    Args:
        initial: a capital letter.
        text: what follows, without blanks before it.
        loose: whether a blank or the end of a block stands between, which may be a blank of the
            sentence or only one of the page.
        marked: whether the page shows it as an initial.

    Returns:
        None where the initial does not belong to the text.

    >>> join_initial("T", "rời vừa hửng", loose=True, marked=True)
    'Trời vừa hửng'
    >>> join_initial("Y", "nhìn ra", loose=True, marked=True)
    'Y nhìn ra'
    >>> join_initial("B", "Ban ngày", loose=True, marked=False)
    """
    word = _WORD.match(text)
    if not loose or word is None:
        return initial + text if marked or not loose else None
    first_word = word[0]
    if first_word[0].isupper() and not (marked and len(first_word) > 1 and first_word.isupper()):
        return f"{initial} {text}" if marked and _VOWELS.match(initial[-1]) else None
    if is_vietnamese(initial[-1] + first_word) or first_word[0].isupper():
        return initial + text
    if not marked:
        return None
    is_word = bool(_VOWELS.match(initial[-1])) and bool(_VOWELS.search(first_word))
    return f"{initial} {text}" if is_word else initial + text
