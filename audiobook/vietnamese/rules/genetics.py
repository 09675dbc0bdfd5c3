"""Genetics: strands and their bases, genotypes, sets of chromosomes, crosses."""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.numbers import cardinal
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before

_ABOUT_GENETICS = re.compile(
    r"(?<!\w)(?:kiểu gen|gen|Lai|Gen|alen|allele|lai|giao tử|kiểu hình|đời con|đồng hợp"
    r"|dị hợp|di truyền|giới tính|tế bào|con (?:đực|cái)|ruồi giấm|bộ NST|quần thể"
    r"|nhiễm sắc thể|NST|F1|F2)(?!\w)"
    r"|(?<!\w)(?:AA,? ?AABB|AABB|AaBb|Aabb|aaBb|AAbb|aaBB|Aa,? ?aa)(?!\w)"
)
_ABOUT_STRANDS = re.compile(
    r"(?<!\w)(?:mạch|ADN|DNA|ARN|RNA|mARN|mRNA|đầu|chiều|nuclêôtit|nucleotide|trình tự)(?!\w)"
)


@lru_cache(64)
def _is_about_genetics(text: str) -> bool:
    return _ABOUT_GENETICS.search(text) is not None


@lru_cache(64)
def _is_about_strands(text: str) -> bool:
    return _ABOUT_STRANDS.search(text) is not None


def _read_strand_end(match: re.Match[str], accent: Accent) -> str | None:
    """Read 3' and 5', the ends of a strand."""
    if not _is_about_strands(match.string):
        return None
    return f"{cardinal(int(match['end']), accent)} phẩy"


def _read_bases(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return spell(match[0]) if _is_about_strands(match.string) else None


def _read_genotype(match: re.Match[str], accent: Accent) -> str | None:
    """Read AaBb and aabb: a capital and a small letter are different alleles of a gene."""
    written = match["alleles"]
    paired = all(
        first_allele.lower() == second_allele.lower()
        for first_allele, second_allele in zip(*[iter(written)] * 2, strict=True)
    )
    if not paired or not _is_about_genetics(match.string):
        return None
    alleles = (f"{spell(sign)} {'lớn' if sign.isupper() else 'nhỏ'}" for sign in written)
    count = [cardinal(int(match["count"]), accent)] if match["count"] else []
    return " ".join([*count, *alleles])


def _read_sex_chromosomes(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read XX, XY and XO, where XX is not a Roman numeral."""
    return spell(match[0]) if _is_about_genetics(match.string) else None


def _read_sets(match: re.Match[str], accent: Accent) -> str | None:
    """Read the 2n and 4n of a cell, how many sets of chromosomes it has."""
    if not _is_about_genetics(match.string):
        return None
    return f"{cardinal(int(match['count']), accent)} {spell('n')}"


def _read_counted_molecule(match: re.Match[str], accent: Accent) -> str:
    """Read 18ATP and 12NADPH, molecules of a cell with their number."""
    return f"{cardinal(int(match['count']), accent)} {spell(match['molecule'])}"


def _read_transcript(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read mARN, tARN and rRNA letter by letter."""
    return spell(match[0])


def _read_strand(match: re.Match[str], accent: Accent) -> str:
    """Read 5’UAG3’, a strand between its ends."""
    ends = [f"{cardinal(int(match[end]), accent)} phẩy" for end in ("first", "last")]
    return f"{ends[0]} {spell(match['bases'])} {ends[1]}"


def _read_cross(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    return "lai với" if _is_about_genetics(match.string) else None


def _read_proportion(match: re.Match[str], accent: Accent) -> str | None:
    """Read a ratio of more than two numbers: 9 : 3 : 3 : 1."""
    if not search_before(match, _RATIO_BEFORE, 40):
        return None
    return " ".join(cardinal(int(part), accent) for part in re.findall("[0-9]+", match[0]))


_RATIO_BEFORE = re.compile(
    r"(?<!\w)(?:tỉ lệ|tỷ lệ|tỉ số|tỷ số)(?!\w)[^0-9.;]{0,24}\Z", re.IGNORECASE
)
_GENOTYPE = r"(?:[A-Ea-eRrTtXYDd]{2}){1,4}"


STRANDS = (
    Rule(
        "strand",
        re.compile(r"(?<!\w)(?P<first>[35])['’′](?P<bases>[ATGUX]{3,30})(?P<last>[35])['’′]"),
        _read_strand,
    ),
    Rule(
        "end of a strand",
        re.compile(r"(?<!\w)(?P<end>[35])['’′](?=[-–→\sA-Z),.]|\Z)"),
        _read_strand_end,
    ),
    Rule(
        "proportion",
        re.compile(r"(?<![\w.,:])[0-9]{1,3}(?:\s?:\s?[0-9]{1,3}){2,5}(?![\w:])"),
        _read_proportion,
    ),
    Rule("bases of a strand", re.compile(r"(?<![^\W_])[ATGCU]{3,}(?!\w)(?<!ATU)"), _read_bases),
    Rule("sex chromosomes", re.compile(r"(?<!\w)X[XYO](?!\w)"), _read_sex_chromosomes),
    Rule(
        "genotype",
        re.compile(rf"(?<!\w)(?P<count>[0-9]{{1,2}})?(?P<alleles>{_GENOTYPE})(?!\w)"),
        _read_genotype,
    ),
)
COUNTED_MOLECULE = Rule(
    "molecules of a cell",
    re.compile(r"(?<!\w)(?P<count>[0-9]{1,2})(?P<molecule>ATP|ADP|AMP|NADPH?|NADH)(?!\w)"),
    _read_counted_molecule,
)
SETS = Rule("sets of chromosomes", re.compile(r"(?<![\w.,])(?P<count>[1-9])n(?!\w)"), _read_sets)
TRANSCRIPT = Rule("transcript", re.compile(r"(?<!\w)[mtr](?:ARN|RNA)(?!\w)"), _read_transcript)
CROSS = Rule(
    "cross",
    re.compile(r"[x×X](?=\s(?:[A-Ea-eRrTtDd]{2}){1,4}(?!\w))(?<=[A-Za-z]\s.)"),
    _read_cross,
)
