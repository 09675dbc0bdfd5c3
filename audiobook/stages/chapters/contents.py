"""Pages of contents: lines that only list what the book holds, wherever the page stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from audiobook.model import Kind
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.divisions import LONGEST, parse_division, strip_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobook.model import Chapter, Paragraph
    from audiobook.vietnamese.divisions import Division

_TITLE = re.compile(r"(?:mục lục|(?:table of )?contents)(?: sách| chi tiết)?\W*", re.IGNORECASE)
_MAYBE_TITLE = re.compile(
    r"(?:nội dung|các (?:chương|phần|mục)|trong (?:tập|cuốn|sách|số)(?: sách)? này)\W*",
    re.IGNORECASE,
)
# The number of a page at the end of a line: after leaders, or after a space alone.
_LEADERS = re.compile(r"\s*(?:[.…_·]\s?){3,}\s*(?P<page>\d{1,4}|[ivxlc]{1,6})\.?\Z", re.IGNORECASE)
_PAGE = re.compile(
    r"\s+(?:trang\s+)?(?P<page>\d{1,4})\Z|\s*\((?:trang|tr\.?)\s*(?P<number>\d{1,4})\)\Z",
    re.IGNORECASE,
)
_ROMAN_ENDS = tuple("ivxlcIVXLC")
_NUMBER = re.compile(r"\A(?:\d{1,3}|[ivxlc]{1,6})\s")
_SECTION = re.compile(r"\s*\d{1,3}\.\d")
_WORDS = re.compile(r"\w+")
_COLUMN = re.compile(r"(?:trang|page|số trang|tr\.)\W*", re.IGNORECASE)
# At least this many lines without a title above that all come again elsewhere are contents.
_LEAST_LISTED = 3
# This many are enough where the first comes again right below them.
_LEAST_BEGUN = 2
# A longer line before such lines is text that speaks of them.
_LONGEST_BEFORE = 100
_KINDS = (Kind.PROSE, Kind.QUOTE, Kind.HEADING)


def is_title(text: str) -> bool:
    """Whether a line is the title of a page of contents."""
    folded = text.casefold()
    if "lục" not in folded and "contents" not in folded:
        return False
    return _TITLE.fullmatch(strip_frame(text)) is not None


def listed_names(texts: Iterable[str]) -> frozenset[str]:
    """Return the names of chapters that lines of contents list.

    There are none where the lines number chapters: what they list besides are sections.
    """
    lines = [text for text in texts if len(text) <= LONGEST and not is_title(text)]
    divisions = [parse_division(_LEADERS.sub("", line)) for line in lines]
    if any(division is not None and division.unit for division in divisions):
        return frozenset()
    chapters = [line for line in lines if not _SECTION.match(line)]
    return frozenset(key for line in chapters for key in names_in_line(line))


def names_in_line(text: str) -> tuple[str, ...]:
    """Return the names that a line may stand for: its words, with and without numbers around."""
    return _names_and_number(text) if len(text) <= LONGEST else ()


class _ContentsLine(NamedTuple):
    position: int
    keys: tuple[str, ...]
    """What it names, by its words and by its number: empty for a line too long to list anything."""
    rank: int
    """That of the division it names; 0 for none."""
    has_leaders: bool
    page: int | None
    is_title: bool
    text: str


def find_contents(paragraphs: Sequence[Paragraph], chapters: Sequence[Chapter]) -> set[int]:
    """Return the positions of the lines of contents and of the titles above them.

    Below such a title a line is one of contents if it ends in the number of a page, names what
    is named elsewhere in the book too, or is one of several divisions without text. Without a
    title, lines with leaders and page numbers are, or three headings and more that all come again.

    Args:
        paragraphs: those of the whole book.
        chapters: what the source divides them into.
    """
    lines = [
        _contents_line(position, paragraph)
        for position, paragraph in enumerate(paragraphs)
        if paragraph.kind is not Kind.BREAK
    ]
    counts = Counter(key for line in lines for key in line.keys)
    for chapter in chapters:
        heads = {paragraph.text for paragraph in chapter.paragraphs[:3]}
        if chapter.title and chapter.title not in heads:
            counts.update(names_in_line(chapter.title))
    titled = _titles_of_chapters(chapters)
    listed: set[int] = set()
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.is_title or (line.position in titled):
            first = place + 1 if line.is_title else place
            end = _end_of_page(lines, first, counts)
            if end > first or (line.is_title and _stands_alone(lines, first)):
                listed.update(entry.position for entry in lines[place:end])
        else:
            end = _end_of_run(lines, place, counts)
            first = place - (end > place > 0 and lines[place - 1].is_title)
            listed.update(entry.position for entry in lines[first:end])
        place = max(end, place + 1)
    return listed


def _contents_line(position: int, paragraph: Paragraph) -> _ContentsLine:
    text = paragraph.text
    if len(text) > LONGEST or paragraph.kind not in _KINDS:
        return _ContentsLine(position, (), 0, False, None, False, text)
    leaders = _leaders_match(text)
    match = leaders or _page_number(text)
    page = next(filter(None, match.groups()), None) if match else None
    division = parse_division(text[: leaders.start()] if leaders else text)
    return _ContentsLine(
        position,
        _names_and_number(text, division),
        division.rank if division else 0,
        leaders is not None,
        int(page) if page and page.isdecimal() else None,
        is_title(text) or _MAYBE_TITLE.fullmatch(text) is not None,
        text,
    )


def _names_and_number(text: str, division: Division | None = None) -> tuple[str, ...]:
    leaders = _leaders_match(text)
    keys = [_folded_words(text[: leaders.start()] if leaders else text)]
    has_title = division is None or division.title
    if has_title and not leaders and (page := _page_number(text)):
        keys.append(_folded_words(text[: page.start()]))
    keys += [unnumbered for key in keys if (unnumbered := _NUMBER.sub("", key)) != key]
    if division is not None and division.number:
        keys.append(f"{division.rank} {division.number} {division.prefix.casefold()}\n")
    return tuple(dict.fromkeys(key for key in keys if key))


def _leaders_match(text: str) -> re.Match[str] | None:
    last = text.removesuffix(".")[-1:]
    return _LEADERS.search(text) if last.isdecimal() or last in _ROMAN_ENDS else None


def _page_number(text: str) -> re.Match[str] | None:
    return _PAGE.search(text) if text[-1:].isdecimal() or text.endswith(")") else None


def _folded_words(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _titles_of_chapters(chapters: Sequence[Chapter]) -> set[int]:
    """Return the positions at which chapters begin that the source calls contents."""
    first = 0
    starts = set()
    for chapter in chapters:
        if _TITLE.fullmatch(chapter.title):
            starts.add(first)
        first += len(chapter.paragraphs)
    return starts


def _end_of_page(lines: Sequence[_ContentsLine], first: int, counts: Counter[str]) -> int:
    """Return the place after the last line of the page of contents that begins at a place."""
    keys: set[str] = set()
    end = first
    is_listed = 0
    for place in range(first, len(lines)):
        line = lines[place]
        if not line.keys or line.is_title or _begins_text(lines, place, keys):
            break
        if _is_entry(lines, place, counts):
            is_listed += 1
            end = place + 1
        elif not (
            _COLUMN.fullmatch(line.text) or (_is_first_of_two(lines, place) and end == place)
        ):
            break
        keys.update(line.keys)
    listed = lines[first:end]
    is_doubtful = _MAYBE_TITLE.fullmatch(lines[first - 1].text) is not None
    if is_doubtful and not (
        all(entry.has_leaders for entry in listed) or _are_paged(listed, counts)
    ):
        return first
    return end if is_listed else first


def _are_paged(listed: Sequence[_ContentsLine], counts: Counter[str]) -> bool:
    """Whether several lines each name what the book has elsewhere, and its page, counting up."""
    pages = [line.page for line in listed if line.page and _comes_again(line, counts)]
    return len(pages) == len(listed) > 1 and pages == sorted(pages)


def _begins_text(lines: Sequence[_ContentsLine], place: int, earlier_keys: set[str]) -> bool:
    """Whether a line comes again because the text that was listed begins here."""
    own_keys = lines[place].keys
    following = lines[place + 1] if place + 1 < len(lines) else None
    return own_keys[0] in earlier_keys or (
        not earlier_keys.isdisjoint(own_keys) and (following is None or not following.rank)
    )


def _is_entry(lines: Sequence[_ContentsLine], place: int, counts: Counter[str]) -> bool:
    line = lines[place]
    if line.has_leaders or _comes_again(line, counts):
        return True
    if line.page is not None and not line.text.endswith((".", "!", "?")):
        return True
    return line.rank > 0 and place + 1 < len(lines) and lines[place + 1].rank > 0


def _is_first_of_two(lines: Sequence[_ContentsLine], place: int) -> bool:
    """Whether a line is the first of two that make one entry."""
    following = lines[place + 1] if place + 1 < len(lines) else None
    return (
        following is not None
        and following.has_leaders
        and len(lines[place].text) <= _LONGEST_BEFORE
    )


def _stands_alone(lines: Sequence[_ContentsLine], first: int) -> bool:
    """Whether a title of contents has nothing below it: its list was a picture, or is lost."""
    return is_title(lines[first - 1].text) and (first == len(lines) or lines[first].rank > 0)


def _end_of_run(lines: Sequence[_ContentsLine], place: int, counts: Counter[str]) -> int:
    """Return the place after the last of the lines that show without a title to be contents."""
    if not (lines[place].has_leaders or lines[place].rank):
        return place
    with_leaders = place
    page = 0
    while with_leaders < len(lines) and lines[with_leaders].has_leaders:
        if (lines[with_leaders].page or page) < page:
            break
        page = lines[with_leaders].page or page
        with_leaders += 1
    run = lines[place:with_leaders]
    if len(run) > 1 and any(line.rank or _comes_again(line, counts) for line in run):
        return with_leaders
    end = place
    keys: set[str] = set()
    ranks: Counter[int] = Counter()
    while end < len(lines) and lines[end].rank and lines[end].keys[0] not in keys:
        if counts[lines[end].keys[0]] < 2:
            break
        keys.add(lines[end].keys[0])
        ranks[lines[end].rank] += 1
        end += 1
    preceding = lines[place - 1].text if place and not lines[place - 1].is_title else ""
    speaks_of_them = preceding.endswith(":") or len(preceding) > _LONGEST_BEFORE
    heads_text = end == len(lines) or lines[end].rank or _comes_again(lines[end], counts)
    begins_again = end < len(lines) and lines[end].keys[:1] == lines[place].keys[:1]
    least = _LEAST_BEGUN if begins_again else _LEAST_LISTED
    is_list = max(ranks.values(), default=0) >= least and heads_text
    return end if is_list and not speaks_of_them else place


def _comes_again(line: _ContentsLine, counts: Counter[str]) -> bool:
    return any(counts[key] > 1 for key in line.keys)
