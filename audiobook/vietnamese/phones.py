"""Telephone numbers, digit by digit in their groups."""

from __future__ import annotations

import re

from audiobook.vietnamese.numbers import digits
from audiobook.vietnamese.rule import Accent, Rule

# After these, with few words between, three or four digits are a number to dial.
_CALL = re.compile(
    r"(?:\b(?:gọi|bấm|hotline|tổng đài|đường dây nóng|cấp cứu|cứu hỏa|cứu hoả|điện thoại|đầu số"
    r"|(?:soạn|nhắn) tin[^0-9.;]*gửi)\b)(?:[^0-9.;]|\b1[0-9]{2}\b)*\Z",
    re.IGNORECASE,
)


def _read(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    said = ", ".join(digits(group) for group in re.findall("[0-9]+", match[0]))
    return f"cộng {said}" if "+" in match[0] else said


def _read_short(match: re.Match[str], accent: Accent) -> str | None:
    before = match.string[max(0, match.start() - 48) : match.start()]
    return _read(match, accent) if _CALL.search(before) else None


_END = r"(?![0-9]|[.,-][0-9])"
RULES = (
    Rule(
        "telephone number",
        re.compile(rf"(?<!\w)\+[0-9]{{1,3}}(?:[ .-]?\(?[0-9]{{1,5}}\)?){{2,5}}{_END}"),
        _read,
    ),
    Rule(
        "telephone number",
        re.compile(rf"\((?:\+84|0)[0-9]{{1,4}}\)(?:[ .-]?[0-9]{{1,4}}){{2,4}}{_END}"),
        _read,
    ),
    # 0912 345 678, 024.3825.4321: not a quantity, whatever the groups look like.
    Rule(
        "telephone number",
        re.compile(rf"(?<!\w)(?<![0-9][ .-])0[0-9]{{1,4}}(?:[ .-][0-9]{{2,4}}){{2,4}}{_END}"),
        _read,
    ),
    # Groups of one digit too, if there are many: 0225.3.842.156.
    Rule(
        "telephone number",
        re.compile(
            rf"(?<!\w)(?<![0-9][ .-])0(?=(?:[ .-]?[0-9]){{8,10}}{_END})[0-9]{{1,3}}"
            rf"(?:[ .-][0-9]{{1,4}}){{3,4}}{_END}"
        ),
        _read,
    ),
    Rule(
        "telephone number",
        re.compile(
            rf"(?<!\w)1[89]00(?:[ .-]?[0-9]{{4,6}}|[ .-][0-9]{{2,3}}[ .-][0-9]{{2,3}}){_END}"
        ),
        _read,
    ),
    Rule("short telephone number", re.compile(rf"(?<!\w)1[0-9]{{2,3}}{_END}(?!\w|%)"), _read_short),
)
