"""Renders the player of an audit's page, and what lets a click play the place that it shows."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from audiobook.audit.page.texts import tell
from audiobook.messages import localize, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.types import Audit

SCRIPT = resources.files(__package__).joinpath("player.js").read_text("utf-8")
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = f"; media-src 'self' file:; script-src 'sha256-{_HASH}'"
"""What the page may load with a player: a file beside it, and this script."""


def player(audit: Audit, address: str) -> Iterator[str]:
    """Yield the player and its script.

    Args:
        audit: of the book.
        address: the book, relative to the page.
    """
    label = tell(message("Player"))
    missing = message(
        "{name} cannot be played: it must lie where it lay when this page was written.",
        name=audit.path.name,
    )
    yield (
        f'<section class="player" aria-label="{label}"><audio controls preload="metadata" '
        f'src="{escape(address)}"></audio>'
        f'<p role="status" hidden>{tell(missing)}</p></section>'
    )
    yield f"<script>{SCRIPT}</script>"


def seek_bar(audit: Audit) -> str:
    """Return what moves over a picture of the whole book: where it plays, for any input."""
    seconds = audit.sound.seconds
    return (
        f'<div class="seek" role="slider" tabindex="0" '
        f'aria-label="{escape(localize(message("Place in the book")))}" '
        f'aria-valuemin="0" aria-valuemax="{seconds:.0f}" aria-valuenow="0" '
        f'aria-valuetext="0:00" data-seconds="{seconds:.3f}"><i></i></div>'
    )
