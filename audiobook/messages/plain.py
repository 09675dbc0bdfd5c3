"""Messages as values of JSON, for files and answers of other processes, and back."""

from __future__ import annotations

from typing import Any

from audiobook.messages import Message


def to_plain(value: Any) -> Any:
    """Return a message, or a value of one, as a value of JSON.

    >>> to_plain("a.txt")
    'a.txt'
    """
    if isinstance(value, Message):
        values = {name: to_plain(part) for name, part in value.values.items()}
        return {"template": value.template, "values": values, "singular": value.singular}
    return list(map(to_plain, value)) if isinstance(value, tuple) else value


def from_plain(value: Any) -> Any:
    """Return the message, or the value of one, that `to_plain` turned into a value of JSON.

    Raises:
        TypeError, KeyError: it did not.
    """
    if isinstance(value, dict):
        values = {name: from_plain(part) for name, part in value["values"].items()}
        return Message(value["template"], values, value["singular"])
    return tuple(map(from_plain, value)) if isinstance(value, list) else value
