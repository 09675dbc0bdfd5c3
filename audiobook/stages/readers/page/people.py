"""Names of people on a line of a page, told from desks, newspapers, agencies and offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import on_one_line
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.stages.readers.page.declared import Declared

LONGEST = 120  # characters of a line that names the authors
LONGEST_NAME = 50
_MOST_DECLARED = 1000  # characters of what a page declares as its authors
_MOST_WORDS = 6  # in a name
LEADING = re.compile(
    r"(?:(?:posted|published) on \S[^|]{1,30}? )?"
    r"(?:(?:written|posted|published|reported|story|words) )?by\b:? *"
    r"|(?:(?:erstellt|artikel|beitrag|geschrieben|ein \w+) )?vo[nm]\b:? *"
    r"|(?:text|interview|text und interview)(?: von)?: *|(?:publicado )?por\b:? *|par\b:? *"
    r"|escriben?\b *"
    r"|(?:tác giả|người viết|bài viết|bài và ảnh|bài, ảnh|bài|tin, ảnh|tin và ảnh|tin|thực hiện"
    r"|đăng bởi|viết bởi|authors?|autor(?:in|en)?) *: *|the authors?\b *"
    r"|author\b *(?:posted by)? *|(?:nhóm )?(?:phóng viên|pv|ctv)\b[ .:]*",
    re.IGNORECASE,
)
_MOST_LEADING = 3
_SOURCE = re.compile(r"(?:theo|nguồn|source|quelle|according to|via)\b", re.IGNORECASE)
# Labels of people who did something other than writing.
_HELPER = re.compile(
    r"(?:ảnh|đồ họa|video|clip|thiết kế|biên tập|người dịch|dịch|photos?|photograph[sy]?|fotos?"
    r"|graphics?|editors?|edited|translat(?:ed|ion)|illustrations?) *(?::|by\b|von\b)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<!\S)[^\s@]*+@\S*\.\S*|@\w+")
_MONTH = (
    r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäé]{0,6}\.?(?= ?\d)"
)
# When something was published, and how long it takes to read: the end of many bylines.
_DATED = re.compile(
    r"\b(?:(?:last )?(?:published|updated|posted|modified|aktualisiert|veröffentlicht|cập nhật)\b"
    rf"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|fr|sa|so|mo|di|mi|do),? (?:{_MONTH}|\d)"
    rf"|(?:am|on|um|vào|lúc|ngày) (?=\d|{_MONTH})|{_MONTH}|hace \d|\d{{1,2}}[./:h-]\d"
    r"|\d{1,2}\.? (?:tháng\b|[a-zä]{3,9}\.? \d{4})|\d+ (?:min|phút|giờ|hours?|days?)\b).*",
    re.IGNORECASE,
)
# The newspaper that a person writes for.
_FOR = re.compile(r" (?:[Ff]or|[Ff]rom) (?:the |The )?[A-Z].*")
_BETWEEN = re.compile(
    r"\s*[,;|&•·]\s*|\s+(?:và|and|und|et|og|och|(?-i:y))\s+|\s*/\s*", re.IGNORECASE
)
_DASH = re.compile(r"\s+[-–—]\s+")
_BESIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_NOBODY = re.compile(
    r"\b(?:admin|administrator|webmaster|editors?|editorial|staff|team|desk|redaktion|redazione"
    r"|redacción|reporters?|correspondents?|contributors?|columnist|journalist|writer|newsroom"
    r"|ban biên tập|bbt|t[oò][àa] soạn|biên tập viên|btv|phóng viên|pv|ctv|cộng tác viên|tổng hợp"
    r"|news|newsletter|nachrichten|online|báo|tạp chí|đài|cổng thông tin|times|media|tv|photos?"
    r"|ảnh|anonymous|unknown|guest|user)\b",
    re.IGNORECASE,
)
# Newspapers of Viet Nam that are called like nothing else in the list above.
_PAPERS = re.compile(
    r"vn-?express|(?:báo )?(?:tuổi trẻ|thanh niên|dân trí|lao động|người lao động|tiền phong"
    r"|nhân dân|hà nội mới|hànộimới|sài gòn giải phóng|sggp|công an nhân dân"
    r"|quân đội nhân dân|giao thông|phụ nữ|pháp luật|công thương|đầu tư|tri thức"
    r"|đại đoàn kết|giáo dục (?:&|và) thời đại)"
    r"|viet ?nam ?net|vietnam(?:plus|\+)|vneconomy|zing(?: ?news)?|znews|vov|vtv|vtc|kênh ?14"
    r"|cafe ?f|cafe ?biz|soha|infonet|bnews|báo ?mới|(?:bbc|cnn|rfa|voa)",
    re.IGNORECASE,
)
# What follows a name and a comma: somebody's office, and the employer.
_OFFICE = re.compile(
    r"\b(?:officer|director|head|chief|president|professor|manager|analyst|specialist|institute"
    r"|university|report|journal|post|tribune|gazette|herald|chronicle|telegraph|magazine|zeitung)\b",
    re.IGNORECASE,
)
_AGENCIES = (
    r"(?:ttxvn|thông tấn xã|vna|reuters|afp|dpa|ap|sid|apa|efe|ansa|upi|xinhua|tân hoa xã"
    r"|associated press|press|agency|agencies|agentur|agenturen|nachrichtenagentur|presse|pti|ians"
    r"|bernama|kyodo)"
)
AGENCY = re.compile(rf"\b{_AGENCIES}\b", re.IGNORECASE)
_AND_AGENCY = re.compile(r" (?:the )?(?:ttxvn|reuters|afp|associated press)$", re.IGNORECASE)
_ADDRESS = re.compile(r"://|^https?$|@|\w\.(?:com|vn|net|org|info|de|ru)\b", re.IGNORECASE)
_CAPITAL = f"[{CAPITALS}]"
SIGNATURE = re.compile(rf"{_CAPITAL}[\w.’'-]*+(?: {_CAPITAL}[\w.’'-]*+){{1,4}}")
# The words of a name that begin with a small letter.
_SMALL = frozenset("al bin da das de del den der di dos du el la le ten ter van von y zu".split())
_NICKNAME = re.compile(r"[^\W\d_]{2,}\d+")
_SIGNED = re.compile(r"\s+[-–—]\s+|\s*[,/&]\s*|\s+và\s+")
_AROUND_NAME = " ,:;-–—|·•"


def is_signature(text: str) -> bool:
    """Whether a line is nothing but names, and what stands around names."""
    if len(text) > LONGEST:
        return False
    bare = _without_leading(_BESIDE.sub(" ", _MAIL.sub("", text)).strip())
    return all(SIGNATURE.fullmatch(part) for part in _SIGNED.split(bare))


def names_on_line(text: str, declared: Declared) -> Iterator[str]:
    """Yield the names on a line, without what stands around them."""
    text = _without_leading(_MAIL.sub("", on_one_line(text[:_MOST_DECLARED])))
    if source := _SOURCE.match(text):
        source_name = text[source.end() :].strip(_AROUND_NAME)
        yield from filter(AGENCY.fullmatch, (source_name,))
    if source or "://" in text or _is_site(text, declared):
        return
    text = _FOR.sub("", _DATED.sub("", _BESIDE.sub(" ", text)))
    if _is_site(text, declared):
        return
    for number, part in enumerate(_BETWEEN.split(text)):
        if _HELPER.match(part) or (number and _is_office(part, declared)):
            continue
        pieces = [piece for piece in _DASH.split(part) if not _is_site(piece, declared)]
        if not number and not pieces:
            return  # the newspaper, and where it is
        for piece in pieces if is_signature(part) else pieces[:1]:
            name = declared.without_site(_without_leading(piece).strip(_AROUND_NAME))
            if SIGNATURE.match(without := _AND_AGENCY.sub("", name)) and " " in without:
                name = without
            if _is_name(name, declared):
                yield name


def _is_site(name: str, declared: Declared) -> bool:
    return declared.is_site(name.strip(_AROUND_NAME).removeprefix("The "))


def _is_office(part: str, declared: Declared) -> bool:
    """Whether what stands behind a name is an office, or for whom somebody works."""
    first = re.split(r"[ -]", part, maxsplit=1)[0]
    is_paper = declared.is_site(first) or bool(_PAPERS.fullmatch(first))
    return is_paper or first.lower() == "the" or bool(_OFFICE.search(part))


def _without_leading(text: str) -> str:
    for _ in range(_MOST_LEADING):
        leading = LEADING.match(text)
        if not leading:
            break
        text = text[leading.end() :]
    return text


def is_name_shown(text: str) -> bool:
    """Whether a line that is shown can be a name: buttons and roles have words in small letters."""
    text = _MAIL.sub("", _BESIDE.sub(" ", text)).strip()
    for part in _BETWEEN.split(_DATED.sub("", _without_leading(text))):
        first, *others = part.split() or [""]
        if any(word[0].islower() and word not in _SMALL for word in (first, *others) if others):
            return False
    return True


def _is_name(name: str, declared: Declared) -> bool:
    return (
        0 < len(words(name)) <= _MOST_WORDS
        and len(name) <= LONGEST_NAME
        and not _ADDRESS.search(name)
        and not _NOBODY.search(name)
        and not _PAPERS.fullmatch(name)
        and not declared.is_site(name)
        and name[0].isalpha()
        and (not any(letter.isdigit() for letter in name) or bool(_NICKNAME.fullmatch(name)))
    )
