"""Numbers: cardinals, decimals, signs and runs of digits."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS
from audiobook.vietnamese.rules.ambiguity import guess_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before
from audiobook.vietnamese.syllables import is_vietnamese

_DIGITS: dict[Accent, list[str]] = {
    accent: f"không một hai ba bốn năm sáu {words['seven']} tám chín".split()
    for accent, words in DIALECTS.items()
}
# Longer runs of digits are read digit by digit: they are not quantities.
_LONGEST_CARDINAL = 15
# So are longer parts of a version or a coordinate: 21.3156,105.8085.
_LONGEST_PART = 4


def cardinal(number: int, accent: Accent = "north") -> str:
    """Return a whole number in words.

    >>> cardinal(2026)
    'hai nghìn không trăm hai mươi sáu'
    >>> cardinal(1_000_005, "south")
    'một triệu không trăm lẻ năm'
    """
    if number < 0:
        return f"âm {cardinal(-number, accent)}"
    if number == 0:
        return _DIGITS[accent][0]
    words = DIALECTS[accent]
    parts = []
    for scale, name in (
        (10**9, words["billion"]),
        (10**6, "triệu"),
        (10**3, words["thousand"]),
        (1, ""),
    ):
        count, number = divmod(number, scale)
        if count >= 1000:  # only the billions: a thousand billion is named like a thousand
            parts.append(f"{cardinal(count, accent)} {name}")
        elif count:
            parts.append(f"{_below_thousand(count, bool(parts), accent)} {name}".rstrip())
    return " ".join(parts)


def _below_thousand(number: int, follows: bool, accent: Accent) -> str:
    names, words = _DIGITS[accent], DIALECTS[accent]
    hundreds, below_hundred = divmod(number, 100)
    tens, ones = divmod(below_hundred, 10)
    spoken_words = [names[hundreds], "trăm"] if hundreds or follows else []
    if tens == 0 and ones and spoken_words:
        spoken_words += [words["odd"], names[ones]]
    elif tens == 0 and ones:
        spoken_words += [names[ones]]
    elif tens:
        spoken_words += ["mười"] if tens == 1 else [names[tens], "mươi"]
        if ones == 1 and tens > 1:
            spoken_words.append("mốt")
        elif ones == 4 and tens > 1:
            spoken_words.append(words["four after a ten"])
        elif ones == 5:
            spoken_words.append("lăm")
        elif ones:
            spoken_words.append(names[ones])
    return " ".join(spoken_words)


def digits(run: str, accent: Accent = "north") -> str:
    """Return the digits of a run in words, one by one.

    >>> digits("007")
    'không không bảy'
    """
    return " ".join(_DIGITS[accent][int(digit)] for digit in run)


# Digits are 0 to 9 here and in every rule: \d takes those of all scripts. A number is whole,
# its thousands grouped by dots, commas (twice at least, or before a decimal point: one comma is
# a decimal) or spaces, or not grouped; then perhaps decimals. What goes on after that is no
# number: 1.234.56, 3,5,7. Possessive quantifiers keep the scan linear.
_LEAD = r"[1-9][0-9]{0,2}"
NUMBER = (
    rf"(?>(?:{_LEAD}(?:\.[0-9]{{3}})++(?:,[0-9]++)?"
    rf"|{_LEAD}(?:(?:,[0-9]{{3}}){{2,}}+(?:\.[0-9]++)?|(?:,[0-9]{{3}})++\.[0-9]++)"
    rf"|{_LEAD}(?:[ \u00a0\u2009\u202f][0-9]{{3}}){{1,4}}(?:,[0-9]++)?(?! [0-9])"
    r"|[0-9]++(?:[.,][0-9]++)?"
    r")(?![0-9]|[.,][0-9]))"
)
# One group after a comma is decimals, but for a round 1,000 or 1,500.
_THOUSANDS = re.compile(rf"{_LEAD}(?:(?:\.[0-9]{{3}})+|(?:,[0-9]{{3}}){{2,}}|,[0-9]00)")


def _split_decimals(written: str) -> tuple[str, str, str]:
    """Return the whole part as written, the decimal point and the decimals."""
    point = max(written.rfind(","), written.rfind("."))
    if point < 0 or _THOUSANDS.fullmatch(written):
        return written, "", ""
    return written[:point], written[point], written[point + 1 :]


def say_number(written: str, accent: Accent) -> str:
    """Return a number that `NUMBER` matched in words.

    >>> say_number("1.234.567", "north")
    'một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy'
    >>> say_number("0,05", "north")
    'không phẩy không năm'
    """
    grouped, point, fraction = _split_decimals(written)
    whole_digits = re.sub("[^0-9]", "", grouped)
    leading_zero = len(whole_digits) > 1 and whole_digits[0] == "0"
    if leading_zero or len(whole_digits) > _LONGEST_CARDINAL:
        spoken = digits(whole_digits, accent)
    else:
        spoken = cardinal(int(whole_digits), accent)
    if not fraction:
        return spoken
    short = len(fraction) <= 2 and fraction[0] != "0"
    decimals = cardinal(int(fraction), accent) if short else digits(fraction, accent)
    sign = DIALECTS[accent]["decimal comma" if point == "," else "decimal point"]
    return f"{spoken} {sign} {decimals}"


_POINT_OF_LAW_BEFORE = re.compile(r"\b[Đđ]iểm (?:[0-9]{1,2}[a-zđ](?:,| và| hoặc) ){0,8}\Z")


def is_point_of_law(match: re.Match[str]) -> bool:
    """Whether a match is a point of a law, as in "điểm 4a, 4b, 4đ và 4g", not đồng or grams."""
    return len(match[0]) <= 3 and search_before(match, _POINT_OF_LAW_BEFORE, 60) is not None


def number_value(written: str) -> float:
    """Return the value of a number that `NUMBER` matched."""
    whole_part, _, fraction = _split_decimals(written)
    return float(f"{re.sub('[^0-9]', '', whole_part)}.{fraction}")


def _read_number(match: re.Match[str], accent: Accent) -> str:
    return guess_number(match, say_number(match[0], accent))


def _read_power_of_ten(match: re.Match[str], accent: Accent) -> str:
    return f"{say_number(match['factor'], accent)} nhân {cardinal(10, accent)}"


def _read_unraised_power(match: re.Match[str], accent: Accent) -> str:
    spoken = _read_power_of_ten(match, accent)
    return f"{spoken} mũ {cardinal(int(match['power']), accent)}"


def _read_series(match: re.Match[str], accent: Accent) -> str:
    """Read each number of a list, a version or a section: 3,5,7 or 2.5.1."""

    def say(number: re.Match[str]) -> str:
        long = len(number[0]) > _LONGEST_PART
        return digits(number[0], accent) if long else say_number(number[0], accent)

    spoken = re.sub("[0-9]+", say, match[0])
    point = DIALECTS[accent]["decimal point"]
    return spoken.replace(",", ", ").replace(".", f" {point} ")


# "Tầng 2,3": two floors, not two and three tenths.
_BEFORE_A_LIST = frozenset(
    "tầng lầu lớp quận phường câu bài điều khoản chương mục tập trang thứ khối tổ".split()
)
# After these 01 and 05 are names, not counts: "lô 01", "mã 05".
BEFORE_A_CODE = frozenset(
    "số mã lô đường nhà tổ đội khu nhóm bàn phòng ga đề mẫu tuyến cổng quầy áo lớp kênh phím"
    " đầu vùng ô thửa ngách ngõ hẻm phường quận cụm block tòa toà xe tàu cầu lộ máy ca ban"
    " bài tập kỳ phụ lục quy chuẩn dự án đợt vòng bảng".split()
)


def _read_listed_numbers(match: re.Match[str], accent: Accent) -> str | None:
    first, second = int(match["one"]), int(match["other"])
    if first >= second or word_before(match) not in _BEFORE_A_LIST:
        return None
    return f"{cardinal(first, accent)}, {cardinal(second, accent)}"


def _read_padded_number(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 05 of "phạt 05 năm tù" without its leading nought."""
    if word_before(match) in BEFORE_A_CODE or not is_vietnamese(match["counted"]):
        return None
    return cardinal(int(match["number"]), accent)


