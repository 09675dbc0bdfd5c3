"""Boxes in and around an article: related articles, buttons to share it, comments, tables of facts.

What is simplified here is only for finding the article: nothing is read from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup import attributes_of, data_tables, is_hidden, mathml
from audiobook.stages.readers.markup.signs import class_signs
from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import text_up_to
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

# What classes and ids of such boxes hold, in the systems that Vietnamese sites are made with.
_BOX = re.compile(
    r"(?:^|[\s_-])(?:related|relate|relatednews|(?:tin|bai|box)-?(?:bai-?)?lien-?quan|lien-?quan"
    r"|cung-?chuyen-?muc|tin-?khac|tin-?moi|doc-?nhieu|doc-?them|xem-?them|most-?read|most-?viewed"
    r"|read-?more|recommend(?:ed|ations?)?|jp-relatedposts|yarpp|sharedaddy|share|sharing|shares"
    r"|share-?(?:buttons?|box|bar|tools?|post)|social|socials|social-?(?:share|media|links|icons)"
    r"|addtoany|addthis|newsletter|subscribe|comments?|comment-?(?:list|form)|binh-?luan|disqus"
    r"|comment-?respond|respond|fb-comments|breadcrumbs?|infobox|post-?tags|tag-?list|tagcloud|author-?(?:bio|box)"
    r"|vnnbox|zce-embed|RelatedNewsBox|VCSortableInPreviewMode[^\"]*?RelatedNews\w*"
    r"|taboola|outbrain|advert(?:isement)?|ads|quang-?cao|qc|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
# As MediaWiki marks "this article is about ...; for ... see ...".
_NOTICE = re.compile(r"(?:^|\s)(?:hatnote|dablink)(?:\s|$)")
# What the text itself is called, whatever else its class says.
_TEXT = re.compile(r"content|body|entry|main|detail|story|singular", re.IGNORECASE)
# A heading that says so; what follows it among its siblings belongs to it.
_LABEL = re.compile(
    r"\W*(?:(?:tin|bài)(?: viết)?(?: bài)? (?:cùng (?:chuyên mục|chủ đề|thể loại)|liên quan|khác"
    r"|mới(?: nhất)?|nổi bật|đọc nhiều)|có (?:thể bạn quan tâm|liên quan)|cùng (?:chuyên mục|chủ đề"
    r"|tác giả)|đọc (?:nhiều(?: nhất)?|tiếp)|xem nhiều(?: nhất)?|đừng bỏ lỡ|tin tức liên quan"
    r"|chia sẻ(?: bài viết| trên| với)?|chia sẻ (?:cái|điều) này|thích (?:điều|bài) này"
    r"|bình luận|ý kiến(?: của bạn| bạn đọc| của bạn đọc)?|để lại (?:một )?(?:bình luận|phản hồi|"
    r"trả lời)|trả lời(?: hủy(?: trả lời)?)?|hủy trả lời|từ khóa|từ khoá"
    r"|related(?: (?:articles|posts|stories|news))?|share this|like this"
    r"|more from .{1,40}|read more|you may also like|most (?:read|popular)|recommended"
    r"|leave a (?:comment|reply)|comments)\W*(?:\(\d+\)|\d+)?\W*",
    re.IGNORECASE,
)
# A line in the text that leads to another article.
_POINTER = re.compile(
    r"(?:[\W_]{0,8}(?:(?:mời )?(?:xem|đọc)(?: (?:thêm|ngay|lại|tiếp))|(?:tin|bài) liên quan"
    r"|related|read more|read also|also read|see also|more|les også|leia também|lire aussi"
    r"|lesen sie auch)\b[^:]{0,20}:|\s*(?:>>|»|►|▶))",
    re.IGNORECASE,
)
# The longest card of another article, and its longest text beside the link, in characters.
_LONGEST_CARD, _BESIDE_LINK = 400, 120
# A sentence of the text has at least this many words, and ends as sentences do.
_SENTENCE = 5
_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
# What forms for comments say.
_FORM_NOTICE = re.compile(
    r"(?:địa chỉ )?email của bạn sẽ không|your email address will not|(?:các )?trường bắt buộc"
    r"|bạn (?:phải|cần) (?:đăng nhập|là thành viên)|required fields|you must be logged in"
    r"|(?:hãy là|trở thành) người đầu tiên|chưa có bình luận|lưu tên của tôi",
    re.IGNORECASE,
)
_LABEL_TAGS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "p", "div", "span", "a")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPACE = 20  # characters between elements
_LONGEST_LABEL = 60
# A box holds at most this share of a page; an element that holds more is the page itself.
_LARGEST = 0.3
_BETTER_PART = 0.4
_SWALLOWING = ("button", "nav", "noscript", "select", "object")
# Characters of a long paragraph, and how many of them a part of a parted text holds.
_LONG, _PARTS = 120, 2


class Lengths:
    """How many characters each element of a page holds, and how many of them are links.

    Each is counted once, before anything is taken out.
    """

    def __init__(self, root: etree._Element) -> None:
        self._all: dict[etree._Element, int] = {}
        self._linked: dict[etree._Element, int] = {}
        for element in reversed(list(root.iter("*"))):
            children = list(element)
            own = len(element.text or "") + sum(len(child.tail or "") for child in children)
            self._all[element] = own + sum(self._all.get(child, 0) for child in children)
            linked = sum(self._linked.get(child, 0) for child in children)
            self._linked[element] = self._all[element] if element.tag == "a" else linked

    def characters_in(self, element: etree._Element) -> int:
        """Return how many characters an element holds."""
        return self._all.get(element, 0)

    def linked_characters_in(self, element: etree._Element) -> int:
        """Return how many characters of an element are links."""
        return self._linked.get(element, 0)

    def is_link(self, element: etree._Element) -> bool:
        """Whether most of what an element says is links."""
        linked = self._linked.get(element, 0)
        return linked > 0 and linked * 2 > self.characters_in(element)


def simplify(root: etree._Element) -> str:
    """Return a page without its boxes, for trafilatura, which goes by how elements are built.

    Tables that only lay out a page, as old pages have them, become plain blocks. Links in links,
    which libxml2 makes of those that nobody closed, become one: texts are measured once for each
    link around them, and 240 of them took readability 14 seconds.

    Args:
        root: the page, which is changed.
    """
    from lxml import etree

    lengths = Lengths(root)
    _flatten_layout_tables(root)
    _write_out_formulas(root)
    _join_parts(root, lengths)
    if root.find(".//a//a") is not None:
        for link in root.iter("a"):
            etree.strip_tags(link, "a")
    most = _LARGEST * lengths.characters_in(root)
    boxes = [*_named_boxes(root), *_labels_and_boxes(root, lengths), *_pointers(root, lengths)]
    for box in [*_hidden(root), *boxes, *_cards(root, lengths)]:
        parent = box.getparent()
        if parent is not None and lengths.characters_in(box) <= most and box.find(".//h1") is None:
            _remove(box)
    return etree.tostring(root, encoding="unicode", method="html")


def take_notices(root: etree._Element) -> list[str]:
    """Take out the notices of encyclopedias that lead to other articles, and return their texts.

    Args:
        root: the page, which is changed.
    """
    notices = [
        notice
        for notice in root.iter("div", "p", "dl")
        if _NOTICE.search(notice.get("class") or "")
    ]
    texts = [" ".join("".join(map(str, notice.itertext())).split()) for notice in notices]
    for notice in notices:
        _remove(notice)
    return [text for text in texts if text]


def reveal(root: etree._Element) -> None:
    """Show what is hidden but holds the better part of a page.

    Its scripts would show it; or a menu or a button has no end, as a browser would give it one.

    Args:
        root: the page, which is changed.
    """
    lengths = Lengths(root)
    most = _BETTER_PART * lengths.characters_in(root)
    for element in root.iter("body", "div", "main", "section", "article", *_SWALLOWING):
        attributes = attributes_of(element)
        is_unread = element.tag in _SWALLOWING or is_hidden(
            attributes, class_signs(attributes.get("class", ""))
        )
        if is_unread and lengths.characters_in(element) > most and _runs_on(element, lengths):
            for name in ("hidden", "aria-hidden", "style", "class"):
                element.attrib.pop(name, "")
            element.tag = "div"


def _runs_on(element: etree._Element, lengths: Lengths) -> bool:
    """Whether an element holds running text, and is more than a long menu."""
    return any(
        lengths.characters_in(paragraph) >= _LONG and not lengths.is_link(paragraph)
        for paragraph in element.iter("p")
    )


def _join_parts(root: etree._Element, lengths: Lengths) -> None:
    """Join the blocks into which a text was parted, as by advertisements.

    They are siblings of one name, and each holds paragraphs: trafilatura would take the first.
    """
    parents = {block.getparent() for block in root.iter("div", "section")}
    for parent in parents:
        named: dict[tuple[str, str], list[etree._Element]] = {}
        for block in parent if parent is not None else ():
            if block.tag in ("div", "section") and block.get("class"):
                named.setdefault((str(block.tag), block.get("class") or ""), []).append(block)
        for first, *others in named.values():
            if others and all(_is_running(block, lengths) for block in (first, *others)):
                for block in others:
                    first.extend(list(block))


def _is_running(block: etree._Element, lengths: Lengths) -> bool:
    """Whether a block holds paragraphs of running text, and no heading of an article of its own."""
    if block.find(".//h1") is not None or block.find(".//h2/a") is not None:
        return False
    paragraphs = [
        paragraph
        for paragraph in block.iter("p")
        if lengths.characters_in(paragraph) >= _LONG and not lengths.is_link(paragraph)
    ]
    return len(paragraphs) >= _PARTS


def _flatten_layout_tables(root: etree._Element) -> None:
    data_cells = data_tables(root)
    inside = {part for table in data_cells for part in table.iter()}
    for part in list(root.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th")):
        if part not in inside:
            part.tag = "div"


def _write_out_formulas(root: etree._Element) -> None:
    """Put in place of each formula what is read of it: trafilatura would drop it."""
    for formula in list(root.iter("math")):
        spoken, tail = mathml.speak(formula), formula.tail
        formula.clear()
        formula.tag, formula.text, formula.tail = "span", spoken, tail


def _hidden(root: etree._Element) -> Iterator[etree._Element]:
    """Yield what is not read, such as the links by which a heading of Wikipedia is edited."""
    for element in list(root.iter("div", "span", "p", "section", "a", "ul")):
        attributes = attributes_of(element)
        if attributes and is_hidden(attributes, class_signs(attributes.get("class", ""))):
            yield element


def _named_boxes(root: etree._Element) -> Iterator[etree._Element]:
    for element in list(
        root.iter("div", "section", "aside", "ul", "ol", "table", "form", "figure")
    ):
        if is_named_box(element):
            yield element


def is_named_box(element: etree._Element) -> bool:
    """Whether the class or the id of an element says that it is a box."""
    names = [element.get(key) or "" for key in ("class", "id", "type")]
    return any(_BOX.search(name) for name in names) and not any(_TEXT.search(n) for n in names)


def _labels_and_boxes(root: etree._Element, lengths: Lengths) -> Iterator[etree._Element]:
    """Yield labels and what follows them.

    That goes up to the next heading, the next paragraph of prose, or the end of their block.
    """
    boxed: set[etree._Element] = set()
    for label in list(root.iter(*_LABEL_TAGS)):
        if label in boxed:
            continue
        text = _label_text(label)
        if not (0 < len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text)):
            continue
        if label.tag not in _HEADINGS and not _is_followed_by_links(label, lengths):
            continue
        label = _outermost_around(label, lengths)
        yield label
        for sibling in label.itersiblings():
            is_heading = _is_other_heading(sibling) and not lengths.is_link(sibling)
            if sibling in boxed or is_heading or _is_prose(sibling, lengths):
                break
            boxed.add(sibling)
            yield sibling


def _pointers(root: etree._Element, lengths: Lengths) -> Iterator[etree._Element]:
    """Yield the lines in a text that lead to other articles."""
    for element in root.iter("p", "div", "li", "blockquote", *_HEADINGS):
        is_short = lengths.is_link(element) and lengths.characters_in(element) <= _LONGEST_CARD
        if is_short and _POINTER.match(text_up_to(element, _LONGEST_LABEL)):
            yield element


def _cards(root: etree._Element, lengths: Lengths) -> Iterator[etree._Element]:
    """Yield what shows other articles in the text: a linked heading, and little else.

    They stand side by side, or are links for the most part.
    """
    cards: dict[tuple[etree._Element | None, str, str | None], list[etree._Element]] = {}
    for heading in root.iter("h2", "h3", "h4", "h5", "h6"):
        card = heading.getparent()
        links = 10 * lengths.linked_characters_in(heading) >= 9 * lengths.characters_in(heading) > 0
        link = heading.find(".//a[@href]")
        is_within = link is None or (link.get("href") or "").startswith("#")
        if card is None or not links or is_within or lengths.characters_in(card) > _LONGEST_CARD:
            continue
        if lengths.is_link(card):
            yield card
        elif lengths.characters_in(card) - lengths.linked_characters_in(card) > _BESIDE_LINK:
            continue
        key = card.getparent(), str(card.tag), card.get("class")
        cards.setdefault(key, []).append(card)
    for alike in cards.values():
        if len(alike) > 1:
            yield from alike


def _is_prose(element: etree._Element, lengths: Lengths) -> bool:
    """Whether an element is a paragraph of text, or a block of such: no box holds it."""
    if element.tag in ("div", "section", "blockquote"):
        is_linked = next(element.iter("a", "form", "button", "input"), None) is not None
        paragraphs = () if is_linked else element.iter("p")
        return any(_is_prose(paragraph, lengths) for paragraph in paragraphs)
    if element.tag != "p" or lengths.is_link(element):
        return False
    text = " ".join(map(str, element.itertext())).strip()
    return (
        len(words(text)) >= _SENTENCE and bool(_END.search(text)) and not _FORM_NOTICE.match(text)
    )


def _is_other_heading(element: etree._Element) -> bool:
    return element.tag in _HEADINGS and not _LABEL.fullmatch(_label_text(element))


def _label_text(element: etree._Element) -> str:
    """Return as much of what an element says as a label could hold."""
    return " ".join(text_up_to(element, _LONGEST_LABEL + 1).split())


def _outermost_around(label: etree._Element, lengths: Lengths) -> etree._Element:
    """Return the outermost element that holds a label and nothing else."""
    most, text = lengths.characters_in(label) + _SPACE, _label_text(label)
    while (parent := label.getparent()) is not None and lengths.characters_in(parent) <= most:
        if _label_text(parent) != text:
            break
        label = parent
    return label


def _is_followed_by_links(label: etree._Element, lengths: Lengths) -> bool:
    following = _outermost_around(label, lengths).getnext()
    return following is not None and lengths.is_link(following)


def _remove(element: etree._Element) -> None:
    """Take out an element, but not the text behind it."""
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    ahead = element.getprevious()
    if ahead is not None:
        ahead.tail = (ahead.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
