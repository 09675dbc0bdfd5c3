"""Forms of lines are tried only on lines that have a word of theirs: what that presumes is true."""

from __future__ import annotations

import re
import sys
from re import _constants as op  # type: ignore[attr-defined]  # nothing public tells it
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from audiobook.stages.tidy.boilerplate_lines import Form, comparable, forms, weights_of

WEIGHTS = ("sure", "edge", "tail", "linked", "beside")
EVERY_CHARACTER = "".join(map(chr, range(sys.maxunicode + 1)))
# Longer classes of characters count as any character.
LONGEST_CLASS = 64
ROWS = [pytest.param(form, id=f"{number}-{form.step}") for number, form in enumerate(forms())]


class WithoutWords:
    """Follows an expression along the matches that, made comparable, have none of some words.

    What was matched so far is told by its end, as far as a word may begin with it.
    """

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._beginnings = {word[:length] for word in words for length in range(len(word))}

    def ends(self, parts: Any, ends: set[str]) -> set[str]:
        """Return how matches of an expression may end, of those that began after some ends."""
        for operation, argument in parts:
            ends = self._ends_of_part(operation, argument, ends)
        return ends

    def _ends_of_part(self, operation: Any, argument: Any, ends: set[str]) -> set[str]:
        match operation:
            case op.LITERAL:
                return self._followed_by({comparable(chr(argument))}, ends)
            case op.IN:
                characters = characters_of(argument)
                return self._followed_by(characters, ends) if characters else self._any(ends)
            case op.AT | op.ASSERT_NOT:
                return ends
            case op.ASSERT:
                return ends if self.ends(argument[1], ends) else set()
            case op.SUBPATTERN:
                return self.ends(argument[3], ends)
            case op.ATOMIC_GROUP:
                return self.ends(argument, ends)
            case op.BRANCH:
                return set().union(*(self.ends(branch, ends) for branch in argument[1]))
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                return self._repeated(argument, ends)
        return self._any(ends)

    def _followed_by(self, characters: set[str], ends: set[str]) -> set[str]:
        longer = {end + character for end in ends for character in characters}
        return {self._beginning_in(end) for end in longer if not end.endswith(self._words)}

    def _beginning_in(self, end: str) -> str:
        return next(end[start:] for start in range(len(end) + 1) if end[start:] in self._beginnings)

    def _any(self, ends: set[str]) -> set[str]:
        return {""} if ends else set()

    def _repeated(self, repeat: Any, ends: set[str]) -> set[str]:
        least, most, part = repeat
        for _ in range(least):
            ends = self.ends(part, ends)
        for _ in range(most - least):
            longer = ends | self.ends(part, ends)
            if longer == ends:
                break
            ends = longer
        return ends


def characters_of(parts: Any) -> set[str]:
    """Return the comparable characters of a class; none if they are many."""
    characters: set[str] = set()
    for operation, argument in parts:
        match operation:
            case op.LITERAL:
                characters.add(comparable(chr(argument)))
            case op.RANGE:
                characters.update(
                    comparable(chr(code)) for code in range(argument[0], argument[1] + 1)
                )
            case op.CATEGORY if argument is op.CATEGORY_DIGIT:
                characters.add("0")
            case _:
                return set()
    return characters if len(characters) <= LONGEST_CLASS else set()


def may_lack(form: Form, words: tuple[str, ...]) -> bool:
    return bool(WithoutWords(words).ends(_parser.parse(form.pattern.pattern), {""}))


@pytest.mark.parametrize("form", ROWS)
def test_each_line_of_a_form_has_one_of_its_words(form: Form) -> None:
    assert "" not in form.words
    assert all(comparable(word) == word for word in form.words)
    assert not may_lack(form, form.words), form.pattern.pattern


@pytest.mark.parametrize("form", ROWS)
def test_no_word_of_a_form_can_be_spared(form: Form) -> None:
    for word in form.words:
        others = tuple(other for other in form.words if other != word)
        assert may_lack(form, others or ("no such word",)), word


def test_letters_without_case_are_comparable() -> None:
    letters = {letter for form in forms() for word in form.words for letter in word}
    for letter in letters - {"0"}:
        same = re.findall(f"(?i:{re.escape(letter)})", EVERY_CHARACTER)
        assert {comparable(other) for other in same} == {letter}


def test_digits_are_comparable() -> None:
    assert {comparable(digit) for digit in re.findall(r"\d", EVERY_CHARACTER)} == {"0"}


@pytest.mark.parametrize(
    ("line", "weights"),
    [
        ("LİKE THİS", {"share": "sure"}),
        ("lıke thıs", {"share": "sure"}),
        ("ſhare", {"share": "beside"}),
        ("Bo\u212a Choy/Báo Mới", {"bylines": "edge"}),
        ("Lin\u212a: www.cay-khe.example.com", {"copyright": "sure", "addresses": "sure"}),
        ("٠٢/٠٩/٢٠٢٥ ٠٧:٣٠", {"bylines": "edge"}),
        ("Ngày 2/9/1945, 3,5% dân số.", {}),
    ],
)
def test_odd_letters_and_digits(line: str, weights: dict[str, str]) -> None:
    assert weights_of(line) == weights


def test_the_surest_form_of_a_step_decides() -> None:
    lines = ["Copyright: Hoa Khế", "Copyright: Hoa Khế.", "Nguồn: Cây Khế", "Like (3)", "Like"]
    for line in lines:
        expected: dict[str, str] = {}
        for weight in WEIGHTS:
            for form in forms():
                if form.weight == weight and form.pattern.fullmatch(line):
                    expected.setdefault(form.step, weight)
        assert expected
        assert weights_of(line) == expected


@pytest.mark.parametrize("said", ["“Chương sau.”", '"Chương trước!"', "“Tin mới nhất…”"])
def test_a_sentence_in_quotation_marks_is_no_link(said: str) -> None:
    assert weights_of(said) == {}
    assert weights_of(said.strip('“”".!…'))
