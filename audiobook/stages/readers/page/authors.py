"""Who wrote an article: its reporters, not its newspaper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.model import Kind
from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import names_and_types, on_one_line, text_up_to
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import CAPITALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from audiobook.model import Paragraph
    from audiobook.stages.readers.page.declared import Declared

_META = (
    "citation_author",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "sailthru.author",
    "parsely-author",
    "article:author_name",
    "articleauthor",
    "cxenseparse:author",
)
_TAGS = ("a", "span", "div", "p", "address", "li", "strong", "b", "em", "h3", "h4", "h5", "section")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:author|byline|tac-?gia|writer|reporter|phong-?vien)s?(?:-?name|-?info)?"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Elements that name those who comment, or who wrote other articles.
_OTHERS = re.compile(r"comment|binh-?luan|related|lien-?quan|sidebar|recommend|most-read", re.I)
_LONGEST = 120  # characters of a line that names the authors
_LONGEST_NAME = 50
_MOST_DECLARED = 1000  # characters of what a page declares as its authors
_MOST_WORDS = 6  # in a name
_LEADING = re.compile(
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
_JOINED = re.compile(r"\s(?:và|and|und|et|og|och|y)\s|,\S", re.IGNORECASE)
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
# Names of people who write together, as many pages declare them.
_DESK = re.compile(
    r"\b(?:staff|team|desk|redaktion|newsroom|ban biên tập|t[oò][àa] soạn)\b", re.IGNORECASE
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
_AGENCY = re.compile(rf"\b{_AGENCIES}\b", re.IGNORECASE)
_AND_AGENCY = re.compile(r" (?:the )?(?:ttxvn|reuters|afp|associated press)$", re.IGNORECASE)
_ADDRESS = re.compile(r"://|^https?$|@|\w\.(?:com|vn|net|org|info|de|ru)\b", re.IGNORECASE)
_CAPITAL = f"[{CAPITALS}]"
_SIGNATURE = re.compile(rf"{_CAPITAL}[\w.’'-]*+(?: {_CAPITAL}[\w.’'-]*+){{1,4}}")
# The words of a name that begin with a small letter.
_SMALL = frozenset("al bin da das de del den der di dos du el la le ten ter van von y zu".split())
_NICKNAME = re.compile(r"[^\W\d_]{2,}\d+")
_SIGNED = re.compile(r"\s+[-–—]\s+|\s*[,/&]\s*|\s+và\s+")
_AROUND_NAME = " ,:;-–—|·•"
_RIGHT = re.compile(r"text-align: *right", re.IGNORECASE)
_LAST = 4  # paragraphs in which an article is signed


def choose(
    declared: Declared,
    root: etree._Element,
    beginning: Sequence[Paragraph],
    article: Sequence[Paragraph],
) -> str:
    """Return the authors of an article, joined by commas; nothing if it names none.

    They are people, if the page names any anywhere; else the agency that it declares, else the
    newspaper or the desk, if it declares that as the author.

    Args:
        declared: what the page says of itself.
        root: the page.
        beginning: what it shows where the article begins.
        article: its main text, at the end of which Vietnamese newspapers name their reporters.
    """
    agencies: list[str] = []
    chosen: list[str] = []
    for lines in _lines_of_candidates(declared, root, beginning, article):
        people: dict[str, str] = {}
        for text in lines:
            for name in _names_on_line(text, declared):
                if _AGENCY.search(name):
                    agencies.append(name)
                else:
                    people.setdefault("".join(words(name)), name)
        names = list(people.values())
        if not chosen or _is_fuller(names, chosen, lines):
            chosen = names
    return ", ".join(chosen) or next(iter(agencies), "") or _organisation(declared)


def _is_fuller(names: Sequence[str], chosen: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether some names are those chosen and more: a page may declare the first author alone."""
    more = names[len(chosen) :]
    return (
        names[: len(chosen)] == chosen
        and all(_SIGNATURE.fullmatch(name) for name in more)
        and any(_JOINED.search(text) for text in lines)
        and bool(more)
    )


def _organisation(declared: Declared) -> str:
    """Return the newspaper or the desk that a page declares as the author."""
    names = [
        pair for node in declared.articles for pair in names_and_types(node.get("author"), declared)
    ]
    desks = [name for name, _ in names if _DESK.search(name)]
    papers = [name for name, kind in names if kind == "Organization" or declared.is_site(name)]
    others = [name for name in declared.meta_contents("author") if declared.is_site(name)]
    return next(iter((*papers, *others, *desks)), "")


