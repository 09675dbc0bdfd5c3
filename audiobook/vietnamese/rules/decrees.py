"""The numbers of decrees and other documents of the state: 15/2020/NĐ-CP, 42-NQ/TW."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS
from audiobook.vietnamese.rules.code_parts import PARTS, say_part
from audiobook.vietnamese.rules.numbers import cardinal, digits
from audiobook.vietnamese.rules.rule import Accent, Rule

# These issuers of decrees are read in full; all others are spelled.
_COUNCILS = ("UBND", "HĐND", "TW", "TƯ")


def _read_decree(match: re.Match[str], accent: Accent) -> str:
    numbers = [say_number_of_law(number, accent) for number in match["numbers"].split("/")]
    issuers = (say_issuer(issuer, accent) for issuer in match["issuer"].split("/"))
    return " trên ".join((*numbers, *issuers))


def _read_party_decree(match: re.Match[str], accent: Accent) -> str:
    """Read 42-NQ/TW, the number of a document of the Party."""
    number = say_number_of_law(match["number"], accent)
    return f"{number} {spell(match['kind'])} trên {say_issuer(match['issuer'], accent)}"


def say_number_of_law(number: str, accent: Accent) -> str:
    """Return the words for the number of a law, which may have a letter: 04a."""
    figures = number.rstrip("abcdABCD")
    spoken = digits(figures, accent) if figures[0] == "0" else cardinal(int(figures), accent)
    letter = number[len(figures) :]
    return f"{spoken} {spell(letter) if letter.isupper() else letter}".rstrip()


def say_issuer(written: str, accent: Accent) -> str:
    """Return the words for who issued a document: NĐ-CP, QĐ-UBND."""
    issuer = PARTS.findall(written)
    spoken_parts = (
        EXPANSIONS[part]
        if part in _COUNCILS
        else spell(part)
        if part.isalpha()
        else say_part(part, accent)
        for part in issuer
    )
    return " ".join(spoken_parts)


RULES = (
    Rule(
        "decree",
        re.compile(
            r"(?<!\w)(?P<numbers>[0-9]{1,5}[a-dA-D]?(?:/(?:19|20)[0-9]{2})?)/(?P<issuer>[A-ZĐ][A-ZĐƯ0-9a-z]*(?:-[A-ZĐƯ][A-ZĐƯ0-9a-z]*|/[A-ZĐƯ]{2,8})*)(?!\w)"
        ),
        _read_decree,
    ),
    Rule(
        "decree",
        re.compile(
            r"(?<!\w)(?P<number>[0-9]{1,4})-(?P<kind>[A-ZĐ]{1,4}[a-z]{0,2})/(?P<issuer>[A-ZĐƯ]{2,8})(?!\w)"
        ),
        _read_party_decree,
    ),
)
