"""Boxes in and around an article: related articles, buttons to share it, comments, tables of facts.

What is simplified here is only for finding the article: nothing is read from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.readers.markup import attributes_of, data_tables, is_hidden
from audiobook.readers.markup.signs import of_class

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
    r"|fb-comments|breadcrumbs?|infobox|post-?tags|tag-?list|tagcloud|author-?(?:bio|box)"
    r"|vnnbox|zce-embed|RelatedNewsBox|VCSortableInPreviewMode[^\"]*?RelatedNews\w*"
    r"|taboola|outbrain|advert(?:isement)?|ads|quang-?cao|qc|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What the text itself is called, whatever else its class says.
_TEXT = re.compile(r"content|body|entry|main|detail|story|singular", re.IGNORECASE)
# A heading that says so; what follows it among its siblings belongs to it.
_LABEL = re.compile(
    r"\W*(?:(?:tin|bài)(?: viết)?(?: bài)? (?:cùng (?:chuyên mục|chủ đề|thể loại)|liên quan|khác"
    r"|mới(?: nhất)?|nổi bật|đọc nhiều)|có (?:thể bạn quan tâm|liên quan)|cùng (?:chuyên mục|chủ đề"
    r"|tác giả)|đọc (?:nhiều(?: nhất)?|tiếp)|xem nhiều(?: nhất)?|đừng bỏ lỡ|tin tức liên quan"
    r"|chia sẻ(?: bài viết| trên| với)?|chia sẻ (?:cái|điều) này|thích (?:điều|bài) này"
    r"|bình luận|ý kiến(?: của bạn| bạn đọc| của bạn đọc)?|để lại (?:một )?(?:bình luận|phản hồi|"
    r"trả lời)|từ khóa|từ khoá|related(?: (?:articles|posts|stories|news))?|share this|like this"
    r"|more from .{1,40}|read more|you may also like|most (?:read|popular)|recommended"
    r"|leave a (?:comment|reply)|comments)\W*(?:\(\d+\)|\d+)?\W*",
    re.IGNORECASE,
)
_LABEL_TAGS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "p", "div", "span", "a")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SPACE = 20  # characters between elements
_LONGEST_LABEL = 60
# A box is the smaller part of a page; what holds more is the page, by whatever name.
_LARGEST = 0.3
_BETTER_PART = 0.4
# Characters of a long paragraph, and how many of them a part of a parted text holds.
_LONG, _PARTS = 120, 2


def simplify(root: etree._Element) -> str:
    """Return a page without such boxes, for trafilatura, which goes by how elements are built.

    Tables that only lay out a page, as old pages have them, become plain blocks. Links in links,
    which libxml2 makes of those that nobody closed, become one: texts are measured once for each
    link around them, and 240 of them took readability 14 seconds.

    Args:
        root: the page, which is changed.
    """
    from lxml import etree

    _level(root)
    _join_parts(root)
    if root.find(".//a//a") is not None:
        for link in root.iter("a"):
            etree.strip_tags(link, "a")
    most = _LARGEST * _length(root)
    for box in [*_named_boxes(root), *_labelled(root)]:
        parent = box.getparent()
        if parent is not None and _length(box) <= most and box.find(".//h1") is None:
            _remove(box)
    return etree.tostring(root, encoding="unicode", method="html")


def reveal(root: etree._Element) -> None:
    """Show what is hidden but holds the better part of a page: its scripts would show it.

    Args:
        root: the page, which is changed.
    """
    most = _BETTER_PART * _length(root)
    for element in root.iter("body", "div", "main", "section", "article"):
        attributes = attributes_of(element)
        if is_hidden(attributes, of_class(attributes.get("class", ""))) and _length(element) > most:
            for name in ("hidden", "aria-hidden", "style", "class"):
                element.attrib.pop(name, "")


def _join_parts(root: etree._Element) -> None:
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
            if others and all(_is_running(block) for block in (first, *others)):
                for block in others:
                    first.extend(list(block))


def _is_running(block: etree._Element) -> bool:
    """Whether a block holds paragraphs of running text, and no heading of an article of its own."""
    if block.find(".//h1") is not None or block.find(".//h2/a") is not None:
        return False
    paragraphs = [each for each in block.iter("p") if _length(each) >= _LONG and not _is_link(each)]
    return len(paragraphs) >= _PARTS


def _level(root: etree._Element) -> None:
    data = data_tables(root)
    inside = {part for table in data for part in table.iter()}
    for part in list(root.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th")):
        if part not in inside:
            part.tag = "div"


def _named_boxes(root: etree._Element) -> Iterator[etree._Element]:
    for element in list(
        root.iter("div", "section", "aside", "ul", "ol", "table", "form", "figure")
    ):
        names = [element.get(key) or "" for key in ("class", "id", "type")]
        if any(_BOX.search(name) for name in names) and not any(_TEXT.search(n) for n in names):
            yield element


def _labelled(root: etree._Element) -> Iterator[etree._Element]:
    """Yield labels and what follows them, up to the next heading or the end of their block."""
    for label in list(root.iter(*_LABEL_TAGS)):
        text = " ".join(_text(label, _LONGEST_LABEL + 1).split())
        if not (0 < len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text)):
            continue
        if label.tag not in _HEADINGS and not _is_followed_by_links(label):
            continue
        label = _alone(label)
        yield label
        for sibling in label.itersiblings():
            heading = sibling.tag in _HEADINGS and not _LABEL.fullmatch(_text(sibling, 99).strip())
            if heading and not _is_link(sibling):
                break
            yield sibling


def _alone(label: etree._Element) -> etree._Element:
    """Return the outermost element that holds a label and nothing else."""
    length = _length(label)
    while (parent := label.getparent()) is not None and _length(parent) <= length + _SPACE:
        label = parent
    return label


def _is_followed_by_links(label: etree._Element) -> bool:
    following = _alone(label).getnext()
    return following is not None and _is_link(following)


def _is_link(element: etree._Element) -> bool:
    """Whether most of what an element says is links."""
    linked = sum(_length(link) for link in element.iter("a"))
    return linked > 0 and linked * 2 > _length(element)


def _length(element: etree._Element) -> int:
    return sum(len(str(piece)) for piece in element.itertext())


def _text(element: etree._Element, most: int) -> str:
    text = ""
    for piece in element.itertext():
        text += str(piece)
        if len(text.strip()) > most:
            break
    return text


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
