"""Furniture of pages and books that is not their text, recognised line by line."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from audiobook.model import Document, Kind
from audiobook.stages.tidy.step import (
    SPOKEN,
    Result,
    all_paragraphs,
    chapter_bounds,
    is_closed,
    is_heading,
    is_speech,
    remove_paragraphs,
    rewrite_paragraphs,
    sections,
)
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import NUMBER, parse_division
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from audiobook.model import Paragraph
    from audiobook.stages.tidy.step import Act

_LONGEST = 240
_KINDS = SPOKEN | {Kind.VERSE, Kind.HEADING}
# Paragraphs from the beginning and the end of a chapter, boilerplate not counted, that may be
# beside the text rather than in it.
_HEAD, _TAIL = 5, 4
# Lines that could be text are boilerplate beside lines that are, or where this many are together.
_TOGETHER = 3
# An article is one chapter of at most so many characters; a name alone ends it.
_LONGEST_ARTICLE = 30_000

_CAPITAL = f"[{CAPITALS}]"
# Names one after another, each word with a capital letter.
_NAMES = (
    rf"(?:{_CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+"
    rf"(?:(?: ?[,&+/-] ?| và | )(?:{_CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+){{0,15}}\.?"
)
_UNCLOSED = r"(?!.*[.!?…][”’\"')]?\Z)"
_WORD = rf"(?:{_CAPITAL}[\w.’'-]*+|@[\w.]++|\d[\w.]*+)"
_PARTS = {
    "name": rf"{_CAPITAL}[\w.’'-]*+(?: {_CAPITAL}[\w.’'-]*+){{1,5}}",
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
    "credited": rf"(?:{_NAMES}|{_UNCLOSED}(?:{_CAPITAL}|[@\d_♥~])[\w.@’'_♥~-]*+"
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
Bounds = Callable[[Document], "Iterable[tuple[int, int]]"]
# What ends a story and is no name.
_ENDING = re.compile(r"(?i:hết|còn tiếp|kết thúc|the end)\b.*")
_NAME = re.compile(rf"{_CAPITAL}\w*(?: {_CAPITAL}\w*){{1,3}}|(?:{_CAPITAL}\.){{2,4}}")
_THE_END = re.compile(
    r"[\W_]{0,8}(?i:hết|the end|end|fin|hoàn|hết truyện|hết sách|toàn văn hoàn)[\W_]{0,8}"
)
# What follows the end of a story and is longer, in characters, belongs to it.
_LONGEST_AFTER_END = 1_000

# What a line must have besides its form to be boilerplate: nothing; a place near the beginning or
# the end of its chapter; one near the end; that, or another such line in its group; a group of
# others.
_TEXT: Mapping[str, str] = {}
_WEIGHTS = ("sure", "edge", "tail", "linked", "beside")


def drop_lines_of(name: str, bounds: Bounds = chapter_bounds) -> Act:
    """Return the step that leaves out the lines of ``data/lines.tsv`` under this name.

    Args:
        name: that of the step.
        bounds: what divides a document where the place of a line counts: its chapters, or
            `sections`, which plain text has too.
    """

    def act(document: Document) -> Result:
        return remove_paragraphs(document, _boilerplate_numbers(document, name, bounds))

    return act


def drop_advertising(document: Document) -> Result:
    """Leave out the lines of story sites, and what they add to the ends of paragraphs."""
    cleaned, lines = drop_lines_of("site-ads", sections)(document)
    cleaned, last = remove_paragraphs(cleaned, _adverts_after_end(all_paragraphs(cleaned)))
    cleaned, ends = rewrite_paragraphs(cleaned, _without_advertising)
    return cleaned, [*lines, *last, *ends]


def _adverts_after_end(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of lines about other books and the file, after the end of the story."""
    length = 0
    numbers: set[int] = set()
    for number in reversed(range(len(paragraphs))):
        paragraph = paragraphs[number]
        if _THE_END.fullmatch(paragraph.text):
            return numbers
        length += len(paragraph.text)
        if length > _LONGEST_AFTER_END or is_heading(paragraph):
            break
        if _advert_after_end().search(paragraph.text) and not is_speech(paragraph.text):
            numbers.add(number)
    return set()


@cache
def _advert_after_end() -> re.Pattern[str]:
    return re.compile(
        r"(?i:\bmời (?:quý )?(?:các )?(?:bạn|độc giả)|\b(?:đón|tìm) đọc\b|\bsố h(?:óa|oá) bởi"
        r"|\be-?book\b|\btìm thêm|\bfanpage\b|\bwebsite\b|\bđánh máy\b|\bthực hiện bởi"
        rf"|\b(?:cảm|cám) ơn (?:các )?bạn đã (?:đọc|theo dõi|ủng hộ))|(?<!\S){_PARTS['web']}"
    )


