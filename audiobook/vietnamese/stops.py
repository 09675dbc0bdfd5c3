"""Full stops: whether one ends a sentence, by the word before it and what follows."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.rules.initials import TITLED
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import load_table

CAPITALISED = rf"[{CAPITALS}][^\W\d_]*"
"""A word that begins with a capital, for an expression."""
WORD_BEFORE = re.compile(r"([\w.]*\w%?)\Z")
# A number or heading before a sentence, which its stop does not end: "1.", "IV.", "Chương 1.".
_LIST_MARKER = re.compile(
    r"(?:[#•*+–-]{1,6}\s)?(?:[0-9]{1,3}|[IVXLC]+|[a-zđA-ZĐ])(?:\.[0-9]{1,3})*\.|\[[0-9]{1,3}\]\."
    r"|(?i:chương|điều|mục|phần|hồi|bài|quyển|tập|tiết|câu|khoản|bảng|hình|biểu đồ|sơ đồ"
    r"|phụ lục|bài tập|bước|giai đoạn|vòng|ví dụ|thí dụ|cách|mẹo|lý do|lưu ý|nguyên tắc|đề)"
    r"\s+(?:[0-9]{1,4}(?:\.[0-9]{1,3})*|[IVXLC]+)\."
)
LONGEST_MARKER = 20
"""Most characters before a stop that are looked at."""
# "gồm: 1. Dọn kho": the number of an item in the middle of a line.
ITEM_NUMBER = re.compile(r"[:;]\s(?:[0-9]{1,2}|[a-zđ])\Z")
# Abbreviations before the number of a work or an issue: "Op. 67", "No. 5".
_NUMBERED = re.compile(r"\b(?:[Oo]p|[Nn]o|[Nn]r|[Vv]ol|[Ff]ig|BWV|KV)\Z")
ELLIPSES = ("…", "...", "..")
INITIALS = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]")
# A single letter that is not an initial: "vitamin C.", "39 °C.", "1.500 m."
_LETTER_OR_UNIT = re.compile(
    r"(?:độ|vitamin|nhóm|loại|hạng|điểm|khối|lớp|chữ|phương án|tổ|bảng|nhà|khu|mạng|máu"
    r"|Nhóm|Loại|Hạng|Khối|Lớp|Chữ|Phương án|Tổ|Bảng|Khu)\s[A-ZĐ]\Z"
    r"|(?:đáp án|chọn|đúng là)\s[A-Z]\Z"
    r"|[0-9]\s?(?:°[CFK]|[VWAa-z]|[^\W\d_]{1,4}/[^\W\d_]{1,4})\Z"
)
# After the initial of a name, one of these words begins a new sentence, because it is not a given
# name: "bắt giữ Lê Thị C. Vụ án ...".
_OPENING = re.compile(
    r"\s(?:Vụ|Tòa|Toà|Theo|Sau|Khi|Hiện|Trong|Các|Những|Một|Người|Ông|Tại|Đến|Nhưng|Nếu|Vì|Từ"
    r"|Ngày|Hôm|Đây|Đó|Tuy|Mặc|Cả|Kết|Khoảng|Trước|Việc|Cơ quan|Công an|Cùng|Gia đình|Số|Lúc)"
    r"\s[a-zà-ỹđ]"
)
# Words that begin a sentence whatever comes after them.
SURE_OPENING = re.compile(
    r"\s(?:Vụ|Theo|Sau (?:khi|đó)|Khi|Hiện|Trong|Tại|Đến|Nhưng|Nếu|Vì|Từ|Ngày|Hôm|Tuy|Mặc|Trước"
    r"|Việc|Cơ quan|Công an|Lúc|Do|Bởi|Còn|Rồi|Và|Với|Chiều|Sáng|Trưa|Tối|Đêm|Khoảng|Cùng"
    r"|Bị (?:cáo|can)|Nạn nhân|Đối tượng|Nghe|Thấy|Dù|Bên cạnh|Ngoài|Vậy|Thế|Được|Bằng"
    r"|Chỉ|Không|Chưa|Đã|Đang"
    r"|Sẽ|Cũng|Vẫn|Nay|Nhiều|Mỗi|Những|Các|Mọi|Về|Ở|Lợi dụng|Phát hiện|Qua|Như|Để|Đây|Đó|Nó|Hắn"
    r"|Họ)\s"
)
# Words of chat that may end a sentence though they are not syllables: "ko đc".
_CHAT = frozenset(
    row[0] for row in load_table("chat.tsv") if len(row[0]) > 1 or row[0] in "jkz"
) | {"ah", "uh", "oh", "àh"}
_PERSON_OPENING = re.compile(r"\s(?:Ông|Bà|Anh|Chị|Tôi|Chúng tôi|Cô|Em|Người)\s[a-zà-ỹđ]")
_PLACES = frozenset(("tp", "tx", "cty", "cn"))
_WHOLE_NAME = re.compile(rf"{CAPITALISED}\s{CAPITALISED}\s[{CAPITALS}]\Z")
_TITLED_INITIALS = re.compile(rf"{TITLED}[A-ZĐ](?:\.[A-ZĐ]){{0,3}}\Z")
_LONGEST_TITLED_NAME = 48
ABBREVIATIONS = frozenset(word for (word,) in load_table("abbreviations.tsv"))
CHAT_ENDS = (_CHAT - ABBREVIATIONS) | {"đc"}
"""Words of chat that end a sentence before a stop."""


def surely_ends(word: str) -> bool:
    """Whether a stop after a word ends a sentence, whatever underthesea proposes."""
    return word in CHAT_ENDS or (not word.isascii() and word.islower() and is_vietnamese(word))


def is_numbering(line: str, start: int, stop: re.Match[str], following: str) -> bool:
    """Whether a stop belongs to a number or to an abbreviation before one: "1.", "Op. 67"."""
    if stop.end() - start <= LONGEST_MARKER and _LIST_MARKER.fullmatch(line, start, stop.end()):
        return True
    window_start = max(start, stop.start() - LONGEST_MARKER)
    if ITEM_NUMBER.search(line, window_start, stop.start()):
        return True
    return following.isdecimal() and _NUMBERED.search(line, window_start, stop.start()) is not None


def is_full_stop(line: str, start: int, stop: re.Match[str], word: str) -> bool:
    """Whether a stop after a letter or a unit ends a sentence: "vitamin C.", "80 km/h."."""
    window_start = max(start, stop.start() - LONGEST_MARKER)
    if INITIALS.fullmatch(word) and _ends_with_initials(line, start, stop):
        return True
    if word.lower() in _PLACES:
        # "trên địa bàn TP. Ông cho biết"
        return any(opening.match(line, stop.end()) for opening in (_PERSON_OPENING, SURE_OPENING))
    if len(word) != 1 and line[max(stop.start() - len(word) - 1, 0)] != "/":
        return False
    if _LETTER_OR_UNIT.search(line, window_start, stop.start()):
        return True
    return (
        _OPENING.match(line, stop.end()) is not None
        and _WHOLE_NAME.search(line, window_start, stop.start()) is not None
    )


def _ends_with_initials(line: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a sentence ends with the initials of a person: "giết chị T. Khi thấy", "Bà P. Do"."""
    window_start = max(start, stop.start() - _LONGEST_TITLED_NAME)
    opening = SURE_OPENING.match(line, stop.end()) or _OPENING.match(line, stop.end())
    return bool(opening and _TITLED_INITIALS.search(line, window_start, stop.start()))


def word_before(line: str, stop: re.Match[str]) -> str:
    """Return the word right before a stop, empty if there is none."""
    match = WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start())
    return match[1] if match else ""


def is_plain_word(word: str) -> bool:
    """Whether a word is a syllable, and not an abbreviation."""
    return len(word) > 1 and is_syllable(word) and word.lower() not in ABBREVIATIONS
