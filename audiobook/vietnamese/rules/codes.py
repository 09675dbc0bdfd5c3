"""Codes of letters and digits: roads, plates, models, decrees."""

from __future__ import annotations

import re

from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import SAID, WORDS
from audiobook.vietnamese.rules.ambiguity import guess_code
from audiobook.vietnamese.rules.numbers import NUMBER, cardinal, digits, say_number
from audiobook.vietnamese.rules.rule import (
    Accent,
    Rule,
    ends_before,
    text_after,
    text_before,
    word_before,
)
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import load_pairs

# Words within codes that are said as words: COVID-19.
_WORDS = load_pairs("code_words.tsv")
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
# The symbols of elements that formulas of schools and news are made of.
_ELEMENT = (
    r"(?:A[lgru]|B[aerik]?|C[aldouer]?|F[e]?|H[eg]?|I|K|L[i]|M[gno]|N[aie]?|O|P[bt]?|S[ien]?|T[i]"
    r"|U|Zn)"
)
_MOLECULE = rf"(?:{_ELEMENT}[0-9]{{0,2}}|\((?:{_ELEMENT}[0-9]?){{1,4}}\)[0-9]{{0,2}}){{2,12}}"
# How words of codes go on that do not start with two capitals: Covid-19, NaCl, Mg(OH)2, Ca²⁺.
WORD_GOES_ON = r"[a-z]{1,20}-[0-9]|[a-z](?:[0-9]{0,2}[A-Z(]|[0-9²³]?[+⁺⁻])"
_FORMULA_PARTS = re.compile(r"[A-Z][a-z]?|[0-9]+|[²³⁺⁻+]")
_SUPERSCRIPTS = {"²": "hai", "³": "ba", "⁺": "cộng", "+": "cộng", "⁻": "trừ"}
_FOREIGN_NAME_BEFORE = re.compile(r"(?<!\S)(?P<name>[A-Z][\w.-]*)\s\Z")
_STANDARD_BEFORE = re.compile(r"(?<!\w)[A-Z]{2,7}(?:/[A-Z]{2,7})?\s\Z")
# Within the numbers of decrees the others are spelled.
_COUNCILS = ("UBND", "HĐND", "TW", "TƯ")
_LONGEST_NUMBER = 3
_LONGEST_SPELLED = 2


def _say_part(part: str, accent: Accent) -> str:
    if part.isdecimal():
        long = len(part) > _LONGEST_NUMBER and not part.endswith("00")
        in_digits = long or (part[0] == "0" and len(part) > 1)
        return digits(part, accent) if in_digits else cardinal(int(part), accent)
    if len(part) > _LONGEST_SPELLED and part in SAID:
        return SAID[part]
    if part in WORDS:
        return part
    return _WORDS.get(part.upper()) or spell(part)


_SIGN_BEFORE = re.compile(r"[-+−–=<>≤≥×(^]\s?\Z")
_GENERATION = re.compile("[1-6]G")
_VARIABLE = re.compile(r"[0-9]{1,3}x")


def _read(match: re.Match[str], accent: Accent) -> str | None:
    if _VARIABLE.fullmatch(match[0]) and ends_before(match, _SIGN_BEFORE, 2):
        return None  # 3x² − 6x
    code, *more = match[0].split("/")
    said = " ".join(_say_part(part, accent) for part in _PARTS.findall(code))
    between = ", " if "-" in code or _GENERATION.fullmatch(code) else " trên "
    for number in more:
        said += between + " ".join(_say_part(part, accent) for part in _PARTS.findall(number))
    # "đường ĐT741"
    return guess_code(match, said.removeprefix("đường ") if word_before(match) == "đường" else said)


def _read_ward(match: re.Match[str], accent: Accent) -> str:
    """Read P12, Q3 and Q7, TP.HCM: the ward and the district of an address."""
    district = f"quận {cardinal(int(match['district']), accent)}"
    if not match["ward"]:
        return district
    return f"phường {cardinal(int(match['ward']), accent)}, {district}"


