"""Notes of the speaker after a stop: "“Vâng.” – Nó đáp.", "– Đi đâu thế? – Hùng hỏi."."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

_ROLES = load_table("speech.tsv")
_SAYS = any_of(word for word, role in _ROLES if role == "says")
# Words that begin the speech of somebody else: "– Đừng hỏi nữa.", "– Mẹ gọi con.".
_NO_NAMES = (
    "Ai Bố Cha Chớ Chúng Chưa Chỉ Có Còn Cũng Cứ Dạ Hay Hãy Không Lại Mau Má Mà Mình Mẹ Mới Muốn "
    "Nhưng Nhớ Nên Phải Ra Rồi Sao Sẽ Ta Tao Thì Thôi Thử Toàn Tôi Vào Vâng Vẫn Về Xin Đang Đi Đã "
    "Được Đừng Để Ừ"
).split() + [word.capitalize() for word, role in _ROLES if role == "address"]
_NARRATORS = [word.capitalize() for word, role in _ROLES if role in ("narrator", "adverb")]
_NAME = rf"[{CAPITALS}][^\W\d_]*"
_WORD = r"\s[^\W\d_]+"
_NOT_DENIED = r"(?:\s(?!(?:không|chưa|chẳng|đang|còn)\b)[^\W\d_]+)"
# A name and a verb of speaking name the speaker.
_AFTER_EXCLAMATION = re.compile(
    rf"\s[-–—]\s(?!{any_of(_NO_NAMES)}\b){_NAME}(?:\s{_NAME}){{0,3}}\s{_SAYS}"
    rf"(?:{_WORD}){{0,3}}(?:[.:,…]|\s[-–—]\s)"
)
# After a quotation and a dash any word may name the speaker, without a dash only a name: "“Vâng.” –
# Nó đáp." and "“Vâng.” Lan đáp." are one sentence, "“Vâng.” Nó đáp." is two.
_AFTER_QUOTATION = re.compile(
    rf"\s[-–—]\s[{CAPITALS}]"
    rf"|\s(?!{any_of(_NO_NAMES + _NARRATORS)}\b)"
    rf"(?:{_NAME}\s{_SAYS}|{_NAME}(?:\s{_NAME}){{1,3}}{_NOT_DENIED}{{0,3}}?\s{_SAYS})"
    r"(?!\w)(?![^.!?…]{0,80}:)"
)
# In a line of dialogue: "- Thật khó nói. - Raph thật thà trả lời.", "- Gì thế? - Ông ta cố nài."
_IN_DIALOGUE = re.compile(
    rf"\s[-–—]\s(?:(?:Ông|Bà|Anh|Chị|Cô|Cậu|Hắn|Gã|Lão|Mụ)\s(?:ta|ấy)|(?!{any_of(_NO_NAMES)}\b){_NAME})"
    rf"{_NOT_DENIED}{{0,7}}?\s{_SAYS}(?:\s(?:lên|lại|to|khẽ|nhỏ|thầm|theo|vọng|lớn|nhanh|ngay))?"
    r"(?=[.:,]|\s[-–—]\s|\s(?:và|rồi|với|trong|khi)\s|\s*\Z)"
)
# Between two parts of speech: "- Mưa rồi. - Cụ Bá lẩm bẩm. - Thế nào cũng lụt.".
_BETWEEN = re.compile(
    rf"\s[-–—]\s(?:Ông|Bà|Cụ|Bác|Chú|Cô|Dì|Cậu|Anh|Chị|Thằng|Lão)\s{_NAME}{_NOT_DENIED}{{0,3}}?"
    rf"\s{_SAYS}(?:\s[^\W\d_]+)?[.,:]?\s[-–—]\s"
)
_DASHES = "-–—"


def names_speaker(line: str, position: int, mark: str, closed: str) -> bool:
    """Whether the narrator names the speaker after a stop, within the sentence of the speech.

    Args:
        line: the line of the stop.
        position: the end of the stop and of the marks that close with it.
        mark: the stop.
        closed: the quotation marks and brackets that close with it.
    """
    if (
        line[:1] in _DASHES
        and not closed
        and (_IN_DIALOGUE.match(line, position) or _BETWEEN.match(line, position))
    ):
        return True
    # Brackets hold speech if they close right after the stop, else the mark of a note.
    quotes = closed[-1:] in ('"', "”", "»", "」", "』") or closed == "]"
    if quotes and _AFTER_QUOTATION.match(line, position):
        return True
    is_plain = mark == "." and not closed
    return not is_plain and _AFTER_EXCLAMATION.match(line, position) is not None
