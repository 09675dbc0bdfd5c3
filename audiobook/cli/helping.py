"""The help in Vietnamese, with the texts that the parser of the command line adds."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import typer

from audiobook.messages import localize, localize_figure, message
from audiobook.messages.foreign import PARSER, recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDED_BY_PARSER = re.compile(r"(.*?)(?: {2})?\[([^\[\]]*)\]", re.DOTALL)
"""The help of an option, and the default or range that the parser adds to it."""

_TYPE = re.compile(r" <[a-z\[\]]{1,40}>$")
"""The name of the Python type of an argument."""
_NUMERIC_DEFAULT = re.compile(r"default: -?\d+(\.\d+)?")
_RANGE = re.compile(r"(?:(?P<least>[\d.]+)<=)?x(?:>=(?P<only_least>[\d.]+)|<=(?P<most>[\d.]+))")
"""The range of an option as the parser writes it: x>=1, or 0<=x<=9."""
_USAGE_PLACEHOLDERS = (message("[OPTIONS]"), message("COMMAND [ARGS]..."))
"""The placeholders of the parser in the line of usage."""
_VALUES = {"NAME": message("NAME"), "VOICE": message("VOICE")}
"""What stands for the name of a voice in the line of usage and beside an explanation."""
_VALUE = re.compile(rf"(?<![\w=])({'|'.join(_VALUES)})\b")


def localize_page(command: Any) -> None:
    """Translate the help of a command itself, before it is run."""
    command.context_class = _Context
    command.help = _localize_text(command.help)
    command.epilog = _localize_text(command.epilog)


def localize_help(command: Any) -> None:
    """Translate the help of a command and its subcommands, before it is run."""
    localize_page(command)
    for subcommand in getattr(command, "commands", {}).values():
        localize_help(subcommand)


def paragraphs(page: str) -> list[str]:
    """Return the paragraphs of a help page or a docstring, each as one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", cleandoc(page).strip())]


def _localize_text(page: str | None) -> str | None:
    return page and "\n\n".join(localize(paragraph) for paragraph in paragraphs(page))


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc,valid-type]
    """Writes help with Vietnamese headings and explanations."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word in _USAGE_PLACEHOLDERS:
            args = args.replace(word, localize(word))
        args = _localize_values(args)
        super().write_usage(prog, args, prefix or f"{localize('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(localize(heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **extra: Any) -> None:
        told_rows = [
            (_localize_values(_TYPE.sub("", name)), _localize_help(text)) for name, text in rows
        ]
        super().write_dl(told_rows, *args, **extra)


def _localize_values(words: str) -> str:
    return _VALUE.sub(lambda match: localize(_VALUES[match[1]]), words)


def _localize_help(text: str) -> str:
    # A help text of ours may end in brackets, too.
    if localize(text) == text and (parts := _ADDED_BY_PARSER.fullmatch(text)):
        added = "; ".join(map(_localize_label, parts[2].split("; ")))
        return f"{localize(parts[1])}  [{added}]"
    return localize(text)


def _localize_label(label: str) -> str:
    """Return a label of the parser in Vietnamese: a default, or the range of a number."""
    if bounds := _RANGE.fullmatch(label):
        least = localize_figure(bounds["least"] or bounds["only_least"])
        most = localize_figure(bounds["most"] or "")
        return localize(
            message("from {least} to {most}", least=least, most=most)
            if most
            else message("at least {least}", least=least)
        )
    if _NUMERIC_DEFAULT.fullmatch(label):
        label = localize_figure(label)
    return localize(recognise(label, PARSER))


class _Context(typer.Context):
    """The context of a command whose help is in Vietnamese."""

    formatter_class = _Formatter
