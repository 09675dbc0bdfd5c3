"""Emoticons, which are left out: :D, =)), ^^, <3."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.rule import Accent, Rule, text_before

MOUTH = "(?=['-]?[)(DPpvVoO3\\]><]|[\"”’*][)(]{2})"
SHOUT = r"@(?=@|[_.]@)(?<!\w.)"
DASH = "(?=[._]{1,4}-)"
TEARS = "T_{1,4}T"
"""How emoticons go on after the eyes and after a dash, and how others begin, for the scan."""
_ENDS = r"(?![\w/])"
# Beside these <3 is a heart; elsewhere it means "less than three".
_FOND = re.compile(
    r"(?<!\w)(?:yêu|thương|iu|cảm ơn|cám ơn|cute|xinh|đẹp|thích|hay|nhé|nha|quá|lắm|ạ|ơi|ngon|mê"
    r"|nhớ|chúc|mừng|vui)(?!\w)|[:=][)D]|<3",
    re.IGNORECASE,
)
_LONGEST_REMARK = 400  # characters
_NUMBER_GOES_ON = re.compile(r"(?!\s?<3)\s?[-+×≤≥.,]*[0-9%=<>]")


def closes_bracket(match: re.Match[str]) -> bool:
    """Whether the bracket in an emoticon may close one that is open before it: "(— =)".

    It looks back as far as a remark in brackets is long, so that a text takes time by its length.
    """
    preceding_text = text_before(match, _LONGEST_REMARK)
    if "]" in match[0]:
        return preceding_text.rfind("[") > preceding_text.rfind("]")
    return ")" in match[0] and preceding_text.rfind("(") > preceding_text.rfind(")")


def _leave_out_face(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    return None if closes_bracket(match) else ""


def _read_heart(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    fond = _FOND.search(text_before(match, 40))
    return "" if fond and not _NUMBER_GOES_ON.match(match.string, match.end()) else None


RULES = (
    Rule("emoticon", re.compile(rf"[:;=]'?-?(?:\)++|\(++){_ENDS}"), _leave_out_face),
    Rule(
        "emoticon",
        re.compile(rf"(?<!\w)[:;=]'?-?(?:[DPpV]|v+|[oO](?=\s|\Z)){_ENDS}"),
        _leave_out_face,
    ),
    Rule(
        "emoticon",
        re.compile(rf"[:;=]'?-?\]++{_ENDS}|[:;=][\"”’*](?:\){{2,}}|\({{2,}})"),
        _leave_out_face,
    ),
    # "nha:D"
    Rule("emoticon", re.compile(r"(?<=[a-zà-ỹđ]{2}):[DP](?=\s|\Z)"), _leave_out_face),
    Rule("emoticon", re.compile(r":>++(?![\w=])|(?<=\s):<++(?![\w=3])"), _leave_out_face),
    Rule("emoticon", re.compile(r"(?<!\w)@(?:@++|[_.]+@)(?!\w)"), _leave_out_face),
    Rule("emoticon", re.compile(rf"\^_*+\^++{_ENDS}"), _leave_out_face),
    Rule(
        "emoticon",
        re.compile(rf"(?<!\w)(?:T_{{1,4}}T|>[_.]<|-[_.]{{1,4}}-){_ENDS}"),
        _leave_out_face,
    ),
    Rule("emoticon", re.compile(rf"(?<!\S)<3++{_ENDS}"), _read_heart),
    Rule("emoticon", re.compile(r"(?<=\s):3++(?!\S)"), _leave_out_face),
)
