"""Advertisements of homes, and addresses: P12, Q3, 2MT, 3PN2WC."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.rules.code_parts import WORDS_OF_CODES
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, text_after, text_before, word_before


def _read_ward(match: re.Match[str], accent: Accent) -> str:
    """Read the ward and the district of an address: "P12, Q3" and "Q7, TP.HCM"."""
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
    """Read Q9 as a district in a text about homes and addresses, not as a car or a quarter."""
    words_before, words_after = (
        text_before(match, _ADDRESS_REACH),
        text_after(match, _ADDRESS_REACH),
    )
    if not _ESTATE.search(f"{words_before} {words_after}") or _CAR.search(words_before):
        return None
    district_word = "" if word_before(match) == "quận" else "quận "
    return f"{district_word}{cardinal(int(match['district']), accent)}"


def _read_street_fronts(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 2MT of a house on a corner, which faces two streets."""
    around = f"{text_before(match, _ADDRESS_REACH)} {text_after(match, _ADDRESS_REACH)}"
    return f"{cardinal(int(match['count']), accent)} mặt tiền" if _ESTATE.search(around) else None


def _read_rooms(match: re.Match[str], accent: Accent) -> str:
    """Read the 3PN2WC of a flat: three bedrooms and two bathrooms."""
    bedrooms = f"{cardinal(int(match['bedrooms']), accent)} {WORDS_OF_CODES['PN']}"
    return f"{bedrooms} {cardinal(int(match['bathrooms']), accent)} {WORDS_OF_CODES['WC']}"


RULES = (
    Rule(
        "rooms",
        re.compile(
            r"(?<![\w.,-])(?P<bedrooms>[1-9])(?:PN|pn)[ ,+&-]{0,2}"
            r"(?P<bathrooms>[1-9])(?:WC|wc)(?!\w)"
        ),
        _read_rooms,
    ),
    Rule("fronts", re.compile(r"(?<!\w)(?P<count>[1-5])\s?MT(?!\w)"), _read_street_fronts),
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
)
