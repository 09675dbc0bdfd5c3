"""Marks a reading as a guess where the text allows another one and no word nearby decides."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.rule import Guess, search_before, word_before

# What stands after a number that is counted, or a unit: "5.600 người", "1.5 kg", "5.600đ".
_NO_NOUN = (
    "và|là|thì|mà|để|ở|tại|trong|trên|dưới|ngoài|nhưng|hay|hoặc|đến|tới|từ|vào|với|cho|của|do|bởi|vì"
    "|nên|khi|lúc|nếu|rồi|nữa|thôi|nhé|ạ|đó|này|kia|ấy|đã|đang|sẽ|bị|được|có|không|xong|so|theo|như"
)
_COUNTED = re.compile(rf"\s?[%‰°$€£₫]|\s?(?!(?:{_NO_NOUN})(?!\w))[^\W\d_A-Z]")
# One group of three after a dot or a comma: thousands for a Vietnamese, decimals for others.
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}|[1-9][0-9]{0,2},(?!000)[0-9]{3}")
_DAY_OR_DECIMAL = re.compile(r"(?:[12][0-9]|3[01]|[1-9])\.(?:1[0-2]|[1-9])")
_FEW_DIGITS = re.compile(r"[0-9]{3,4}")
_CALL_BEFORE = re.compile(
    r"(?<!\w)(?:gọi|gọi (?:số|đến|tới|vào)|bấm|quay số|nhắn)\s\Z", re.IGNORECASE
)
# These name what the number is: an amount, a version, a section.
_NAMED = frozenset(
    "giá tiền khoảng hơn gần tổng số lượng thu chi lãi lỗ mức bản phiên mục phần điều khoản hình"
    " bảng cấp bài câu chương tiết tỷ tỉ đạt còn lên xuống thêm trên dưới tăng giảm cao dài rộng"
    " nặng sâu điểm trang tập lớp tuổi cỡ độ từ đến tới".split()
)
_LAST_MONTH = 12
_ADDRESS = re.compile(
    r"(?<!\w)(?:đường|phố|hẻm|ngõ|nhà|số|quận|phường|xã|huyện|TP|TPHCM|HCM|Sài Gòn|thành phố"
    r"|trú|ngụ|địa chỉ|chi nhánh|ở|tại)(?!\w)|(?<!\w)[PQ]\.\s?[0-9]",
    re.IGNORECASE,
)
_DAY_OR_PLACE = re.compile(r"[TQP](?:1[0-2]|[1-9])")
_HEADS = re.compile(r"\W{0,4}[IVX]\W{1,4}\w")
_REACH = 48


def guess_number(match: re.Match[str], spoken: str) -> str:
    """Return the words for a number, as a guess where it may be a decimal, a day or a telephone."""
    written = match[0]
    called = _FEW_DIGITS.fullmatch(written) and search_before(match, _CALL_BEFORE, 16)
    unsure = _ONE_GROUP.fullmatch(written) or _DAY_OR_DECIMAL.fullmatch(written)
    if not (called or (unsure and word_before(match) not in _NAMED)):
        return spoken
    return spoken if _is_counted(match) else Guess(spoken)


def guess_range(match: re.Match[str], spoken: str) -> str:
    """Return the words for a range, as a guess where it may be a day and a month."""
    low, high = match["low"], match["high"]
    may_be_day = low.isdecimal() and high.isdecimal() and int(high) <= _LAST_MONTH
    is_named = match["unit"] or word_before(match) in _NAMED
    return Guess(spoken) if may_be_day and not is_named and not _is_counted(match) else spoken


def guess_place(match: re.Match[str], spoken: str) -> str:
    """Return the words for Q.3, T.2 or P.5, as a guess where no word of an address is near."""
    if match["short"].lower() in ("tr", "t"):
        return spoken
    start, end = match.span()
    around = f"{match.string[max(0, start - _REACH) : start]} {match.string[end : end + _REACH]}"
    return spoken if _ADDRESS.search(around) else Guess(spoken)


def guess_code(match: re.Match[str], spoken: str) -> str:
    """Return the words for a code, as a guess where it may be a day, month or district: T3."""
    return Guess(spoken) if _DAY_OR_PLACE.fullmatch(match[0]) else spoken


def guess_letter(match: re.Match[str], spoken: str) -> str:
    """Return the words for I, V or X, as a guess unless it begins a heading: "I. Ao"."""
    heads = _HEADS.match(match.string, 0, match.end() + 8)
    return spoken if heads and match.start() < heads.end() else Guess(spoken)


def _is_counted(match: re.Match[str]) -> bool:
    return _COUNTED.match(match.string, match.end()) is not None
