"""The commands about the cache."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug
from audiobook.cli.commands import new_app
from audiobook.cli.numbers import number
from audiobook.cli.printing import print_table, table_head
from audiobook.messages import localize, localize_figure, message, plural
from audiobook.system.folders import cache_folder

if TYPE_CHECKING:
    from audiobook.app.prune import CacheUsage

app = new_app()
_cache = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
app.add_typer(_cache, name="cache")

_DAY = 86_400


@_cache.callback()
def cache(
    context: typer.Context,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Show what the cache holds and where it is, or remove old files from it."""
    if context.invoked_subcommand is not None:
        return
    from audiobook.app.prune import survey

    print(cache_folder())
    _print_usage(survey(cache_folder()))


@_cache.command(
    epilog="Examples: audiobook cache prune --days 30; audiobook cache prune --book diary.txt"
)
def prune(
    days: Annotated[
        float,
        typer.Option(metavar="N", parser=number(0), help="Days since something was last used."),
    ] = 90,
    book: Annotated[
        str,
        typer.Option(
            metavar="BOOK",
            help="Instead remove all of one book, given as its source or as the finished file.",
        ),
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be removed.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Remove what has not been used for a long time; it is made again when needed.

    With --book, everything that the cache holds of a text is removed: its recordings, clips and
    recognised pages. The text and the finished book stay where they are.
    """
    if book:
        from audiobook.app.prune import forget

        _print_removed(forget(cache_folder(), book, pretend=dry_run), pretend=dry_run)
        return
    from audiobook.app.prune import prune

    removed = prune(cache_folder(), days, pretend=dry_run)
    if not any(usage.files for usage in removed):
        print(localize(message("everything was used in the last {days:g} days", days=days)))
        return
    _print_removed(removed, pretend=dry_run)


def _print_removed(usages: list[CacheUsage], *, pretend: bool) -> None:
    head = message("this would be removed:") if pretend else message("this was removed:")
    print(localize(head))
    _print_usage(usages)


def _print_usage(usages: list[CacheUsage]) -> None:
    rows = [table_head("WHAT", "FILES", "MB", "LONGEST UNUSED")]
    for usage in usages:
        unused = (
            ""
            if usage.oldest is None
            else localize(
                plural("{count:,} day", "{count:,} days", count=_days_since(usage.oldest))
            )
        )
        figures = (localize_figure(f"{usage.files:,}"), localize_figure(f"{usage.size / 1e6:,.1f}"))
        rows.append((localize(usage.kind), *figures, unused))
    print_table(rows)


def _days_since(moment: float) -> int:
    return max(0, int((time.time() - moment) // _DAY))
