"""Days and times on the command line."""

from __future__ import annotations

import re
from datetime import datetime

import typer

from audiobook.messages import localize

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
