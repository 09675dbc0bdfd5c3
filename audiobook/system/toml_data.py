"""Reads TOML, which may come from strangers."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from audiobook.messages import message

# No settings nest deeper. A file that does is meant to exhaust whatever reads or prints it.
_DEEPEST = 16
# A key of more parts than that, at the beginning of a line or in a table within one: the parser
# takes time by the square of their number.
_PART = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+"""
_DEEP_KEY = re.compile(
    rf"(?:^|[\[{{,])[ \t]*+(?:{_PART}\.[ \t]*+){{{_DEEPEST}}}{_PART}", re.MULTILINE
)


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a text in TOML.

    Raises:
        tomllib.TOMLDecodeError: it is not TOML.
        ValueError: it is nested more than 16 deep, or holds a number that is too long.
    """
    too_deep = message("tables and lists are nested too deeply")
    if _DEEP_KEY.search(text):
        raise ValueError(too_deep)
    try:
        settings = tomllib.loads(text)
    except RecursionError as problem:
        raise ValueError(too_deep) from problem
    containers: list[Any] = [settings]
    for _ in range(_DEEPEST):
        containers = [
            value
            for container in containers
            for value in (container.values() if isinstance(container, dict) else container)
            if isinstance(value, dict | list)
        ]
    if containers:
        raise ValueError(too_deep)
    return settings
