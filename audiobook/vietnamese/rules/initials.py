"""Initials that news of courts puts for a person's name: bà S., cháu N.T.H., Nguyễn Thị T."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.rule import Accent, Rule, ends_before
from audiobook.vietnamese.syllables import is_vietnamese

_TITLE = (
    r"(?i:ông|bà|anh|chị|cô|chú|bác|cậu|em|cháu|bé|cụ|thầy|dì|bạn|nạn nhân|bị (?:cáo|can|đơn|hại)"
    r"|nguyên đơn|đối tượng|nghi (?:phạm|can)|hung thủ|nữ sinh|nam sinh|sinh viên|học sinh"
    r"|thiếu (?:nữ|niên)|gia đình|vợ|chồng|bệnh nhân|thai phụ|sản phụ|luật sư|bác sĩ)"
)
TITLED = rf"(?<!\w){_TITLE}\s(?P<names>(?:[{CAPITALS}][^\W\d_]*\s){{0,3}})"
"""The title of a person and the names before an initial, for a pattern."""
_TITLE_BEFORE = re.compile(rf"{TITLED}\Z")
_QUOTED_BEFORE = re.compile(r"[\"”»],?\s\Z|,[\"”»]\s\Z")
_SAYS_AFTER = re.compile(
    r"\s(?:nói|kể|chia sẻ|cho (?:biết|hay)|tâm sự|bộc bạch|khai|thừa nhận|giãi bày|trải lòng"
    r"|nhớ lại|bày tỏ|than thở|trả lời|đáp|hỏi)(?!\w)"
)
_REACH = 40
_TEXT_ENDS = re.compile(r"[\s\"”’»)\]]*\Z")


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    """Name the letters; those of George W. Bush are said as English ones, by the voice."""
    before = ends_before(match, _TITLE_BEFORE, _REACH)
    if ends_before(match, _QUOTED_BEFORE, 4) and _SAYS_AFTER.match(match.string, match.end()):
        return spell(match[0])
    if before is None or not all(map(is_vietnamese, before["names"].split())):
        return None
    ends = match[0].endswith(".") and _TEXT_ENDS.match(match.string, match.end())
    return f"{spell(match[0])}{'.' if ends else ''}"


RULES = (
    Rule("initials", re.compile(r"(?<!\w)[A-ZĐ](?:\.[A-ZĐ]){0,3}+(?:\.|(?<=\..))(?!\w)"), _read),
)
