"""Note marks, which are left out: [27], (*), [E1], a star."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, text_before
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_table

# What stands before a note mark: a word, or the end of a sentence, a quotation or a bracket.
_NOTED = re.compile(r"(?:[^\W\d_]{2}|[.,;:!?…”’\"»)\]]|[0-9]{3})\s?\Z")
# "mùa 3[1]"
_NOTED_NUMBER = re.compile(r"[^\W\d_]{2} [0-9]{1,2}\Z")


# The word before a mark like [E1] may be a single letter, as in "nhà ở [E1]".
_NOTED_WORD = re.compile(rf"{_NOTED.pattern}|(?<!\S)[^\W\d_]\s\Z")


def _leave_out_lettered_mark(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "" if search_before(match, _NOTED_WORD, 3) else None


def _leave_out_bracketed_mark(match: re.Match[str], accent: Accent) -> str | None:
    return "" if search_before(match, _NOTED_NUMBER, 6) else _leave_out_mark(match, accent)


def _leave_out_mark(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    noted = _NOTED.search(match.string, max(0, match.start() - 3), match.start())
    return "" if noted else None


_ABBREVIATIONS = frozenset(word for (word,) in load_table("abbreviations.tsv"))
# A source in brackets, the stop of its sentence, the mark: "(Châm Ngôn 28:6).48".
_SOURCE_BEFORE = re.compile(
    r"\([^()]{0,60}(?:[^\W\d_]{3}[^()]{0,60}|[0-9]:[0-9]{1,3})\)[.!?…]?[\"”’»]?\Z"
)
_LONGEST_SOURCE = 130
_WORD_AND_STOP = re.compile(r"([^\W\d_]+)[\"”’»)]?[.!?…]+[\"”’»)]?\Z")
# After these words the number is their own, and only a space is missing: "Hình.2".
_NUMBERED = frozenset(
    "hình bảng câu bài chương điều mục khoản số tập trang phần quyển hồi tiết lớp khu tổ tầng phòng"
    " nhà đường ngõ phường quận km".split()
)


def _leave_out_glued_number(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Leave out the 20 of "Ngôi Hai.20 Sau đó", a raised note mark that lost its small size."""
    if search_before(match, _SOURCE_BEFORE, _LONGEST_SOURCE):
        return ""
    word = search_before(match, _WORD_AND_STOP, 16)
    if word is None or not (word[1].islower() or word[1].istitle()) or len(word[1]) < 2:
        return None
    lower_word = word[1].lower()
    is_word = is_vietnamese(word[1]) and lower_word not in _ABBREVIATIONS | _NUMBERED
    return "" if is_word else None


# Note marks with letters or words, in wikis and collections of laws: [E1], [nb 1].
_LETTERED = (
    r"\[(?:[A-ZĐ][0-9]{1,2}|(?:nb|gc|ct|note|ghi chú|chú thích|Ghi chú|Chú thích) ?[0-9]{1,3}"
    r"|(?:cần|thiếu) (?:chú thích|dẫn nguồn|nguồn(?: tốt hơn)?|kiểm chứng)(?: đầy đủ)?|nguồn\?"
    r"|ai nói\?|khi nào\?|ở đâu\?|sửa(?: \| sửa mã nguồn)?|[a-z](?<=[^\W_]{2}\[.)"
    r"|[a-z](?<=[.,;!?…”\]]\[.)|[1-9][0-9]{0,2}[a-z])\]"
)
# The stars of a hotel or of a review: 5*.
_STARRED = re.compile(
    r"(?:khách sạn|resort|hotel|homestay|nhà hàng|tiêu chuẩn|đánh giá|chấm|cho|vote|tặng|hàng"
    r"|dịch vụ|chuẩn|căn hộ|villa|trừ|còn|được|thưởng|đủ|full|tròn|đáng)\b"
    r"[^.;!?]{0,24}(?<![\w.,])[1-7]\Z",
    re.IGNORECASE,
)


_MARK_BEFORE = re.compile(r"(?<![\w.,-])[1-5]\Z|(?<=\.\.)[1-5]\Z")
_REVIEW = re.compile(
    r"(?<!\w)(?:máy|shop|sản phẩm|sp|giao hàng|camera|pin|quán|nhân viên|chất lượng|review"
    r"|ship)(?!\w)",
    re.IGNORECASE,
)


_SIGN_BEFORE = re.compile(
    r"(?<!\w)(?:k[ýí] (?:tự|hiệu)|dấu|phím|toán tử)\s[\"“'`]?\Z", re.IGNORECASE
)


def _read_star(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    if search_before(match, _SIGN_BEFORE):
        return "sao"
    if search_before(match, _STARRED, 40):
        return " sao"
    # "cấu hình mạnh, camera đẹp, 5*"
    is_mark = search_before(match, _MARK_BEFORE, 3) and _REVIEW.search(text_before(match, 80))
    return " sao" if is_mark else None


START = r"\[(?=[\w*^])|[™®]|\((?=\*{1,3}\))|[*†‡]"
RULES = (
    Rule("note mark", re.compile(_LETTERED), _leave_out_lettered_mark),
    Rule(
        "note mark",
        re.compile(rf"(?<=[.!?…\"”’»)])[0-9]{{1,3}}(?=\s+[\"“‘«(]?[{CAPITALS}]|\s*\Z)"),
        _leave_out_glued_number,
    ),
    Rule(
        "note mark",
        re.compile(r"(?<=[”’»])[0-9]{1,3}(?=[\s.,;:!?)]|\Z)(?![.,][0-9])"),
        lambda _match, _accent: "",
    ),
    # "(năm thứ 9)620."
    Rule(
        "note mark",
        re.compile(r"(?<=[^\W_]\))[1-9][0-9]{0,2}(?=[.,;:!?](?:\s|\Z))"),
        lambda _match, _accent: "",
    ),
    Rule("note mark", re.compile(r"\[\^[\w-]{1,24}\]"), _leave_out_mark),
    Rule("trade mark", re.compile(r"\s?[™®]"), lambda _match, _accent: ""),
    Rule("note mark", re.compile(r"\[(?:[1-9][0-9]{0,2}|\*{1,3})\]"), _leave_out_bracketed_mark),
    Rule("note mark", re.compile(r"\(\*{1,3}\)"), lambda _match, _accent: ""),
    Rule("star", re.compile(r"\*(?![\w*])"), _read_star),
    Rule("note mark", re.compile(r"(?:\*{1,3}|[†‡]{1,2})(?![\w*†‡])"), _leave_out_mark),
)
