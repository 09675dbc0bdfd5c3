"""Reads the text of an article and lays it into the library, with what is known of it beside it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from audiobook.config.writing import write_settings
from audiobook.follow.choosing import digest, folded, plain_link
from audiobook.follow.feeds import shortened
from audiobook.model import Kind, Meta, count_words
from audiobook.podcast import wording
from audiobook.stages import readers
from audiobook.stages.chapters import divide
from audiobook.stages.readers import formats, html
from audiobook.stages.tidy import tidy
from audiobook.system import files
from audiobook.vietnamese.languages import foreign_language

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.follow.model import Article

FOLDER = "articles"
"""The folder of the library that the texts of articles lie in."""

# With fewer words a text may be what a site shows in place of many articles.
_FEWEST_OF_IDENTITY = 40
_LONGEST_TITLE = 70  # characters
# The endings of files of the formats that an address may lead to.
_ENDINGS = {
    "docx": ".docx",
    "epub": ".epub",
    "html": ".html",
    "markdown": ".md",
    "odt": ".odt",
    "pdf": ".pdf",
    "plain": ".txt",
}
_WEB = ("http://", "https://")


class ArticleText(NamedTuple):
    """The text of an article as it was fetched, and what it says."""

    data: bytes
    """The file to keep, whose text is in UTF-8."""
    ending: str
    """The ending of its name."""
    meta: Meta
    """What it says of itself."""
    text: str
    """A digest of its words: two articles with the same are one."""
    edition: str
    """A digest of its title and its words."""
    words: int
    language: str
    """The BCP 47 tag of the language of most of it; empty for Vietnamese."""
    opening: str = ""
    """Its first words, which stand for a title where there is none."""
    is_complete: bool = True
    """False if its page asks to pay or to sign in."""


def read_content(article: Article) -> ArticleText:
    """Read an article whose source gives all of its text.

    Raises:
        SourceError: it has no words.
    """
    title = escape(article.title)
    page = (
        f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><article>\n<h1>{title}</h1>\n{article.content}\n</article></body>\n</html>\n"
    )
    name = article.link or article.title or article.stem
    return read_page(page.encode("utf-8-sig", "replace"), name)


def read_page(data: bytes, name: str, charset: str = "") -> ArticleText:
    """Read an article from what its address led to.

    Args:
        data: what came.
        name: what to call it in messages.
        charset: what the site claims its encoding to be.

    Raises:
        SourceError: it holds no article, or is of a format that articles do not have.
    """
    kind = formats.sniff(data, name)
    if kind in formats.TEXTS:
        data = readers.decode(data, name, charset).encode("utf-8-sig", "replace")
    document = divide(tidy(readers.read_bytes(data, name)))
    title = folded(document.meta.title)
    paragraphs = [
        paragraph.text
        for chapter in document.chapters
        for paragraph in chapter.paragraphs
        if not (paragraph.kind is Kind.HEADING and folded(paragraph.text) == title)
    ]
    body = folded(" ".join(paragraphs))
    words = count_words(body)
    is_telling = words >= _FEWEST_OF_IDENTITY
    return ArticleText(
        data=data,
        ending=_ENDINGS.get(kind, f".{kind}"),
        meta=document.meta,
        text=digest("text", body) if is_telling else digest("text", title, body),
        edition=digest("edition", title, body),
        words=words,
        language=_language_of(paragraphs),
        opening=_shortened_title(next(iter(paragraphs), "")),
        is_complete=all(change.step != html.INCOMPLETE for change in document.changes),
    )


def _shortened_title(text: str) -> str:
    """Return as many words of a text, on one line, as make a title."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_TITLE:
        return line
    return line[:_LONGEST_TITLE].rpartition(" ")[0].rstrip(" .,;:–-") + "…"


def _language_of(paragraphs: list[str]) -> str:
    """Return the language that most letters are in; empty for Vietnamese."""
    lengths: dict[str, int] = {}
    for paragraph in paragraphs:
        tag = foreign_language(paragraph)
        lengths[tag] = lengths.get(tag, 0) + len(paragraph)
    return max(lengths, key=lambda tag: lengths[tag], default="")


def save(library: Path, article: Article, text: ArticleText) -> str:
    """Write the text of an article and what is known of it, and return its path in the library.

    What the user has added to the file beside it stays there.

    Raises:
        UsageError: the file beside it is damaged.
        OutputError: they cannot be written, or the folder of articles is a link.
    """
    name = f"{article.stem}{text.ending}"
    folder = library / FOLDER
    files.refuse_link_out(folder, library)
    with files.whole(folder / name) as file:
        file.write(text.data)
    about = meta_of(article, text)
    write_settings(
        folder / f"{article.stem}.toml",
        {
            "title": about.title,
            "author": about.author,
            "date": about.date,
            "publisher": about.publisher,
            "description": about.description,
        },
    )
    return f"{FOLDER}/{name}"


def meta_of(article: Article, text: ArticleText) -> Meta:
    """Return what is known of an article, with its source credited and linked.

    Args:
        article: what its source says.
        text: its text, and what that says of itself.
    """
    meta = text.meta
    title = wording.clean_line(meta.title or article.title or text.opening)
    author = wording.clean_line(article.author or meta.author)
    host = (urlsplit(article.link).hostname or "").removeprefix("www.")
    publisher = wording.clean_line(meta.publisher or article.publisher or host)
    summary = article.summary or shortened(" ".join(meta.description.split()))
    if folded(summary) == folded(title):
        summary = ""
    link = plain_link(article.link) if article.link.startswith(_WEB) else ""
    # The words of the episode, and not of the program: they are in the language of the text.
    credit = ", ".join(dict.fromkeys(filter(None, (author, publisher, link))))
    lines = (wording.clean_line(summary), f"Nguồn: {credit}" if credit else "")
    return Meta(
        title=title,
        author=author,
        date=article.date or meta.date,
        publisher=publisher,
        description="\n".join(filter(None, lines)),
    )
