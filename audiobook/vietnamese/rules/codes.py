"""Codes of letters and digits: roads, number plates, models, standards."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules import plates
from audiobook.vietnamese.rules.acronyms import WORDS
from audiobook.vietnamese.rules.ambiguity import guess_code
from audiobook.vietnamese.rules.code_parts import PARTS, WORDS_OF_CODES, say_part
from audiobook.vietnamese.rules.decrees import say_issuer, say_number_of_law
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, digits, say_number
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before, word_before
from audiobook.vietnamese.syllables import is_vietnamese

# The chemical elements that occur in the formulas of schoolbooks and news.
_ELEMENT = (
    r"(?:A[lgru]|B[aerik]?|C[aldouer]?|F[e]?|H[eg]?|I|K|L[i]|M[gno]|N[aie]?|O|P[bt]?|S[ien]?|T[i]"
    r"|U|Zn)"
)
_MOLECULE = rf"(?:{_ELEMENT}[0-9]{{0,2}}|\((?:{_ELEMENT}[0-9]?){{1,4}}\)[0-9]{{0,2}}){{2,12}}"
# How a code goes on that does not start with two capitals: Covid-19, NaCl, Mg(OH)2, Ca²⁺.
WORD_GOES_ON = r"[a-z]{1,20}-[0-9]|[a-z](?:[0-9]{0,2}[A-Z(]|[0-9²³]?[+⁺⁻])"
_FORMULA_PARTS = re.compile(r"[A-Z][a-z]?|[0-9]+|[²³⁺⁻+]")
_SUPERSCRIPTS = {"²": "hai", "³": "ba", "⁺": "cộng", "+": "cộng", "⁻": "trừ"}
_FOREIGN_NAME_BEFORE = re.compile(r"(?<!\S)(?P<name>[A-Z][\w.-]*)\s\Z")
_STANDARD_BEFORE = re.compile(r"(?<!\w)[A-Z]{2,7}(?:/[A-Z]{2,7})?\s\Z")
_LONGEST_NUMBER = 3


_SIGN_BEFORE = re.compile(r"[-+−–=<>≤≥×(^]\s?\Z")
_GENERATION = re.compile("[1-6]G")
_VARIABLE = re.compile(r"[0-9]{1,3}x")


def _read_code(match: re.Match[str], accent: Accent) -> str | None:
    if _VARIABLE.fullmatch(match[0]) and search_before(match, _SIGN_BEFORE, 2):
        return None  # 3x² − 6x
    code, *further_numbers = match[0].split("/")
    spoken = " ".join(say_part(part, accent) for part in PARTS.findall(code))
    alike = all(number[-1] == code[-1] for number in further_numbers) and code[-1].isalpha()
    separator = ", " if "-" in code or alike or _GENERATION.fullmatch(code) else " trên "
    for number in further_numbers:
        spoken += separator + " ".join(say_part(part, accent) for part in PARTS.findall(number))
    # "đường ĐT741"
    return guess_code(
        match, spoken.removeprefix("đường ") if word_before(match) == "đường" else spoken
    )


def _read_standard(match: re.Match[str], accent: Accent) -> str | None:
    """Read ISO 14001:2015 and TCVN 7722-1:2017: the number, the part and the year."""
    if not search_before(match, _STANDARD_BEFORE, 16):
        return None
    parts = [match["number"], match["part"]]
    spoken_number = " ".join(say_number_of_law(part, accent) for part in parts if part)
    issuer = f" trên {say_issuer(match['issuer'], accent)}" if match["issuer"] else ""
    return f"{spoken_number}, {cardinal(int(match['year']), accent)}{issuer}"


def _read_formula(match: re.Match[str], accent: Accent) -> str | None:
    """Read NaCl, 2H2O and SO4²⁻ letter by letter and number by number."""
    spoken_parts = [
        spell(part) if part.isalpha() else _SUPERSCRIPTS.get(part) or cardinal(int(part), accent)
        for part in _FORMULA_PARTS.findall(match[0])
    ]
    return " ".join(spoken_parts)


_LAST_YEAR = 2100


def _read_model(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 737-800 of "Boeing 737-800": a model, not a range or a score."""
    name = search_before(match, _FOREIGN_NAME_BEFORE, 24)
    years = len(match["one"]) == 4 and _LAST_YEAR > int(match["other"]) > int(match["one"])
    if name is None or is_vietnamese(name["name"]) or years:
        return None
    return f"{say_part(match['one'], accent)} {say_part(match['other'], accent)}"


