"""Initials of people: bà S., cháu N.T.H., Nguyễn Thị Th., ảnh: Q. Định."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.syllables import is_vietnamese

_TITLE = (
    r"(?i:ông|bà|anh|chị|cô|chú|bác|cậu|em|cháu|bé|cụ|thầy|dì|bạn|nạn nhân|bị (?:cáo|can|đơn|hại)"
    r"|nguyên đơn|đối tượng|nghi (?:phạm|can)|hung thủ|nữ sinh|nam sinh|sinh viên|học sinh"
    r"|thiếu (?:nữ|niên)|gia đình|vợ|chồng|bệnh nhân|thai phụ|sản phụ|luật sư|bác sĩ)"
)
TITLED = rf"(?<!\w){_TITLE}\s(?P<names>(?:[{CAPITALS}][^\W\d_]*\s){{0,3}})"
"""The title of a person and the names before an initial, for a pattern."""
_TITLE_BEFORE = re.compile(rf"{TITLED}\Z")
_QUOTED_BEFORE = re.compile(r"[\"”»],?\s\Z|,[\"”»]\s\Z")
_SAYS_AFTER = re.compile(
    r"\s(?:nói|kể|chia sẻ|cho (?:biết|hay)|tâm sự|bộc bạch|khai|thừa nhận|giãi bày|trải lòng"
    r"|nhớ lại|bày tỏ|than thở|trả lời|đáp|hỏi)(?!\w)"
)
DIGRAPH = r"(?:[CGKNPT]h|Ng|Tr)(?:\.[A-ZĐ]){0,3}+\.(?!\w)"
_LETTER = r"(?:[CGKNPT]h|Ng|Tr|Gi|[A-ZĐ])"
"""An initial of two letters for one sound, such as Th., for the scan."""
_REACH = 40
# How the next sentence begins, where the text was not split after the initial.
_ENDS_AFTER = re.compile(
    r"[\s\"”’»)\]]*\Z|\s(?:Nhưng|Sau|Khi|Theo|Tuy|Do|Vì|Ngay|Trước|Hiện|Đến|Ngày|Tại|Ông|Bà|Anh|Chị"
    r"|Cô|Cháu|Từ|Để|Và|Trong|Cả|Các|Nhiều|Tôi|Tối|Sáng|Chiều|Lúc|Thấy|Đây|Người|Hậu quả|Qua)"
    r"\s[a-zà-ỹ]"
)
_SURNAME_BEFORE = re.compile(
    r"(?<!\w)(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn"
    r"|Trịnh|Trương|Lâm|Mai|Đào|Cao|Lương|Lưu|Tạ|Thái|Tô|Tống|Vương|Quách|Chu|Hà|Phùng|Doãn)\s"
    rf"(?P<names>(?:[{CAPITALS}][^\W\d_]*\s){{0,3}})\Z"
)
# After the name of an office or a number, a letter is a place or a class, not a person.
_PLACE_BEFORE = re.compile(
    r"(?<!\w)(?:UBND|HĐND|CA|[Cc]ông an|TAND|VKS|ND|[Đđ]ảng ủy|BCH|MTTQ|[Cc]hợ|[Cc]ầu|[Đđ]ường"
    r"|[Ll]oại|[Tt]ype|[Vv]itamin|[Nn]hóm|[Bb]ảng|[Kk]hu|[Ll]ô|[Dd]ãy|[Tt]òa|[Ll]ớp|[Pp]hòng"
    r"|[Đđ]iểm|[Cc]âu|[Cc]hữ|[Tt]ập hợp|[0-9]+)\s\Z"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s\Z")
_WORD_AFTER = re.compile(r"\s([^\W\d_]+)(?!\w)")
# Small words between the parts of a foreign name: J. de Vries.
_PARTICLES = frozenset("da de del den di do du la le van von y".split())
# Verbs after a person at the beginning of a sentence; "A. một con" is an answer to choose.
_DOES_AFTER = re.compile(
    r"\s(?:đã|đang|bị|vẫn|khai|nói|kể|cho (?:biết|hay|rằng)|thừa nhận|liền|bèn|rủ|nảy sinh|dùng"
    r"|lấy|đánh|nhận|không|cũng|và|cùng|tiếp tục|bỏ|rút|mang|nghi|thấy|sau đó)(?!\w)"
)
_DOCTOR = re.compile(r"Ph\.\s?D\.")
_HAS_DIGRAPH = re.compile("[A-Z][a-z]")
_AGED_AFTER = re.compile(
    r"\s(?:[0-9]{1,3}|\w+)\s(?:năm|tháng) tù|,?\s\(?(?:SN|sinh năm|[0-9]{1,2} tuổi)(?!\w)"
)
_CHOICES = frozenset("ABCDE")
_OTHER_CHOICE = re.compile(r"(?<!\w)[A-E][.)]\s")
_CHOICES_NEAR = 200
_FEWEST_ALONE = 2
_NAME_AFTER = re.compile(rf"[\s-]{{0,2}}(?:[{CAPITALS}]|d['’])|[\w/]")
_CREDIT_BEFORE = re.compile(
    r"(?:\A|(?i:(?:ảnh|bài|clip|video|nguồn|thực hiện|tổng hợp|đồ họa)\s?[:.]|(?<!\w)theo)\s?"
    r"|\(|\s[-–/]\s?|\w\s?[-–/]\s?)\Z"
)
_CREDIT_WORD_BEFORE = re.compile(r"(?i:(?:ảnh|clip|video|đồ họa)\s?:)\s?\Z")
# "(Theo T.H)", "Ảnh B.N": without a colon, and nothing after it
_CREDITED_BEFORE = re.compile(
    r"(?:\A|[(.!?–-]\s?)(?i:theo|ảnh|nguồn|bài|tin|clip|video|đồ họa|thực hiện)\s\Z"
)
_CREDITED_ENDS = re.compile(r"\s?[)/–-]|\s?[.,;]?\Z")
_NEXT_CREDIT = re.compile(rf"\s[{CAPITALS}–-]")
_CREDIT_AFTER = re.compile(r"\s?\((?i:sưu tầm|tổng hợp|theo|dịch|st|t/h|ghi)(?!\w)")
_CREDIT_ENDS = re.compile(r"\s?(?:[-–/)(]|[.,;]?\Z)")
# Letters that may abbreviate a district, ward, commune, town or street instead of a name.
_PLACES = "QPHXĐT"


def _read_initials(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    """Spell initials of Vietnamese people; those of George W. Bush stay as they are."""
    if not (
        _follows_title_or_surname(match)
        or _is_quoted_speaker(match)
        or _is_subject(match)
        or _stands_alone(match)
    ):
        return None
    ends = match[0].endswith(".") and _ENDS_AFTER.match(match.string, match.end())
    return f"{spell(match[0])}{'.' if ends else ''}"


def _follows_title_or_surname(match: re.Match[str]) -> bool:
    """Whether a title or a surname stands before the initial: chị H., Nguyễn Văn Th."""
    title_or_surname = search_before(match, _TITLE_BEFORE, _REACH) or search_before(
        match, _SURNAME_BEFORE, _REACH
    )
    return title_or_surname is not None and all(
        map(is_vietnamese, title_or_surname["names"].split())
    )


def _is_quoted_speaker(match: re.Match[str]) -> bool:
    """Whether the initial names the speaker of a quotation that ends before it."""
    quoted = search_before(match, _QUOTED_BEFORE, 4)
    return quoted is not None and _SAYS_AFTER.match(match.string, match.end()) is not None


def _is_subject(match: re.Match[str]) -> bool:
    """Whether the initial is a person of whom the sentence says something: "C. kêu oan"."""
    text, start, end = match.string, match.start(), match.end()
    if len(match[0]) == 1 or not match[0].isupper() or match[0] in EXPANSIONS:
        return False
    near = f"{text[max(0, start - _CHOICES_NEAR) : start]}{text[end : end + _CHOICES_NEAR]}"
    if match[0][0] in _CHOICES and _OTHER_CHOICE.search(near):
        return False
    if not any(map(str.isalpha, text[max(0, start - _CHOICES_NEAR) : start])):
        return (_DOES_AFTER.match(text, end) or _AGED_AFTER.match(text, end)) is not None
    if search_before(match, _PLACE_BEFORE, 16):
        return False
    name = search_before(match, _WORD_BEFORE, 16)
    if name and name[1][0].isupper() and not is_vietnamese(name[1]):
        return False
    if _AGED_AFTER.match(text, end):
        return True
    next_word = _WORD_AFTER.match(text, end)
    return (
        next_word is not None
        and next_word[1].islower()
        and next_word[1] not in _PARTICLES
        and len(next_word[1]) > 1
        and is_vietnamese(next_word[1])
    )


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether several letters in a sentence stand without a name after them: P.A, M.R.C.S."""
    text, start, end = match.string, match.start(), match.end()
    letters = len(match[0].replace(".", ""))
    if letters < _FEWEST_ALONE or match[0] in EXPANSIONS or not text[:start].strip():
        return False
    if search_before(match, _CREDIT_WORD_BEFORE, 12) or _CREDIT_AFTER.match(text, end):
        return True
    credit_ends = _CREDITED_ENDS.match(text, end) or (
        match[0].endswith(".") and _NEXT_CREDIT.match(text, end)
    )
    if credit_ends and search_before(match, _CREDITED_BEFORE, 12):
        return True
    name = search_before(match, _WORD_BEFORE, 16)
    is_word = name and is_vietnamese(name[1]) and (name[1].islower() or not name.start())
    if letters == _FEWEST_ALONE and not is_word:
        return False
    return _NAME_AFTER.match(text, end) is None


