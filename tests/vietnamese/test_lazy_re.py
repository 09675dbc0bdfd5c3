"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import gc
import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import audiobook
from audiobook.vietnamese import lazy_re
from audiobook.vietnamese.lazy import ListPattern


def test_a_pattern_behaves_as_one_of_re() -> None:
    pattern, eager = (compile_(r"(?P<first>a)b", 2) for compile_ in (lazy_re.compile, re.compile))
    for attribute in ("pattern", "flags", "groups", "groupindex"):
        assert getattr(pattern, attribute) == getattr(eager, attribute)
    assert pattern.sub(r"\g<first>", "xABx") == "xAx"
    for method in ("search", "match", "fullmatch", "findall", "split"):
        for text in ("AB", "xab", "", "abab"):
            results = [getattr(one, method)(text) for one in (pattern, eager)]
            spans = [getattr(result, "span", lambda: None)() for result in results]
            assert spans[0] == spans[1]
            assert any(spans) or results[0] == results[1]
    with pytest.raises(AttributeError, match="nothing"):
        pattern.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_faulty_pattern_is_an_error_when_it_is_used() -> None:
    pattern = lazy_re.compile("(")
    with pytest.raises(re.error, match="unterminated"):
        pattern.search("a")


def test_a_list_matches_as_one_expression_of_all_its_words() -> None:
    listed = ListPattern(
        r"(?<!\w)", ["TP", "TP.", "TPHCM", "km"], lambda word: "" if word[-1] == "." else r"(?!\w)"
    )
    whole = re.compile(listed.pattern)
    for text in ("TP.Vinh", "TPHCM", "TPHC", "TP", "aTP", "km", "kmh", "m", ""):
        for start in range(len(text) + 1):
            words = [
                match and match[0]
                for match in (listed.match(text, start), whole.match(text, start))
            ]
            assert words[0] == words[1]
    assert [listed.match(text, 0) is not None for text in ("TP.Vinh", "TPHC")] == [True, False]


def test_every_pattern_of_the_program_can_be_compiled() -> None:
    for package in ("vietnamese", "stages"):
        for module in walk_packages(
            [f"{audiobook.__path__[0]}/{package}"], f"audiobook.{package}."
        ):
            import_module(module.name)
    gc.unfreeze()  # what the tests were collected with is listed, too
    patterns = [thing for thing in gc.get_objects() if type(thing) is lazy_re._LazyPattern]
    gc.collect()
    gc.freeze()
    assert len(patterns) > 500
    for pattern in patterns:
        assert pattern.flags is not None