_ESTATE = re.compile(
    r"(?<!\w)(?:bán|cho thuê|căn hộ|nhà|đất|đường|phường|mặt tiền|hẻm|chung cư|quận|địa chỉ|PN|WC"
    r"|sổ|cư xá|kho|quán|chi nhánh|cửa hàng|shop|trọ|m2|m²|TP\.? ?HCM|HCM|SG|Sài Gòn)(?!\w)",
    re.IGNORECASE,
)
_CAR = re.compile(r"(?<!\w)(?:Audi|xe|SUV|loa|quý|Infiniti|tai nghe|QLED)(?!\w)", re.IGNORECASE)
_ADDRESS_REACH = 60


def _read_district(match: re.Match[str], accent: Accent) -> str | None:
    """Read Q9 where homes and addresses are spoken of: not Audi's, nor a quarter."""
    before, after = text_before(match, _ADDRESS_REACH), text_after(match, _ADDRESS_REACH)
    if not _ESTATE.search(f"{before} {after}") or _CAR.search(before):
        return None
    named = "" if word_before(match) == "quận" else "quận "
    return f"{named}{cardinal(int(match['district']), accent)}"


def _read_decree(match: re.Match[str], accent: Accent) -> str:
    numbers = [_say_number_of_law(number, accent) for number in match["numbers"].split("/")]
    issuers = (_say_issuer(issuer, accent) for issuer in match["issuer"].split("/"))
    return " trên ".join((*numbers, *issuers))


def _read_party_decree(match: re.Match[str], accent: Accent) -> str:
    """Read 42-NQ/TW, as the Party numbers its papers."""
    number = _say_number_of_law(match["number"], accent)
    return f"{number} {spell(match['kind'])} trên {_say_issuer(match['issuer'], accent)}"


def _say_number_of_law(number: str, accent: Accent) -> str:
    figures = number.rstrip("abcdABCD")
    said = digits(figures, accent) if figures[0] == "0" else cardinal(int(figures), accent)
    letter = number[len(figures) :]
    return f"{said} {spell(letter) if letter.isupper() else letter}".rstrip()


def _say_issuer(written: str, accent: Accent) -> str:
    issuer = _PARTS.findall(written)
    said = (
        SAID[part]
        if part in _COUNCILS
        else spell(part)
        if part.isalpha()
        else _say_part(part, accent)
        for part in issuer
    )
    return " ".join(said)


def _read_standard(match: re.Match[str], accent: Accent) -> str | None:
    """Read ISO 14001:2015 and TCVN 7722-1:2017: a number, its part, its year."""
    if not ends_before(match, _STANDARD_BEFORE, 16):
        return None
    parts = [match["number"], match["part"]]
    said = " ".join(_say_number_of_law(part, accent) for part in parts if part)
    issuer = f" trên {_say_issuer(match['issuer'], accent)}" if match["issuer"] else ""
    return f"{said}, {cardinal(int(match['year']), accent)}{issuer}"


def _read_formula(match: re.Match[str], accent: Accent) -> str | None:
    """Read NaCl, 2H2O, SO4²⁻: by letters and numbers, as chemists do."""
    said = [
        spell(part) if part.isalpha() else _SUPERSCRIPTS.get(part) or cardinal(int(part), accent)
        for part in _FORMULA_PARTS.findall(match[0])
    ]
    return " ".join(said)