def _read_spaced_initials(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell "H. Kh." and "Ng. Th. H.", several initials of one person, one of two letters."""
    is_person = (
        _follows_title_or_surname(match)
        or search_before(match, _CREDIT_WORD_BEFORE, 12)
        or _AGED_AFTER.match(match.string, match.end())
    )
    if not is_person or not _HAS_DIGRAPH.search(match[0]) or _DOCTOR.match(match[0]):
        return None
    ends = match[0].endswith(".") and _ENDS_AFTER.match(match.string, match.end())
    letters = match[0].replace(".", " ").split()
    return f"{' '.join(map(spell, letters))}{'.' if ends else ''}"


def _read_apart(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell two or more initials with spaces between them; "A. B. Nam" may be two answers."""
    letters = match[0].replace(".", "").split()
    if set(letters) <= _CHOICES:
        return None
    return f"{' '.join(map(spell, letters))} "


def _read_credit(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell the initial in a credit for a photo or text: "Ảnh: Q. Định", "T.Tùng - V.Hải"."""
    names = match["names"].split()
    if is_vietnamese(names[0]) and search_before(match, _CREDIT_WORD_BEFORE, 12):
        return spell(match[0])
    if not _CREDIT_ENDS.match(match.string, match.end("names")):
        return None
    credited = search_before(match, _CREDIT_BEFORE, 12)
    if not credited or not all(map(is_vietnamese, names)):
        return None
    if not match.start() and (match["apart"] or match.end("names") == len(match.string)):
        return None  # "A. Nam", an answer to choose
    is_place = match[0][0] in _PLACES and len(names) > 1
    return None if is_place and credited[0].strip(" (-–/") == "" else spell(match[0])


RULES = (
    Rule(
        "initials",
        re.compile(rf"(?<!\w)(?<!\w\.)(?:{_LETTER}\.\s?){{1,3}}{_LETTER}(?:\.(?!\w)|(?![\w.]))"),
        _read_spaced_initials,
    ),
    # N. M. Karamzin
    Rule(
        "initials",
        re.compile(rf"(?<!\w)(?<!\w\.)(?:[A-ZĐ]\.\s){{2,4}}(?=[{CAPITALS}][a-zà-ỹ]{{2,}})"),
        _read_apart,
    ),
    Rule(
        "initials",
        re.compile(r"(?<!\w)(?<!\w\.)[A-ZĐ](?:\.[A-ZĐ]){0,3}+(?:\.|(?<=\..))(?!\w)"),
        _read_initials,
    ),
    Rule("initials", re.compile(rf"(?<!\w){DIGRAPH}(?!\s[{CAPITALS}])"), _read_initials),
    Rule(
        "initials",
        re.compile(
            rf"(?<!\w)[A-ZĐ]\.(?=(?P<apart>\s?)(?P<names>[{CAPITALS}][a-zà-ỹ]{{1,6}}"
            rf"(?:\s[{CAPITALS}][a-zà-ỹ]{{1,6}})?)(?!\w))"
        ),
        _read_credit,
    ),
)
