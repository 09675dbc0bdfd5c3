"""Keeps the catalogue of messages: finds what the program says, and compiles the translations.

    make messages

What the source no longer says leaves the catalogue; what is new stands in it without a translation
until somebody writes one. A test names what is missing.
"""

from __future__ import annotations

import ast
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from audiobook import config
from audiobook.cli.app import app
from audiobook.cli.helping import paragraphs
from audiobook.messages import foreign

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
PO = ROOT / "audiobook" / "messages" / "locale" / "vi" / "LC_MESSAGES" / "audiobook.po"
MO = PO.with_suffix(".mo")
_MARKS = {
    **dict.fromkeys(("message", "localize", "Rule"), slice(1)),
    "plural": slice(2),
    "table_head": slice(None),
}
"""The functions whose literal arguments are messages, and which arguments."""
_WIDTH = 100
_SENTENCE = re.compile(r"\b[a-z]{3,} [a-z]{2,}")
"""What a licence has that is more than a name."""
_VALUE = re.compile(r"\{\w+[^{}]*\}")


def template() -> Catalog:
    """Return a catalogue of all that the program says, without translations."""
    catalog = Catalog(project="audiobook", fuzzy=False)
    for path in sorted((ROOT / "audiobook").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for text in _texts_of_source(path.read_text("utf-8")):
            catalog.add(text, locations=[(place, 0)])
    for path in sorted((ROOT / "audiobook").rglob("*.html")):
        place = path.relative_to(ROOT).as_posix()
        for text in _texts_of_template(path.read_text("utf-8")):
            catalog.add(text, locations=[(place, 0)])
    for text in _pages(typer.main.get_command(app)):
        catalog.add(text, locations=[("audiobook/cli", 0)])
    for name in sorted(config.voice_names()):
        voice = config.load_voice(name)
        texts = [voice.licence] if _SENTENCE.search(voice.licence) else []
        for text in (*texts, *filter(None, [voice.description, voice.style])):
            catalog.add(text, locations=[(f"voices/{name}.toml", 0)])
    for text in (*foreign.SYSTEM, *foreign.PARSER, *foreign.TOML, *foreign.LIBRARIES):
        catalog.add(text, locations=[("audiobook/messages/foreign.py", 0)])
    return catalog


def _texts_of_source(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield the messages in Python code: a text, or one for one thing and one for several."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        function = ast.unparse(call.func).rpartition(".")[2]
        places = _MARKS.get(function, slice(0))
        texts = [
            argument.value
            for argument in call.args[places]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if function == "plural":
            if texts:  # else they are those of a page, which are found there
                yield texts[0], texts[1]
        else:
            yield from filter(_has_words, texts)


def _texts_of_template(template: str) -> Iterator[str | tuple[str, str]]:
    """Yield the messages in a page: those of t, and of n for one thing and for several."""
    for _, function, texts in extract_from_ast(Environment().parse(template), ("t", "n")):
        one, *others = (texts,) if isinstance(texts, str) else texts or ()
        yield (str(one), str(others[0])) if function == "n" else str(one)


def _has_words(text: str) -> bool:
    """Whether there is something to translate besides values."""
    return any(sign.isalpha() for sign in _VALUE.sub("", text))


def _pages(command: Any) -> Iterator[str]:
    """Yield the paragraphs of the help of a command, its options and its subcommands."""
    pages = [command.help, command.epilog, *(option.help for option in command.params)]
    for page in filter(None, pages):
        yield from filter(None, paragraphs(page))
    for subcommand in getattr(command, "commands", {}).values():
        yield from _pages(subcommand)


def read() -> Catalog:
    """Return the catalogue with its translations."""
    with PO.open("rb") as file:
        return read_po(file, locale="vi", domain="audiobook")


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> int:
    """Update and compile the catalogue; return 1 if a translation is missing."""
    catalog = read()
    wanted = template()
    wanted.creation_date = catalog.creation_date  # no change of its own
    catalog.update(wanted, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalog, width=_WIDTH, include_lineno=False, sort_by_file=True)
    MO.write_bytes(compiled(catalog))
    missing = [entry.id for entry in catalog if entry.id and not all(_translations(entry.string))]
    for text in missing:
        print(f"not translated: {text}", file=sys.stderr)
    return 1 if missing else 0


def _translations(string: str | Sequence[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else [*(string or [""])]


if __name__ == "__main__":
    sys.exit(main())
