"""Products, quotients and powers of ten whose signs are dots, colons or lost superscripts."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.numbers import cardinal, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, text_after, text_before
from audiobook.vietnamese.rules.units import say_unit


def _read_product(match: re.Match[str], accent: Accent) -> str:
    """Read 0,1.0,2 and 0,5.98: where commas are decimal, the dots between multiply."""
    return " nhân ".join(say_number(factor, accent) for factor in match[0].split("."))


def _read_checked_product(match: re.Match[str], accent: Accent) -> str | None:
    """Read "2.8 = 16" as a product, since that is what it makes."""
    first, second = int(match["one"]), int(match["other"])
    if first * second != int(match["result"]):
        return None
    return f"{cardinal(first, accent)} nhân {cardinal(second, accent)}"


def _read_raised_ten(match: re.Match[str], accent: Accent) -> str:
    """Read 4,3 x 109/L, whose exponent lost its place."""
    unit = f" trên {say_unit(match['unit'], accent)}" if match["unit"] else ""
    return f"{cardinal(10, accent)} mũ {cardinal(int(match['exponent']), accent)}{unit}"


def _read_lost_power(match: re.Match[str], accent: Accent) -> str | None:
    """Read 6,625.10-34 and 10-4 m2, whose exponents lost their place."""
    factor, exponent = match["factor"], int(match["exponent"])
    if not factor and exponent >= _LEAST_OF_A_RANGE:
        return None
    unit = f" {say_unit(match['unit'], accent)}" if match["unit"] else ""
    spoken = f"{cardinal(10, accent)} mũ âm {cardinal(exponent, accent)}{unit}"
    return f"{say_number(factor, accent)} nhân {spoken}" if factor else spoken


def _read_over(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read (2 + 6)/4 = 2."""
    return " trên " if "=" in text_before(match) + text_after(match) else None


_LEAST_OF_A_RANGE = 10  # 10-15 kg
START = r"/(?<=\).)(?=\s?[0-9(])|[-−](?=vô c)|:(?<=[0-9)].)(?=[0-9(])|\\(?<=[A-Z].)(?=[A-Z])"
RULES = (
    Rule(
        "power of ten",
        re.compile(
            r"(?<![\w.,])(?:(?P<factor>[0-9]{1,4}(?:,[0-9]{1,4})?)\s?[.x×·]\s?)?10\s?[-–−]"
            r"(?P<exponent>[1-9][0-9]?)(?![0-9]|[.,][0-9])"
            r"(?:\s?(?P<unit>[cdk]?m[23])(?!\w)|(?=\s?[(/π]"
            r"|\s?(?:[mcdk]?m|[CFHTJNWMs]|kg|mol|eV)(?!\w)|(?<=\.10-[0-9])|(?<=\.10-[0-9]{2})))"
        ),
        _read_lost_power,
    ),
    Rule(
        "power of ten",
        re.compile(
            r"(?<=[x×] )10(?P<exponent>12|[369])"
            r"(?:\s?/\s?(?P<unit>[µμ]?[Ll]|mm3)(?!\w)|(?=\s?tế bào))"
        ),
        _read_raised_ten,
    ),
    Rule(
        "product",
        re.compile(
            r"(?<== )(?P<one>[0-9]{1,4})\.(?P<other>[0-9]{1,4})"
            r"(?=\s?=\s?(?P<result>[0-9]{1,7})(?![\w]|[.,][0-9]))"
        ),
        _read_checked_product,
    ),
    # "A=(2;5]", which is no face
    Rule(
        "product",
        re.compile(
            r"(?<![\w.,])(?=[0-9.]{0,12},[0-9]{1,4}\.|[0-9]{1,4}\.(?![0-9]{3},)[0-9]{1,2},[0-9])"
            r"(?:[0-9]{1,6}(?:,[0-9]{1,4})?\.){1,4}"
            r"[0-9]{1,6}(?:,[0-9]{1,4})?(?![\w]|[.,][0-9])"
        ),
        _read_product,
    ),
    Rule(
        "divided by",
        re.compile(r"(?<=[0-9]):(?=\()|(?<=\)):(?=[0-9(])"),
        lambda _match, _accent: " chia ",
    ),
    Rule("over", re.compile(r"(?<=\))\s?/\s?(?=[0-9(])"), _read_over),
    Rule(
        "difference of sets",
        re.compile(r"(?<![^\W_][A-Z])(?<=[A-Z])\\(?=[A-Z](?!\w))"),
        lambda _match, _accent: " trừ ",
    ),
    Rule("infinity", re.compile(r"[-−](?=vô (?:cực|cùng))"), lambda _match, _accent: "âm "),
)
