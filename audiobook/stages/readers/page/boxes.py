"""Boxes in and around an article: related articles, buttons to share it, comments, facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.stages.readers.markup import take_out
from audiobook.stages.readers.page.article import words
from audiobook.stages.readers.page.declared import text_up_to
from audiobook.vietnamese import lazy_re as re

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from audiobook.stages.readers.page.lengths import Lengths


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


def boxes_in(root: etree._Element, lengths: Lengths) -> Iterator[etree._Element]:
    """Yield the boxes of a page, which may lie in one another."""
    yield from _named_boxes(root)
    yield from _labels_and_boxes(root, lengths)
    yield from _pointers(root, lengths)
    yield from _cards(root, lengths)


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
    take_out(notices)
    return [text for text in texts if text]


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
