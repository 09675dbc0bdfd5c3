"""Money: amounts with a currency before or behind, thousands as k, and prices of a unit."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.dialects import DIALECTS, every_word
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.numbers import (
    NUMBER,
    digits,
    is_point_of_law,
    number_value,
    say_number,
)
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    search_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.rules.units import LENGTH_BEFORE
from audiobook.vietnamese.table import any_of, load_pairs

_CURRENCIES = load_pairs("currencies.tsv")
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_THOUSAND = "|".join(every_word("thousand"))
_SCALE = (
    rf"(?:\s(?P<scale>(?:{_THOUSAND}) (?:tỷ|tỉ)|tỷ|tỉ|triệu|{_THOUSAND}|trăm)\b"
    r"|\s?(?P<letter>[kKMB]|bn|tr)(?!\w))?"
)
_TO = r"\s?[-–—]\s?"
# After these 2k5 is the year 2005.
_BEFORE_A_YEAR = frozenset("lứa sinh hệ bạn gen năm".split())
# What is counted in thousands and millions: 4,5M lượt xem, 10K người.
_COUNTED = re.compile(
    r"\s?(?:lượt|view|follow|sub|người|fan|like|tải|bản|đồng\b|đ\b|khách|thành viên|đơn|tym|tim"
    r"|share|stream|bình luận|chữ|từ\b)"
)
_BEFORE_A_PRICE = frozenset(
    "giá lương trả còn tốn hết chi lãi lỗ vốn thu bán mua thuê cọc tiền phí trị nợ vay được".split()
)
_MONEY_AFTER = re.compile(r"\s?(?:đồng|đ\b|/)|\s(?:một|1)\s(?:tấn|tạ|kg|cân|cái|con|tháng|người)\b")
# After these K does not mean thousands: gold of 18K, a film in 4K, a run of 10K.
_BEFORE_A_GRADE = frozenset("vàng chạy ly giải phim hình video lứa hệ gen màu cốt".split())
_SHARPNESS = (2, 4, 5, 8)
# Words of the colonial time, when $ stood for the piastre.
_COLONIAL = re.compile(
    r"\b(?:xu|hào|quan|bạc|thuế|sưu|lạng|làng|lý trưởng|chánh tổng|tri huyện|tri phủ|công sứ|khao"
    r"|vọng|Đông Dương|Đông Pháp|(?:Bắc|Nam|Trung) [Kk]ỳ|1[89][0-4][0-9])\b",
    re.IGNORECASE,
)
_NEIGHBOURHOOD = 80
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LEAST_OF_A_YEAR = 1000
# "được 10đ"
_SMALL_MARK = re.compile(r"[1-9]|10")
_MARK_BEFORE = re.compile(
    r"(?<!\w)(?:được|đc|thi|chấm|toàn|con|bài|môn|trừ|cộng|đạt|toán|văn|anh|lý|hóa|hoá"
    r"|tốt nghiệp)\s\Z",
    re.IGNORECASE,
)
_MARK = re.compile(r"[0-9]{1,2}[.,][0-9]{1,2}")
_WITH_CENTS = re.compile(r"[0-9.]+,[0-9]{2}")


def _say_scale(letter: str, accent: Accent) -> str:
    """Return the word for a scale that is written k, M, B, bn or tr."""
    if letter in "kK":
        return DIALECTS[accent]["thousand"]
    return "triệu" if letter in ("m", "M", "tr") else DIALECTS[accent]["billion"]


def _read_amount(match: re.Match[str], accent: Accent) -> str | None:
    parts = match.groupdict()
    spoken = say_number(match["amount"], accent)
    if parts.get("upper"):
        if _YEAR.fullmatch(match["amount"]) and number_value(match["upper"]) < _LEAST_OF_A_YEAR:
            return None  # "năm 2022 - 1,5 tỉ USD"
        if parts.get("low"):
            spoken += f" {_CURRENCIES[match['low']]}"
        spoken += f" đến {say_number(match['upper'], accent)}"
    sign = "âm " if parts.get("sign") else ""
    scale = f" {match['scale']}" if parts.get("scale") else ""
    if parts.get("letter"):
        scale = f" {_say_scale(match['letter'], accent)}"
    currency = _CURRENCIES[match["currency"]]
    if _is_mark(match):
        currency = "điểm"
    elif match["currency"] == "đ" and is_point_of_law(match):
        currency = spell("đ")
    if match["currency"] == "$" and _is_colonial(match):
        currency = DIALECTS[accent]["currency"]
    return f"{sign}{spoken}{scale} {currency}"


def _is_mark(match: re.Match[str]) -> bool:
    """Whether 8,75đ is a mark at school: a đồng has no decimals."""
    parts = match.groupdict()
    scaled = parts.get("scale") or parts.get("letter")
    if match["currency"] != "đ" or scaled:
        return False
    small = _SMALL_MARK.fullmatch(match["amount"]) and search_before(match, _MARK_BEFORE, 12)
    return bool(_MARK.fullmatch(match["amount"]) or (small and not _is_colonial_text(match)))


def _is_colonial(match: re.Match[str]) -> bool:
    """Whether 20,25$ is in piastres, because the text is about the colonial time."""
    return bool(_WITH_CENTS.fullmatch(match["amount"])) and _is_colonial_text(match)


def _is_colonial_text(match: re.Match[str]) -> bool:
    around = f"{text_before(match, _NEIGHBOURHOOD)} {text_after(match, _NEIGHBOURHOOD)}"
    return _COLONIAL.search(around) is not None


def _read_piastres(match: re.Match[str], accent: Accent) -> str:
    """Read 3$50 as three piastres fifty."""
    spoken = f"{say_number(match['amount'], accent)} {DIALECTS[accent]['currency']}"
    return spoken if match["cents"] == "00" else f"{spoken} {say_number(match['cents'], accent)}"


def _read_short(match: re.Match[str], accent: Accent) -> str:
    amount, short, last_digits = match["amount"], match["short"], match["rest"]
    if word_before(match) in _BEFORE_A_YEAR and last_digits:
        return f"{digits(amount, accent)} ca {digits(last_digits, accent)}"
    spoken = say_number(amount, accent)
    if short:
        spoken = _say_short_amount(spoken, short, last_digits, accent)
    if match["upper"]:
        upper = say_number(match["upper"], accent)
        upper = _say_short_amount(upper, match["upper_short"], match["upper_rest"], accent)
        spoken += f" đến {upper}"
    return spoken


def _read_billions(match: re.Match[str], accent: Accent) -> str:
    billions, millions = say_number(match["amount"], accent), say_number(match["rest"], accent)
    return f"{billions} {match['scale']} {millions} triệu"


def _say_short_amount(spoken: str, short: str, last_digits: str, accent: Accent) -> str:
    scaled = f"{spoken} {_say_scale(short, accent)}"
    return f"{scaled} {say_number(last_digits, accent)}" if last_digits else scaled


def _read_capital_scale(match: re.Match[str], accent: Accent) -> str | None:
    """Read 900K, 1,2K người and 4,5M lượt xem; a bare 4K, 18K or 12M may be something else."""
    amount, letter = number_value(match["upper"] or match["amount"]), match["letter"]
    previous_word = word_before(match)
    counted = _COUNTED.match(match.string, match.end()) or previous_word in _BEFORE_A_PRICE
    if letter == "M" and search_before(match, LENGTH_BEFORE, 12):
        return None
    if amount >= 1000 and letter == "K":
        return None  # degrees of Kelvin
    if not counted and (letter != "K" or previous_word in _BEFORE_A_GRADE or amount in _SHARPNESS):
        return None
    if not counted and amount < 10 and amount == int(amount):
        return None
    spoken = say_number(match["amount"], accent)
    if match["upper"]:
        spoken += f" đến {say_number(match['upper'], accent)}"
    return f"{spoken} {_say_scale(letter, accent)}"


# "25 k một ly": near these k is a thousand, not the k of 2 k + 1 or of "không".
_PRICED = re.compile(
    r"(?<!\w)(?:giá|bán|mua|tiền|ship|phí|rẻ|đắt|mắc|tốn|trả|vé|sale|lãi|lương|thuê|cước|đồng|khoảng)(?!\w)",
    re.IGNORECASE,
)
_FORMULA_AFTER = re.compile(r"\s?[-+=<>≤≥×*^)]")


def _read_spaced_thousands(match: re.Match[str], accent: Accent) -> str | None:
    around = f"{text_before(match, _NEIGHBOURHOOD)} {text_after(match, _NEIGHBOURHOOD)}"
    if not _PRICED.search(around) or _FORMULA_AFTER.match(match.string, match.end()):
        return None
    return f"{say_number(match['amount'], accent)} {DIALECTS[accent]['thousand']}"


def _read_parted_millions(match: re.Match[str], accent: Accent) -> str:
    """Read "3 tr 5" as three and a half million."""
    return _say_short_amount(say_number(match["amount"], accent), "tr", match["rest"], accent)


def _read_spaced_millions(match: re.Match[str], accent: Accent) -> str | None:
    """Read "500 tr" as millions where it is money, not a number of pages."""
    is_money = (
        _MONEY_AFTER.match(match.string, match.end()) or word_before(match) in _BEFORE_A_PRICE
    )
    if not is_money:
        return None
    spoken = say_number(match["amount"], accent)
    if match["upper"]:
        spoken += f" đến {say_number(match['upper'], accent)}"
    return f"{spoken} triệu"


_AMOUNT = rf"(?P<amount>{NUMBER})(?:{_TO}(?P<upper>{NUMBER}))?"


def _read_currency_pair(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{_CURRENCIES[match['one']]} trên {_CURRENCIES[match['other']]}"


_CODES = any_of(name for name in _CURRENCIES if name.isalpha() and name.isupper() and len(name) > 2)
RULES = (
    Rule(
        "currency pair",
        re.compile(rf"(?<!\w)(?P<one>{_CODES})/(?P<other>{_CODES})(?!\w)"),
        _read_currency_pair,
    ),
    Rule(
        "piastres",
        re.compile(r"(?<![\w.,])(?P<amount>[0-9]{1,4})\$(?P<cents>[0-9]{2})(?![\w]|[.,][0-9])"),
        _read_piastres,
    ),
    Rule(
        "money",
        re.compile(rf"(?<!\w)(?P<currency>{_NAMES})\s?{_AMOUNT}{_SCALE.replace('kKMB', 'kKmMbB')}"),
        _read_amount,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?:(?<!\S)(?P<sign>[-−]))?(?P<amount>{NUMBER})"
            rf"(?:(?:\s?(?P<low>{_NAMES}))?{_TO}(?P<upper>{NUMBER}))?"
            # Not đ.v.C, a unit of mass.
            rf"\s?{_SCALE}\s?(?P<currency>{_NAMES})(?!\w|\.v\.)"
        ),
        _read_amount,
    ),
    Rule(
        "money",
        re.compile(
            rf"(?<!\w)(?P<amount>{NUMBER})(?:(?P<short>k|tr|tỷ|tỉ)(?P<rest>[0-9]{{1,3}})?)?"
            rf"(?:{_TO}(?P<upper>{NUMBER})(?P<upper_short>k|tr|tỷ|tỉ)(?P<upper_rest>[0-9]{{1,3}})?)?"
            r"(?(short)|(?(upper)|(?!)))(?!\w)"
        ),
        _read_short,
    ),
    # 1tỷ250tr
    Rule(
        "money",
        re.compile(
            r"(?<!\w)(?P<amount>[0-9]{1,4})\s?(?P<scale>tỷ|tỉ)\s?(?P<rest>[0-9]{1,3})\s?tr(?!\w)"
        ),
        _read_billions,
    ),
    Rule(
        "thousands and millions",
        re.compile(rf"(?<![\w.,-]){_AMOUNT}(?P<letter>[KMB])(?!\w|-[0-9])"),
        _read_capital_scale,
        needs="KMB",
    ),
    Rule(
        "millions",
        re.compile(
            r"(?<![\w.,])(?P<amount>[0-9]{1,3}) tr (?P<rest>[1-9])(?![\w%]|[.,/-][0-9])"
            r"(?!\s(?:phòng|tầng|người|tháng|cái))"
        ),
        _read_parted_millions,
    ),
    Rule(
        "thousands",
        re.compile(r"(?<![\w.,])(?P<amount>[1-9][0-9]{1,3}) k(?!\w)"),
        _read_spaced_thousands,
    ),
    Rule(
        "millions",
        re.compile(rf"(?<!\w){_AMOUNT}\str(?!\w)"),
        _read_spaced_millions,
    ),
)
