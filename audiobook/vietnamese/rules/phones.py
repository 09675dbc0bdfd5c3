"""Numbers that are read digit by digit: telephones, accounts, cards, passwords."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import digits
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before

# After these, with few words between, three or four digits are a number to dial.
_DIALLED = re.compile(
    r"(?:\b(?:bấm|hotline|tổng đài|đường dây nóng|điện thoại|đầu số"
    r"|(?:soạn|nhắn) tin[^0-9.;]*gửi)\b)(?:[^0-9.;]|\b1[0-9]{2}\b)*\Z",
    re.IGNORECASE,
)
# What stands before a number for text messages: "soạn tin ABC gửi 8088", "đầu số 9029".
_TEXTED = re.compile(
    r"\b(?:(?:soạn|nhắn)[^.;]{1,60}\bgửi(?:\s(?:đến|tới|về))?(?:\stổng đài)?|đầu số|tổng đài)"
    r"(?:\ssố)?\s\Z",
    re.IGNORECASE,
)
# After these only a service number of the country, such as 113, since people may be counted here.
_CALLED = re.compile(
    r"(?:\b(?<!kêu )(?:gọi|cấp cứu|cứu hỏa|cứu hoả)\b)(?:[^0-9.;]|\b1[0-9]{2}\b)*\Z",
    re.IGNORECASE,
)
_SERVICES = re.compile(r"11[1-9]|10[0-9]{2}|1[89]00")
_COUNTED = re.compile(
    r"\s(?:chiếc|người|con|cái|tỷ|tỉ|triệu|nghìn|ngàn|hộ|em|bạn|học sinh|sinh viên|nạn nhân"
    r"|bệnh nhân|đại biểu|công nhân|chiến sĩ|thanh niên|nước|quốc gia|doanh nghiệp|đơn vị|cuộc"
    r"|lần|ca|trường hợp|tấn|đồng|USD|suất|phần|thành viên|cán bộ|tân binh|ngư dân|thuyền viên)\b"
)
_NO_SERVICE_BEFORE = re.compile(
    r"\b(?:năm|tháng|ngày|khoảng|hơn|gần|trên|dưới|là|được|cho|cả|tới|đến|vì|những)\s\Z",
    re.IGNORECASE,
)
_WORDS_BETWEEN = (
    r"(?:\s(?:số|của|là|ông|bà|anh|chị|cô|em|tôi|mình|công ty|ngân hàng|[A-Z]\w*)){0,4}"
)
# What has a number of at least eight digits, and what may have a shorter one.
_ACCOUNT = re.compile(
    r"\b(?:stk|tk|tài khoản|thẻ|cmnd|cmt|cccd|căn cước(?: công dân)?|chứng minh(?: nhân dân| thư)?"
    r"|hộ chiếu|mã số thuế|mst|vận đơn|đơn hàng|imei|seri|serial|mã số|hồ sơ|khách hàng|giao dịch"
    r"|số hiệu|số đăng ký|sđk|bảo hiểm|bhxh|bhyt|hóa đơn|hoá đơn|biên lai|zalo|sđt|đt|fax|id|mã"
    r"|hợp đồng|sổ đỏ|isbn)"
    rf"{_WORDS_BETWEEN}\s?[:#]?\s?\Z",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"\b(?:otp|(?-i:PIN)|mã pin|mật khẩu|mật mã|mã xác (?:thực|nhận|minh)|mã bưu chính|sbd"
    r"|số báo danh|captcha)"
    rf"{_WORDS_BETWEEN}\s?[:#]?\s?\Z",
    re.IGNORECASE,
)
# What stands before a lottery number, which has five or six digits.
_DRAWN = re.compile(
    r"\bgiải (?:đặc biệt|đb|nhất|nhì|ba|tư|năm|sáu|bảy|[1-7])(?:\s?[:=-])?\s\Z"
    r"|\bdãy số(?: trúng)?\s\Z"
    r"|\b(?:ĐB|G\.?[1-7])\s?:?\s\Z|\bvé số(?: mang số| có số)?\s\Z|\btrúng số\s\Z",
    re.IGNORECASE,
)
_LEAST_OF_AN_ACCOUNT = 8
_AMOUNT_AFTER = re.compile(
    r"\s?(?:%|mah|wh|đ(?!\w)|₫|đồng|vnđ|vnd|usd|triệu|tỷ|tỉ|nghìn|ngàn|người|tháng|năm)",
    re.IGNORECASE,
)


def _say_groups(written: str, accent: Accent) -> str:
    return ", ".join(digits(group, accent) for group in re.findall("[0-9]+", written))


def _read_number(match: re.Match[str], accent: Accent) -> str:
    spoken = _say_groups(match[0], accent)
    return f"cộng {spoken}" if "+" in match[0] else spoken


def _read_international_number(match: re.Match[str], accent: Accent) -> str | None:
    """Read +84 912 345 678; +12.500.000 đồng is an amount, not a telephone number."""
    return None if _AMOUNT_AFTER.match(match.string, match.end()) else _read_number(match, accent)


def _read_service_number(match: re.Match[str], accent: Accent) -> str | None:
    if _COUNTED.match(match.string, match.end()):
        return None
    dialled = (
        search_before(match, _DIALLED, 48)
        if match[0][0] == "1"
        else search_before(match, _TEXTED, 80)
    )
    called = _SERVICES.fullmatch(match[0]) and search_before(match, _CALLED, 48)
    if not dialled and (not called or search_before(match, _NO_SERVICE_BEFORE, 12)):
        return None
    return _read_number(match, accent)


def _read_account(match: re.Match[str], accent: Accent) -> str | None:
    """Read the number of an account, a document or a password."""
    if _AMOUNT_AFTER.match(match.string, match.end()):
        return None
    long = sum(character.isdigit() for character in match[0]) >= _LEAST_OF_AN_ACCOUNT
    is_account = long and search_before(match, _ACCOUNT, 48)
    return (
        _read_number(match, accent) if is_account or search_before(match, _PASSWORD, 48) else None
    )


def _read_lottery_number(match: re.Match[str], accent: Accent) -> str | None:
    if _AMOUNT_AFTER.match(match.string, match.end()) or match[0].endswith("000"):
        return None
    return digits(match[0], accent) if search_before(match, _DRAWN) else None


def _read_masked_number(match: re.Match[str], accent: Accent) -> str:
    """Read 1900.xxxx and 0912 xxx 678, in which some digits are hidden."""
    groups = re.findall("[0-9]+|[xX]+|[*]+", match[0])
    spoken_groups = (
        digits(group, accent)
        if group.isdecimal()
        else " ".join(["sao" if "*" in group else "ích"] * len(group))
        for group in groups
    )
    return ", ".join(spoken_groups)


_END = r"(?![0-9]|[.,-][0-9])"
RULES = (
    Rule(
        "masked number",
        re.compile(
            r"(?<![\w.,])(?=[0-9 .-]{1,12}(?:[xX]{2}|[*]{2}))(?:0[0-9]{1,9}|1[89]00|[0-9]{3,6})"
            r"(?:[ .-]?(?:[xX]{2,8}|[*]{2,8}|[0-9]{2,6})){1,4}(?!\w)"
        ),
        _read_masked_number,
    ),
    Rule(
        "telephone number",
        re.compile(
            rf"(?<!\w)\+(?=(?:[ .()/-]{{0,2}}[0-9]){{9,14}}{_END})[0-9]{{1,3}}"
            rf"(?:[ ./-]?\(?[0-9]{{1,9}}\)?){{1,5}}{_END}"
        ),
        _read_international_number,
    ),
    Rule(
        "telephone number",
        re.compile(rf"\((?:\+?84[ .-]?|0)[0-9]{{1,4}}\)(?:[ .-]?[0-9]{{1,8}}){{1,4}}{_END}"),
        _read_number,
    ),
    # 0912 345 678, 024.3825.4321: not a quantity, whatever the groups look like.
    Rule(
        "telephone number",
        re.compile(rf"(?<!\w)(?<![0-9][ .-])0[0-9]{{1,4}}(?:[ .-][0-9]{{2,4}}){{2,4}}{_END}"),
        _read_number,
    ),
    # Groups of one digit too, if there are many: 0225.3.842.156.
    Rule(
        "telephone number",
        re.compile(
            rf"(?<!\w)(?<![0-9][ .-])0(?=(?:[ .-]?[0-9]){{8,10}}{_END})[0-9]{{1,3}}"
            rf"(?:[ .-][0-9]{{1,4}}){{3,4}}{_END}"
        ),
        _read_number,
    ),
    # 024 38254321, 028-38254321.
    Rule(
        "telephone number",
        re.compile(rf"(?<!\w)(?<![0-9][ .-])0[0-9]{{2,3}}[ .-][0-9]{{7,8}}{_END}"),
        _read_number,
    ),
    Rule(
        "telephone number",
        re.compile(rf"(?<!\w)1[89]00(?:[ .-]?[0-9]{{4,6}}|(?:[ .-][0-9]{{2,3}}){{2,3}}){_END}"),
        _read_number,
    ),
    Rule(
        "card number",
        re.compile(rf"(?<![\w.,-])[0-9]{{4}}(?:[ -][0-9]{{4}}){{3}}{_END}"),
        _read_number,
    ),
    Rule(
        "account number",
        re.compile(rf"(?<![\w.,])[0-9]{{2,24}}(?:[ .-][0-9]{{1,8}}){{0,6}}{_END}(?!\w)"),
        _read_account,
    ),
    Rule(
        "lottery number",
        re.compile(rf"(?<![\w.,/-])[0-9]{{5,6}}{_END}(?!\w|%)"),
        _read_lottery_number,
    ),
    Rule(
        "short telephone number",
        re.compile(rf"(?<![\w.,])[1-9][0-9]{{2,3}}{_END}(?!\w|%)"),
        _read_service_number,
    ),
)