RULES = (
    Rule(
        "listed numbers",
        re.compile(r"(?<![\w.,])(?P<one>[1-9][0-9]?),(?P<other>[1-9][0-9]?)(?![\w%]|[.,/-][0-9])"),
        _read_listed_numbers,
    ),
    Rule(
        "padded number",
        re.compile(
            r"(?<![\w.,:/+-])(?<![0-9] )0(?P<number>[1-9])"
            r"(?=\s(?P<counted>[a-zà-ỹđ]{2,7}|Năm|Tháng|Tuần|Ngày|Người|Suất|Nhân|Buổi)(?!\w))"
        ),
        _read_padded_number,
    ),
    # 3.10⁸, 1,6.10⁻¹⁹: the dot multiplies.
    Rule(
        "power of ten",
        re.compile(
            r"(?<![\w.,])(?P<factor>[0-9]{1,6}(?:,[0-9]{1,6})?)\s?[.·]\s?10(?=⁻?[⁰¹²³⁴-⁹]|\^)"
        ),
        _read_power_of_ten,
    ),
    # 1,9 x 1027 kg: the exponent lost its raised position.
    Rule(
        "power of ten",
        re.compile(
            r"(?<![\w.,])(?P<factor>[1-9],[0-9]{1,6})\s?[x×]\s?10(?P<power>[1-9][0-9])"
            r"(?=\s(?:kg|lb|J|W|Hz|km[23]|kilomét|tấn|năm)(?!\w))"
        ),
        _read_unraised_power,
    ),
    Rule("number", re.compile(NUMBER), _read_number),
    Rule("series", re.compile(r"[0-9]++(?:[.,][0-9]++)*+"), _read_series),
)
