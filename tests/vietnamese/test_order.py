"""Rules are tried only where they can match: what each kind is said to begin with is true."""

from __future__ import annotations

import re
from re import _constants as op  # type: ignore[attr-defined]  # nothing public tells it
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from audiobook.vietnamese.lazy import ListPattern, WordPattern
from audiobook.vietnamese.rules import order
from audiobook.vietnamese.rules.rule import Rule

CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
RULES = [(rule, kind.first) for kind in (*order.RARE_KINDS, *order.KINDS) for rule in kind.rules]


def may_begin(parts: Any, character: str, caseless: bool) -> bool | None:
    """Whether a match of an expression can begin with a character; None if it may be empty."""
    for operation, argument in parts:
        begins = part_begins(operation, argument, character, caseless)
        if begins is not None:
            return begins
    return None


def part_begins(operation: Any, argument: Any, character: str, caseless: bool) -> bool | None:
    same = {character, character.lower(), character.upper()} if caseless else {character}
    match operation:
        case op.LITERAL:
            return chr(argument) in same
        case op.NOT_LITERAL:
            return chr(argument) not in same
        case op.IN:
            return any(in_class(argument, letter) for letter in same if len(letter) == 1)
        case op.AT | op.ASSERT_NOT:
            return None
        case op.ASSERT:
            ahead = argument[0] < 0 or may_begin(argument[1], character, caseless)
            return False if ahead is False else None
        case op.SUBPATTERN:
            return may_begin(argument[3], character, caseless or bool(argument[1] & re.I))
        case op.ATOMIC_GROUP:
            return may_begin(argument, character, caseless)
        case op.BRANCH:
            begins = [may_begin(branch, character, caseless) for branch in argument[1]]
            return True if True in begins else None if None in begins else False
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            begun = may_begin(argument[2], character, caseless)
            return None if begun is False and argument[0] == 0 else begun
    return True


def in_class(parts: Any, character: str) -> bool:
    def fits(operation: Any, argument: Any) -> bool:
        match operation:
            case op.LITERAL:
                return chr(argument) == character
            case op.RANGE:
                return bool(argument[0] <= ord(character) <= argument[1])
            case op.CATEGORY:
                return re.match(CATEGORIES[argument], character) is not None
        return False

    is_negated = bool(parts) and parts[0][0] is op.NEGATE
    return any(fits(*part) for part in parts) is not is_negated


def expression(rule: Rule) -> tuple[str, int]:
    if isinstance(rule.pattern, WordPattern):
        return rule.pattern._shape.pattern, 0
    if isinstance(rule.pattern, ListPattern):
        return rule.pattern.pattern, 0
    return rule.pattern.pattern, rule.pattern.flags & ~re.UNICODE


@pytest.mark.parametrize("first", sorted({first for _, first in RULES}))
def test_no_rule_begins_with_another_character(first: str) -> None:
    kept = re.compile(first)
    others = [chr(code) for code in range(128) if not kept.match(chr(code))]
    others += [sign for sign in "Đđà²⁻₂½°×€–…“−→漢\u0301\u200b" if not kept.match(sign)]
    for rule in (rule for rule, its_first in RULES if its_first == first):
        source, flags = expression(rule)
        parts = _parser.parse(source, flags)
        begins = [
            sign for sign in others if may_begin(parts, sign, bool(flags & re.I)) is not False
        ]
        assert not begins, (rule.name, source, begins)


def always_holds(parts: Any, needed: str) -> bool:
    """Whether each match of an expression, with what it looks at, holds one of some characters."""
    return any(part_holds(operation, argument, needed) for operation, argument in parts)


def part_holds(operation: Any, argument: Any, needed: str) -> bool:
    match operation:
        case op.LITERAL:
            return chr(argument) in needed
        case op.IN:
            return all(kind is op.LITERAL and chr(code) in needed for kind, code in argument)
        case op.SUBPATTERN:
            return always_holds(argument[3], needed)
        case op.ATOMIC_GROUP:
            return always_holds(argument, needed)
        case op.ASSERT:
            return always_holds(argument[1], needed)
        case op.BRANCH:
            return all(always_holds(branch, needed) for branch in argument[1])
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            return argument[0] > 0 and always_holds(argument[2], needed)
    return False


def test_rules_match_nothing_without_the_characters_that_they_need() -> None:
    needy = [rule for rule, _ in RULES if rule.needs]
    assert needy
    for rule in needy:
        source, flags = expression(rule)
        assert always_holds(_parser.parse(source, flags), rule.needs), (rule.name, source)
