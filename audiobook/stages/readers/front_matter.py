"""Front matter of Markdown: what the top of a file tells of the book, in YAML or TOML."""

from __future__ import annotations

from functools import partial
from typing import Any

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.model import Change, Meta
from audiobook.vietnamese import lazy_re as re

# Between lines of --- (YAML) or +++ (TOML) at the very top; a rule may stand there, too, so the
# first line must look like one of front matter.
FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\n"
    r"(?P<body>(?:#.*\n)*[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=](?:.*\n)*?)"
    r"(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)"
)
# In characters; the parser of YAML takes 0.9 s for so many lists (2026-12-01).
_LONGEST = 100_000
_FIELD = re.compile(r"""(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?:[ \t]+(.*))?""")
_ITEM = re.compile(r"-[ \t]+(.+)")
_QUOTED = re.compile(r"""(["'])(.*)\1""")
# How YAML begins a text of several lines.
_BLOCK = re.compile(r"[|>][+-]?")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?![\d-])")


def fields_of(fence: str, body: str, name: str) -> tuple[dict[str, Any], tuple[Change, ...]]:
    """Return what front matter says, by the names that it has there, and how it had to be read.

    YAML that is broken, as by a title like ``Chương 1: Đôi mắt``, is read line by line.

    Args:
        fence: the line around it: ``---`` for YAML, ``+++`` for TOML.
        body: the lines between.
        name: what to call the file in messages.

    Raises:
        SourceError: it is broken TOML, or too long.
    """
    import yaml

    from audiobook.system.toml_data import parse_toml

    if len(body) > _LONGEST:
        raise SourceError(
            message(
                "the front matter of {name} is longer than {most:,} characters",
                name=name,
                most=_LONGEST,
            ),
            message("leave out what does not tell of the book"),
        )
    changes: tuple[Change, ...] = ()
    try:
        # BaseLoader makes nothing but text: a book may be called 1984, or No.
        load = parse_toml if fence == "+++" else partial(yaml.load, Loader=yaml.BaseLoader)
        values = load(body)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        if fence == "+++":
            raise SourceError(
                message(
                    "the front matter of {name} is broken ({reason})", name=name, reason=problem
                ),
                message("put its values in quotes"),
            ) from problem
        values, changes = _fields_by_line(body), (_broken_lines(body, problem),)
    return values if isinstance(values, dict) else {}, changes


def _fields_by_line(body: str) -> dict[str, str | list[str]]:
    """Return each field with the lines that go on with it, as they stand, or with its list."""
    lines_by_name: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in body.splitlines():
        if field := _FIELD.fullmatch(line):
            lines = lines_by_name[field[2]] = []
            line = field[3] or ""
        text = line.strip()
        if text and not text.startswith("#"):
            quoted = _QUOTED.fullmatch(text)
            lines.append(quoted[2] if quoted else text)
    fields: dict[str, str | list[str]] = {}
    for name, values in lines_by_name.items():
        if values and _BLOCK.fullmatch(values[0]):
            del values[0]
        items = [item[1] for item in map(_ITEM.fullmatch, values) if item]
        fields[name] = items if items and len(items) == len(values) else " ".join(values)
    return fields


def _broken_lines(body: str, problem: Exception) -> Change:
    """Return the change that tells of front matter that is no YAML."""
    place = getattr(problem, "problem_mark", None)
    lines = body.splitlines()
    line = lines[min(place.line, len(lines) - 1)] if place else lines[0]
    return Change(
        step=message("front matter that is not YAML read line by line"), count=1, example=line[:60]
    )


def meta_of(fields: dict[str, Any]) -> Meta:
    """Return what the fields of front matter tell of the book."""
    by_name = {str(key).lower(): value for key, value in fields.items()}

    def field_text(*keys: str) -> str:
        return next(filter(None, (_field_text(by_name.get(key)) for key in keys)), "")

    date = _DATE.match(field_text("date", "published", "year"))
    return Meta(
        title=field_text("title"),
        author=field_text("author", "authors", "creator"),
        date=date[0] if date else "",
        language=field_text("language", "lang") or Meta().language,
        publisher=field_text("publisher"),
        description=field_text("description", "summary", "subtitle"),
    )


def _field_text(value: object) -> str:
    """Return what a field says in one line; several authors are parted by commas."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(
        " ".join(str(part).split())
        for part in values
        if part is not None and not isinstance(part, dict | list)
    )
