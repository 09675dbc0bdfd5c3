"""Abbreviations beside what they belong to: tr. 15, P. Tân Định, word classes in dictionaries."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.ambiguity import guess_place
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.syllables import is_vietnamese

_NEIGHBOURHOOD = 60
_NUMBERED = {"tr": "trang", "t": "tập", "q": "quận", "p": "phường"}
_PLACES = {"q": "quận", "p": "phường", "h": "huyện", "x": "xã", "đ": "đường", "t": "tỉnh"}
# Wards have at most two digits: P.205 is a room.
_LAST_WARD = 99
_WORD_CLASSES = {
    **dict.fromkeys(("d", "dt"), "danh từ"),
    **dict.fromkeys(("đg", "đgt"), "động từ"),
    **dict.fromkeys(("t", "tt"), "tính từ"),
    **dict.fromkeys(("p", "pht", "pt"), "phụ từ"),
    **dict.fromkeys(("k", "kt", "lt"), "kết từ"),
    **dict.fromkeys(("tr", "trt"), "trợ từ"),
    **dict.fromkeys(("c", "tht"), "cảm từ"),
    **dict.fromkeys(("đ", "đt"), "đại từ"),
}
_HEADWORD = re.compile(
    r"(?P<words>[a-zà-ỹ]{1,7}(?:[\s-][a-zà-ỹ]{1,7}){0,3})(?:[,\s]{1,2}(?:[IVX]{1,3}|[1-9]))?\s"
)
_WORDS_BEFORE_PLACES = frozenset("ở tại về huyện xã đến".split())
# Words and abbreviations of books: beside them "q." is a volume (quyển), not a district (quận).
_CITED = re.compile(
    r"(?<!\w)(?:tr|t|Sđd|[Nn]xb|NXB)\.|(?<!\w)(?i:sử ký|ngoại kỷ|bản kỷ|toàn thư|sđd|tr)(?!\w)"
)
_NAME_BEFORE = re.compile(r"[A-ZĐ]\w*[^\W\d_A-Z]\s\Z")
# Two words with capitals, Vietnamese by their marks or their shape.
_PLACE_NAME = rf"[{CAPITALS}][^\W\d_]+\s[{CAPITALS}][^\W\d_]+"


def mark_in_context(match: re.Match[str]) -> str:
    """Return the text around a match, with the match itself replaced by a NUL character."""
    text, start, end = match.string, match.start(), match.end()
    return f"{text[max(0, start - _NEIGHBOURHOOD) : start]}\0{text[end : end + _NEIGHBOURHOOD]}"


def _read_numbered_abbreviation(match: re.Match[str], accent: Accent) -> str:
    number, short = int(match["number"]), match["short"]
    label = "phòng" if short in "Pp" and number > _LAST_WARD else _NUMBERED[short.lower()]
    if short in "Qq" and _CITED.search(mark_in_context(match)):
        label = "quyển"
    spoken = f"{label.capitalize() if short == 'Tr' else label} {cardinal(number, accent)}"
    if match["last"]:
        spoken += f" đến {cardinal(int(match['last']), accent)}"
    return guess_place(match, spoken)


def _read_chapter(match: re.Match[str], accent: Accent) -> str:
    return f"chương {cardinal(int(match['number']), accent)}"


_SEGMENT_BEFORE = re.compile(
    r"(?<!\w)(?:cạnh(?: bên| huyền| đáy)?|đoạn(?: thẳng)?|đường (?:thẳng|cao|chéo)|tia|dây|cung)"
    r"\s\Z",
    re.IGNORECASE,
)
_SEGMENT_AFTER = re.compile(r"\s?[=⊥∥]|\s(?:vuông góc|song song)(?!\w)")


def _read_segment(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Name the ends of a segment, though they may look like a syllable."""
    is_segment = search_before(match, _SEGMENT_BEFORE) or _SEGMENT_AFTER.match(
        match.string, match.end()
    )
    return spell(match[0]) if is_segment else None


def _read_place_abbreviation(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the Q. of "Q. Tân Bình"; after another name such a letter is an initial."""
    if match["short"] in "Tt" and match.string[match.start() - 2 : match.start()] != ", ":
        return None
    return (
        None
        if _NAME_BEFORE.search(match.string, max(0, match.start() - 16), match.start())
        else _PLACES[match["short"].lower()]
    )


def _read_word_class(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the word class after the headword of a dictionary: "ăn năn đgt. Thấy"."""
    head = _HEADWORD.fullmatch(match.string, 0, match.start())
    if (
        not head
        or not all(map(is_vietnamese, head["words"].split()))
        or head["words"] in _WORDS_BEFORE_PLACES
    ):
        return None
    return f"{_WORD_CLASSES[match['class'].rstrip('. ')]}. "


NUMBERED = rf"r?\.\s?(?:[0-9]|{_PLACE_NAME})"
"""What follows the letter of tr. 15 or P. Tân Định, for the scan."""
_CLASSES = "|".join(sorted(_WORD_CLASSES, key=len, reverse=True))
WORD_CLASS = (
    rf"(?:{_CLASSES})\.\s(?=[1-9]\s[{CAPITALS}]|\(|[{CAPITALS}][^\W\d_]*\s[^\W\d_{CAPITALS}])"
)


RULES = (
    Rule("abbreviation", re.compile(rf"(?<!\w)(?P<class>{WORD_CLASS})"), _read_word_class),
    Rule("abbreviation", re.compile(r"(?<!\w)Ch\.\s?(?P<number>[0-9]{1,3})(?!\w)"), _read_chapter),
    # Of a line or side: AC = 8, cạnh SA.
    Rule("letters", re.compile(r"(?<!\w)[A-Z]{2}(?!\w)"), _read_segment),
    # P.5, Q. 3, tr. 15: without a number Q. is the initial of a person.
    Rule(
        "abbreviation",
        re.compile(rf"(?<!\w)(?<!\w\.)(?P<short>[QPHXĐTqphxđt])\.(?=\s?{_PLACE_NAME})"),
        _read_place_abbreviation,
    ),
    Rule(
        "abbreviation",
        re.compile(
            r"(?<!\w)(?<!\w\.)(?P<short>[Tt]r?|[QPqp])\.\s?(?P<number>[0-9]{1,4})"
            r"(?:\s?[-–]\s?(?P<last>[0-9]{1,4}))?(?![0-9])"
        ),
        _read_numbered_abbreviation,
    ),
)
