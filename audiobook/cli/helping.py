"""The help, in Vietnamese: what the parser of the command line would say in English."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer

from audiobook.messages import told

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASIDE = re.compile(r"(.*?)(?: {2})?\[([^\[\]]*)\]", re.DOTALL)
"""The help of an option, and what the parser adds to it: the default, the range."""

_TYPE = re.compile(r" <[a-z\[\]]{1,40}>$")
"""The type of an argument, as Python calls it."""
_PLACES = ("[OPTIONS]", "COMMAND [ARGS]...")
"""What the parser writes in the line of usage for what follows."""


def put_in_vietnamese(command: Any) -> None:
    """Translate the help of a command and of those below it, before it is run."""
    command.context_class = _Context
    command.help = _told_page(command.help)
    command.epilog = _told_page(command.epilog)
    for below in getattr(command, "commands", {}).values():
        put_in_vietnamese(below)


def paragraphs(page: str) -> list[str]:
    """Return the paragraphs of a help page or a docstring, each in one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", cleandoc(page).strip())]


def _told_page(page: str | None) -> str | None:
    return page and "\n\n".join(told(paragraph) for paragraph in paragraphs(page))


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc,valid-type]
    """Writes help with Vietnamese headings and explanations."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word in _PLACES:
            args = args.replace(word, told(word))
        super().write_usage(prog, args, prefix or f"{told('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(told(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **extra: Any) -> None:
        told_rows = [(_TYPE.sub("", name), _told_help(text)) for name, text in rows]
        super().write_dl(told_rows, *args, **extra)


def _told_help(text: str) -> str:
    # An explanation of ours may end in brackets too.
    if told(text) == text and (parts := _ASIDE.fullmatch(text)):
        aside = "; ".join(told(part) for part in parts[2].split("; "))
        return f"{told(parts[1])}  [{aside}]"
    return told(text)


class _Context(typer.Context):
    """Where a command runs that explains itself in Vietnamese."""

    formatter_class = _Formatter
