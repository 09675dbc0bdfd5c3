"""Lines that are boilerplate by their form, and how surely: ``data/lines.tsv`` and its parts."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import NUMBER, parse_division
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Mapping


CAPITAL = f"[{CAPITALS}]"
# Names one after another, each word with a capital letter.
_NAMES = (
    rf"(?:{CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+"
    rf"(?:(?: ?[,&+/-] ?| và | )(?:{CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+){{0,15}}\.?"
)
_UNCLOSED = r"(?!.*[.!?…][”’\"')]?\Z)"
_WORD = rf"(?:{CAPITAL}[\w.’'-]*+|@[\w.]++|\d[\w.]*+)"
PARTS = {
    "name": rf"{CAPITAL}[\w.’'-]*+(?: {CAPITAL}[\w.’'-]*+){{1,5}}",
    "source": rf"(?i:báo |trang |tạp chí |đài )?{_WORD}"
    rf"(?:(?: ?[-–/,|&+] ?| (?:và|của|trên|báo|tạp chí) | ){_WORD}){{0,7}}"
    r"(?: (?:trí|trẻ|mới|đầu tư|nhân dân|giáo dục|pháp luật|thanh niên|lao động))?",
    "date": r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d\d-\d\d"
    r"|(?i:ngày )?\d{1,2} (?i:tháng) \d{1,2}(?:,? (?i:năm))? \d{4})",
    "time": r"\d{1,2}[:hg]\d{2}(?::\d\d)?(?: ?[AaPp][Mm])?",
    "day": r"(?i:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|chủ nhựt|CN|T[2-7])",
    "web": r"(?:https?://\S+|www\.\S+"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|vn|info|edu|gov|io|me|xyz)\b(?:/\S*)?)",
    "number": f"(?:{NUMBER})",
    "role": r"(?:edit(?:or|ed)?|beta(?:[ -]?(?:reader|er))?|trans(?:lat(?:or|ed?))?"
    r"|convert(?:er|or)?|type[rd]?|post(?:er|ed)?|upload(?:er)?|checker|proof(?:reader)?"
    r"|qc|design(?:er)?|raw|source"
    r"|đánh máy|soát lỗi|hiệu đính|chỉnh sửa|người (?:đăng|edit|convert|post|up)|đăng bởi)",
    "capital": CAPITALS,
    "maker": r"(?:edit(?:or|ed)?|beta(?:[ -]?(?:reader|er))?|trans(?:lat(?:or|ed?))?"
    r"|convert(?:er|or)?|type[rd]?|post(?:er|ed)?|raw|sync|tim(?:er|ing)|encode[rd]?|qc"
    r"|design(?:er)?|dịch(?: giả)?"
    r"|biên(?: tập| dịch| phiên)?|phụ đề|sub|nguồn|đánh máy|soát lỗi|hiệu đính|bìa|trình bày)",
    # What stands after a colon in a list about a book: names, or anything but a whole sentence.
    "entry": rf"(?:{_UNCLOSED}.{{1,140}}|\d.{{0,139}}|{_NAMES})",
    # Those who made a chapter: names, or nicknames in few words; a sentence in small letters is
    # text.
    "handle": rf"(?:{_NAMES}|{_UNCLOSED}[^\s;]++(?: [^\s;]++){{0,5}})",
    "nickname": r"[^\s:;|/•·.!?]++(?: [^\s:;|/•·.!?–—-]++){0,4}",
    "credited": rf"(?:{_NAMES}|{_UNCLOSED}(?:{CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+"
    r"(?:[ ,&+/-]{1,3}[\w.@’'_♥~-]++){0,6})",
    # Nobody says or writes this within the story: "…, cô viết trong thư."
    "unspoken": r"(?!.*[,”\"!?…] ?(?:\w+ ){1,4}(?:nói|viết|bảo|hỏi|đáp|kêu|gọi|thưa|rao|mời|đọc"
    r"|nhắn|cười|reo|hô|dặn|nhủ|thầm)\b)",
    # One sentence, or more that are all about rights.
    "rights": r"(?!.*[?!…])(?!.*[^\W\d_A-Z]{2}[.;] (?!(?i:all |mọi |giữ |bảo lưu|nghiêm cấm"
    r"|không được|ghi rõ|xuất bản|published|isbn|©))\S)",
    "holder": r"(?:by|bởi|thuộc|tác giả|dịch giả|người dịch|nhà xuất bản|nxb|công ty|nhóm|trang"
    r"|website|báo|tạp chí|quỹ|viện|tập đoàn|chúng tôi|mọi quyền|all rights)\b",
    "site": r"(?:truyện ?full|truyenfull|s?s?truyen|s?s?truyện|tàng ?thư ?viện|tangthuvien"
    r"|watt?pad|mê ?truyện(?: ?chữ)?|metruyen(?:chu|cv)?|wiki ?dịch|wikidich|bạch ngọc sách"
    r"|bachngocsach|truyencv|vnthuquan|sưu tầm|internet|sttruyen)",
    "link": r"(?:(?:(?:chương|chap(?:ter)?|trang|bài) )?"
    r"(?:trước|sau|tiếp(?: theo)?|kế(?: tiếp)?|cũ|mới)"
    r"|(?:về )?mục lục|danh sách chương|trang chủ|đầu trang|cuối trang|chương|home|index"
    r"|prev(?:ious)?(?: chapter| chap)?|next(?: chapter| chap)?|báo lỗi(?: chương)?|bình luận"
    r"|đánh dấu|cài đặt|tải (?:e-?book|xuống))",
    "network": r"(?:facebook|twitter|zalo|google ?\+|linkedin|pinterest|messenger|telegram|whatsapp"
    r"|instagram|tiktok|youtube)",
}

# What a line must have besides its form to be boilerplate: nothing; a place near the beginning or
# the end of its chapter; one near the end; that, or another such line in its group; a group of
# others.
_TEXT: Mapping[str, str] = {}
_WEIGHTS = ("sure", "edge", "tail", "linked", "beside")


@cache
def _line_pattern(name: str) -> re.Pattern[str]:
    """Return the expression for the lines of a step, with a group for each weight."""
    groups = [
        f"(?P<{weight}>{'|'.join(lines)})"
        for weight in _WEIGHTS
        if (lines := _line_expressions(name, weight))
    ]
    return re.compile("|".join(groups))


@cache
def closing_advert() -> re.Pattern[str]:
    """Return the expression for advertising as the last sentence of a paragraph."""
    lines = "|".join(_line_expressions("site-ads", "within"))
    return re.compile(rf"(?<=[.!?…”\"’»)])\s(?:{lines})\Z")


def _line_expressions(name: str, weight: str) -> list[str]:
    """Return the expressions of a step that have a weight, their parts written out."""
    lines = [
        line for step, row_weight, line in _line_table() if (step, row_weight) == (name, weight)
    ]
    for part, expression in PARTS.items():
        lines = [line.replace(f"{{{part}}}", expression) for line in lines]
    return lines


@cache
def _steps() -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for step, _, _ in _line_table()))


@cache
def _line_table() -> list[tuple[str, str, str]]:
    text = (files("audiobook.stages.tidy") / "data" / "lines.tsv").read_text("utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("# "))
    return [(step, weight, line) for step, weight, line in rows]


# Steps are repeated until nothing changes, and look up the same lines each time.
@lru_cache(1 << 14)
def weights_of(line: str) -> Mapping[str, str]:
    """Return the weight of a line for each step to which it may be boilerplate: mostly none."""
    weights = {
        step: match.lastgroup or ""
        for step in _steps()
        if (match := _line_pattern(step).fullmatch(line)) is not None
    }
    return weights if weights and not _names_chapter(line) else _TEXT


def _names_chapter(text: str) -> bool:
    """Whether a line, its arrows aside, has the number of a division."""
    division = parse_division(text.strip("<>«» "))
    return division is not None and bool(division.number)
