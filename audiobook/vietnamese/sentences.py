"""Sentences: underthesea proposes the ends, a repair layer decides where Vietnamese disagrees."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import is_normalized, normalize

from audiobook.vietnamese.enumerations import points_apart
from audiobook.vietnamese.letters import CAPITALS, RAISED, is_speakable
from audiobook.vietnamese.proposals import proposed_ends
from audiobook.vietnamese.rules.initials import TITLED
from audiobook.vietnamese.speakers import names_speaker
from audiobook.vietnamese.syllables import is_syllable, is_vietnamese
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = rf"[{CAPITALS}][^\W\d_]*"
_VERSE = (
    r"(?:(?:x|cf)\.\s?)?(?:[1-3]\s?)?[A-ZĐ][a-zđ]{1,2}\s?[1-9][0-9]{0,2}"
    r"(?:\s?[,:.;–-]\s?[0-9]{1,3}[a-c]?){0,6}"
)
_SOURCE = (
    rf"(?:{_VERSE}|(?<=[\"”’»]\s\()(?:(?:Theo|Trích|Thơ|Lời|Sách)\s[^().!?\n]{{1,80}}"
    rf"|Ca dao|Tục ngữ|Thành ngữ|{_NAME}(?:[\s-][{CAPITALS}][^\W\d_]*){{1,4}}))"
)
# A run of terminators with the quotes, brackets and note numbers right after it.
_END = re.compile(
    r"(?P<mark>[.!?…。！？]++(?:\s[.…]++(?=\s|\Z))*+)"
    r"(?P<closed>(?:[\"”’»)\]」』》⁰¹²³⁴-⁹]|\s[»”」』]|\[[0-9]{1,3}\]|\([0-9]{1,3}\)(?!\w))*"
    # The small number of a note that copying made large: "điều ấy.3 Sau khi".
    # Where a quotation is from: "... linh hồn.” (Mt 16, 26)", "... đường mòn.” (Ca dao)".
    rf"(?:\s\({_SOURCE}\))?"
    r"(?P<note>(?<=[a-zà-ỹ][a-zà-ỹđ][.!?…])[0-9]{1,3}(?=\s[\"“‘«(]?[A-ZÀ-ỸĐ]))?)"
)
_WORD_BEFORE = re.compile(r"([\w.]*\w%?)\Z")
_OPENERS = re.compile(r"[\s\"'“‘«(\[\-–—]*")
_ADDRESS = re.compile(r"(?:https?://|www\.|[\w.-]+\.[a-z]{2,}/|\S+@)\S*\Z")
# What stands for itself at the beginning of a sentence: "1.", "IV.", "a.", "Chương 1.".
_LIST_MARKER = re.compile(
    r"(?:[#•*+–-]{1,6}\s)?(?:[0-9]{1,3}|[IVXLC]+|[a-zđA-ZĐ])(?:\.[0-9]{1,3})*\.|\[[0-9]{1,3}\]\."
    r"|(?i:chương|điều|mục|phần|hồi|bài|quyển|tập|tiết|câu|khoản|bảng|hình|biểu đồ|sơ đồ"
    r"|phụ lục|bài tập|bước|giai đoạn|vòng|ví dụ|thí dụ|cách|mẹo|lý do|lưu ý|nguyên tắc|đề)"
    r"\s+(?:[0-9]{1,4}(?:\.[0-9]{1,3})*|[IVXLC]+)\."
)
_LONGEST_MARKER = 20
# "gồm: 1. Dọn kho": what counts the items of a list in the middle of a line.
_ITEM_NUMBER = re.compile(r"[:;]\s(?:[0-9]{1,2}|[a-zđ])\Z")
_NEXT_ITEM = re.compile(rf"\s[a-zđ][.)]\s[{CAPITALS}]")
# The number of a work or an issue comes after these: "Op. 67", "No. 5".
_NUMBERED = re.compile(r"\b(?:[Oo]p|[Nn]o|[Nn]r|[Vv]ol|[Ff]ig|BWV|KV)\Z")
# "2 000 . 15% = 300"
_MULTIPLIES = re.compile(r"[0-9] \. (?=[0-9])")
_LONGEST_ADDRESS = 300
_AMOUNT = re.compile(r"[0-9]{1,4}(?:[a-zđ]{1,3}[0-9]{0,2}|%)?")
_SYLLABLE_NEXT = re.compile(rf"(?:[{CAPITALS}][^\W\d_A-Z]++|[ÀẢÁÔỒỐƠỜỞƯỪỨÝ])(?=[\s,])")
_NUMBER_NEXT = re.compile(rf"[1-9]\.\s[{CAPITALS}]")
_CAPITALS_NEXT = re.compile(rf"[{CAPITALS}]{{2,7}}(?=[\s,])")
_SMALL_NEXT = re.compile(r"[^\W\d_]{2,7}(?=[\s,])")
_LONGEST_QUOTATION = 2000
_SHORTEST_FOREIGN = 4
# "hết rồi! :P"
_FACE = re.compile(r"\s*[:;=]['-]?[)(DPpOo3vV*|/\\]{1,9}\s*\Z")
# Of a clause so many words follow a mark: "à bạn? chỉ mỗi đàn ông", but not "hả? ai".
_CLAUSE = re.compile(r"\s[^\W\d_]+(?:\s[^\W\d_]+){3}")
_ELLIPSES = ("…", "...", "..")
# "Chỉ là... Một anh chàng": no sentence ends so.
_NEVER_LAST = frozenset(
    "là của và rằng với những các một hơi rất đang sẽ bởi vì tại như thì".split()
)
_LETTER_WITH_MARKS = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_CAPITAL_AFTER_STOP = re.compile(rf"[.!?…]\s[\"“(]?[{CAPITALS}]")
_DASHED_ON = re.compile(rf"[-–—]{{1,2}}\s[\"“«]?[{CAPITALS}]")
# What follows the point of an address or of a file: "tên miền .com", "tệp .bat".
_ENDS_OF_NAMES = frozenset("ai bat co com dat in ini io me net so to tv".split())
# A line without marks that is so long has no one address.
_FEWEST_SPACES = 8
_AMOUNT_OR_ACRONYM = re.compile(r"[0-9]\w*|\w*[0-9]|[A-ZĐƯ]{2,}")
_SPEAKABLE = re.compile(rf"(?!{RAISED})[^\W_]")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]")
# One letter that is no initial: "vitamin C.", "39 °C.", "1.500 m."
_LETTER_OR_UNIT = re.compile(
    r"(?:độ|vitamin|nhóm|loại|hạng|điểm|khối|lớp|chữ|phương án|tổ|bảng|nhà|khu|mạng|máu"
    r"|Nhóm|Loại|Hạng|Khối|Lớp|Chữ|Phương án|Tổ|Bảng|Khu)\s[A-ZĐ]\Z"
    r"|(?:đáp án|chọn|đúng là)\s[A-Z]\Z"
    r"|[0-9]\s?(?:°[CFK]|[VWAa-z]|[^\W\d_]{1,4}/[^\W\d_]{1,4})\Z"
)
# After the initial that stands for a whole name a new sentence begins with one of these, which
# are no given names: "bắt giữ Lê Thị C. Vụ án ...".
_OPENING = re.compile(
    r"\s(?:Vụ|Tòa|Toà|Theo|Sau|Khi|Hiện|Trong|Các|Những|Một|Người|Ông|Tại|Đến|Nhưng|Nếu|Vì|Từ"
    r"|Ngày|Hôm|Đây|Đó|Tuy|Mặc|Cả|Kết|Khoảng|Trước|Việc|Cơ quan|Công an|Cùng|Gia đình|Số|Lúc)"
    r"\s[a-zà-ỹđ]"
)
# These begin a sentence whatever comes after them.
_SURE_OPENING = re.compile(
    r"\s(?:Vụ|Theo|Sau (?:khi|đó)|Khi|Hiện|Trong|Tại|Đến|Nhưng|Nếu|Vì|Từ|Ngày|Hôm|Tuy|Mặc|Trước"
    r"|Việc|Cơ quan|Công an|Lúc|Do|Bởi|Còn|Rồi|Và|Với|Chiều|Sáng|Trưa|Tối|Đêm|Khoảng|Cùng"
    r"|Bị (?:cáo|can)|Nạn nhân|Đối tượng|Nghe|Thấy|Dù|Bên cạnh|Ngoài|Vậy|Thế|Được|Bằng"
    r"|Chỉ|Không|Chưa|Đã|Đang"
    r"|Sẽ|Cũng|Vẫn|Nay|Nhiều|Mỗi|Những|Các|Mọi|Về|Ở|Lợi dụng|Phát hiện|Qua|Như|Để|Đây|Đó|Nó|Hắn"
    r"|Họ)\s"
)
# "Mizuho Bank. Ltd": what a company is comes after its name.
_IN_COMPANY = re.compile(r"\s(?:Ltd|Inc|Corp|JSC|LLC)(?!\w)")
# What a sentence of chat ends with, though no syllable: "không được" as "ko đc".
_CHAT = frozenset(
    row[0] for row in load_table("chat.tsv") if len(row[0]) > 1 or row[0] in "jkz"
) | {"ah", "uh", "oh", "àh"}
_PERSON_OPENING = re.compile(r"\s(?:Ông|Bà|Anh|Chị|Tôi|Chúng tôi|Cô|Em|Người)\s[a-zà-ỹđ]")
_PLACES = frozenset(("tp", "tx", "cty", "cn"))
_WHOLE_NAME = re.compile(rf"{_NAME}\s{_NAME}\s[{CAPITALS}]\Z")
_TITLED_INITIALS = re.compile(rf"{TITLED}[A-ZĐ](?:\.[A-ZĐ]){{0,3}}\Z")
_LONGEST_TITLED_NAME = 48

_ABBREVIATIONS = frozenset(word for (word,) in load_table("abbreviations.tsv"))
_CHAT_ENDS = (_CHAT - _ABBREVIATIONS) | {"đc"}


def split_sentences(text: str) -> list[str]:
    """Split text into sentences, in order; a line end always ends one.

    White space around a sentence is dropped, nothing else; quotes and brackets close with the
    sentence they belong to.

    >>> split_sentences("“Anh đi đâu?” cô hỏi. GS.TS. Nam im lặng… Rồi ông về.")
    ['“Anh đi đâu?” cô hỏi.', 'GS.TS. Nam im lặng…', 'Rồi ông về.']
    """
    return [sentence for line in text.splitlines() for sentence in _split_written(line.strip())]


def _split_written(line: str) -> Iterator[str]:
    """Split a line whose letters may be written apart from their marks."""
    if is_normalized("NFC", line):
        for part in points_apart(line):
            yield from _split_line(part)
        return
    start = 0
    letters = _LETTER_WITH_MARKS.finditer(line)
    for sentence in _split_written(normalize("NFC", line)):
        left = len("".join(sentence.split()))
        end = start
        while left > 0 and (letter := next(letters, None)):
            left -= len(normalize("NFC", letter[0]).strip())
            end = letter.end()
        yield line[start:end].strip()
        start = end


def _split_line(line: str) -> Iterator[str]:
    ends = list(_END.finditer(line))
    if not ends or (len(ends) == 1 and ends[0].end() == len(line)):
        if line:
            yield line
        return
    proposed = proposed_ends(line)
    last = _last_speakable(line)
    start = searched = 0
    speaks = False  # a sentence has something to say: not "…" alone
    for end in ends:
        if end.end() > last:
            break
        speaks = speaks or _SPEAKABLE.search(line, searched, end.start()) is not None
        searched = end.end()
        if speaks and _is_boundary(line, start, end, end.end("mark") in proposed):
            stop = end.end()
            if line.startswith((' " ', " “ "), stop) and _is_quoting(line, start, stop):
                stop += 2  # the quotation mark stands apart: "thấy sao? " Anh"
            yield line[start:stop]
            start = _after_space(line, stop)
            speaks = False
    yield line[start:]


def _is_quoting(line: str, start: int, stop: int) -> bool:
    """Whether a quotation mark at a place closes what was opened before."""
    if line[stop + 1] == '"':
        return line.count('"', start, stop) % 2 == 1
    window = max(0, stop - _LONGEST_QUOTATION)
    return line.count("“", window, stop) > line.count("”", window, stop)


def _is_boundary(line: str, start: int, end: re.Match[str], proposed: bool) -> bool:
    after = _first_after(line, end.end())
    if not after:
        return False  # only opening marks are left: they belong here
    if end["mark"][-1] in "。！？":  # no space follows; the reading in brackets belongs to it
        return line[_after_space(line, end.end())] not in "(["
    if _IN_COMPANY.match(line, end.end()) or _FACE.match(line, end.end()):
        return False
    if not line[end.end()].isspace():
        return _space_is_missing(line, start, end)
    if end["note"] and not _is_plain(_word_before(line, end)):
        return False  # "tr.15 Ông"
    is_plain_stop = end["mark"] == "." and not end["closed"]
    if names_speaker(line, end.end(), end["mark"], end["closed"]):
        return False
    word = _word_before(line, end)
    if is_plain_stop and not word and _MULTIPLIES.match(line, end.start() - 2):
        return False
    if end[0] in _ELLIPSES and word.lower() in _NEVER_LAST:
        return False
    if after.islower():
        # "?” cô hỏi", "Ôi! đau đớn", "v.v. và": the sentence goes on, unless a plain full
        # stop after a plain word shows that only the capital was forgotten.
        if is_plain_stop and _NEXT_ITEM.match(line, end.end()):
            return True
        return _goes_on_small(line, end, word, proposed)
    if not is_plain_stop or word.lower() == "v.v":
        return True
    if _counts(line, start, end, after):
        return False
    return (
        _is_full_stop(line, start, end, word)
        or word in _CHAT_ENDS
        or (
            not _INITIALS.fullmatch(word)
            and word.rpartition(".")[2].lower() not in _ABBREVIATIONS
            # underthesea takes some plain syllables, amounts (50g) and acronyms for abbreviations.
            and (proposed or _is_plain(word) or bool(_AMOUNT_OR_ACRONYM.fullmatch(word)))
        )
    )


def _goes_on_small(line: str, end: re.Match[str], word: str, proposed: bool) -> bool:
    """Whether a sentence begins without a capital after a stop: "cứ khóc thôi. thương các bác"."""
    if end["closed"]:
        return False
    if end[0] != ".":
        small = _writes_small(line) or len(end["mark"]) > 2  # "không??? cái thẻ tôi vẫn"
        return bool(end["mark"][-1] in "?!" and small and _CLAUSE.match(line, end.end()))
    if not word:
        found = _WORD_BEFORE.search(line, max(0, end.start() - 24), end.start() - 1)
        is_word = found and (_is_plain(found[1]) or _ends_small(found[1]))
        return bool(is_word and line[end.start() - 1] == " ")
    if not word.islower() or word in _ABBREVIATIONS:
        is_name = word.istitle() and len(word) > 2 and not word.isascii() and _is_plain(word)
        return word == "đc" or is_name  # "con trai cả họ Nguyễn. trong làng"
    is_long = _is_plain(word) or len(word) >= _SHORTEST_FOREIGN
    return _ends_small(word) or (proposed and is_long)


def _ends_small(word: str) -> bool:
    """Whether a stop after a word is that of a sentence, whatever underthesea sees."""
    return word in _CHAT_ENDS or (not word.isascii() and word.islower() and is_vietnamese(word))


@lru_cache(16)
def _writes_small(line: str) -> bool:
    """Whether no sentence of a line has a capital: it is typed without."""
    return line[:1].islower() and _CAPITAL_AFTER_STOP.search(line) is None


@lru_cache(16)
def _writes_large(line: str) -> bool:
    return line.isupper() and line.count(" ") >= _FEWEST_SPACES


def _counts(line: str, start: int, end: re.Match[str], after: str) -> bool:
    """Whether a stop belongs to a number or to what comes before one: "1.", "Op. 67"."""
    if end.end() - start <= _LONGEST_MARKER and _LIST_MARKER.fullmatch(line, start, end.end()):
        return True
    before = max(start, end.start() - _LONGEST_MARKER)
    if _ITEM_NUMBER.search(line, before, end.start()):
        return True
    return after.isdecimal() and _NUMBERED.search(line, before, end.start()) is not None


def _is_full_stop(line: str, start: int, end: re.Match[str], word: str) -> bool:
    """Whether a stop after a letter or a unit ends a sentence: "vitamin C.", "80 km/h."."""
    before = max(start, end.start() - _LONGEST_MARKER)
    if _INITIALS.fullmatch(word) and _ends_with_initials(line, start, end):
        return True
    if word.lower() in _PLACES:
        # "trên địa bàn TP. Ông cho biết"
        return any(opening.match(line, end.end()) for opening in (_PERSON_OPENING, _SURE_OPENING))
    if len(word) != 1 and line[max(end.start() - len(word) - 1, 0)] != "/":
        return False
    if _LETTER_OR_UNIT.search(line, before, end.start()):
        return True
    return (
        _OPENING.match(line, end.end()) is not None
        and _WHOLE_NAME.search(line, before, end.start()) is not None
    )


def _ends_with_initials(line: str, start: int, end: re.Match[str]) -> bool:
    """Whether a sentence ends with the initials of a person: "giết chị T. Khi thấy", "Bà P. Do"."""
    before = max(start, end.start() - _LONGEST_TITLED_NAME)
    opens = _SURE_OPENING.match(line, end.end()) or _OPENING.match(line, end.end())
    return bool(opens and _TITLED_INITIALS.search(line, before, end.start()))


def _last_speakable(line: str) -> int:
    """Return the position of the last letter or digit to say, -1 if there is none."""
    position = len(line) - 1
    while position >= 0 and not is_speakable(line[position]):
        position -= 1
    return position


def _after_space(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _first_after(line: str, position: int) -> str:
    """Return the first character after spaces, dashes and opening marks, if there is one."""
    opened = _OPENERS.match(line, position)
    start = opened.end() if opened else position
    return line[start : start + 1]


def _word_before(line: str, end: re.Match[str]) -> str:
    found = _WORD_BEFORE.search(line, max(0, end.start() - 24), end.start())
    return found[1] if found else ""


def _is_plain(word: str) -> bool:
    return len(word) > 1 and is_syllable(word) and word.lower() not in _ABBREVIATIONS


def _space_is_missing(line: str, start: int, end: re.Match[str]) -> bool:
    """Whether "về.Hôm nay" lost its space, unlike "Node.js", "3.14" and addresses."""
    follows = line[end.end()]
    if follows.islower():
        return end[0] == "." and _small_goes_on(line, end)
    if follows in "-–—":  # "Dịch âm.- Tượng viết"
        return end[0] in ".?!" and _is_dashed_on(line, start, end)
    if follows.isdecimal() and end[0] == ".":  # "khuyến mãi.2. Mình"
        return bool(_NUMBER_NEXT.match(line, end.end())) and _is_plain(_word_before(line, end))
    if not follows.isupper() and follows not in "“«‘":
        return False
    word = _word_before(line, end)
    if not word and end[0] == "." and line[end.start() - 1 : end.start()] == " ":
        # "lúc này .Nhưng", but not "dùng .NET".
        following = _SYLLABLE_NEXT.match(line, end.end())
        if following is None and _writes_large(line):
            return _CAPITALS_NEXT.match(line, end.end()) is not None
        before = _WORD_BEFORE.search(line, max(0, end.start() - 24), end.start() - 1)
        if not (following and before and _is_plain(before[1])):
            return False
        opens = _SURE_OPENING.match(f" {line[end.end() : end.end() + _LONGEST_MARKER]}")
        return bool(opens) or (not following[0].isascii() and is_vietnamese(following[0]))
    if "." in word or _is_in_address(line, end.start()):
        return False
    if end[0] in _ELLIPSES and word and line.startswith(word, end.end()):
        return False  # "Anh...Anh cho tôi ở lại?"
    if end["mark"] != "." or end["closed"] or line[max(end.start() - 1, 0)] in "”»":
        return True
    if _AMOUNT.fullmatch(word) and _SYLLABLE_NEXT.match(line, end.end()):
        # "ngày 5.Về", but not "1.Rửa tay", nor "gồm: 1.Rửa tay".
        stem = line[start : end.start()].strip("-–—•* ")
        return stem != word and not _ITEM_NUMBER.search(line, max(0, end.start() - 8), end.start())
    if word in _CHAT_ENDS:
        return True
    if _writes_large(line):
        following = _CAPITALS_NEXT.match(line, end.end())
        return _is_plain(word) and following is not None and _is_plain(following[0])
    if not word[1:].islower() or word.lower() in _ABBREVIATIONS:
        return False
    # "Trump.Dù sao", but neither "Node.Js" nor "ASP.Net": the next word is Vietnamese by its marks.
    marked = _SYLLABLE_NEXT.match(line, end.end())
    return _is_plain(word) or bool(
        marked and len(word) > 2 and not marked[0].isascii() and is_syllable(marked[0])
    )


def _is_dashed_on(line: str, start: int, end: re.Match[str]) -> bool:
    goes_on = _DASHED_ON.match(line, end.end()) is not None
    return goes_on and _is_plain(_word_before(line, end)) and not _counts(line, start, end, "")


def _small_goes_on(line: str, end: re.Match[str]) -> bool:
    """Whether a sentence without a capital follows its stop at once: "như vậy .hay là"."""
    is_spaced = line[max(end.start() - 1, 0)] == " "
    stop = end.start() - is_spaced
    before = _WORD_BEFORE.search(line, max(0, stop - 24), stop)
    following = _SMALL_NEXT.match(line, end.end())
    if not (before and following and _is_plain(before[1]) and _is_plain(following[0])):
        return False
    if following[0] in _ENDS_OF_NAMES or _is_in_address(line, end.start()):
        return False
    has_marks = not (before[1].isascii() and following[0].isascii())
    return is_spaced or has_marks or (line.isascii() and line.count(" ") >= _FEWEST_SPACES)


def _is_in_address(line: str, position: int) -> bool:
    window = max(0, position - _LONGEST_ADDRESS)
    token_start = max(window, line.rfind(" ", window, position) + 1)
    return _ADDRESS.match(line, token_start, position) is not None
