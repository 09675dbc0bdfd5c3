"""Lines that are boilerplate by their form, and how surely: ``data/lines.tsv`` and its parts."""

from __future__ import annotations

from dataclasses import dataclass
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
# "İ".lower() is an i with a dot above; like ı it is an i without case for `re`, and ſ an s.
_SMALL_I = "İ".lower()
_DIGIT = re.compile(r"\d")
# Somebody says "“Chương sau.”": a link is no whole sentence.
_QUOTED_SENTENCE = re.compile(r"[“\"«].*[.!?…][”\"»]")
_LINKS = ("navigation", "see-also")


@dataclass(frozen=True)
class Form:
    """A row of ``data/lines.tsv``: lines that a step may leave out.

    Args:
        step: the name of the step.
        weight: one of the weights, or "within".
        words: a line of this form has one of them when it is `comparable`.
        pattern: the expression, for the whole line.
    """

    step: str
    weight: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def forms() -> tuple[Form, ...]:
    """Return the rows of ``data/lines.tsv``, their parts written out."""
    text = (files("audiobook.stages.tidy") / "data" / "lines.tsv").read_text("utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("# "))
    return tuple(
        Form(step, weight, tuple(words.split(";")), re.compile(_with_parts(line)))
        for step, weight, words, line in rows
    )


def _with_parts(line: str) -> str:
    for part, expression in PARTS.items():
        line = line.replace(f"{{{part}}}", expression)
    return line


def comparable(line: str) -> str:
    """Return a line in small letters, its digits as 0, to look for the words of forms in it."""
    small = line.lower().replace(_SMALL_I, "i").replace("ı", "i").replace("ſ", "s")
    return _DIGIT.sub("0", small)


@cache
def _forms_of_lines() -> tuple[Form, ...]:
    """Return the forms of whole lines, those of each step together, the surest first."""
    whole = [form for form in forms() if form.weight in _WEIGHTS]
    steps = list(dict.fromkeys(form.step for form in whole))
    return tuple(
        sorted(whole, key=lambda form: (steps.index(form.step), _WEIGHTS.index(form.weight)))
    )


@cache
def _numbers_by_word() -> Mapping[str, tuple[int, ...]]:
    """Return which of the forms of lines a line may have that has a word."""
    numbers: dict[str, tuple[int, ...]] = {}
    for number, form in enumerate(_forms_of_lines()):
        for word in form.words:
            numbers[word] = (*numbers.get(word, ()), number)
    return numbers


def forget_weights() -> None:
    """Forget the lines that were weighed, so that their memory is freed."""
    weights_of.cache_clear()


# Steps are repeated until nothing changes, and look up the same lines each time.
@lru_cache(1 << 14)
def weights_of(line: str) -> Mapping[str, str]:
    """Return the weight of a line for each step to which it may be boilerplate: mostly none."""
    text = comparable(line)
    candidates = {
        number for word, numbers in _numbers_by_word().items() if word in text for number in numbers
    }
    weights: dict[str, str] = {}
    for number in sorted(candidates):
        form = _forms_of_lines()[number]
        if form.step not in weights and form.pattern.fullmatch(line) is not None:
            weights[form.step] = form.weight
    if weights and _QUOTED_SENTENCE.fullmatch(line.strip()):
        weights = {step: weight for step, weight in weights.items() if step not in _LINKS}
    return weights if weights and not _names_chapter(line) else _TEXT


def _names_chapter(text: str) -> bool:
    """Whether a line, its arrows aside, has the number of a division."""
    division = parse_division(text.strip("<>«» "))
    return division is not None and bool(division.number)


def closing_advert(text: str, start: int) -> re.Match[str] | None:
    """Return the advertising that is the last sentence of a paragraph and begins after a place."""
    end = comparable(text[start:])
    if not any(word in end for form in _closing_forms() for word in form.words):
        return None
    return _closing_pattern().search(text, start)


@cache
def _closing_forms() -> tuple[Form, ...]:
    return tuple(form for form in forms() if form.weight == "within")


@cache
def _closing_pattern() -> re.Pattern[str]:
    adverts = "|".join(form.pattern.pattern for form in _closing_forms())
    return re.compile(rf"(?<=[.!?…”\"’»)])\s(?:{adverts})\Z")
