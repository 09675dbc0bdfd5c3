"""Numbers on the command line, with the point of English or the comma of Vietnamese."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import typer

from audiobook.messages import Message, localize, message

if TYPE_CHECKING:
    from collections.abc import Callable


def read_number(text: str) -> float:
    """Return the number that a text writes.

    Raises:
        ValueError: it writes none.

    >>> read_number("0.5"), read_number("0,5")
    (0.5, 0.5)
    """
    return float(text.replace(",", "."))


def number(least: float = -math.inf, most: float = math.inf) -> Callable[[str], float]:
    """Return a parser of options that are numbers.

    Args:
        least: the smallest number that is allowed.
        most: the greatest.
    """

    def parse(text: str) -> float:
        try:
            # The parser of the command line hands over defaults as they are.
            value = read_number(str(text))
        except ValueError as problem:
            what = message("{value!r} is not a number.", value=text)
            raise typer.BadParameter(localize(what)) from problem
        if not least <= value <= most:
            raise typer.BadParameter(localize(_out_of_range(text, least, most)))
        return value

    return parse


def _out_of_range(text: str, least: float, most: float) -> Message:
    if most == math.inf:
        return message("{value} is not {least:g} or more.", value=text, least=least)
    return message("{value} is not from {least:g} to {most:g}.", value=text, least=least, most=most)
