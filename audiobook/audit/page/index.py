"""Renders the page that lists the audits of many books."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from audiobook.audit.library import relative_address
from audiobook.audit.page.frame import page_frame
from audiobook.audit.page.texts import duration, tell, write_figure
from audiobook.messages import localize, message, plural, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiobook.audit.library import CheckedBook


def render_index(books: Sequence[CheckedBook], page: Path, profile: str) -> str:
    """Return the HTML page that lists books; all text of them is escaped.

    Args:
        books: the books.
        page: where the page is written, to which its links are relative.
        profile: the name of what they were measured against.
    """
    title = localize(plural("{count:,} book checked", "{count:,} books checked", count=len(books)))
    short = sum(book.falls_short for book in books)
    verdict = (
        plural("{count:,} book falls short", "{count:,} books fall short", count=short)
        if short
        else message("All meet the standard")
    )
    kind = "error" if short else "fine"
    return page_frame(
        title,
        [
            f"<header><h1>{escape(title)}</h1>",
            f'<p class="verdict {kind}">{tell(verdict)}</p></header>\n<main>',
            *_table(books, page, profile),
            "</main>",
        ],
    )


def _table(books: Sequence[CheckedBook], page: Path, profile: str) -> Iterator[str]:
    caption = tell(message("Profile {profile}", profile=profile))
    yield f'<table class="books">\n<caption>{caption}</caption>\n<thead><tr>'
    for name, kind in (
        (message("Book"), ""),
        (message("Length"), ' class="number"'),
        (verbatim("LUFS"), ' class="number"'),
        (message("Peak, dBTP"), ' class="number"'),
        (message("Findings"), ""),
    ):
        yield f'<th scope="col"{kind}>{tell(name)}</th>'
    yield "</tr></thead>\n<tbody>"
    for book in books:
        yield _row(book, page)
    yield "</tbody>\n</table>"


def _row(book: CheckedBook, page: Path) -> str:
    name = escape(book.title or book.path.name)
    if book.report:
        name = f'<a href="{escape(relative_address(book.report, page))}">{name}</a>'
    about = " · ".join(filter(None, (book.author, book.path.name if book.title else "")))
    head = f'<tr><th scope="row">{name}<span class="soft">{escape(about)}</span></th>'
    if not book.is_read:
        return f'{head}<td class="error" colspan="4">{tell(book.worst)}</td></tr>'
    worst = next(iter(book.counts), "fine")
    counts = ", ".join(tell(kind.quantity(count)) for kind, count in book.counts.items())
    told = counts or tell(message("no problems found"))
    figures = (
        duration(book.seconds),
        write_figure(book.loudness),
        write_figure(book.true_peak),
    )
    labels = ("", "LUFS", "dBTP")
    cells = "".join(
        f'<td class="number" data-unit="{label}">{figure}</td>'
        for label, figure in zip(labels, figures, strict=True)
    )
    why = f'<span class="soft">{tell(book.worst)}</span>' if book.worst else ""
    return f'{head}{cells}<td><b class="{worst}">{told}</b>{why}</td></tr>'