def _read_model(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 737-800 of Boeing: neither a range nor a score."""
    name = ends_before(match, _FOREIGN_NAME_BEFORE, 24)
    years = match["one"][:2] in ("19", "20") and len(match["one"]) == len(match["other"]) == 4
    if name is None or is_vietnamese(name["name"]) or years:
        return None
    return f"{_say_part(match['one'], accent)} {_say_part(match['other'], accent)}"


def _read_age_group(match: re.Match[str], accent: Accent) -> str:
    return f"u {cardinal(int(match['age']), accent)}"


def _read_version(match: re.Match[str], accent: Accent) -> str:
    """Read 3.x: any of the versions that begin with 3."""
    numbers = [cardinal(int(part), accent) for part in match[0].split(".")[:-1]]
    return " chấm ".join((*numbers, spell("x")))


def _read_plate(match: re.Match[str], accent: Accent) -> str:
    where = cardinal(int(match["where"]), accent)
    series = " ".join(_say_part(part, accent) for part in _PARTS.findall(match["series"]))
    number = " ".join(
        digits(part, accent) if part.isdecimal() else " ".join([spell("x")] * len(part))
        for part in re.findall("[0-9]+|[xX]+", match["number"])
    )
    return f"{where} {series} {number}"


def _read_loose_plate(match: re.Match[str], accent: Accent) -> str | None:
    """Read "BKS 30L- 3354" and "xe 97H-22xx": a word before says what it is."""
    return _read_plate(match, accent) if ends_before(match, _PLATE_BEFORE, 40) else None


def _read_road(match: re.Match[str], accent: Accent) -> str:
    named = _WORDS[match["kind"]]
    number = " ".join(_say_part(part, accent) for part in _PARTS.findall(match["number"]))
    return number if word_before(match) == named.split()[0] else f"{named} {number}"


def _read_size(match: re.Match[str], accent: Accent) -> str:
    """Read 2.0T and 0,05S: an engine, a fuel."""
    return f"{say_number(match['number'], accent)} {spell(match['kind'])}"


def _read_long_code(match: re.Match[str], accent: Accent) -> str:
    return " ".join(
        digits(part, accent) if part.isdecimal() else spell(part)
        for part in _PARTS.findall(match[0])
    )


def _read_strain(match: re.Match[str], accent: Accent) -> str:
    numbers = (
        digits(number, accent) if len(number) >= _LONGEST_NUMBER else cardinal(int(number), accent)
        for number in match["numbers"].split(".")[1:]
    )
    return " chấm ".join((spell(match["kind"]), *numbers))


def _read_fronts(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 2MT of a house on a corner: it fronts on two streets."""
    around = f"{text_before(match, _ADDRESS_REACH)} {text_after(match, _ADDRESS_REACH)}"
    return f"{cardinal(int(match['count']), accent)} mặt tiền" if _ESTATE.search(around) else None


def _read_flu(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read the A of cúm A/H5N1."""
    return f"{spell(match['kind'])} "


def _read_aperture(match: re.Match[str], accent: Accent) -> str:
    return f"{spell('f')} {say_number(match['number'], accent)}"


def _read_hyphen(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Say nothing between a foreign name and its number: Covid-19, Apollo-11."""
    name = match[0][:-1]
    return None if is_vietnamese(name) else f"{name} "


def _read_flight(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    if not ends_before(match, _VEHICLE_BEFORE, 16):
        return None
    return f"{spell(match['line'])} {digits(match['number'])}"


_VEHICLE_BEFORE = re.compile(r"\b(?:chuyến|bay|hiệu|tàu|máy bay)\s\Z", re.IGNORECASE)
_PLATE_BEFORE = re.compile(
    r"\b(?:BKS|BSK|biển|biển số|biển kiểm soát|xe|mô tô|ô tô|ôtô|mang)\b[^0-9.;]{0,24}[ :.-]\s?\Z",
    re.IGNORECASE,
)
_SERIES = r"(?P<where>[1-9][0-9])-?(?P<series>LĐ|KT|DA|NG|NN|QT|MĐ|TĐ|HC|CD|MK|LB|[A-ZĐ][A-Z0-9]?)"
# Before ranges are looked for.
MODELS = (
    Rule(
        "number plate",
        re.compile(
            rf"(?<!\w){_SERIES}(?:\s?[-–.]\s?|\s)"
            r"(?P<number>[0-9]{3}\.?[0-9]{2}|[0-9]{4}|(?=[0-9.]{0,4}[xX])[0-9xX]{2,3}\.?[0-9xX]{2})(?!\w)"
        ),
        _read_loose_plate,
    ),
    Rule(
        "model",
        re.compile(r"(?<![\w.,-])(?P<one>[0-9]{3,4})-(?P<other>[0-9]{1,4})(?![\w]|[.,/-][0-9])"),
        _read_model,
    ),
)
_NO_MODEL = frozenset("VND VNĐ USD EUR GBP JPY CNY MHZ GHZ KHZ MAH DPI RPM PPM MPA KPA".split())


def _read_numbered_code(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return f"{digits(match['digits'])} {spell(match['letter'])}"


def _read_tailed_model(match: re.Match[str], accent: Accent) -> str | None:
    """Read 580VNX: the number, and letters that are no unit."""
    tail = match["letters"]
    if tail in _NO_MODEL or tail in WORDS:
        return None
    return f"{cardinal(int(match['number']), accent)} {spell(tail)}"


RULES = (
    Rule(
        "code",
        re.compile(r"(?<![\w.,-])(?P<digits>[0-9]{6,10})(?P<letter>[A-Z])(?!\w)"),
        _read_numbered_code,
    ),
    Rule(
        "model",
        re.compile(r"(?<![\w.,-])(?P<number>[1-9][0-9]{1,3})(?P<letters>[A-Z]{3,4})(?!\w)"),
        _read_tailed_model,
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
    Rule(
        "number plate",
        re.compile(
            rf"(?<!\w){_SERIES}(?:[- ]|\s[-–]\s|(?=[0-9]{{3}}\.))"
            r"(?P<number>[0-9]{3}\.?[0-9]{2}|[0-9]{4})(?!\w)"
        ),
        _read_plate,
    ),
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
    Rule("fronts", re.compile(r"(?<!\w)(?P<count>[1-5])\s?MT(?!\w)"), _read_fronts),
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
        "ward and district",
        re.compile(
            r"(?<!\w)[PF]\.?\s?(?P<ward>[0-9]{1,2})\s?[, -]\s?Q\.?(?P<district>[0-9]{1,2})(?![\w/])"
        ),
        _read_ward,
    ),
    Rule(
        "ward and district",
        re.compile(
            r"(?<!\w)(?P<ward>)Q(?P<district>[0-9]{1,2})(?=,?\s(?:TP|HCM|Sài Gòn|thành phố))"
        ),
        _read_ward,
    ),
    Rule(
        "ward and district",
        re.compile(r"(?<!\w)(?P<ward>)Q(?P<district>[1-9]|1[0-2])(?![\w/]|[.,-][0-9])"),
        _read_district,
    ),
    Rule(
        "version",
        re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}\.x(?!\w)"),
        _read_version,
    ),
    Rule("named number", re.compile(r"(?<!\w)[A-Z][a-z]{1,20}-(?=[0-9])"), _read_hyphen),
    Rule(
        "code",
        re.compile(
            r"(?<!\w)(?<!(?<!\w)-)(?![0-9]{1,4}X[0-9]{1,4}\s?[cm]?m(?!\w))(?:[A-Z]{2,4}-[A-Z]{1,3}[0-9]{2,5}[A-Z]{0,2}"
            r"|[A-ZĐ]{1,6}-?[0-9]++(?:-?[A-Z]{1,3}[0-9]{0,5}|-[0-9]{1,5}){0,3}"
            # Not from one class to another: 10A1-10A5.
            r"|[0-9]{1,4}[A-ZĐ]{1,2}[0-9]{0,6}(?:-(?![0-9]{1,2}[A-Z][0-9])[A-Z0-9]{1,5}){0,2}"
            r"|[0-9]{1,4}(?:[pi]|x(?!\s?[-+−=<>≤≥×:0-9])))(?:(?<=[0-9])[a-z])?"
            # T-54/55, lô A4/12
            r"(?P<more>(?:/[0-9]{1,4}[A-Z]?){1,2}+)?"
            r"(?![\w]|[.,/][0-9]|-[0-9](?![0-9]?[A-Z][0-9]))"
        ),
        _read,
    ),
)