def _lines_of_candidates(
    declared: Declared,
    root: etree._Element,
    beginning: Sequence[Paragraph],
    article: Sequence[Paragraph],
) -> Iterator[list[str]]:
    """Yield the lines that may name the authors, the surest first."""
    for key in ("author", "creator"):
        yield [
            name
            for node in declared.articles
            for name, kind in names_and_types(node.get(key), declared)
            if kind != "Organization" or _AGENCY.search(name)
        ]
    for key in _META:
        yield declared.meta_contents(key)
    for elements in _bylines(root):
        shown = [text for element in elements for text in _lines_of(element)]
        yield [text for text in shown if _is_name_shown(text)]
    lines = [paragraph.text for paragraph in beginning if len(paragraph.text) <= _LONGEST_NAME]
    yield [text for text in lines if (lead := _LEADING.match(text)) and lead.end() < len(text)][:1]
    if declared.is_vietnamese:
        aligned = [
            text_up_to(block, _LONGEST) for block in root.iter("p", "div") if _is_right(block)
        ]
        last = [
            paragraph.text for paragraph in article[-_LAST:] if paragraph.kind is not Kind.HEADING
        ]
        yield [text for text in (*aligned, *last) if _is_signature(text)][-1:]


def _is_right(element: etree._Element) -> bool:
    style = element.get("style") or ""
    return element.get("align") == "right" or bool(_RIGHT.search(style))


def _is_signature(text: str) -> bool:
    """Whether a line is nothing but names, and what stands around names."""
    if len(text) > _LONGEST:
        return False
    bare = _without_leading(_BESIDE.sub(" ", _MAIL.sub("", text)).strip())
    return all(_SIGNATURE.fullmatch(part) for part in _SIGNED.split(bare))


def _bylines(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the elements that the page marks as a byline, with the clearer mark first.

    What stands side by side and looks the same belongs together.
    """
    sure: list[etree._Element] = []
    marked: list[etree._Element] = []
    for element in root.iter(*_TAGS):
        marks = [element.get(key) or "" for key in ("class", "id", "data-role", "data-testid")]
        if _OTHERS.search(" ".join(marks)):
            continue
        if element.get("itemprop") == "author" or "author" in (element.get("rel") or "").split():
            sure.append(element)
        elif any(_BYLINE.search(mark) for mark in marks):
            marked.append(element)
    beside = _elements_beside(root)
    groups: dict[object, list[etree._Element]] = {}
    for element in (*sure, *marked):
        if any(ancestor in beside for ancestor in element.iterancestors()):
            continue
        key = element.getparent(), element.tag, element.get("class")
        groups.setdefault(key, []).append(element)
    yield from groups.values()


def _elements_beside(root: etree._Element) -> set[etree._Element]:
    """Return the elements that show comments or other articles, and not the headline of the page.

    The heading of another article leads to it.
    """
    of_page = {around for heading in root.iter("h1") for around in heading.iterancestors()}
    others = {element for element in root.iter("*") if _OTHERS.search(element.get("class") or "")}
    cards = {
        heading.getparent()
        for heading in root.iter("h2", "h3")
        if heading.find(".//a[@href]") is not None
    }
    return {element for element in (others | cards) - of_page if element is not None}


def _lines_of(element: etree._Element) -> list[str]:
    """Return what a byline says: of several links to people each, of a long one what stands out."""
    text = text_up_to(element, _LONGEST)
    links = [text_up_to(part, _LONGEST_NAME) for part in element.iter("a")]
    if len(links) > 1 and all(map(_is_signature, links)):
        return links
    if len(text) <= _LONGEST:
        return [text]
    inner = (text_up_to(part, _LONGEST_NAME) for part in element.iter("a", "strong", "b"))
    return [text for text in inner if _is_signature(text)][:1]


def _names_on_line(text: str, declared: Declared) -> Iterator[str]:
    """Yield the names on a line, without what stands around them."""
    text = _without_leading(_MAIL.sub("", on_one_line(text[:_MOST_DECLARED])))
    if source := _SOURCE.match(text):
        source_name = text[source.end() :].strip(_AROUND_NAME)
        yield from filter(_AGENCY.fullmatch, (source_name,))
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
        for piece in pieces if _is_signature(part) else pieces[:1]:
            name = declared.without_site(_without_leading(piece).strip(_AROUND_NAME))
            if _SIGNATURE.match(without := _AND_AGENCY.sub("", name)) and " " in without:
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
        leading = _LEADING.match(text)
        if not leading:
            break
        text = text[leading.end() :]
    return text


def _is_name_shown(text: str) -> bool:
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
        and len(name) <= _LONGEST_NAME
        and not _ADDRESS.search(name)
        and not _NOBODY.search(name)
        and not _PAPERS.fullmatch(name)
        and not declared.is_site(name)
        and name[0].isalpha()
        and (not any(letter.isdigit() for letter in name) or bool(_NICKNAME.fullmatch(name)))
    )
