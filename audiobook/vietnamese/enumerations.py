"""Numbered points within a line: where one begins though no full stop ends the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

# A number after one of these words belongs to it: "khoản 1. Việc", "lớp 2. Anh".
_TAKES_NUMBER = frozenset(
    "khoản điểm điều mục số cấp loại nhóm hạng quý tháng mức bảng lớp tầng quận phường tổ khu"
    " bài câu chương phần tập quyển trang ngày thứ vòng lần bước đội kỉ kỷ đợt kỳ kì khóa khoá"
    " khối năm top".split()
)
_HEADING = re.compile(
    rf"(?:(?<=\A)|(?<=[.;:!?]\s))Điều\s[0-9]{{1,3}}[a-zđ]?\.\s[{CAPITALS}][^.!?;:]{{8,160}}"
    rf"(?<=[^\W\d_A-Z)])(?=\s1\.\s[{CAPITALS}])"
)
_ITEM = re.compile(rf"(?<!\S)([1-9][0-9]?)\.\s(?=[\"“]?[{CAPITALS}][^\W\d_])")
_LONGEST_WORD = 24


def split_points(line: str) -> Iterator[str]:
    """Split a line before its numbered points: 1. after the heading of a law, 2. and so on.

    >>> list(split_points("Điều 5. Phạm vi áp dụng 1. Luật này nói về rừng."))
    ['Điều 5. Phạm vi áp dụng', '1. Luật này nói về rừng.']
    >>> list(split_points("1. Tắt máy 2. Rút điện"))
    ['1. Tắt máy', '2. Rút điện']
    """
    start = 0
    for heading in _HEADING.finditer(line) if " 1. " in line else ():
        if not _takes_number(line, heading.end()):
            yield from _split_items(line[start : heading.end()])
            start = heading.end() + 1
    yield from _split_items(line[start:])


def _split_items(line: str) -> Iterator[str]:
    start = 0
    number = 1
    for point in _ITEM.finditer(line) if " 2. " in line else ():
        if int(point[1]) != number:
            continue
        preceding = line[max(0, point.start() - _LONGEST_WORD) : point.start()].rstrip()
        if number == 1 and preceding[-1:] not in ("", *":.;!?"):
            continue
        if number > 1 and _may_precede_point(preceding[-1:]):
            if _takes_number(line, point.start()):
                continue
            yield line[start : point.start()].rstrip()
            start = point.start()
        number += 1
    yield line[start:]


def _may_precede_point(character: str) -> bool:
    """Whether a point may begin after this character, which does not end the one before."""
    return character.isalnum() or (character != "" and character in ')]%”"»')


def _takes_number(line: str, end: int) -> bool:
    words = line[max(0, end - _LONGEST_WORD) : end].split()
    return bool(words) and words[-1].lower() in _TAKES_NUMBER
