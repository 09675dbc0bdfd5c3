"""What the system and libraries say, which the catalogue translates as our own messages.

Only their finished texts are known: `recognise` finds the template of one, and so its values.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiobook.messages import Message, reason, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLANK = re.compile(r"\{(\w+)\}")
_DEEPEST = 3
"""Texts within texts: the parser reports a wrong value, and what is wrong with it."""

SYSTEM = (
    "No such file or directory",
    "Permission denied",
    "Operation not permitted",
    "Is a directory",
    "Not a directory",
    "File exists",
    "No space left on device",
    "Read-only file system",
    "Input/output error",
    "File name too long",
    "Too many open files",
    "Directory not empty",
    "Device or resource busy",
    "Invalid argument",
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Network is unreachable",
    "No route to host",
    "Address already in use",
    "Cannot assign requested address",
    "Broken pipe",
    "Disk quota exceeded",
    "Too many levels of symbolic links",
    "Invalid cross-device link",
    "File too large",
    "Cannot allocate memory",
)
"""What the system says of files and connections; it has no values in it."""

PARSER = (
    "Usage: {usage}",
    "Options",
    "Arguments",
    "Commands",
    "Error: {problem}",
    "Try '{command} {option}' for help.",
    "required",
    "default: {default}",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
    "Missing argument {name}.",
    "Missing option {name}.",
    "Missing command.",
    "No such command {name}.",
    "No such command {name}. Did you mean {names}?",
    # The first that fits is taken.
    "No such option: {name} Did you mean {names}?",
    "No such option: {name} (Possible options: {names})",
    "No such option: {name}",
    "Option {name} requires an argument.",
    "Option {name} does not take a value.",
    "Got unexpected extra argument(s) ({names})",
    "Got unexpected extra argument ({names})",
    "Got unexpected extra arguments ({names})",
    "Invalid value for {name}: {problem}",
    "Invalid value: {problem}",
    "Input should be greater than or equal to {least}",
    "Input should be less than or equal to {most}",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number, unable to parse string as a number",
    "{value} is not a valid integer.",
    "{value} is not a valid int.",
    "{value} is not a valid float.",
    "{value} is not in the range {range}.",
)
"""What the parser of the command line says and shows."""

TOML = (
    "{problem} (at line {line}, column {column})",
    "{problem} (at end of document)",
    "Expected '=' after a key in a key/value pair",
    "Expected ']' at the end of a table declaration",
    "Expected ']]' at the end of an array declaration",
    "Expected newline or end of document after a statement",
    "Expected {sign}",
    "Cannot overwrite a value",
    "Cannot declare {name} twice",
    "Cannot redefine namespace {name}",
    "Cannot mutate immutable namespace {name}",
    "Duplicate inline table key {name}",
    "Found invalid character {sign}",
    "Illegal character {sign}",
    "Invalid value",
    "Invalid statement",
    "Invalid date or datetime",
    "Invalid hex value",
    "Invalid initial character for a key part",
    "Escaped character is not a Unicode scalar value",
    "Unclosed array",
    "Unclosed inline table",
    "Unescaped '\\' in a string",
    "Unterminated string",
)
"""What Python says of a TOML file that is not right."""

LIBRARIES = (
    "can't sync to MPEG frame",
    "Truncated File Read",
    "image file is truncated ({count} bytes not processed)",
    "broken PNG file",
    "missing ) at position {position}",
    "missing > at position {position}",
    "unterminated character set at position {position}",
    "unbalanced parenthesis at position {position}",
    "nothing to repeat at position {position}",
    "multiple repeat at position {position}",
    "bad escape (end of pattern) at position {position}",
    "min repeat greater than max repeat at position {position}",
    "bad character range at position {position}",
    "unknown extension at position {position}",
    "unknown group at position {position}",
    "unknown group",
    "invalid group reference",
)
"""What libraries say of pictures, sound files and patterns."""


def recognise(text: str, templates: Sequence[str], depth: int = _DEEPEST) -> Message:
    """Return a text of others as a message; a text of no template as it is.

    Args:
        text: the text.
        templates: what its author may say.
        depth: how many texts may stand within it as values.

    >>> recognise("Missing option '--url'.", PARSER).values
    {'name': "'--url'"}
    """
    if text in templates or not depth:
        return verbatim(text)
    for template in templates:
        if "{" in template and (match := _pattern(template).fullmatch(text)):
            values = {
                name: recognise(value, templates, depth - 1)
                for name, value in match.groupdict().items()
            }
            return Message(template, values)
    return verbatim(text)


def explain(problem: BaseException) -> Message:
    """Return why something failed, as `reason` does, even if a library of others says so."""
    told = reason(problem)
    return recognise(told, (*TOML, *LIBRARIES)) if told.template == told else told


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = _BLANK.split(template)
    fixed, names = map(re.escape, parts[::2]), parts[1::2]
    return re.compile(
        next(fixed)
        + "".join(rf"(?P<{name}>.+?){end}" for name, end in zip(names, fixed, strict=True))
    )
