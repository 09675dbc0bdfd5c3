"""Writes texts, figures and times as the page of an audit shows them."""

from __future__ import annotations

import math
from html import escape

from audiobook.messages import NOTHING, Message, localize, localize_figure, message


def tell(text: str) -> str:
    """Return a text for the page: in the user's language, escaped."""
    return escape(localize(text))


def play_button(seconds: float, content: str) -> str:
    """Return a button that plays the book from a place; only text where there is no player.

    Args:
        seconds: where it begins to play.
        content: what stands on the button, as HTML.
    """
    return f'<button type="button" data-at="{max(seconds, 0):.2f}">{content}</button>'


def write_figure(value: float, places: int = 1) -> str:
    """Write a number with a true minus sign; silence as minus infinity."""
    if not math.isfinite(value):
        return "−∞"
    return localize_figure(f"{value:.{places}f}").replace("-", "−")


def range_text(wanted: tuple[float, float] | None) -> Message:
    """Return what a figure must lie between; nothing if nothing is asked."""
    if not wanted:
        return NOTHING
    return message("{least} to {most}", least=write_figure(wanted[0]), most=write_figure(wanted[1]))


def at_most(wanted: float | None) -> Message:
    """Return what a figure must not exceed; nothing if nothing is asked."""
    return NOTHING if wanted is None else message("at most {most}", most=write_figure(wanted))


def duration(seconds: float) -> str:
    """Return a length as 2:05 or 1:02:05."""
    minutes, whole_seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{whole_seconds:02}" if hours else f"{minutes}:{whole_seconds:02}"
