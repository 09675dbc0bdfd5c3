"""Signs that a line is chat, apart from its short forms: letters for words, faces, talk."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_vietnamese

# Words of conversation. A line is chat if one of them stands beside an ambiguous chat spelling, or
# if it has two such spellings.
TALK = re.compile(
    r"(?<!\w)(?:nhé|nha|nhỉ|hả|ạ|ơi|nè|luôn|đâu|thế|vậy|à|biết|thôi|rồi|chưa|sao|gì|mà|bạn|mình|shop"
    r"|quá|đi|em|anh|chị|làm|ăn|cái|đó|này)(?!\w)",
    re.IGNORECASE,
)
# Beside these a single letter is a quantity; an emoticon (=D, <3) is not a formula.
FORMULA = re.compile(
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
    r"|(?:[Cc]ho|của|để|mà|như|nhưng|nên|vì|thì|bọn|tụi|nhà|mẹ|bố|má|đợt|hồi|tưởng|gửi|chào|nhớ|yêu"
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
# A letter between words, and words that are hardly written outside conversation.
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
# Faces, laughter and spellings for fun, which hardly stand in prose. Beside them even a letter that
# may be a Vietnamese word (e, a) or a variable (c, n, s) is a word cut short.
CHAT_SIGN = re.compile(
    r"[:;=][)(\]]|[:=]D|(?<![\w:]):[v3>](?!\w)|\^\^|@@|<3|[😀-🙏🤣🥰❤♥]"
    r"|(?<!\w)(?:k{2,}|(?:ha|hi|hu|he){2,}|hic|iu|khum|khom|hông|hong|hem|gòi|lun|thui|thoai|toai|tui|dị"
    r"|dzị|mún|cừi|ngừi|nhìu|chiện|pà|pé|pạn|bít|bik|zui|dui|dùm|nhoa|nhó|mịa|mài|tau|đoá|coá|cóa|òi"
    r"|ròi|roài|rùi|cũm|nì|nè|nghen|vãi|éo|đếu|đếch|ghia|ui|ưi|ạ|nha|nhe|nhé|nhá|hả|ik|page|fan|clip)"
    r"(?!\w)",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(
    r"(?:(?<=[^\W\d_] )|\A)[tmrbkzvhjsce](?: (?!là|bằng|thuộc|và|hoặc)[^\W\d_]{2}|\W*\Z|[?!])"
    r"|(?<=[^\W\d_] )(?:[tmrbkzvhjscna] ?[:=]+[)(\]]|[na] (?!là|bằng|thuộc|và|hoặc)[^\W\d_]{2})",
    re.IGNORECASE,
)
# Letters between two words, which are hardly anything but words cut short there; at the end of a
# line also v. Behind these words they are names of letters or of quantities.
_AMONG_WORDS = re.compile(
    r"(?<!\w)(?P<before>[^\W\d_][a-zà-ỹđ]{1,6}) (?P<letter>[tkzbrhscnmea])"
    r"(?: (?P<after>[a-zà-ỹđ]{2,7})(?!\w)|(?P<end>\W*\Z|\s?[,?!]))"
    r"|(?<!\w)(?P<last>[a-zà-ỹđ]{2,7}) v\W*\Z"
)
# "Hên cho b là quen người học giỏi nha"
_GOVERNED = re.compile(
    r"(?<!\w)(?:cho|của|với|mấy|các|như|nhờ|tại|bọn|tụi|chỗ|nhà) [btmce](?= |[.,?!]|\Z)",
    re.IGNORECASE,
)
# "cãi nhau r h học mệt"
_TWO_LETTERS = re.compile(r"(?<=[a-zà-ỹđ]{2} )[rkv] [hktmecsn] (?=[a-zà-ỹđ]{2})")
_FIRST_LETTER = re.compile(r"[tmcraebksh] (?P<after>[a-zà-ỹđ]{2,7})(?!\w)")
_NAMES_LETTER = frozenset(
    "chữ âm điểm nguyên số cạnh biến ẩn trị của là bằng theo với cho và mọi kính từ đến vần phím"
    " gọi loại nhóm tự hiệu gian tốc độ thế áp trở lượng cao dài rộng lực câu mục hàng lớp khối thể"
    " hoặc hay tại trên dấu nốt đuôi bậc mức cột hệ bé lớn đầu cuối nhỏ tia hạt gen".split()
)
_AFTER_LETTER = frozenset("là bằng thuộc và hoặc trên với nhân cộng trừ chia mũ có được".split())
_AFTER_EM = frozenset(
    "ấy gái trai thấy mới cũng đang đã vừa xin cần muốn định dùng mua vẫn thích nghĩ biết tưởng ơi"
    " ạ nhé nha lắm rồi này nào đẹp giật tui đi về ở làm hỏi nhờ cảm yêu thương nhớ chưa toàn"
    " chỉ".split()
)
_VIETNAMESE_LETTER = re.compile(
    "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]"
)


@lru_cache(64)
def is_vietnamese_text(text: str) -> bool:
    """Whether a text has a letter that only Vietnamese has."""
    return _VIETNAMESE_LETTER.search(text) is not None


FEARING_WORDS = ("chỉ", "chỉn", "những", "luống", "thì")
_CRIES = frozenset("ê ối í ò ô chà á ồ ủa kìa".split())
_AFTER_ANH = _AFTER_EM | {"sẽ", "bị", "nói", "bảo", "em"}
_BEFORE_PRONOUN = frozenset(
    "gì thế vậy rồi đi ạ nhé nha cho của với yêu thương nhớ giúp chúc mừng bạn vợ chồng đâu sao quá"
    " lắm mà luôn này đó".split()
)
_BEFORE_OTHERS = frozenset("chỉ chỉn những luống thì còn ê ối í ò ô chà chẳng không".split())
_AFTER_OTHERS = frozenset(
    "rằng ngại dè sợ chừng lệ ấp thẹn lô di men dua tòng ha hoàn phiến giao khi lúc nó".split()
)


def _has_word_cut_short(text: str) -> bool:
    """Whether a letter stands between two words, as in "Tưởng e đẹp" and "có app mới k"."""
    # A message, and no sentence of a book.
    is_message = text[:1].islower() and not text.endswith((".", ";", ":", ","))
    if is_message and _TWO_LETTERS.search(text):
        return True
    first = _FIRST_LETTER.match(text) if is_message else None
    if first and first["after"] not in _AFTER_LETTER | _AFTER_OTHERS:
        return True
    for match in _AMONG_WORDS.finditer(text):
        word, letter, next_word = match["before"] or match["last"], match["letter"], match["after"]
        word = word.lower()
        if word in _NAMES_LETTER or not is_vietnamese(word) or is_vietnamese(f"{word}{letter}"):
            continue
        if letter in ("e", "a"):
            is_pronoun = next_word in (_AFTER_EM if letter == "e" else _AFTER_ANH) or (
                match["end"] is not None and word in _BEFORE_PRONOUN
            )
            is_likely = is_pronoun and word not in FEARING_WORDS and word not in _CRIES
            if is_likely or (
                is_message and word not in _BEFORE_OTHERS and next_word not in _AFTER_OTHERS
            ):
                return True
        elif letter is not None and letter not in "tkzb" and not is_message:
            continue
        elif match["end"] is not None or match["last"]:
            if letter != "t" or is_message:
                return True
        elif next_word not in _AFTER_LETTER and is_vietnamese(next_word):
            return True
    return False


def has_signs_of_chat(text: str, *, is_playful: bool) -> bool:
    """Whether letters in the places of words, or faces and talk beside a letter, show chat.

    Args:
        text: a line.
        is_playful: whether words of the line are spelled for fun.
    """
    if _TALKING.search(text) or _has_word_cut_short(text):
        return True
    if _CUT_SHORT.search(text) and (is_playful or CHAT_SIGN.search(text)):
        return True
    if _GOVERNED.search(text) and CHAT_SIGN.search(text):
        return True
    return _BETWEEN_WORDS.search(text) is not None and _CHATTY.search(text) is not None
