"""The messages of the program, in the language of the user.

All messages in the code are English. Where one arises, `message` puts its values into a template
and remembers both; where it is shown, `localize` looks the template up in the catalogue of the
user's language and writes the values as that language does. Only templates and texts that the
catalogue holds are translated.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_chosen: ContextVar[str] = ContextVar("language", default="")


class Message(str):
    """A finished English text that remembers the template and the values that it was made of.

    It is a str everywhere else: it is printed, compared, hashed and written to JSON as the English
    text. It can be copied and sent to other processes. Methods of str such as `strip` return plain
    texts, which are not translated any more.

    Args:
        template: the text, with the name of a value in braces where the value stands, and the
            format of it as in `str.format`. Without values braces mean nothing.
        values: the values by name: texts, numbers, other messages, or sequences of those.
        singular: the template for a count of 1, if `template` is the plural.
    """

    template: str
    values: dict[str, Any]
    singular: str

    def __new__(cls, template: str, values: dict[str, Any], singular: str = "") -> Message:
        """Return the message with its English text."""
        used = singular if singular and values["count"] == 1 else template
        text = used.format(**{k: _english(v) for k, v in values.items()}) if values else used
        self = super().__new__(cls, text)
        self.template, self.values, self.singular = template, values, singular
        return self

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, Any], str]]:
        """Return how to make the message again, for copies and other processes."""
        return Message, (self.template, self.values, self.singular)


def message(template: str, /, **values: object) -> Message:
    """Return a message; the template is what the catalogue is searched for.

    Args:
        template: the English text, with the name of each value in braces: ``{path}``,
            ``{count:,}``, ``{name!r}``. It must be a literal, so that it is found and translated.
        values: the values. Numbers are written with the separators of the language; of an
            exception the reason is told (see `reason`); a list is joined with commas; any other
            object is told as its text.

    >>> message("cannot read {path}: {reason}", path="a.txt", reason="Permission denied")
    'cannot read a.txt: Permission denied'
    """
    return Message(template, {name: _plain(value) for name, value in values.items()})


NOTHING = message("")


def plural(one: str, many: str, /, *, count: int, **values: object) -> Message:
    """Return a message about a number of things.

    Args:
        one: the template for a single thing.
        many: the template for none or several.
        count: how many there are; the value ``{count}`` in both templates.
        values: other values, as those of `message`.

    >>> plural("{count:,} file", "{count:,} files", count=1200)
    '1,200 files'
    """
    told = {name: _plain(value) for name, value in values.items()}
    return Message(many, {"count": count, **told}, one)


def verbatim(text: str) -> Message:
    """Return a text that is the same in every language, such as a command, as a message."""
    return Message(text, {})


def _as_message(text: str) -> Message:
    return text if isinstance(text, Message) else verbatim(text)


def one_of(names: Iterable[str]) -> Message:
    """Return names joined as a choice.

    >>> one_of(["mp3", "m4b", "opus"])
    'mp3, m4b or opus'
    """
    *others, last = names
    if not others:
        return _as_message(last)
    return message("{others} or {last}", others=others, last=last)


def all_of(names: Iterable[str]) -> Message:
    """Return names joined as a sum.

    >>> all_of(["case", "part"])
    'case and part'
    """
    *others, last = names
    if not others:
        return _as_message(last)
    return message("{others} and {last}", others=others, last=last)


def first_of(names: Sequence[str], most: int) -> Message:
    """Return the first of many names, and how many more there are.

    >>> first_of(["a.mp3", "b.mp3", "c.mp3"], 2)
    'a.mp3, b.mp3 and 1 more'
    """
    more = len(names) - most
    if more <= 0:
        return message("{names}", names=names)
    return message("{names} and {count:,} more", names=names[:most], count=more)


def reason(problem: BaseException) -> Message:
    """Return why something failed: what an exception says, as far as it can be translated."""
    own = getattr(problem, "message", None)
    if isinstance(own, Message):
        return own
    told = problem.args[0] if len(problem.args) == 1 else None
    if isinstance(problem, OSError):
        told = problem.strerror or told
    if isinstance(told, Message):
        return told
    if isinstance(problem, OSError) and problem.strerror:
        return verbatim(problem.strerror)
    return verbatim(str(problem) or type(problem).__name__)


def _plain(value: object) -> Any:
    """Return a value as one that can be formatted, copied and sent to other processes."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, BaseException):
        return reason(value)
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value.item() if hasattr(value, "item") else str(value)  # a number of numpy, or a path


def _english(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def localize(text: str) -> str:
    """Return a message in the user's language; a text that is not a message is unchanged."""
    if not is_vietnamese():
        return text
    from audiobook.messages.translation import translate

    return translate(text)


def localize_figure(english: str) -> str:
    """Return a figure such as 1,441.5 as it is written in the user's language."""
    if not is_vietnamese():
        return english
    from audiobook.messages.translation import vietnamese_figure

    return vietnamese_figure(english)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Return a context in which messages are in this language, vi or en, for one reader alone."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def is_vietnamese() -> bool:
    """Return whether messages are wanted in Vietnamese; otherwise they are in English.

    `in_language` decides where it is used, and else the environment.

    ``AUDIOBOOK_LANG`` decides if it is set. Else the locale does, by the first of ``LC_ALL``,
    ``LC_MESSAGES`` and ``LANG`` that is set, and in any locale but C the list in ``LANGUAGE``
    goes before it, as the manual of GNU gettext has it (2.3.3, Specifying a Priority List).
    """
    if language := _chosen.get():
        return language == "vi"
    if override := os.environ.get("AUDIOBOOK_LANG"):
        return _is_language(override, "vi")
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, variables), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return False
    preferred = os.environ.get("LANGUAGE") or locale
    supported = (
        language
        for language in preferred.split(":")
        if _is_language(language, "vi") or _is_language(language, "en")
    )
    return _is_language(next(supported, ""), "vi")


def _is_language(locale: str, language: str) -> bool:
    return locale == language or locale.startswith((f"{language}_", f"{language}.", f"{language}@"))
