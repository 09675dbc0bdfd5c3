"""Days and times on the command line."""

from __future__ import annotations

import re
from datetime import date, datetime

import typer

from audiobook.errors import UsageError
from audiobook.messages import localize, message

_INTERVAL = re.compile(r"(\d+)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# To ask a site more often would be rude, and bring nothing.
_SHORTEST_INTERVAL = 60


def read_interval(text: str) -> int:
    """Return the seconds of a time such as 30m, 1h or 1d; the parser of an option."""
    found = _INTERVAL.fullmatch(text.strip().lower())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if seconds < _SHORTEST_INTERVAL:
        raise typer.BadParameter(
            localize("write a time of a minute or more, such as 30m, 1h or 1d")
        )
    return seconds


def read_day(text: str) -> float:
    """Return when a day begins here, in seconds since 1970; the parser of an option."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").astimezone().timestamp()
    except ValueError as problem:
        raise typer.BadParameter(localize("write a day as YYYY-MM-DD")) from problem


def check_date(text: str) -> None:
    """Check that a text is the date of a book: a year, a month or a day; or empty.

    Raises:
        UsageError: it is not.
    """
    if text and not _is_date(text):
        raise UsageError(
            message("{date!r} is not a date", date=text),
            message("write a year, YYYY-MM or YYYY-MM-DD"),
        )


def _is_date(text: str) -> bool:
    parts = text.split("-")
    if not 1 <= len(parts) <= 3 or len(parts[0]) != 4:
        return False
    try:
        date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return False
    return True
