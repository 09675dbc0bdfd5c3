"""Tells which files in folders no book is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobook.cli.app import notify
from audiobook.messages import plural

if TYPE_CHECKING:
    from collections.abc import Sequence


def note_unread(sources: Sequence[str]) -> None:
    """Tell which files in folders may hold a text but cannot be read, and which links lead out."""
    from audiobook.app.texts import short_list, unreadable_files

    if unreadable := unreadable_files(sources):
        notify(
            plural(
                "{count:,} file not read: {names} (audiobook read FILE says what to do)",
                "{count:,} files not read: {names} (audiobook read FILE says what to do)",
                count=len(unreadable),
                names=short_list(unreadable),
            )
        )
    note_links_out(sources)


def note_links_out(sources: Sequence[str]) -> None:
    """Tell which links in folders are passed over, because they lead out of them."""
    from audiobook.app.texts import links_out, short_list

    if links := links_out(sources):
        notify(
            plural(
                "{count:,} link passed over that leads out of its folder: {names}",
                "{count:,} links passed over that lead out of their folder: {names}",
                count=len(links),
                names=short_list(links),
            )
        )