def _without_advertising(text: str) -> str:
    match = _closing_advert().search(text, max(len(text) - _LONGEST, 0))
    return text[: match.start()] if match else text


def drop_captions(document: Document) -> Result:
    """Leave out captions, those that the source marks and those that show it themselves."""
    marked = {
        number
        for number, paragraph in enumerate(all_paragraphs(document))
        if paragraph.kind is Kind.CAPTION
    }
    return remove_paragraphs(document, marked | _boilerplate_numbers(document, "captions"))


def drop_bylines(document: Document) -> Result:
    """Leave out bylines and datelines, and the name alone that ends an article."""
    boilerplate = _boilerplate_numbers(document, "bylines")
    paragraphs = all_paragraphs(document)
    remaining = [number for number in range(len(paragraphs)) if number not in boilerplate]
    if len(document.chapters) == 1 and _ends_in_signature(
        [paragraphs[number] for number in remaining]
    ):
        boilerplate.add(remaining[-1])
    return remove_paragraphs(document, boilerplate)


def _ends_in_signature(article: Sequence[Paragraph]) -> bool:
    if len(article) < 3 or sum(len(paragraph.text) for paragraph in article) > _LONGEST_ARTICLE:
        return False
    previous, last = article[-2:]
    return (
        last.kind is Kind.PROSE
        and previous.kind in SPOKEN
        and len(previous.text) >= 80
        and is_closed(previous.text)
        and not is_speech(previous.text)
        and _NAME.fullmatch(last.text) is not None
        and _ENDING.fullmatch(last.text) is None
    )


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
def _closing_advert() -> re.Pattern[str]:
    """Return the expression for advertising as the last sentence of a paragraph."""
    lines = "|".join(_line_expressions("site-ads", "within"))
    return re.compile(rf"(?<=[.!?…”\"’»)])\s(?:{lines})\Z")


def _line_expressions(name: str, weight: str) -> list[str]:
    """Return the expressions of a step that have a weight, their parts written out."""
    lines = [
        line for step, row_weight, line in _line_table() if (step, row_weight) == (name, weight)
    ]
    for part, expression in _PARTS.items():
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


def _boilerplate_numbers(
    document: Document, step: str, bounds: Bounds = chapter_bounds
) -> set[int]:
    paragraphs = all_paragraphs(document)
    boilerplate: set[int] = set()
    for first, end in bounds(document):
        lines = [
            number for number in range(first, end) if paragraphs[number].kind is not Kind.BREAK
        ]
        weights = {
            number: weight
            for number in lines
            if (weight := _weigh(paragraphs[number], step)) is not None
        }
        weights = _without_headings_of_text(paragraphs, lines, weights)
        if weights:
            boilerplate |= _boilerplate_by_place(lines, weights)
    return boilerplate


def _without_headings_of_text(
    paragraphs: Sequence[Paragraph], lines: Sequence[int], weights: dict[int, str]
) -> dict[int, str]:
    """Return the weights without those of headings that have anything else below them."""
    remaining = dict(weights)
    below_is_text = False
    for number in reversed(lines):
        if number not in weights:
            below_is_text = True
        elif below_is_text and paragraphs[number].kind is Kind.HEADING:
            del remaining[number]
    return remaining


def _weigh(paragraph: Paragraph, step: str) -> str | None:
    text = paragraph.text
    weight = _weights(text).get(step) if len(text) <= _LONGEST else None
    return weight if weight and paragraph.kind in _KINDS else None


# Steps are repeated until nothing changes, and look up the same lines each time.
@lru_cache(1 << 14)
def _weights(line: str) -> Mapping[str, str]:
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


def _boilerplate_by_place(lines: Sequence[int], weights: dict[int, str]) -> set[int]:
    """Return which of the weighted lines of one chapter are boilerplate, by where they stand."""
    text = [number for number in lines if number not in weights]
    head = text[_HEAD - 1] if len(text) >= _HEAD else lines[-1] + 1
    tail = text[-_TAIL] if len(text) >= _TAIL else lines[0] - 1
    boilerplate: set[int] = set()
    group: list[int] = []
    for number in (*lines, -1):
        if number in weights:
            group.append(number)
            continue
        linked = sum(weights[candidate] == "linked" for candidate in group)
        placed = [
            candidate
            for candidate in group
            if weights[candidate] == "sure"
            or (weights[candidate] == "edge" and (candidate < head or candidate > tail))
            or (weights[candidate] in ("tail", "linked") and candidate > tail)
            or (weights[candidate] == "linked" and linked > 1)
        ]
        doubtful = [candidate for candidate in group if candidate not in placed]
        together = placed or len(group) >= _TOGETHER
        if together and all(weights[candidate] == "beside" for candidate in doubtful):
            boilerplate.update(group)
        else:
            boilerplate.update(placed)
        group = []
    return boilerplate