def _read_age_group(match: re.Match[str], accent: Accent) -> str:
    return f"u {cardinal(int(match['age']), accent)}"


def _read_version(match: re.Match[str], accent: Accent) -> str:
    """Read 3.x, which means every version that begins with 3."""
    numbers = [cardinal(int(part), accent) for part in match[0].split(".")[:-1]]
    return " chấm ".join((*numbers, spell("x")))


def _read_road(match: re.Match[str], accent: Accent) -> str:
    road_kind = WORDS_OF_CODES[match["kind"]]
    number = " ".join(say_part(part, accent) for part in PARTS.findall(match["number"]))
    return number if word_before(match) == road_kind.split()[0] else f"{road_kind} {number}"


def _read_size(match: re.Match[str], accent: Accent) -> str:
    """Read 2.0T and 0,05S, the size of an engine and the grade of a fuel."""
    return f"{say_number(match['number'], accent)} {spell(match['kind'])}"


def _read_long_code(match: re.Match[str], accent: Accent) -> str:
    return " ".join(
        digits(part, accent) if part.isdecimal() else spell(part)
        for part in PARTS.findall(match[0])
    )


def _read_strain(match: re.Match[str], accent: Accent) -> str:
    numbers = (
        digits(number, accent) if len(number) >= _LONGEST_NUMBER else cardinal(int(number), accent)
        for number in match["numbers"].split(".")[1:]
    )
    return " chấm ".join((spell(match["kind"]), *numbers))


