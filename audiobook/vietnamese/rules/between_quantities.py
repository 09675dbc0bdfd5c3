"""Signs between two quantities: by, divided by, per, plus or minus, and from one to the other."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules import rates
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before

# "4 m x 15 m", "500 mg x 3 lần/ngày x 5 ngày"
_SIDE_BEFORE = re.compile(
    r"[0-9]\s?(?:(?!nhân|cộng|trừ|chia|bằng|với|và)[^\W\d_]{1,6}[23²³]?(?:/[^\W\d_]{1,8}[23²³]?)?|%)\s\Z"
)


def _read_divided(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the colon of "21 phút : 3 = 7 phút"."""
    return "chia" if search_before(match, rates.AMOUNT_BEFORE) else None


def _read_multiplication(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "nhân" if search_before(match, _SIDE_BEFORE) else None


def _read_span(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return "đến"


_TIME_BEFORE = re.compile(r"(?<![\w.,/-])[0-9]{1,3} (?:giờ|phút|ngày|tuần|tháng|năm|tuổi) \Z")


def _read_span_of_time(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "đến" if search_before(match, _TIME_BEFORE, 16) else None


RULES = (
    Rule("by", re.compile(r"\*(?=[0-9])(?<=[0-9].)"), lambda _match, _accent: " nhân "),
    Rule("by", re.compile(r"[xX×](?=\s[0-9])"), _read_multiplication),
    Rule("divided by", re.compile(r":(?<= .)(?= [0-9.,]{1,8} =)"), _read_divided),
    Rule("by", re.compile(r"x(?=[0-9])(?<=[0-9cm]m.)"), lambda _match, _accent: "nhân"),
    *rates.RULES,
    Rule(
        "plus or minus",
        re.compile(r"\+\s?/\s?[-–−]\s?(?=[0-9])"),
        lambda _match, _accent: "cộng trừ ",
    ),
    # "từ thứ 2 - thứ 6": the same word stands on both sides.
    Rule(
        "span",
        re.compile(
            r"(?<=CN )[-–](?= [0-9])"
            r"|(?<=[0-9] )[-–](?= (?:thứ|tháng|ngày|năm|quý|lớp|tuần|tầng|bài|chương)\s[0-9])"
        ),
        _read_span,
    ),
    # "6 tháng - 2 tuổi"
    Rule(
        "span",
        re.compile(r"(?<= )[-–](?= [0-9]{1,3} (?:giờ|phút|ngày|tuần|tháng|năm|tuổi)(?!\w))"),
        _read_span_of_time,
    ),
)
