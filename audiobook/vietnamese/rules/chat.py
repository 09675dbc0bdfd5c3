"""Chat spellings: ko, đc, ntn, read as the words they stand for where a line is chat.

Words drawn out (đẹpppp) and those that are spelled for fun (khók, luôg) are read anywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import bare, is_vietnamese
from audiobook.vietnamese.table import any_of, load_table


class _Sense(NamedTuple):
    """One word that a spelling may stand for."""

    said: str
    always: bool
    """It is nothing else in Vietnamese; others stand for it only where the line is chat."""
    near: re.Pattern[str] | None
    """Words of which one must be in sight."""


def _load_senses() -> dict[str, list[_Sense]]:
    """Return what each spelling may stand for, in the order of the table."""
    senses: dict[str, list[_Sense]] = {}
    for written, said, where, *near in load_table("chat.tsv"):
        beside = re.compile(rf"(?<!\w)(?:{near[0]})(?!\w)", re.IGNORECASE) if near else None
        senses.setdefault(written, []).append(_Sense(said, where == "always", beside))
    return senses


_SENSES = _load_senses()
_NEIGHBOURHOOD = 60
# The single letters that are written in chat and hardly elsewhere. Of longer forms those that are
# Vietnamese words too (bít, thui) tell nothing.
_LETTERS = frozenset(("k", "j", "z"))
_AMBIGUOUS = frozenset(
    "kg ms vs th ch hs gv sv tr kt tt cs cv cb bs bv ks gd sd sr hp hc mh tn sk xh dt kn dv vn"
    " hn sg nv vl lq ad toy".split()
)
_TELLING = _LETTERS | {
    form for form in _SENSES if len(form) > 1 and not is_vietnamese(form) and form not in _AMBIGUOUS
}
_INTERNATIONAL = frozenset("ok oke okie okey oki thanks tks thks fb rep ad".split())
# No part of an address, a code or a formula; and no unit: only these stand behind a number.
_APART = r"(?<![\w@#.:/\\&=+*^_'’-])"
_NO_UNITS = frozenset(
    "r z j ng tk ae ny vk ck mn mng ko hok đc dc đx ntn oki oke nx ik rùi roi gòi lun thui".split()
)
_ENDS = r"(?![\w@/\\&=+*^_'’-]|\.\w|:/| ?(?:=(?![)\](DPpv])|<(?!3)|[>≤≥]|\^(?![\^_])))"
WRITTEN = [form for written in _SENSES for form in (written, written.capitalize())]
"""Every spelling that chat has of its own."""
_FORM = re.compile(rf"{_APART}{any_of(WRITTEN)}{_ENDS}")
# Words of talk. One of them beside a chat spelling that may be something else, or two such
# spellings, make a line chat.
_TALK = re.compile(
    r"(?<!\w)(?:nhé|nha|nhỉ|hả|ạ|ơi|nè|luôn|đâu|thế|vậy|à|biết|thôi|rồi|chưa|sao|gì|mà|bạn|mình|shop"
    r"|quá|đi|em|anh|chị|làm|ăn|cái|đó|này)(?!\w)",
    re.IGNORECASE,
)
# Beside these a letter by itself is a quantity; a face (=D, <3) is no formula.
_FORMULA = re.compile(
    r"[≤≥≠∈√∑→±≈]|(?:=(?![DPpv3]\b)|<(?!3)|>|\^)\s?-?[0-9a-zA-Z(]|\$|(?<!\w)[a-z]\("
    r"|(?<!\w)(?:hằng số|tham số|số (?:nguyên|phức|thực|tự nhiên|mũ)|hệ số|đẳng thức"
    r"|véc tơ|vectơ|vector|tổ hợp|bình phương|tích phân|đạo hàm|hàm số|phương trình"
    r"|giới hạn|ma trận|tập hợp|lớn hơn"
    r"|nhỏ hơn|tồn tại|suy ra|trục|biến số|đồ thị|mô hình|tọa độ|toạ độ|xác suất|phân phối"
    r"|thuật toán|kí hiệu|ký hiệu|chỉ số|phần tử|đường thẳng|đoạn thẳng|tam giác|khối lượng"
    r"|vận tốc|thời điểm|công thức|gradient|token|pixel|hạng tử|dữ liệu|định lý|chứng minh"
    r"|điểm ảnh|nguyên tử|dao động|điện áp|nhiệt lượng|phép đo)(?!\w)"
    r"|(?<!\w)[a-z] (?:trên|cộng|trừ|nhân|chia|mũ|bằng|chập|phẩy|tiến tới) (?:[a-z]|[0-9]{1,9}"
    r"|căn|pi|vô cùng)(?!\w)|(?<!\w)(?:căn|tổng|tích|phần tử|ngang) [a-z](?!\w)"
    r"|(?<!\w)(?:hàm|biến|lực|cột|hàng|bậc|bước|chiều|mạch|thang|zero-point|scale|adam) [a-z](?!\w)"
    r"|(?<!\w)(?:mọi|khác|bằng|trên|tổng|thuộc|chập|căn|cộng|trừ|nhân|chia|mũ|cho|theo|tại|giá trị"
    r"|thời gian|độ dài|chiều dài|nhiệt độ|số|điểm|đoạn|ngày|lần|hạng|lớp|nút|từ|mẫu|cạnh|góc|tới"
    r"|thứ|gọi|biết|là|và|với|tập|câu|chữ|âm|phím|nhóm|loại) [a-z] (?:bằng|khác|thuộc|chia|cộng"
    r"|trừ|nhân|là|và|hoặc|của|trong|tăng|giảm|tiến|chạy|được|bất kỳ|bất kì|đến)(?!\w)",
    re.IGNORECASE,
)
# Letters in the places of the words they stand for: "t thấy", "nhà b", "rồi m", "lạ z?".
_TALKING = re.compile(
    r"(?:(?<!\S)|(?<=[“\"(]))(?:"
    r"(?:[tmbk]|(?<!chỉ )(?<!chỉn )e(?! (?:có|phải|còn|sẽ|bị|đã|ra|hay|chưa|là))"
    r"|(?<=\A)[TMEK](?! không)) (?:thấy|bị|cũng|cx|vẫn|đang|sẽ|đã"
    r"|chỉ|mới|mà|thì|nghĩ|muốn|biết|tưởng|bảo|xem|ăn|về|còn|toàn|phải|thích|học|nhớ|ơi|ạ|nhé|nha"
    r"|hả|với|hiểu|tính|mua|nghe|làm|ngồi|ngủ|khóc|thương|yêu|đòi|gửi|nói|chờ|đi|vào|ra|lên|xuống"
    r"|có|dám|hay)"
    r"|(?:cho|của|để|mà|như|nhưng|nên|vì|thì|bọn|tụi|nhà|mẹ|bố|má|đợt|hồi|tưởng|gửi|chào|nhớ|yêu"
    r"|bạn|lớp|chúng|giống|hỏi|tha|gặp|ngoài|trước) [tmbe](?= (?:mà|cũng|thì|mới|vẫn|là|không"
    r"|chỉ|với|ơi|ạ|nhé|nha|đi|còn|lại|hay|đã|đang|sẽ|bị|cho|mượn|xin|về|hỏi|quá|luôn|này|thế|nữa|đâu|học"
    r"|ngồi|thấy|tới|có|như)(?!\w)| ?[?!.,)”\"…~]| ?\Z)"
    r"|k (?:có|phải|biết|được|đc|hiểu|thích|làm|ai|đi|ăn|cần|còn|muốn|thấy|dám|nên|cho|bao|nói|thể"
    r"|chịu|hề|nghe|tin|nhớ|dùng|bằng|sao|nào|mua|lo|quan|ngờ|liên|thèm|nghĩ|ngại|mở|gây|rõ)"
    r"|[^\W\d_]{2,7}(?<!vào)(?<!theo)(?<!cho)(?<!của)(?<!bằng)(?<!tại)(?<!trên)(?<!là)(?<!số)"
    r"(?<!tăng)(?<!giảm)(?<!với)(?<!bậc)(?<!kênh) (?:[rz](?= ?[?!.,)”\"…~:=]| ?\Z)|[kj](?= ?\?))"
    r"|r (?:mà|còn|lại|cái|cuối|nói|bạn|em|chị|anh|má|trời|nha|nhé|ạ|ơi|cũng|thì|đi|về|sao|hả|á)"
    r"|(?:đi|nha|nhé|ạ|lắm|chào|của|cho) [ec](?= ?[?!.,=:]| ?\Z)|[ca] (?:nhé|nha|ơi|ạ)"
    r"|(?:bởi|như|sao|thế|ghê|dữ) v)"
    r"(?!\w)"
)
# A letter between words, and what is hardly written but in talk.
_BETWEEN_WORDS = re.compile(
    r"(?:(?<=[^\W\d_] )|\A)[tmrbkzvhj](?:(?= [^\W\d_]{2})|(?=\W*\Z)|(?=[?!,]))", re.IGNORECASE
)
_CHATTY = re.compile(
    r"(?<!\w)(?:nhé|nha|nhỉ|hả|ơi|nè|luôn|hihi|haha|trời|vãi|má|ủa|hen|nghen|thiệt|ghê|mày|tao|tui|tôi"
    r"|ổng|bả|bồ|tụi|bọn|đứa|thằng|con|chồng|vợ|mẹ|bố|bạn|mình|ạ|á|lun|quá|gòi|ời|zậy|dị|hong|hông"
    r"|khum|thoi|thui|chụp|kể|nữa|rồi|thôi|gì|sao|mấy|ăn|hôm|nay|đâu|chứ|ui"
    r"|ê|lắm|thích|sợ|nhau|người ta)(?!\w)"
    r"|[:=][)(\]]|:v|\^\^|@@|[😀-🙏🤣🥰❤]",
    re.IGNORECASE,
)
_VIETNAMESE_LETTER = re.compile(
    "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]"
)


def _read(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    written, text, start, end = match[0], match.string, match.start(), match.end()
    form = written.lower()
    around = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD]
    senses = _SENSES[form]
    sense = next((sense for sense in senses if not sense.near or sense.near.search(around)), None)
    if sense is None or (form not in _NO_UNITS and _NUMBER_BEFORE.search(text, start - 2, start)):
        return None
    sure = sense.always and form in _TELLING and _is_vietnamese_text(text)
    if not (sure or _is_chat(text)) or _is_letter(match):
        return None
    if form == written:
        return sense.said
    # Ng and K. are names.
    if form == "h":
        return None  # somebody's initial
    begins = _BEGINNING.search(text, max(0, start - 3), start) is not None
    word = sense.always or (len(form) == 1 and _WORD_GOES_ON.match(text, end))
    return sense.said.capitalize() if begins and word else None


@lru_cache(64)
def _is_chat(text: str) -> bool:
    """Whether a line is Vietnamese chat, by its spellings and its words."""
    telling = {match[0].lower() for match in _FORM.finditer(text) if _counts(match)} & _TELLING
    if _FORMULA.search(text):
        telling -= _LETTERS
    sure = sum(_SENSES[form][0].always for form in telling)
    if not _is_vietnamese_text(text):
        # "check ib e shop": the English have ok and thanks too.
        beside = {match[0].lower() for match in _FORM.finditer(text)} - telling
        ours = sure and not telling & _INTERNATIONAL and beside and _TALK.search(text)
        return sure > 1 or bool(ours)
    if sure > 0 or len(telling) > 1 or (telling and _TALK.search(text)):
        return True
    if _FORMULA.search(text):
        return False
    if _TALKING.search(text):
        return True
    return _BETWEEN_WORDS.search(text) is not None and _CHATTY.search(text) is not None


def _counts(match: re.Match[str]) -> bool:
    """Whether a form can be a word: neither a capital within a line, nor a unit of a number."""
    if len(match[0]) > 1:
        return True
    is_unit = _NUMBER_BEFORE.search(match.string, max(0, match.start() - 2), match.start())
    return (match[0].islower() or not match.start()) and not is_unit


@lru_cache(64)
def _is_vietnamese_text(text: str) -> bool:
    return _VIETNAMESE_LETTER.search(text) is not None


def _is_letter(match: re.Match[str]) -> bool:
    """Whether a form is called a letter, or quoted as one, or is a word: "chữ k", “ng”, e rằng."""
    text, start, end = match.string, match.start(), match.end()
    if match[0].lower() == "e" and (_FEARED.match(text, end) or text[:start].endswith(_FEARING)):
        return True
    if len(match[0]) == 1 and _MEASURED.match(text, end):
        return True
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if (before in _QUOTES and after in _QUOTES) or (after == ")" and before in ("", "(")):
        return True
    return len(match[0]) == 1 and _NAMED.search(text, max(0, start - 12), start) is not None


_NUMBER_BEFORE = re.compile(r"[0-9] \Z")
_WORD_GOES_ON = re.compile(r" (?!lô|di|men|dua|tòng|ha|à)[a-zà-ỹđ]")
_NAMED = re.compile(
    r"(?:chữ|âm|điểm|nhóm|loại|vitamin|kí hiệu|ký hiệu|phím|số|cạnh|hạng|câu|ý|mục|khối|đề|nốt)"
    r"\s\Z",
    re.IGNORECASE,
)
# With these e is a Vietnamese word.
_FEARED = re.compile(r" (?:rằng|ngại|dè|sợ|chừng|lệ|ấp|thẹn)(?!\w)")
_MEASURED = re.compile(r" (?:gam|mol|lít|kg|ml|mét|cm|mm|km|giây|điểm ảnh)(?!\w)")
_FEARING = tuple(f"{word} " for word in ("chỉ", "chỉn", "những", "luống", "thì"))
_QUOTES = ("“", "”", '"')
_BEGINNING = re.compile(r"(?:\A|[.!?…:“\"(–-])\s?\Z")
_OPENINGS = ("", "“", '"', "(")
_ENDINGS = ("", ",", ".", "?", "!", "…", "...", ":", "??", ")", "”", '"')
_WORDS = frozenset(
    opening + form + ending
    for form in (*WRITTEN, *"tmberkaATMBEK")
    for opening in _OPENINGS
    for ending in _ENDINGS
    if form.lower() in _TELLING or len(form) == 1
)


# --- words drawn out, and spelled for fun --------------------------------------------------------

_MARKED = "[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]"
_FUN_END = rf"(?:{_MARKED}(?:n?k|g)|[òóỏõọôồốổỗộơờớởỡợ]y)(?!\w)"
_FUN_START = rf"(?:[fjwFJWZ]|d?z)[^\W\d_]?{_MARKED}"
_DRAWN_OUT = r"(?P<run>[^\W\d_])(?P=run)(?:(?P=run)|(?!\w))"
# Of a longer word neither the beginning nor the end says more.
_DRAWN_OUT_WORD = rf"(?<![\w/])(?=[^\W\d_]{{0,8}}?{_DRAWN_OUT})"
_DRAWN_OUT_ANYWHERE = re.compile(_DRAWN_OUT)
_FUN_WORD = rf"(?<!\w)(?=(?:[^\W\d_]{{0,6}}?{_FUN_END}|{_FUN_START}))"
# The same, each from a letter that prose has seldom, so that it costs little to look for them.
_TWICE = re.compile(r"(.)\1")
_FUN = re.compile(
    rf"[gk](?!\w)(?:(?<={_MARKED}.)|(?<=nk))|y(?!\w)(?<=[òóỏõọôồốổỗộơờớởỡợ].)"
    rf"|[fjwzFJWZ](?:(?<!\w.)|(?<=dz))(?=[^\W\d_]?{_MARKED})"
)
_REPEATED = re.compile(r"([^\W\d_])\1+")
_NUMERAL = frozenset("ivxlcdmIVXLCDM")
# How spellings for fun end and begin, and the right ones.
_REPAIRS = tuple(
    (re.compile(wrong), right)
    for wrong, right in (
        ("nk$", "ng"),
        ("g$", "ng"),
        ("(?<=[iíìỉĩịêếềểễệ])k$", "ch"),
        ("k$", "c"),
        ("y$", "i"),
        ("^f", "ph"),
        ("^d?z(?!i)", "d"),
        ("^j", "gi"),
        ("^w", "qu"),
        ("^F", "Ph"),
        ("^Z(?!i)", "D"),
        ("^J", "Gi"),
        ("^W", "Qu"),
    )
)


def _read_drawn_out(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read đẹpppp, thếeee and kooo as the words that they draw out."""
    written = match[0]
    marked = _is_vietnamese_text(written.lower())
    if len(written) > 2 and set(written.lower()) == {"k"}:
        return "ha ha"  # laughter
    if (written.isupper() and not marked) or _NUMERAL.issuperset(written):
        return None
    if is_vietnamese(written) or not (marked or match["run"] * 3 in written):
        return None
    short = _REPEATED.sub(r"\1", written)
    if len(short) > 1 and not is_vietnamese(short) and bare(short[-2]) == bare(short[-1]):
        short = short[:-1]
    if is_vietnamese(short):
        return short
    senses = _SENSES.get(short.lower()) if len(short) > 1 else None
    return senses[-1].said if senses else None


