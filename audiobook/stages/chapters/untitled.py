"""Titles for texts that have none: the name of the file if that is a title, else the first words.

Editors know an untitled text by how it begins, as they do poems; nobody knows one as `article`.
"""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.vietnamese import clean_line
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Chapter

# Names that programs give, and that people give to any text.
_WORDS = frozenset(
    "article clipboard content copy default doc document download draft dsc file final home image"
    " img index input main new note notes of output page paste pasted pxl scan screenshot source"
    " stdin temp test text tmp txt unnamed untitled vid".split()
)
_PHRASES = frozenset(
    "bài;bài viết;bản nháp;bản sao;chưa đặt tên;không có tiêu đề;tài liệu;tài liệu mới;tệp;tệp mới"
    ";tài liệu không có tiêu đề;tài liệu văn bản mới;văn bản;văn bản mới"
    ";bai;bai viet;ban nhap;ban sao;tai lieu;van ban".split(";")
)
# A title that is written out stands among the first lines, as below the name of the author.
_TITLE_WITHIN = 3
_SEPARATORS = re.compile(r"[\W\d_]+")
_KEY_WORD = re.compile(r"[^\W_]+")
_DIGEST = re.compile(r"(?=.*\d)[0-9a-f-]{8,}")
# What may stand in a title of first words: a line that is whole, or so many characters of one.
_LONGEST_LINE, _LONGEST_BEGINNING = 80, 50
_CLAUSE = re.compile(rf".{{12,{_LONGEST_BEGINNING}}}?(?=[,;:.!?…–—]+\s)")
_FULL_STOP = re.compile(r"(?<!\.)[.,;:]$")
_OPENING_DASH = re.compile(r"^[\s–—-]+")


def title_for(name: str, chapters: Sequence[Chapter]) -> str:
    """Return a title for a text without one: the best of its name, its only heading, its beginning.

    A name without accents, `chieu-muon`, gives way to the line of the text that writes it out.

    Args:
        name: of its file, without the ending; empty if it has none.
        chapters: the text; with nothing in it the title may be empty.
    """
    if is_title(name):
        return _written_out(name, chapters) or name
    only_title = chapters[0].title if len(chapters) == 1 else ""
    return only_title or beginning(chapters)


def _written_out(name: str, chapters: Sequence[Chapter]) -> str:
    """Return the line at the beginning that is the name of the file and has accents besides."""
    key = _key(name)
    if not name.isascii():
        return ""
    lines = (clean_line(paragraph.text) for chapter in chapters for paragraph in chapter.paragraphs)
    for line in islice(lines, _TITLE_WITHIN):
        if len(line) <= _LONGEST_LINE and not line.isascii() and _key(line) == key:
            return _FULL_STOP.sub("", line)
    return ""


def _key(text: str) -> str:
    """Return a text in small letters without accents, its words parted by one space."""
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(_KEY_WORD.findall(plain))


def is_title(name: str) -> bool:
    """Whether the name of a file, without its ending, says what the text in it is.

    >>> is_title("Tắt đèn"), is_title("truyen-kieu"), is_title("Ế")
    (True, True, True)
    >>> is_title("article"), is_title("IMG_2034"), is_title("Document (3)"), is_title("Bản sao 2")
    (False, False, False, False)
    """
    plain = " ".join(_SEPARATORS.sub(" ", clean_line(name).casefold()).split())
    if plain in _PHRASES or _DIGEST.fullmatch(name.casefold()):
        return False
    return any(word not in _WORDS for word in plain.split())


def beginning(chapters: Sequence[Chapter]) -> str:
    """Return the first line of a text if it is short, else its first words and an ellipsis."""
    line = next(_lines(chapters), "")
    if len(line) <= _LONGEST_LINE:
        return _FULL_STOP.sub("", line)
    if clause := _CLAUSE.match(line):
        return f"{clause[0]}…"
    words = line[: _LONGEST_BEGINNING + 1].rpartition(" ")[0]
    return f"{words or line[:_LONGEST_BEGINNING]}…"


def _lines(chapters: Sequence[Chapter]) -> Iterator[str]:
    """Yield the paragraphs of a text that hold words: prose first, headings if nothing else."""
    for kinds in (frozenset(Kind) - {Kind.HEADING, Kind.BREAK}, {Kind.HEADING}):
        for chapter in chapters:
            for paragraph in chapter.paragraphs:
                line = _OPENING_DASH.sub("", clean_line(paragraph.text))
                if paragraph.kind in kinds and any(map(str.isalpha, line)):
                    yield line
