"""Days that the words before them show: phiên cuối tuần (9-5), quảng trường 2-9."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.rule import search_before

FAMOUS_DAYS = ((2, 9), (1, 5))
"""Days and months after which streets are named, although they might be a range."""
# Squares, parks, farms and factories are named for these, too: quảng trường 2-9.
_PLACE_BEFORE = re.compile(
    r"(?<!\w)(?:quảng trường|nông trường|lâm trường|công viên|nhà máy|xí nghiệp|cung văn hóa"
    r"|khu phố|trường|bệnh viện|hợp tác xã|HTX|sân vận động|khách sạn|nhà hát|khu tập thể"
    r"|tượng đài|vòng xoay|rạp)\s\Z",
    re.IGNORECASE,
)
_THINGS_AFTER = re.compile(
    r"\s(?:tầng|phòng|lớp|học sinh|héc ta|hecta|ha|m²?|km|mét|nghìn|ngàn|trăm|sao|giường|năm|tháng"
    r"|lô|nhân viên|công nhân|thành viên|tuổi)(?!\w)"
)
_DAYS_OF_PLACES = frozenset(
    (
        *FAMOUS_DAYS,
        (30, 4),
        (3, 2),
        (8, 3),
        (19, 5),
        (19, 8),
        (23, 9),
        (20, 10),
        (20, 11),
        (22, 12),
        (26, 3),
        (10, 10),
        (29, 3),
        (27, 7),
        (6, 1),
        (9, 1),
        (1, 6),
    )
)
# "phiên cuối tuần (9-5)", "thứ bảy tuần trước (5-4)", but not a score: "trận cuối tuần (3-1)".
_WEEK_BEFORE = re.compile(
    r"(?<!\w)(?:(?:đầu|giữa|cuối|trong) tuần|tuần (?:này|trước|tới|sau|qua|rồi|vừa qua)|cùng ngày"
    r"|giao thừa|(?:mùng|mồng) \w+ tết)\s\(\Z",
    re.IGNORECASE,
)
_MATCH_BEFORE = re.compile(
    r"(?<!\w)(?:trận|thắng|thua|hòa|hoà|đá bại|đánh bại|tỷ số|tỉ số|bàn|vòng|giải)(?!\w)[^.;]*\Z",
    re.IGNORECASE,
)


def is_named_for_a_day(match: re.Match[str]) -> bool:
    """Whether a place is named for a famous day: quảng trường 2-9, công viên 23-9."""
    named = search_before(match, _PLACE_BEFORE, 16)
    if named is None or _THINGS_AFTER.match(match.string, match.end()):
        return False
    return (int(match["day"]), int(match["month"])) in _DAYS_OF_PLACES


def is_of_a_week(match: re.Match[str]) -> bool:
    """Whether a day stands in brackets behind words such as cuối tuần, and is no score."""
    if match.string[match.end() : match.end() + 1] != ")":
        return False
    follows_week = search_before(match, _WEEK_BEFORE, 24) is not None
    return follows_week and search_before(match, _MATCH_BEFORE, 60) is None
