"""What a user says of a book, checked before it stands in its tags."""

from __future__ import annotations

import re

from audiobook.errors import UsageError
from audiobook.messages import message

_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
# Several volumes may be one book: 1-3.
_VOLUME = re.compile(rf"{_NUMBER}(?:-{_NUMBER})?", re.ASCII)
# A language, and what RFC 5646 has behind it: vi, vi-VN, zh-Hant-TW.
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)
# The languages of two letters (ISO 639-1), so that the country VN is not taken for one.
_TWO_LETTERS = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv "
    "cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho "
    "hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku "
    "kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn "
    "no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl "
    "sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve "
    "vi vo wa wo xh yi yo za zh zu".split()
)


def read_volume(text: str) -> str:
    """Return the place of a book in its series, with a point if it has a fraction; or nothing.

    Raises:
        UsageError: it is not a number, nor the first and the last of several.
    """
    if text and not _VOLUME.fullmatch(text):
        raise UsageError(
            message("{volume!r} is not the number of a volume", volume=text),
            message("write one such as 3 or 1.5"),
        )
    return text.replace(",", ".")


def read_language(text: str) -> str:
    """Return the tag of a language by BCP 47, or nothing.

    Raises:
        UsageError: it has another form, or two letters that are those of no language.
    """
    first, *others = text.split("-")
    is_known = len(first) != 2 or first.lower() in _TWO_LETTERS
    if text and not (is_known and _TAG.fullmatch(text)):
        raise UsageError(
            message("{language!r} is not the tag of a language", language=text),
            message("write one such as vi, en or zh-Hant"),
        )
    return "-".join((first.lower(), *others))
