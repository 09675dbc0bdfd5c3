"""Scores and ratios: two numbers with a dash or a colon between them."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, say_number
from audiobook.vietnamese.rules.rule import (
    Accent,
    Guess,
    Rule,
    search_before,
    text_before,
    word_before,
)
from audiobook.vietnamese.syllables import is_vietnamese

_SCORE_BEFORE = re.compile(r"\b(?:thắng|thua|hòa|hoà|dẫn|t[ỷỉ] (?:số|lệ))\s\(?\Z", re.IGNORECASE)
_GOALS_BEFORE = re.compile(r"\b(?:thắng|thua|hòa|hoà|dẫn|dẫn trước|t[ỷỉ] số)\s\(?\Z", re.IGNORECASE)
# After these, two numbers are a range, a house number or a date, never a score.
_BEFORE_A_RANGE = frozenset(
    "từ số trang khoảng chừng độ cỡ hơn gần trong sau các lớp cấp tuổi kỳ kì tập chương bài câu"
    " điều khoản mục vòng nhóm tầng phòng ngày tháng năm quý thứ hạng loại những mỗi cả"
    " đường phố ngõ quận phường".split()
)
# Before these, two numbers are an amount: "thua 5-7 triệu".
_COUNTED = re.compile(
    r"\s(?:triệu|tỷ|tỉ|nghìn|ngàn|trăm|lần|ngày|năm|tháng|tuần|giờ|phút|người|bàn|trận|ván|điểm"
    r"|phần|quả|con|chiếc|em|bạn|đội|nước)\b",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"\s*(?:[.,;:!?)”\"]|\Z)|\s(?:là|trên|trước|trong|ở|tại|sau|ngay|nhưng|và|để|khi|nhờ|vào|khiến"
    r"|với|thì|nên|dù|bằng|của|rồi|tối|đêm|sáng|chiều|hôm|hiệp|lượt|cho|nghiêng)\b"
)
_END_OF_CLAUSE = re.compile(r"\s*(?:[.,;()]|\Z)")
# "thua 0-2 (0-1)": the score at half time.
_SCORE_BEFORE_BRACKET = re.compile(r"(?<![\w/.,-])[0-9]{1,2}[-–][0-9]{1,2}\s\(\Z")
# "thua đậm 0-11", "thắng chung cuộc 3-5", "thua Real 1-2 trên sân nhà": not "thắng trong 5-7".
_RESULT_BEFORE = re.compile(
    r"\b(?:thắng|thua|hòa|hoà|dẫn|hạ|gỡ|bại|thất thủ|t[ỷỉ] số|chung cuộc|trận đấu"
    r"|hiệp (?:một|hai|phụ|[12]))"
    r"(?:\s(?!trong|từ|khoảng|sau|gần|hơn|tới|đến|được|cả|những|với|lô|lỗ|mỗi|lãi|kiện)"
    r"[^\W\d_]+(?:-[0-9]{2})?){0,5}:?\s\Z",
    re.IGNORECASE,
)
_AGAINST = re.compile(rf"\s(?:trước|ngay trên sân|trên sân)\s(?:[{CAPITALS}]|nhà|khách)")
_FINAL_SCORE_BEFORE = re.compile(r"\b(?:chung cuộc|hiệp \w+|trận đấu)\s\Z", re.IGNORECASE)
# "tỷ số 6-4, 3-6 và 7-5"
_SCORES_BEFORE = re.compile(r"[0-9]{1,2}[-–][0-9]{1,2}(?:,| và| rồi)\s\Z")
# "thắng 3-1, chứ 1-3 thì": the first is a score, since a range would rise.
_SCORE_IN_SIGHT = re.compile(
    r"(?<![\w/.,-])(?P<ours>[0-9])\s?[-–]\s?(?P<theirs>[0-9])(?![\w/%]|[.,-][0-9])"
)
_DAY_IN_SIGHT = re.compile(r"(?<!\w)(?:ngày|hôm|sáng|chiều|tối|đêm|lễ|tháng|từ)\s\Z", re.IGNORECASE)
_NAME_BEFORE = re.compile(rf"(?:(?P<before>\S)\s+)?(?<!\S)(?P<name>[{CAPITALS}][\w.-]*)\s\Z")
_NAME_AFTER = re.compile(rf"\s[{CAPITALS}]\w")


_ROW_BEFORE = re.compile(r"[0-9] [-–—] \Z")
_ROW_AFTER = re.compile(r" [-–—] [0-9]")


def is_in_a_row(match: re.Match[str], *, look_after: bool = True) -> bool:
    """Whether a third number stands beside two, as in 90 – 60 – 90, which is not a range."""
    if not any(dash in match[0] for dash in (" - ", " – ", " — ")):
        return False
    follows = look_after and _ROW_AFTER.match(match.string, match.end())
    return bool(follows or search_before(match, _ROW_BEFORE, 4))


def follows_score_word(match: re.Match[str]) -> bool:
    """Whether the words before mean a score or a rate, so that 2:10 is not a time of day."""
    if _COUNTED.match(match.string, match.end()):
        return False  # "thua 5-7 triệu"
    return search_before(match, _SCORE_BEFORE, 12) is not None


def is_score_by_context(match: re.Match[str]) -> bool:
    """Whether the words around two numbers with a dash between show that they are a score."""
    text, end = match.string, match.end()
    if (word_before(match) in _BEFORE_A_RANGE and not follows_score_word(match)) or _COUNTED.match(
        text, end
    ):
        return False
    if follows_score_word(match) or search_before(match, _SCORES_BEFORE, 12):
        return True
    if search_before(match, _SCORE_BEFORE_BRACKET, 10) and _NO_NOUN.match(text, end):
        return True
    if _score_stands_before(match):
        return True
    if _follows_name(match) and (_END_OF_CLAUSE.match(text, end) or _NAME_AFTER.match(text, end)):
        return True
    if _AGAINST.match(text, end):
        return True
    return bool(search_before(match, _RESULT_BEFORE, 40) and _NO_NOUN.match(text, end))


def _score_stands_before(match: re.Match[str]) -> bool:
    """Whether another score stands a few words before, and no counted noun follows."""
    preceding_text = text_before(match, 40)
    return bool(_NO_NOUN.match(match.string, match.end())) and any(
        score["ours"] > score["theirs"]
        and not _DAY_IN_SIGHT.search(preceding_text, 0, score.start())
        for score in _SCORE_IN_SIGHT.finditer(preceding_text)
    )


def _follows_name(match: re.Match[str]) -> bool:
    """Whether the word before is a name; the first word of a sentence only if it is foreign."""
    name = search_before(match, _NAME_BEFORE, 28)
    if name is None:
        return False
    word, previous_character = name["name"], name["before"]
    within_sentence = previous_character is not None and previous_character not in '.!?:…“"-–'
    return within_sentence or word.isupper() or not is_vietnamese(word)


def _read_score(match: re.Match[str], accent: Accent) -> str | None:
    ours, theirs = int(match["ours"]), int(match["theirs"])
    is_formula = " " in match[0] and "=" in match.string[match.end() : match.end() + 12]
    if is_in_a_row(match):
        return None
    is_told = is_score_by_context(match)
    if is_formula or (ours < theirs and not is_told):
        return None  # a difference, a range
    spoken = f"{cardinal(ours, accent)} {cardinal(theirs, accent)}"
    return spoken if is_told else Guess(spoken)


def _read_ratio(match: re.Match[str], accent: Accent) -> str:
    separator = " chia " if match["spaced"] else " trên "
    if search_before(match, _GOALS_BEFORE, 12) or search_before(match, _FINAL_SCORE_BEFORE):
        separator = " "
    return say_number(match["one"], accent) + separator + say_number(match["other"], accent)


_ALONE = r"(?<![0-9][/:.,-])(?<!\w)"
RULES = (
    Rule(
        "score",
        re.compile(
            rf"{_ALONE}(?P<ours>[0-9]{{1,2}})\s?[-–]\s?(?P<theirs>[0-9]{{1,2}})"
            r"(?![0-9\w]|[/:-][0-9]|[.,][0-9])"
        ),
        _read_score,
    ),
    Rule(
        "ratio",
        re.compile(
            rf"{_ALONE}(?P<one>{NUMBER})(?P<spaced> )?:(?(spaced) )(?P<other>{NUMBER})"
            r"(?![/:-][0-9]|\w)"
        ),
        _read_ratio,
    ),
)
