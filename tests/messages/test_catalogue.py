"""The catalogue of messages holds what the program says, and is compiled."""

from __future__ import annotations

import ast
import errno
import os
import re
import string
import sys
import unicodedata
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from audiobook.messages import foreign
from audiobook.studio import remedies

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "bench"))

import catalogue  # noqa: E402 (it lies beside the package)

CATALOGUE = catalogue.read()
ENTRIES = [entry for entry in CATALOGUE if entry.id]
_VALUE = re.compile(r"(?<!\{)\{\w+[^{}]*\}")


def identifiers(entries: Catalog) -> set[str | tuple[str, ...]]:
    return {entry.id if isinstance(entry.id, str) else tuple(entry.id) for entry in entries}


def pairs() -> list[tuple[str, str]]:
    """Every message, in the singular and in the plural, with its translation."""
    return [
        (english, translation)
        for entry in ENTRIES
        for english in ([entry.id] if isinstance(entry.id, str) else entry.id)
        for translation in ([entry.string] if isinstance(entry.string, str) else entry.string or ())
    ]


def test_the_catalogue_holds_what_the_program_says() -> None:
    """Where this fails: make messages, and translate what is new."""
    said, known = identifiers(catalogue.template()), identifiers(CATALOGUE)
    assert len(said) > 1300
    assert not [text for text in said - known if text]
    assert not [text for text in known - said if text]
    assert not CATALOGUE.obsolete


def test_every_message_is_translated() -> None:
    assert not [entry.id for entry in ENTRIES if entry.fuzzy or not entry.string]
    assert not [english for english, translation in pairs() if not translation]


def test_a_translation_has_the_values_of_its_message() -> None:
    for english, translation in pairs():
        values = sorted(_VALUE.findall(english))
        optional = ["{count}"] if "once" in english else []
        assert sorted(_VALUE.findall(translation)) in (values, sorted(values + optional)), english
        if values:
            string.Formatter().vformat(
                translation, (), dict.fromkeys(re.findall(r"(?<!\{)\{(\w+)", translation), 1)
            )


def test_the_catalogue_is_compiled() -> None:
    """Where this fails: make messages."""
    fresh = GNUTranslations(BytesIO(catalogue.compiled(CATALOGUE)))
    stored = GNUTranslations(BytesIO(catalogue.MO.read_bytes()))
    assert {**vars(fresh)["_catalog"], "": ""} == {**vars(stored)["_catalog"], "": ""}


def test_the_catalogue_is_spelled_one_way() -> None:
    for english, translation in pairs():
        assert translation == unicodedata.normalize("NFC", translation) == translation.strip()
        assert english == english.strip()
        assert "  " not in translation


def test_reasons_of_the_system_are_spelled_as_it_spells_them() -> None:
    assert set(foreign.SYSTEM) <= {os.strerror(code) for code in errno.errorcode}


SOURCES = sorted((ROOT / "audiobook").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates_are_literals(path: Path) -> None:
    """Else nobody could find and translate them."""
    if path.parent.name == "messages":
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("message", "plural"):
            texts = node.args[: 2 if ast.unparse(node.func) == "plural" else 1]
            assert all(isinstance(text, ast.Constant) for text in texts), ast.unparse(node)
            english = " ".join(str(text.value) for text in texts if isinstance(text, ast.Constant))
            values = {word.arg for word in node.keywords} - {None}
            assert not values or values == set(re.findall(r"(?<!\{)\{(\w+)", english)) | (
                values & {"count"}
            ), ast.unparse(node)


def test_what_pages_say_instead_of_a_remedy_follows_its_wording() -> None:
    """A remedy that is worded anew would else be left out on pages, without a word."""
    assert set(remedies._ON_PAGES) <= identifiers(CATALOGUE)