# Letters for em and anh where nothing else can stand: "của a", "các e", "A ơi", "E chủ tiệm".
_PRONOUN = (
    r"(?:(?<=của )|(?<=Của )|(?<=với )|(?<=các )|(?<=cho )|(?<=yêu )|(?<=mấy ))[ae](?=[\s.,!?…]|\Z)"
    r"|(?<!\w)[AEae](?= ơi(?!\w))"
    r"|(?:\A|(?<=[.!?] ))E"
    r"(?= (?!rằng|ngại|dè|sợ|chừng|lệ|ấp|thẹn|là|ê|hèm|thay|chăng|tình|phải|khi|cũng|nỗi|đến)"
    r"[a-zà-ỹđ]{2,7} [a-zà-ỹđ])"
)
_OF_LETTERS = re.compile(
    r"[=0-9+]|(?<!\w)(?:giá trị|số|cạnh|đoạn|hệ|biến|vectơ|hàm|điểm|góc|đường|chữ|âm|vần|nốt"
    r"|k[ýí] tự|[b-dx-z])(?!\w)"
)


def _read_pronoun(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read a letter as em or anh, unless letters are what the line speaks of."""
    if _OF_LETTERS.search(match.string[max(0, match.start() - 60) : match.end() + 60]):
        return None
    spoken = "anh" if match[0] in "Aa" else "em"
    return spoken.capitalize() if match[0].isupper() else spoken


def _read_spelled_for_fun(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read khók, luôg and fải as khóc, luông and phải."""
    written = match[0]
    if is_vietnamese(written) or written.isupper():
        return None
    repaired = (repair.sub(right, written) for repair, right in _REPAIRS)
    return next((word for word in repaired if word != written and is_vietnamese(word)), None)


def may_be(text: str) -> bool:
    """Whether any word of a text may be a chat spelling; prose without costs little."""
    if not _WORDS.isdisjoint(text.split()) or _FUN.search(text):
        return True
    return _TWICE.search(text) is not None and _DRAWN_OUT_ANYWHERE.search(text) is not None


START = rf"{_FORM.pattern}|{_PRONOUN}|{_DRAWN_OUT_WORD}|{_FUN_WORD}"
RULES = (
    Rule("chat", _FORM, _read),
    Rule("chat", re.compile(_PRONOUN), _read_pronoun),
    Rule(
        "drawn-out word", re.compile(rf"{_DRAWN_OUT_WORD}[^\W\d_]{{2,80}}(?!\w)"), _read_drawn_out
    ),
    Rule(
        "spelled for fun", re.compile(rf"{_FUN_WORD}[^\W\d_]{{2,8}}(?!\w)"), _read_spelled_for_fun
    ),
)
