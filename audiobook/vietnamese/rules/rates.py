"""Amounts for each of something: 300 người/km², 12%/năm, 50 triệu đồng/1 nhà."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    search_before,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.units import UNIT, say_unit
from audiobook.vietnamese.table import load_pairs

_CURRENCIES = load_pairs("currencies.tsv")
_EACH = frozenset(
    "năm tháng tuần ngày đêm giờ phút giây người lần lượt con cái chiếc hộp thùng bao chai cây tấn"
    " tạ lượng chỉ cân yến gói suất vé hộ khách bộ đôi lít vòng sào mẫu công trang bài vụ lứa ca"
    " buổi đêm kỳ kì khóa khoá phòng căn ly cốc bát tô đĩa quả trái bó mớ viên chuyến tấm đơn"
    " cổ đầu ounce thành container héc hecta mét lạng lit kilogam gam gram bình thẻ ổ trận tập hũ"
    " lọ block phân quý liều đợt mùa".split()
)
# What is counted for each of something else: 1,9 con/phụ nữ.
# "0,25 miligam/1 lít"
_MEASURES = frozenset("lít mét hecta hec héc gam gram kilogam bình".split())
_COUNTED_PER = frozenset("con người ca trẻ em sinh sĩ viên giường xe máy lý".split())
# Measures in words, over a time: lít/phút, mét khối/giờ.
_MEASURES = frozenset("lít mét khối vuông gam gram kilôgam kilogam tấn nhịp kilomet".split())
_TIMES = frozenset("giờ phút giây ngày đêm tháng năm".split())
_SHORT_WORDS = {
    "ng": "người",
    "th": "tháng",
    "sp": "sản phẩm",
    "đv": "đơn vị",
    "cp": "cổ phiếu",
    "CP": "cổ phiếu",
    "tr": "triệu",
    "hs": "học sinh",
    "bn": "bệnh nhân",
}
# What blood is counted in; nothing is sold by them.
_SMALL_VOLUMES = ("mm3", "mm³", "µL", "µl", "dL", "dl")
_DIGIT = re.compile("[0-9]")
_MODEL_BEFORE = re.compile(r"[A-Za-z]-[0-9]{1,4}[A-Z]{1,2}\Z")
_PROVINCES = frozenset("tỉnh thành huyện quận thị".split())
_MONEY = frozenset("đồng đô euro usd vnd đ nghìn ngàn triệu tỷ tỉ".split())
_PRICE_BEFORE = re.compile(
    r"(?:[$€£¥]\s?[0-9.,]{1,16}|[0-9]\s?(?:đ|k|tr[0-9]{0,3}|tỷ[0-9]{0,3}))\s?\Z"
)
# "40.000/vé": a price without its currency.
_ROUND_PRICE_BEFORE = re.compile(r"(?<![\w.,/])[1-9][0-9]{0,2}(?:[.,][0-9]{3})?[.,][0-9]00\Z")
# "600.000 đồng/người/chiều"
_PRICE_OF_EACH_BEFORE = re.compile(
    r"(?:\b(?:đồng|đô|euro|USD|VNĐ|VND|nghìn|ngàn|triệu|tỷ|tỉ)|[0-9]\s?(?:đ|k|K|tr))\s?/\s?"
    r"[^\W\d_]{2,8}\s?\Z"
)
# "20 hải lý/giờ", "2 m2/người", "7 tấn/ha/vụ".
AMOUNT_BEFORE = re.compile(
    r"[0-9]\s?(?:[^\W\d_]{1,8}(?:\s[^\W\d_]{1,8}){0,3}[23²³]?|[%‰])"
    r"(?:/[^\W\d_]{1,8}[23²³]?)?(?:\s[^\W\d_]{1,8}){0,2}\)?\s?\Z"
    r"|\((?:k?m[23²³]?|kg|ha|l)\)\Z"
)
_MONEY_BEFORE = re.compile(
    r"\b(?:đồng|đô|euro|USD|VNĐ|VND|nghìn|ngàn|triệu|tỷ|tỉ)\s?\Z|[0-9]\s?(?:k|tr|đ)\s?\Z",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(
    r"\A[0-9]\s[^\W\d_]+\s[^\W\d_]+\s(?:sách|bài|truyện|tranh|ảnh|tin|tài liệu)\Z"
)


def _read_per_unit(match: re.Match[str], accent: Accent) -> str | None:
    word = match["word"]
    unit = _say_counted_word(word) if word else say_unit(match["unit"], accent)
    previous_word = word_before(match)
    is_price = previous_word in _MONEY or search_before(match, _PRICE_BEFORE) is not None
    is_dose = match["unit"] in _SMALL_VOLUMES
    if search_before(match, _ROUND_PRICE_BEFORE) and not is_dose and (not word or word in _EACH):
        is_price = True
    if word and search_before(match, _PRICE_OF_EACH_BEFORE):
        is_price = True
    amount = search_before(match, AMOUNT_BEFORE)
    if previous_word in _PROVINCES:
        return None  # 40 tỉnh/thành phố
    if (word in _CURRENCIES and not _DIGIT.search(text_before(match, 16))) or search_before(
        match, _MODEL_BEFORE, 12
    ):
        return None  # tỷ giá USD/VND, MiG-29M/M2
    if not (is_price or amount or is_dose) and (text_before(match, 1).isdigit() or match["spaced"]):
        return None  # 3/kg
    # "10 lượt tải sách/bài báo" names two things.
    is_rate = match["word"] in _EACH and amount and not _NAMED_BEFORE.search(amount[0])
    is_ratio = (previous_word in _COUNTED_PER and amount) or (
        previous_word in _MEASURES and word in _TIMES
    )
    if match["word"] and not (is_price or is_rate or is_ratio):
        return None  # ngày/tháng/năm
    spoken = f"trên {unit}" if is_ratio and not (is_rate or is_price) else ""
    spoken = spoken or f"{'một' if is_price or match['word'] else 'trên'} {unit}"
    return spoken if text_before(match, 1) == " " else f" {spoken}"


def _say_counted_word(word: str) -> str:
    return _SHORT_WORDS.get(word) or _CURRENCIES.get(word, word)


def _read_per_amount(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read "50 triệu đồng/1 nhà", "60 lần/1 phút", and the "trên" of "2 g / 10 ml"."""
    if not search_before(match, AMOUNT_BEFORE):
        return None
    space_before = "" if text_before(match, 1) == " " else " "
    counted_noun = match["of_one"]
    of_money = search_before(match, _MONEY_BEFORE)
    if counted_noun and (of_money or (counted_noun in _EACH and counted_noun not in _MEASURES)):
        return space_before
    return f"{space_before}trên "


RULES = (
    Rule(
        "per unit",
        # 300 người/km², 12%/năm; after an amount of money "một" is said instead of "trên".
        re.compile(
            r"(?:(?<=[\w%‰)])|(?<=[\w%‰)] ))/(?P<spaced> )?"
            rf"(?:(?P<unit>{UNIT})|(?P<word>[^\W\d_]{{2,12}})(?!\w))"
        ),
        _read_per_unit,
    ),
    Rule(
        "per amount",
        re.compile(
            r"(?:(?<=[^\W\d_²³])|(?<=[^\W\d_²³] ))/\s?"
            r"(?=1\s?(?P<of_one>[^\W\d_]{1,8})|[0-9][0-9.,]{0,8}\s?(?:[a-zà-ỹđ]|Km))"
        ),
        _read_per_amount,
    ),
)