def _read_flu(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read the A of cúm A/H5N1, the type of influenza."""
    return f"{spell(match['kind'])} "


def _read_aperture(match: re.Match[str], accent: Accent) -> str:
    return f"{spell('f')} {say_number(match['number'], accent)}"


def _read_lettered_name(match: re.Match[str], accent: Accent) -> str:
    """Read the planet Kepler-37c."""
    number = cardinal(int(match["number"]), accent)
    return f"{match['name']} {number} {spell(match['letter'])}"


def _read_hyphen(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Replace the hyphen between a foreign name and its number by a space: Apollo-11."""
    name = match[0][:-1]
    return None if is_vietnamese(name) else f"{name} "


def _read_flight(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    if not search_before(match, _VEHICLE_BEFORE, 16):
        return None
    return f"{spell(match['line'])} {digits(match['number'])}"


_VEHICLE_BEFORE = re.compile(r"\b(?:chuyến|bay|hiệu|tàu|máy bay)\s\Z", re.IGNORECASE)
# These are tried before the rules for ranges.
MODELS = (
    plates.LOOSE_PLATE,
    Rule(
        "model",
        re.compile(r"(?<![\w.,-])(?P<one>[0-9]{3,4})-(?P<other>[0-9]{1,4})(?![\w]|[.,/-][0-9])"),
        _read_model,
    ),
)
_CURRENCIES_AND_UNITS = frozenset(
    "VND VNĐ USD EUR GBP JPY CNY MHZ GHZ KHZ MAH DPI RPM PPM MPA KPA".split()
)


def _read_digits_and_letter(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{digits(match['digits'])} {spell(match['letter'])}"


def _read_lettered_model(match: re.Match[str], accent: Accent) -> str | None:
    """Read 580VNX as a number and letters, unless the letters are a unit."""
    tail = match["letters"]
    if tail in _CURRENCIES_AND_UNITS or tail in WORDS:
        return None
    return f"{cardinal(int(match['number']), accent)} {spell(tail)}"


RULES = (
    Rule(
        "code",
        re.compile(r"(?<![\w.,-])(?P<digits>[0-9]{6,10})(?P<letter>[A-Z])(?!\w)"),
        _read_digits_and_letter,
    ),
    Rule(
        "model",
        re.compile(r"(?<![\w.,-])(?P<number>[1-9][0-9]{1,3})(?P<letters>[A-Z]{3,4})(?!\w)"),
        _read_lettered_model,
    ),
    Rule(
        "standard",
        re.compile(
            r"(?<!\w)(?P<number>[0-9]{1,6})(?:-(?P<part>[0-9]{1,3}))?:(?P<year>(?:19|20)[0-9]{2})"
            r"(?:/(?P<issuer>[A-ZĐ]{2,8}))?(?![\w:])"
        ),
        _read_standard,
    ),
    Rule(
        "chemical formula",
        re.compile(
            rf"(?<!\w)[0-9]{{0,2}}(?=[0-9A-Z]*[OHa-z(])(?=[A-Z]*[a-z0-9(]){_MOLECULE}"
            r"(?:(?P<count>[²³])?(?P<charge>[⁺⁻])|\+(?![\w]))?(?![\w²³⁺⁻])"
        ),
        _read_formula,
    ),
    Rule(
        "ion",
        re.compile(
            rf"(?<!\w)(?:{_ELEMENT}[2-4]\+|(?:Na|Ca|Mg|Al|Fe|Cu|Zn|Ba|Ag|Pb|Li|H|K)\+)(?![\w+])"
            rf"|(?<!\w){_ELEMENT}[²³]?[⁺⁻](?!\w)"
        ),
        _read_formula,
    ),
    Rule(
        "age group",
        re.compile(r"(?<!\w)U\.\s?(?P<age>[0-9]{2})(?![\w]|[.,][0-9])"),
        _read_age_group,
    ),
    Rule(
        "flight number",
        re.compile(r"(?<!\w)(?P<line>[A-Z]{2})[ -]?(?P<number>[0-9]{2,4})(?![\w]|[.,/-][0-9])"),
        _read_flight,
    ),
    plates.PLATE,
    # The number of a chassis or of a parcel.
    Rule(
        "code",
        re.compile(
            r"(?<!\w)(?=[A-Z]{0,14}[0-9])(?=[0-9]{0,14}[A-Z])(?=(?:[A-Z]{1,8}[0-9]|[0-9]{1,8}[A-Z]))"
            r"[A-Z0-9]{11,20}(?![\w-])"
        ),
        _read_long_code,
    ),
    # B.1.617, XBB.1.5
    Rule(
        "code",
        re.compile(
            r"(?<!\w)(?P<kind>[A-Z]{1,3})(?P<numbers>(?:\.[0-9]{1,3}){2,3})(?![\w]|\.[0-9])"
        ),
        _read_strain,
    ),
    Rule("flu", re.compile(r"(?<!\w)(?P<kind>[ABC])/(?=H[0-9])"), _read_flu),
    Rule(
        "road",
        re.compile(
            r"(?<!\w)(?P<kind>QL|TL|HL|ĐT)\.\s?(?P<number>[0-9]{1,4}[A-Z]?)(?![\w]|[.,/-][0-9])"
        ),
        _read_road,
    ),
    Rule(
        "size",
        re.compile(r"(?<![\w.,-])(?P<number>[0-9]{1,2}[.,][0-9]{1,2})(?P<kind>[A-Z])(?!\w)"),
        _read_size,
    ),
    Rule(
        "aperture",
        re.compile(rf"(?<!\w)[fF]/(?P<number>{NUMBER})(?!\w)"),
        _read_aperture,
    ),
    Rule(
        "version",
        re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\.x(?!\w)"),
        _read_version,
    ),
    Rule(
        "named number",
        re.compile(
            r"(?<!\w)(?P<name>[A-Z][a-z]{1,20})-(?P<number>[0-9]{1,5})(?P<letter>[a-z])(?!\w)"
        ),
        _read_lettered_name,
    ),
    Rule("named number", re.compile(r"(?<!\w)[A-Z][a-z]{1,20}-(?=[0-9])"), _read_hyphen),
    Rule(
        "code",
        re.compile(
            r"(?<!\w)(?<!(?<!\w)-)(?![0-9]{1,4}X[0-9]{1,4}\s?[cm]?m(?!\w))(?:[A-Z]{2,4}-[A-Z]{1,3}[0-9]{2,5}[A-Z]{0,2}"
            r"|[A-ZĐ]{1,6}-?[0-9]++(?:-?[A-Z]{1,3}[0-9]{0,5}|-[0-9]{1,5}){0,3}"
            # Not from one class to another: 10A1-10A5.
            r"|(?:[0-9]{1,4}|[0-9]{5}(?=[A-Z]{1,2}(?!\w)))[A-ZĐ]{1,2}[0-9]{0,6}(?:-(?![0-9]{1,2}[A-Z][0-9])[A-Z0-9]{1,5}){0,2}"
            r"|[0-9]{1,4}(?:[pi]|x(?!\s?[-+−=<>≤≥×:0-9])))(?:(?<=[0-9])[a-z])?"
            # T-54/55, lô A4/12
            r"(?P<more>(?:/[0-9]{1,4}[A-Z]?){1,2}+)?"
            r"(?![\w]|[.,/][0-9]|-[0-9](?![0-9]?[A-Z][0-9]))"
        ),
        _read_code,
    ),
)
