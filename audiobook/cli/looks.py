"""Lines about what was seen at the sources that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from audiobook.cli.app import notify
from audiobook.cli.outcomes import print_outcome
from audiobook.cli.printing import printable
from audiobook.messages import localize, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobook.app.following import Look
    from audiobook.follow.choosing import Choice


def choice_line(choice: Choice) -> str:
    """Return how many articles of a source are new, perhaps edited, and passed over."""
    parts = [
        localize(plural("{count:,} new article", "{count:,} new articles", count=len(choice.new)))
        if choice.new
        else localize("nothing new")
    ]
    if choice.edited:
        parts.append(localize(message("{count:,} perhaps edited", count=len(choice.edited))))
    if choice.passed_over:
        older = plural(
            "{count:,} older one passed over (see --last)",
            "{count:,} older ones passed over (see --last)",
            count=choice.passed_over,
        )
        parts.append(localize(older))
    return ", ".join(parts)


def show_looks(looks: Iterable[Look]) -> None:
    """Print which articles would be taken.

    Raises:
        Exit: a source could not be looked at; the code is that of the first.
    """
    from audiobook.app.batch import BookOutcome

    codes = []
    for look in looks:
        if look.failure:
            codes.append(look.failure.exit_code)
            print_outcome(BookOutcome(look.source, None, look.failure))
            continue
        print(f"{printable(look.source)}: {choice_line(look.choice)}")
        for article in (*look.choice.new, *look.choice.edited):
            parts = (article.date, article.title, article.link or article.file)
            print("  " + "  ".join(printable(part) for part in parts if part))
    notify(message("dry run, nothing was done"))
    if codes:
        raise typer.Exit(codes[0])
