"""Reading text in encodings older than Unicode that was decoded as Latin-1 or Windows-1252."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import compose
from audiobook.vietnamese.table import load_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The characters that Windows-1252 has where Latin-1 has controls, and the reverse.
WINDOWS = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "ignore"))
}
FROM_WINDOWS = {ord(character): byte for byte, character in WINDOWS.items()}


@cache
def legacy_readers() -> Mapping[str, Callable[[str], str]]:
    """Return, for each old encoding, the function that reads text decoded as Latin-1."""
    rows = load_table("encodings.tsv")
    tcvn, viscii, vps, vni = (
        {bytes.fromhex(row[column]).decode("latin-1"): row[0] for row in rows}
        for column in (1, 2, 3, 4)
    )
    tcvn3 = {byte: letter for byte, letter in tcvn.items() if byte > "\xa0"}
    return {
        "TCVN3": partial(_read_tcvn3, table=_character_map(tcvn3)),
        "VNI": partial(_read_pairs, table=_with_mixed_case(vni)),
        "Windows-1258": _read_cp1258,
        "VISCII": partial(_read_bytes, table=_character_map(viscii)),
        "VPS": partial(_read_bytes, table=_character_map(vps)),
        "TCVN 5712": partial(_read_bytes, table=_character_map(tcvn)),
    }


def _character_map(table: Mapping[str, str]) -> dict[int, str]:
    return {**WINDOWS, **{ord(byte): letter for byte, letter in table.items()}}


def _read_bytes(text: str, table: dict[int, str]) -> str:
    return text.translate(FROM_WINDOWS).translate(table)


_PLAIN_SMALL = re.compile("[a-zăâêôơưđ]")
_NOT_PLAIN_SMALL = re.compile(rf"(?<![^\W\d_])[^\W\d_{_PLAIN_SMALL.pattern[1:]}{{2,}}(?![^\W\d_])")
_LATER_CAPITAL = re.compile(r"[^\W\d_][A-ZĂÂÊÔƠƯĐ]")


def _read_tcvn3(text: str, table: dict[int, str]) -> str:
    """Read TCVN3, which has no capitals with tones.

    Such capitals were small letters shown in a font of capitals (.VnTimeH). Among capitals they
    are read as capitals: "CéNG HßA" is CỘNG HÒA.
    """
    return "\n".join(map(_restore_capitals, _read_bytes(text, table).split("\n")))


def _restore_capitals(line: str) -> str:
    if not _PLAIN_SMALL.search(line):
        return _capitalize_mixed(line)
    return _NOT_PLAIN_SMALL.sub(lambda word: _capitalize_mixed(word[0]), line)


def _capitalize_mixed(text: str) -> str:
    return text.upper() if _LATER_CAPITAL.search(text) else text


def _with_mixed_case(table: Mapping[str, str]) -> dict[str, str]:
    """Return a table that also has capitals before a small mark, as many typed: Aån for AÅn."""
    mixed = {key[0] + key[1:].lower(): letter for key, letter in table.items()}
    return {**mixed, **table}


def _read_pairs(text: str, table: dict[str, str]) -> str:
    def letters(pair: re.Match[str]) -> str:
        return table.get(pair[0]) or "".join(table.get(byte, byte) for byte in pair[0])

    return _pair_pattern().sub(letters, text.translate(FROM_WINDOWS)).translate(WINDOWS)


@cache
def _pair_pattern() -> re.Pattern[str]:
    keys = [bytes.fromhex(row[4]).decode("latin-1") for row in load_table("encodings.tsv")]
    bases = "".join({key[0] for key in keys if len(key) == 2})
    marks = "".join({case for key in keys for mark in key[1:] for case in (mark, mark.lower())})
    single = "".join(key for key in keys if len(key) == 1)
    return re.compile(f"[{bases}][{marks}]|[{single}]")


def _read_cp1258(text: str) -> str:
    return compose(text.translate(FROM_WINDOWS).translate(_cp1258_characters()))


@cache
def _cp1258_characters() -> dict[int, str]:
    return {
        byte: character
        for byte in range(0x80, 0x100)
        if (character := bytes([byte]).decode("cp1258", "ignore"))
    }
