"""Verses of the Bible ("Ga 3,16", "1 Cr 13", "Giăng 3:16") and of other collections."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.table import any_of, load_pairs

_BOOKS = load_pairs("scripture.tsv")
# Books of the Old Testament with two volumes; numbered books of the New Testament are letters.
_OLD = ("Sm", "Sb", "Mcb", "V")
_IN_FULL = (
    "Sáng Thế|Sáng Thế Ký|Xuất Hành|Xuất Ê-díp-tô Ký|Dân Số Ký"
    "|Thi Thiên|Thi thiên|Thánh Vịnh|Thánh vịnh|Châm Ngôn|Ê-sai|Isaia|Giê-rê-mi"
    "|Ma-thi-ơ|Mátthêu|Mát-thêu|Gio-an|Cô-rin-tô|I-sai-a|Phê-rô|Gia-cô-bê|Híp-ri|Do-thái"
    "|Matthêu|Mác|Máccô|Mác-cô|Marcô|Lu-ca|Luca|Giăng|Gioan|Công Vụ"
    "|Công vụ các sứ đồ|Rô-ma|Rôma|Cô-rinh-tô|Côrintô|Ga-la-ti|Ê-phê-sô|Êphêsô|Phi-líp|Hê-bơ-rơ"
    "|Sáng thế ký|Sáng Thế ký|Thi-thiên|Châm ngôn|Lê-vi Ký|Phục Truyền Luật Lệ Ký|Phục Truyền"
    "|Giô-suê|Các Quan Xét|Ru-tơ|Sa-mu-ên|Các Vua|Sử Ký|Nê-hê-mi|Ê-xơ-tê|Nhã Ca|Ca Thương"
    "|Ê-xê-chi-ên|Đa-ni-ên|Ô-sê|Giô-ên|A-mốt|Giô-na|Mi-chê|Ha-ba-cúc|Xa-cha-ri|Ma-la-chi"
    "|Ti-mô-thê|Timôthê|Tê-sa-lô-ni-ca|Thêxalônica|Cô-lô-se|Côlôxê|Tít|Phi-lê-môn|Samuen|Macabê"
    "|Do Thái|Gia-cơ|Giacôbê|Phi-e-rơ|Phêrô|Khải Huyền|Khải huyền|Gióp|Truyền Đạo|Truyền đạo"
)
# Names that follow their number: "I Cô-rinh-tô 13", "2 Phi-e-rơ 3:9".
_LETTERS = (
    "Cô-rinh-tô|Côrintô|Phi-e-rơ|Phêrô|Ti-mô-thê|Timôthê|Tê-sa-lô-ni-ca|Thêxalônica|Giăng|Gioan"
)
_SCROLLS = "Sa-mu-ên|Samuen|Các Vua|Sử Ký|Sử Biên|Macabê"
_FULL_BEFORE = re.compile(rf"(?<!\w)({_IN_FULL})\s\Z")
# A chapter alone is one of a numbered book, in brackets, or after these: "1 Cr 13", "(Tv 23)".
_NUMBERED = (*_OLD, "Cr", "Tx", "Tm", "Pr")
_CITING = re.compile(
    r"(?<!\w)(?:đọc|hát|trích|xem|x\.|cf\.|sách|đáp ca:?|tin mừng)\s\Z", re.IGNORECASE
)
# A psalm is not called a chapter.
_PSALMS = ("thánh vịnh", "thi thiên")
_LONGEST_NAME = 24
_VERSES = r"[0-9]{1,3}[a-d]{0,3}(?:\s?[-–.]\s?[0-9]{1,3}[a-d]{0,3}(?![0-9]|[,:]\s?[0-9])){0,12}"
_PLACE = (
    rf"(?P<chapter>[1-9][0-9]{{0,2}})(?P<colon>\s?[,:]\s?|\.(?=[0-9]{{1,2}}(?![0-9])))"
    rf"(?P<verses>{_VERSES})"
)
# A dot stands between chapter and verse only where a book is cited: "(Mt 16.17)", "x. Ga 5.36".
_CITED_BEFORE = re.compile(r"(?:\(|; |(?:x|cf|Cf|X)\.\s?|xem )\Z")
# Dt 1,2 ha is an area.
_NO_QUANTITY = r"(?!\s?(?:[mk]?m[23²³]?|[ck]?g|ha|tr|tỷ|tỉ|triệu|nghìn|đồng)(?!\w))"
_END = (
    rf"(?:\s?[-–—]\s?(?P<last>[0-9]{{1,3}})[,:]\s?(?P<last_verses>{_VERSES}))?"
    rf"(?![\w%°]){_NO_QUANTITY}(?!\s(?:{any_of(_BOOKS)}|{_LETTERS}|{_SCROLLS})\s?[0-9])"
)
# Books of which there are several; those of the Kings are read only with their number.
_SEVERAL = (*_OLD, "Cr", "Tx", "Tm", "Pr", "Ga")
_BOOK = (
    rf"(?:(?P<letter>[1-3])\s?(?={any_of(_SEVERAL)}\s?[0-9]))?"
    rf"(?P<book>{any_of([book for book in _BOOKS if book != 'V'])}|(?<=[12] )V|(?<=[12])V)"
    r"(?:(?<=\([A-Z][a-z]):)?\s?"
)


def _say_place(book: str, chapter: str, verses: str | None, accent: Accent) -> str:
    chapter_words = cardinal(int(chapter), accent)
    if book.lower() not in _PSALMS:
        chapter_words = f"chương {chapter_words}"
    if not verses:
        return chapter_words
    parts = re.findall(r"[0-9]+|[-–.]", verses)
    verse_words = [
        cardinal(int(part), accent) if part.isdecimal() else "và" if part == "." else "đến"
        for part in parts
    ]
    return f"{chapter_words} câu {' '.join(verse_words)}"


def _say_verses(book: str, match: re.Match[str], accent: Accent) -> str:
    spoken = _say_place(book, match["chapter"], match["verses"], accent)
    if match["last"]:
        spoken += f" đến {_say_place(book, match['last'], match['last_verses'], accent)}"
    return spoken


def _say_book(match: re.Match[str]) -> str:
    book = _BOOKS[match["book"]]
    if not match["letter"]:
        return book
    order = {"1": "nhất", "2": "hai", "3": "ba"}[match["letter"]]
    return f"{book} quyển thứ {order}" if match["book"] in _OLD else f"thư thứ {order} {book}"


def _read_abbreviated(match: re.Match[str], accent: Accent) -> str | None:
    if match["colon"] == "." and not search_before(match, _CITED_BEFORE, 6):
        return None
    return f"{_say_book(match)} {_say_verses(_BOOKS[match['book']], match, accent)}"


def _read_chapter(match: re.Match[str], accent: Accent) -> str | None:
    start = match.start()
    numbered, bracketed = match["letter"], match.string[start - 1 : start] == "("
    if not (
        (numbered and match["book"] in _NUMBERED)
        or (bracketed and match.string[match.end() : match.end() + 1] in ");")
        or _CITING.search(match.string, max(0, start - 12), start)
    ):
        return None
    return f"{_say_book(match)} {_say_place(_BOOKS[match['book']], match['chapter'], None, accent)}"


def _read_after_name(match: re.Match[str], accent: Accent) -> str | None:
    start = match.start()
    book = _FULL_BEFORE.search(match.string, max(0, start - _LONGEST_NAME), start)
    if match["colon"] == ".":
        return None
    return _say_verses(book[1], match, accent) if book else None


_ORDER = {"1": "nhất", "2": "hai", "3": "ba", "I": "nhất", "II": "hai", "III": "ba"}


def _read_book_number(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    kind = "thư" if re.match(_LETTERS, match["name"]) else "sách"
    return f"{kind} thứ {_ORDER[match['order']]} "


_ABOUT_SCRIPTURE = re.compile(
    r"(?<!\w)(?:chương|Kinh Thánh|Thánh Kinh|Phúc Âm|Tin Mừng|Tin Lành|Đức Giê-hô-va|Thiên Chúa"
    rf"|Đức Chúa|Chúa Giê-?su|sứ đồ|{_IN_FULL})(?!\w)"
)


@lru_cache(64)
def _is_about_scripture(text: str) -> bool:
    return _ABOUT_SCRIPTURE.search(text) is not None


def _read_bracketed(match: re.Match[str], accent: Accent) -> str | None:
    """Read (8:22) after a quotation, in a text about the Bible."""
    if match["colon"] == ".":
        return None
    return _say_verses("", match, accent) if _is_about_scripture(match.string) else None


_COLLECTIONS = {
    "DN": "Trường Bộ", "MN": "Trung Bộ", "SN": "Tương Ưng Bộ", "AN": "Tăng Chi Bộ",
    "Dhp": "Pháp Cú", "LG": "Lumen Gentium", "GS": "Gaudium et Spes", "DV": "Dei Verbum",
    "SC": "Sacrosanctum Concilium",
}  # fmt: skip
_ABOUT_SUTRAS = re.compile(
    r"(?<!\w)(?:kinh|Phật|Nikāya|Nikaya|[Tt]ỳ[- ]kheo|Trung Bộ|Trường Bộ|Tương Ưng|Tăng Chi"
    r"|Pháp Cú)(?!\w)"
)
_ABOUT_COUNCILS = re.compile(
    r"(?<!\w)(?:Công [Đđ]ồng|Hiến chế|Giáo [Hh]ội|Hội Thánh|GLHTCG|Vaticanô|Vatican)(?!\w)"
)


@lru_cache(64)
def _cites(text: str, *, sutras: bool) -> bool:
    """Whether a text is about Buddhist scriptures or, without `sutras`, about church councils."""
    return (_ABOUT_SUTRAS if sutras else _ABOUT_COUNCILS).search(text) is not None


def _read_collection(match: re.Match[str], accent: Accent) -> str | None:
    """Read MN 10, a discourse of the Buddha, and LG 16, a document of the Vatican Council."""
    code = match["code"]
    of_sutras = code in ("DN", "MN", "SN", "AN", "Dhp")
    if not _cites(match.string, sutras=of_sutras):
        return None
    numbers = (cardinal(int(part), accent) for part in match["place"].split("."))
    number = " chấm ".join(numbers)
    return f"{_COLLECTIONS[code]} {'' if of_sutras else 'số '}{number}"


def _read_see(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001 (one for all accents)
    return "xem "


_PLACE_FOLLOWS = rf"(?=(?:[1-3]\s?)?{any_of(_BOOKS)}\s?[1-9])"
SEE = r"x\.\s?[1-3A-ZĐ]|cf\.\s?[1-3A-ZĐ]"
"""The abbreviations of "see" before a verse, as in "x. 1Ga 3,16", for the scan."""
START = r"[A-ZĐ][a-zđ]{1,2}:?\s?[0-9]"
RULES = (
    Rule(
        "verse",
        re.compile(
            rf"(?<!\w)(?P<order>[123]|I{{1,3}})\s(?=(?P<name>{_LETTERS}|{_SCROLLS})\s[0-9])"
        ),
        _read_book_number,
    ),
    Rule("verse", re.compile(rf"(?<=\(){_PLACE}{_END}(?=\))"), _read_bracketed),
    Rule(
        "collection",
        re.compile(
            rf"(?<!\w)(?P<code>{any_of(_COLLECTIONS)})\s(?P<place>[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?)(?!\w)"
        ),
        _read_collection,
    ),
    Rule("see", re.compile(rf"(?<!\w)(?:x|cf)\.\s?{_PLACE_FOLLOWS}"), _read_see),
    Rule("verse", re.compile(rf"(?<![\w,.-]){_BOOK}{_PLACE}{_END}"), _read_abbreviated),
    Rule(
        "verse",
        re.compile(rf"(?<![\w,.-]){_BOOK}(?P<chapter>[1-9][0-9]{{0,2}})(?![\w%]|[,.:][0-9])"),
        _read_chapter,
    ),
    Rule("verse", re.compile(rf"(?<!\w){_PLACE}{_END}"), _read_after_name),
)
