"""Titles in tables of contents, which may have lost letters that the page still shows."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re

# A question mark at the beginning of a word or within it was a letter, as were these signs.
_DAMAGED = re.compile(r"\?(?=\w)|[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_LOST = re.compile(r"[?\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]+")


def is_damaged(title: str) -> bool:
    """Whether letters of a title are lost.

    >>> is_damaged("S?n xu?t"), is_damaged("Sản xuất?")
    (True, False)
    """
    return _DAMAGED.search(title) is not None


def restores(line: str, title: str) -> bool:
    """Whether a line is what a damaged title was before it lost letters.

    >>> restores("Sản xuất", "S?n xu?t"), restores("Bán hàng", "S?n xu?t")
    (True, False)
    """
    pieces = map(re.escape, _LOST.split(" ".join(title.split()).casefold()))
    return re.fullmatch(r"\S{0,3}".join(pieces), " ".join(line.split()).casefold()) is not None
