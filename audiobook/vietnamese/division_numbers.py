"""Numbers of divisions: 12, 2-3, XIV, mười hai, thập nhất, twelve."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.roman import roman_value
from audiobook.vietnamese.unusual_headings import combine_numerals

# What each word of a spelled number is worth, Vietnamese and Sino-Vietnamese.
_COUNTED = (
    "một hai ba bốn năm sáu bảy tám chín mười",
    "nhất nhị tam tứ ngũ lục thất bát cửu thập",
)
ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_VALUES = {
    **{word: value for value, word in enumerate(ENGLISH.split(), 1)},
    **{word: value for words in _COUNTED for value, word in enumerate(words.split(), 1)},
    "mốt": 1,
    "nhì": 2,
    "tư": 4,
    "lăm": 5,
    "bẩy": 7,
    "mươi": 10,
    "trăm": 100,
    "bách": 100,
    "linh": 0,
    "lẻ": 0,
}
WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
SPELLED = rf"(?:{WORD})(?:\s+(?:{WORD}))*"
DIGITS = r"\d{1,5}(?:\.\d{1,3}(?!\d))?[a-d]?"
_MORE = r"(?:\s*[-–—+&,/]\s*|\s+(?:và|đến)\s+)"
# A number of several chapters, "2-3", is followed by their title or by nothing.
NUMBER = rf"(?:{DIGITS}(?:{_MORE}{DIGITS})+(?=\s*(?:[:.(]|\s[-–—]|\Z))|{DIGITS}|[ivxlc]+|{SPELLED})"
"""A regular expression, without groups, for the number of a division."""
ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")


def number_in_digits(written: str) -> str | None:
    """Return a number in digits, or None for letters that only resemble a Roman numeral."""
    text = " ".join(written.lower().split())
    if text[0].isdigit():
        return ZEROS.sub("", re.sub(r"\s*(?:[-–—+&,/]|và|đến)\s*", "-", text))
    if re.fullmatch(r"[ivxlc]+", text):
        numeral = roman_value(text.upper())
        return None if numeral is None else str(numeral)
    return str(combine_numerals(_VALUES[word] for word in text.split()))
