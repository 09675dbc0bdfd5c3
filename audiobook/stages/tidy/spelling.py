"""Characters within paragraphs: letters spelled one way, HTML that was left in the text."""

from __future__ import annotations

import html
from dataclasses import replace

from audiobook.model import Document
from audiobook.stages.tidy.step import Result, rewrite_paragraphs
from audiobook.vietnamese import clean_letters, clean_line
from audiobook.vietnamese import lazy_re as re

_VOID = r"br|hr|img|wbr"
_BLOCK = r"p|div|h[1-6]|li|ul|ol|table|tr|td|th|tbody|thead|blockquote|center|section|article"
_INLINE = r"a|b|i|u|s|em|strong|span|font|small|big|sub|sup|strike|tt|q|cite"
_ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=]++)"""
# Marks of a tag for certain: one that stands alone, has attributes, or closes. "<b>" alone may
# be a text about HTML, "a < b" and "<3" are none.
_SURE = re.compile(
    rf"<(?:(?:{_VOID})(?:{_ATTRIBUTE})*+\s*/?|(?:{_BLOCK}|{_INLINE})(?:{_ATTRIBUTE})++\s*/?"
    rf"|/(?:{_BLOCK}|{_INLINE})\s*)>|<!--[^<>]{{0,500}}-->",
    re.IGNORECASE,
)
_LINE_TAG = re.compile(
    rf"</?(?:{_VOID.replace('|wbr', '')}|{_BLOCK})(?:{_ATTRIBUTE})*+\s*/?>", re.IGNORECASE
)
_TAG = re.compile(
    rf"</?(?:wbr|{_INLINE})(?:{_ATTRIBUTE})*+\s*/?>|<!--[^<>]{{0,500}}-->", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:amp;)*(?P<name>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
# A text that still changes after so many rounds was not HTML.
_MOST_ROUNDS = 4


def respell_letters(document: Document) -> Result:
    """Spell letters one way, in titles too; changes of spaces alone do not count."""
    touched: list[str] = []

    def spell(text: str) -> str:
        clean = clean_letters(text).strip()
        if clean != text and clean.split() != text.split():
            touched.append(clean)
        return clean

    spelled, _ = rewrite_paragraphs(document, spell)
    titled = (replace(chapter, title=clean_line(chapter.title)) for chapter in spelled.chapters)
    return replace(spelled, chapters=tuple(titled)), touched


def strip_markup(document: Document) -> Result:
    """Take off tags and write entities as the characters they stand for."""
    return rewrite_paragraphs(document, _without_markup)


def _without_markup(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    stripped = text
    for _ in range(_MOST_ROUNDS):
        previous = stripped
        stripped = _ENTITY.sub(_character, stripped)
        if _SURE.search(stripped):
            stripped = _TAG.sub("", _LINE_TAG.sub("\n", stripped))
        if stripped == previous:
            break
    else:
        return text
    return text if stripped == text else clean_letters(stripped).strip()


def _character(entity: re.Match[str]) -> str:
    written = f"&{entity['name']};"
    character = html.unescape(written)
    return entity[0] if character == written else character
