"""Emoji, which are left out: many voices would read out their names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiobook.stages.tidy.step import Result, rewrite_paragraphs, space_between
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.emoticons import closes_bracket

if TYPE_CHECKING:
    import regex

    from audiobook.model import Document

# Emoji by the data of Unicode (UTS 51): what is drawn in colour, and what may be. Signs that are
# common in texts stay; arrows and ornaments too, unless a selector asks for colour.
_SIGNS = "©®™‼⁉ℹ〽㊗㊙"
_SIGNS_OR_EMOJI = "♀♂♦▪↔-↙↩↪⤴⤵⬅-⬇➡〰Ⓜ"
_PICTURE = (
    rf"(?:\p{{Emoji_Presentation}}|(?![{_SIGNS}{_SIGNS_OR_EMOJI}])\p{{Extended_Pictographic}}"
    rf"|[{_SIGNS_OR_EMOJI}]\uFE0F)"
)
_CHANGED = r"(?:\p{Emoji_Modifier}|\uFE0F|[\U000E0020-\U000E007F])*+"
_EMOJI = (
    r"(?:[#*]\uFE0F?\u20E3|\p{Regional_Indicator}|\p{Emoji_Modifier}"
    rf"|{_PICTURE}{_CHANGED}(?:\u200D(?:{_PICTURE}|[{_SIGNS_OR_EMOJI}]){_CHANGED})*+\u200D?)"
)
# A number on a key is a number: "Bước 1️⃣".
_NUMBER_KEY = re.compile("([0-9])\ufe0f?\u20e3")
# Faces drawn with letters and signs: :) =)) :-D ^^, and (｡◕‿‿◕｡), of no Latin letters.
_FACE = re.compile(
    r"(?:\A|(?<=[\n.!?…~])|[^\S\n])"
    r"(?:[:;]['’]?-?[)(\]DP]{1,12}|=[)(\]]{1,12}|\^[_.-]?\^{1,6})"
    r"(?=[\s.,!?…~]|\Z)"
    r"|[^\S\n]?[(（](?=[^()（）]{0,14}[◕‿｡▽≧≦´｀ᵔ˘ω╯￣])"
    r"[^\s()（）A-Za-z\u00c0-\u024f\u1e00-\u1eff]{3,16}[)）][づっノﾉ]?"
)
_MAY_BE_FACE = re.compile(r"[:;=][^\s\w]|[:;=][DP]|\^|[◕‿｡▽≧≦´｀ᵔ˘ω╯￣]")
# Every emoji holds one of these: a character of its own, or a selector after a plain one.
_MAY_BE = re.compile("[©®‼-\U0010ffff]")


@cache
def _emoji_run() -> regex.Pattern[str]:
    import regex

    return regex.compile(rf"(?<![^\S\n])[^\S\n]*+(?:{_EMOJI}[^\S\n]*+)++")


def drop_emoji(document: Document) -> Result:
    """Leave out emoji of every kind: faces, flags, families; the space beside them closes.

    A number on a key stays as a number.
    """
    return rewrite_paragraphs(document, without_emoji)


def without_emoji(text: str) -> str:
    """Return a text without its emoji.

    >>> without_emoji("Chúc mừng em 👩‍👩‍👧 nhé 😀! © 2020 → 1")
    'Chúc mừng em nhé! © 2020 → 1'
    """
    if _MAY_BE_FACE.search(text):
        faceless = _FACE.sub(lambda face: face[0] if closes_bracket(face) else "", text)
        text = faceless if text[:1].isspace() else faceless.lstrip(" ")
    if not _MAY_BE.search(text):
        return text
    silent: str = _emoji_run().sub(_space_instead, _NUMBER_KEY.sub(r"\1", text))
    return silent


def _space_instead(emoji: regex.Match[str]) -> str:
    text, start, end = emoji.string, emoji.start(), emoji.end()
    spaces = len(emoji[0]) > len(emoji[0].strip())
    preceding = text[max(start - 1, 0) : start]
    following = text[end : end + 1]
    return space_between(f"{preceding} " if spaces else preceding, following)
