"""Sentences: underthesea proposes where they end, and this module decides."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.enumerations import split_points
from audiobook.vietnamese.letters import CAPITALS, RAISED, compose, is_speakable
from audiobook.vietnamese.proposals import Proposals
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
# A run of terminators, with the quotation marks, brackets and note numbers right after it.
_END = re.compile(
    r"(?P<mark>[.!?…。！？]++(?:\s[.…]++(?=\s|\Z))*+)"
    r"(?P<closed>(?:[\"”’»)\]」』》⁰¹²³⁴-⁹]|\s[»”」』]|\[[0-9]{1,3}\]|\([0-9]{1,3}\)(?!\w))*"
    # The source of a quotation: "... linh hồn.” (Mt 16, 26)", "... đường mòn.” (Ca dao)".
    rf"(?:\s\({_SOURCE}\))?"
    # The number of a note that is no longer superscript: "điều ấy.3 Sau khi".
    r"(?P<note>(?<=[a-zà-ỹ][a-zà-ỹđ][.!?…])[0-9]{1,3}(?=\s[\"“‘«(]?[A-ZÀ-ỸĐ]))?)"
)
_WORD_BEFORE = re.compile(r"([\w.]*\w%?)\Z")
_OPENERS = re.compile(r"[\s\"'“‘«(\[\-–—]*")
_ADDRESS = re.compile(r"(?:https?://|www\.|[\w.-]+\.[a-z]{2,}/|\S+@)\S*\Z")
# A number or heading before a sentence, which its stop does not end: "1.", "IV.", "Chương 1.".
_LIST_MARKER = re.compile(
    r"(?:[#•*+–-]{1,6}\s)?(?:[0-9]{1,3}|[IVXLC]+|[a-zđA-ZĐ])(?:\.[0-9]{1,3})*\.|\[[0-9]{1,3}\]\."
    r"|(?i:chương|điều|mục|phần|hồi|bài|quyển|tập|tiết|câu|khoản|bảng|hình|biểu đồ|sơ đồ"
    r"|phụ lục|bài tập|bước|giai đoạn|vòng|ví dụ|thí dụ|cách|mẹo|lý do|lưu ý|nguyên tắc|đề)"
    r"\s+(?:[0-9]{1,4}(?:\.[0-9]{1,3})*|[IVXLC]+)\."
)
_LONGEST_MARKER = 20
# "gồm: 1. Dọn kho": the number of an item in the middle of a line.
_ITEM_NUMBER = re.compile(r"[:;]\s(?:[0-9]{1,2}|[a-zđ])\Z")
_NEXT_ITEM = re.compile(rf"\s[a-zđ][.)]\s[{CAPITALS}]")
# Abbreviations before the number of a work or an issue: "Op. 67", "No. 5".
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
# A clause follows a mark, at least four words: "à bạn? chỉ mỗi đàn ông", but not "hả? ai".
_CLAUSE = re.compile(r"\s[^\W\d_]+(?:\s[^\W\d_]+){3}")
_ELLIPSES = ("…", "...", "..")
# Words that never end a sentence: "Chỉ là... Một anh chàng".
_NEVER_LAST = frozenset(
    "là của và rằng với những các một hơi rất đang sẽ bởi vì tại như thì".split()
)
_LETTER_WITH_MARKS = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_CAPITAL_AFTER_STOP = re.compile(rf"[.!?…]\s[\"“(]?[{CAPITALS}]")
_DASHED_ON = re.compile(rf"[-–—]{{1,2}}\s[\"“«]?[{CAPITALS}]")
# Endings of addresses and file names: "tên miền .com", "tệp .bat".
_ENDS_OF_NAMES = frozenset("ai bat co com dat in ini io me net so to tv".split())
# A line with so many spaces is not an address alone.
_FEWEST_SPACES = 8
_AMOUNT_OR_ACRONYM = re.compile(r"[0-9]\w*|\w*[0-9]|[A-ZĐƯ]{2,}")
_SPEAKABLE = re.compile(rf"(?!{RAISED})[^\W_]")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]")
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
_SURE_OPENING = re.compile(
    r"\s(?:Vụ|Theo|Sau (?:khi|đó)|Khi|Hiện|Trong|Tại|Đến|Nhưng|Nếu|Vì|Từ|Ngày|Hôm|Tuy|Mặc|Trước"
    r"|Việc|Cơ quan|Công an|Lúc|Do|Bởi|Còn|Rồi|Và|Với|Chiều|Sáng|Trưa|Tối|Đêm|Khoảng|Cùng"
    r"|Bị (?:cáo|can)|Nạn nhân|Đối tượng|Nghe|Thấy|Dù|Bên cạnh|Ngoài|Vậy|Thế|Được|Bằng"
    r"|Chỉ|Không|Chưa|Đã|Đang"
    r"|Sẽ|Cũng|Vẫn|Nay|Nhiều|Mỗi|Những|Các|Mọi|Về|Ở|Lợi dụng|Phát hiện|Qua|Như|Để|Đây|Đó|Nó|Hắn"
    r"|Họ)\s"
)
# "Mizuho Bank. Ltd": the legal form of a company comes after its name.
_IN_COMPANY = re.compile(r"\s(?:Ltd|Inc|Corp|JSC|LLC)(?!\w)")
# Words of chat that may end a sentence though they are not syllables: "ko đc".
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
    """Return the sentences of a text, in order; a line end always ends one.

    Only white space around a sentence is dropped. Quotation marks and brackets close with the
    sentence that they belong to.

    >>> split_sentences("“Anh đi đâu?” cô hỏi. GS.TS. Nam im lặng… Rồi ông về.")
    ['“Anh đi đâu?” cô hỏi.', 'GS.TS. Nam im lặng…', 'Rồi ông về.']
    """
    lines = filter(None, map(str.strip, text.splitlines()))
    return [sentence for line in lines for sentence in _split_normalized(line)]


def _split_normalized(line: str) -> Iterator[str]:
    """Yield the sentences of a line whose letters may be decomposed (NFD)."""
    composed = compose(line)
    if composed == line:
        for part in split_points(line):
            yield from _split_line(part)
        return
    start = 0
    letters = _LETTER_WITH_MARKS.finditer(line)
    sentences = list(_split_normalized(composed))
    for sentence in sentences[:-1]:
        remaining = len("".join(sentence.split()))
        end = start
        while remaining > 0 and (letter := next(letters, None)):
            remaining -= len(compose(letter[0]).strip())
            end = letter.end()
        yield line[start:end].strip()
        start = end
    yield line[start:].strip()


def _split_line(line: str) -> Iterator[str]:
    ends = list(_END.finditer(line))
    if not ends or (len(ends) == 1 and ends[0].end() == len(line)):
        if line:
            yield line
        return
    proposals = Proposals(line)
    last_speakable = _last_speakable(line)
    start = search_start = 0
    has_words = False  # whether there is a letter or a digit to speak: not "…" alone
    for stop in ends:
        if stop.end() > last_speakable:
            break
        has_words = has_words or _SPEAKABLE.search(line, search_start, stop.start()) is not None
        search_start = stop.end()
        if has_words and _is_boundary(line, start, stop, proposals):
            end = stop.end()
            if line.startswith((' " ', " “ "), end) and _closes_quotation(line, start, end):
                end += 2  # a space before the quotation mark: "thấy sao? " Anh"
            yield line[start:end]
            start = _skip_spaces(line, end)
            has_words = False
    yield line[start:]


def _closes_quotation(line: str, start: int, position: int) -> bool:
    """Whether the quotation mark after a position closes one that was opened before."""
    if line[position + 1] == '"':
        return line.count('"', start, position) % 2 == 1
    window = max(0, position - _LONGEST_QUOTATION)
    return line.count("“", window, position) > line.count("”", window, position)


def _is_boundary(line: str, start: int, stop: re.Match[str], proposals: Proposals) -> bool:
    following = _first_after(line, stop.end())
    if not following:
        return False  # only opening marks follow: they belong to this sentence
    if stop["mark"][-1] in "。！？":  # no space follows; the reading in brackets belongs to it
        return line[_skip_spaces(line, stop.end())] not in "(["
    if _IN_COMPANY.match(line, stop.end()) or _FACE.match(line, stop.end()):
        return False
    if not line[stop.end()].isspace():
        return _space_is_missing(line, start, stop)
    if stop["note"] and not _is_plain(_word_before(line, stop)):
        return False  # "tr.15 Ông"
    is_plain_stop = stop["mark"] == "." and not stop["closed"]
    if names_speaker(line, stop.end(), stop["mark"], stop["closed"]):
        return False
    word = _word_before(line, stop)
    if is_plain_stop and not word and _MULTIPLIES.match(line, stop.start() - 2):
        return False
    if stop[0] in _ELLIPSES and word.lower() in _NEVER_LAST:
        return False
    if following.islower():
        # "?” cô hỏi", "Ôi! đau đớn", "v.v. và": the sentence goes on, unless a plain full
        # stop after a plain word shows that only the capital was forgotten.
        if is_plain_stop and _NEXT_ITEM.match(line, stop.end()):
            return True
        return _starts_small(line, stop, word, proposals)
    if not is_plain_stop or word.lower() == "v.v":
        return True
    if _is_numbering(line, start, stop, following):
        return False
    return (
        _is_full_stop(line, start, stop, word)
        or word in _CHAT_ENDS
        or (
            not _INITIALS.fullmatch(word)
            and word.rpartition(".")[2].lower() not in _ABBREVIATIONS
            # underthesea takes some syllables, amounts (50g) and acronyms for abbreviations.
            and (
                _is_plain(word)
                or _AMOUNT_OR_ACRONYM.fullmatch(word) is not None
                or stop.end("mark") in proposals
            )
        )
    )


def _starts_small(line: str, stop: re.Match[str], word: str, proposals: Proposals) -> bool:
    """Whether the next sentence begins in small letters: "cứ khóc thôi. thương các bác"."""
    if stop["closed"]:
        return False
    if stop[0] != ".":
        is_small = _lacks_capitals(line) or len(stop["mark"]) > 2  # "không??? cái thẻ tôi vẫn"
        return bool(stop["mark"][-1] in "?!" and is_small and _CLAUSE.match(line, stop.end()))
    if not word:
        match = _WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start() - 1)
        is_word = match and (_is_plain(match[1]) or _surely_ends(match[1]))
        return bool(is_word and line[stop.start() - 1] == " ")
    if not word.islower() or word in _ABBREVIATIONS:
        is_name = word.istitle() and len(word) > 2 and not word.isascii() and _is_plain(word)
        return word == "đc" or is_name  # "con trai cả họ Nguyễn. trong làng"
    is_long = _is_plain(word) or len(word) >= _SHORTEST_FOREIGN
    return _surely_ends(word) or (is_long and stop.end("mark") in proposals)


def _surely_ends(word: str) -> bool:
    """Whether a stop after a word ends a sentence, whatever underthesea proposes."""
    return word in _CHAT_ENDS or (not word.isascii() and word.islower() and is_vietnamese(word))


@lru_cache(16)
def _lacks_capitals(line: str) -> bool:
    """Whether a line is typed without capitals, even at the beginning of sentences."""
    return line[:1].islower() and _CAPITAL_AFTER_STOP.search(line) is None


@lru_cache(16)
def _is_all_capitals(line: str) -> bool:
    return line.isupper() and line.count(" ") >= _FEWEST_SPACES


def _is_numbering(line: str, start: int, stop: re.Match[str], following: str) -> bool:
    """Whether a stop belongs to a number or to an abbreviation before one: "1.", "Op. 67"."""
    if stop.end() - start <= _LONGEST_MARKER and _LIST_MARKER.fullmatch(line, start, stop.end()):
        return True
    window_start = max(start, stop.start() - _LONGEST_MARKER)
    if _ITEM_NUMBER.search(line, window_start, stop.start()):
        return True
    return following.isdecimal() and _NUMBERED.search(line, window_start, stop.start()) is not None


def _is_full_stop(line: str, start: int, stop: re.Match[str], word: str) -> bool:
    """Whether a stop after a letter or a unit ends a sentence: "vitamin C.", "80 km/h."."""
    window_start = max(start, stop.start() - _LONGEST_MARKER)
    if _INITIALS.fullmatch(word) and _ends_with_initials(line, start, stop):
        return True
    if word.lower() in _PLACES:
        # "trên địa bàn TP. Ông cho biết"
        return any(opening.match(line, stop.end()) for opening in (_PERSON_OPENING, _SURE_OPENING))
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
    opening = _SURE_OPENING.match(line, stop.end()) or _OPENING.match(line, stop.end())
    return bool(opening and _TITLED_INITIALS.search(line, window_start, stop.start()))


def _last_speakable(line: str) -> int:
    """Return the position of the last letter or digit to speak, -1 if there is none."""
    position = len(line) - 1
    while position >= 0 and not is_speakable(line[position]):
        position -= 1
    return position


def _skip_spaces(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _first_after(line: str, position: int) -> str:
    """Return the first character after spaces, dashes and opening marks, empty if none is left."""
    opened = _OPENERS.match(line, position)
    start = opened.end() if opened else position
    return line[start : start + 1]


def _word_before(line: str, stop: re.Match[str]) -> str:
    match = _WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start())
    return match[1] if match else ""


def _is_plain(word: str) -> bool:
    return len(word) > 1 and is_syllable(word) and word.lower() not in _ABBREVIATIONS


def _space_is_missing(line: str, start: int, stop: re.Match[str]) -> bool:
    """Whether "về.Hôm nay" lost its space, unlike "Node.js", "3.14" and addresses."""
    next_character = line[stop.end()]
    if next_character.islower():
        return stop[0] == "." and _starts_small_unspaced(line, stop)
    if next_character in "-–—":  # "Dịch âm.- Tượng viết"
        return stop[0] in ".?!" and _starts_with_dash(line, start, stop)
    if next_character.isdecimal() and stop[0] == ".":  # "khuyến mãi.2. Mình"
        return bool(_NUMBER_NEXT.match(line, stop.end())) and _is_plain(_word_before(line, stop))
    if not next_character.isupper() and next_character not in "“«‘":
        return False
    word = _word_before(line, stop)
    if not word and stop[0] == "." and line[stop.start() - 1 : stop.start()] == " ":
        # "lúc này .Nhưng", but not "dùng .NET".
        following = _SYLLABLE_NEXT.match(line, stop.end())
        if following is None and _is_all_capitals(line):
            return _CAPITALS_NEXT.match(line, stop.end()) is not None
        preceding = _WORD_BEFORE.search(line, max(0, stop.start() - 24), stop.start() - 1)
        if not (following and preceding and _is_plain(preceding[1])):
            return False
        opening = _SURE_OPENING.match(f" {line[stop.end() : stop.end() + _LONGEST_MARKER]}")
        return bool(opening) or (not following[0].isascii() and is_vietnamese(following[0]))
    if "." in word or _is_in_address(line, stop.start()):
        return False
    if stop[0] in _ELLIPSES and word and line.startswith(word, stop.end()):
        return False  # "Anh...Anh cho tôi ở lại?"
    if stop["mark"] != "." or stop["closed"] or line[max(stop.start() - 1, 0)] in "”»":
        return True
    if _AMOUNT.fullmatch(word) and _SYLLABLE_NEXT.match(line, stop.end()):
        # "ngày 5.Về", but not "1.Rửa tay", nor "gồm: 1.Rửa tay".
        stem = line[start : stop.start()].strip("-–—•* ")
        window = max(0, stop.start() - 8)
        return stem != word and not _ITEM_NUMBER.search(line, window, stop.start())
    if word in _CHAT_ENDS:
        return True
    if _is_all_capitals(line):
        following = _CAPITALS_NEXT.match(line, stop.end())
        return _is_plain(word) and following is not None and _is_plain(following[0])
    if not word[1:].islower() or word.lower() in _ABBREVIATIONS:
        return False
    # "Trump.Dù sao", but neither "Node.Js" nor "ASP.Net": the next word is Vietnamese by its marks.
    next_syllable = _SYLLABLE_NEXT.match(line, stop.end())
    return _is_plain(word) or bool(
        next_syllable
        and len(word) > 2
        and not next_syllable[0].isascii()
        and is_syllable(next_syllable[0])
    )


def _starts_with_dash(line: str, start: int, stop: re.Match[str]) -> bool:
    if _DASHED_ON.match(line, stop.end()) is None:
        return False
    return _is_plain(_word_before(line, stop)) and not _is_numbering(line, start, stop, "")


def _starts_small_unspaced(line: str, stop: re.Match[str]) -> bool:
    """Whether the next sentence begins in small letters without a space: "như vậy .hay là"."""
    is_spaced = line[max(stop.start() - 1, 0)] == " "
    word_end = stop.start() - is_spaced
    preceding = _WORD_BEFORE.search(line, max(0, word_end - 24), word_end)
    following = _SMALL_NEXT.match(line, stop.end())
    if not (preceding and following and _is_plain(preceding[1]) and _is_plain(following[0])):
        return False
    if following[0] in _ENDS_OF_NAMES or _is_in_address(line, stop.start()):
        return False
    has_marks = not (preceding[1].isascii() and following[0].isascii())
    return is_spaced or has_marks or (line.isascii() and line.count(" ") >= _FEWEST_SPACES)


def _is_in_address(line: str, position: int) -> bool:
    window = max(0, position - _LONGEST_ADDRESS)
    token_start = max(window, line.rfind(" ", window, position) + 1)
    return _ADDRESS.match(line, token_start, position) is not None
