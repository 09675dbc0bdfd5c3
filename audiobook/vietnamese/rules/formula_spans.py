"""Where the formulas of a text stand, such as y = x^2 - 4x or f'(x), and what is one."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import any_of, load_pairs

FUNCTIONS = {
    "sin": "sin", "cos": "cốt", "tan": "tang", "tg": "tang", "cot": "cô tang",
    "cotg": "cô tang", "cotan": "cô tang", "log": "lóc", "lg": "lóc", "ln": "lốc nê pe",
    "lim": "lim", "max": "mác", "min": "min", "arcsin": "ác sin", "arccos": "ác cốt",
    "arctan": "ác tang", "sqrt": "căn", "exp": "e mũ",
}  # fmt: skip
GREEK = "\u0370-\u03ff∆"
GREEK_NAMES = {
    sign: name for sign, name in load_pairs("symbols.tsv").items() if re.match(f"[{GREEK}]", sign)
}
_FUNCTION = any_of(FUNCTIONS)
# I0cos, UIcosφ, sinx: a function with the letters that are glued to it.
GLUED_FUNCTION = re.compile(
    rf"(?P<before>[A-Za-z{GREEK}]{{0,3}}?)(?P<function>{_FUNCTION})(?P<argument>[a-zA-Z{GREEK}]{{0,2}})"
)
_LONGEST_PRODUCT = 3
_LONGEST_FIGURE = 4
AMOUNT = (
    r"(?<![^\W_])(?!V[A-Z]{1,5}\s?:)[nmV](?=[A-Z(])(?:[A-Z][a-z]?[0-9]{0,2}|\((?:[A-Z][a-z]?[0-9]{0,2}){1,3}\)[0-9]?){1,6}"
    r"(?![^\W_])(?=\s?[=:+<>])"
)
LETTERS = r"[^\W0-9_ºª¹²³⁰⁴-⁹¼½¾]"
PRIMES = r"(?:['’′]{1,3}(?![a-zà-ỹ0-9]))?"
_PIECE = re.compile(
    rf"(?P<amount>{AMOUNT})|(?P<number>[0-9]++(?:[.,][0-9]++)*+)"
    rf"|(?P<word>(?:∆|{LETTERS})++)(?P<prime>{PRIMES})|(?P<relation>[=<>≤≥≠≈∈⇒⇔])"
    r"|(?P<operator>[-+−–×·*^√±.]|(?<!/)/(?!/))|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<index>_|[₀-₉²³¹⁰⁴-⁹⁻⁺])|(?P<space>[ \u00a0])|(?P<other>.)",
    re.DOTALL,
)
_STRONG = frozenset("^√")
_FACTOR = re.compile(rf" ?[\w({GREEK}√]")
_INDEXED_AFTER = re.compile(r" [A-Z][0-9](?!\w)")
_FACTOR_OF_NUMBER = re.compile(rf"[a-zA-Z({GREEK}]")

_SIGN = re.compile(r"[=<>≤≥≠≈∈⇒⇔^√]|π/|[a-zA-Z]['’′(]|[xyzmn][-−+][0-9]")


class _Run:
    """The pieces of what may be one formula, until a word of prose ends it."""

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.has_letter = self.is_formula = False
        self.last = ""
        """Kind of the last piece other than a space."""
        self.spaced = False
        self.in_bracket = 0


def is_letters(word: str) -> bool:
    """Whether a run of letters can stand in a formula: x, AB, mgh, ωt, I, cosφ or Wmax."""
    if word in FUNCTIONS:
        return True
    if word in _UNITS:
        return False
    if all(letter in GREEK_NAMES or letter.isascii() for letter in word):
        if len(word) == 1 or (word.isupper() and len(word) <= _LONGEST_FIGURE):
            return True
        if len(word) <= _LONGEST_PRODUCT and (
            any(letter in GREEK_NAMES for letter in word) or not is_vietnamese(word.lower())
        ):
            return True
        return bool(GLUED_FUNCTION.fullmatch(word) or _MAXIMUM.fullmatch(word))
    return False


# Units that begin no product of letters: 2(rad), 5kg.
_UNITS = frozenset("rad mol kg cm mm km dm ml mg kW kWh Hz kHz MHz kJ kN kV mA mV".split())
_MAXIMUM = re.compile(rf"[A-Za-z{GREEK}](?:max|min)")


@lru_cache(64)
def find_formulas(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the formulas of a text start and end."""
    spans: list[tuple[int, int]] = []
    if not _SIGN.search(text):
        return ()
    run: _Run | None = None
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup or "other"
        if kind == "prime":
            kind = "word"
        if kind == "word" and run and _is_times(piece, run):
            kind = "operator"
        if kind == "space":
            if run:
                run.spaced = True
            continue
        if run and not _goes_on(run, piece, kind):
            _close(text, run, spans)
            run = None
        if run is None:
            if kind in ("other", "close", "index", "relation") or not _may_start(piece, kind):
                continue
            run = _Run(piece.start())
        _add(run, piece, kind)
    if run:
        _close(text, run, spans)
    return tuple(spans)


def _is_times(piece: re.Match[str], run: _Run) -> bool:
    """Whether an x between two factors, as in C x K, multiplies."""
    between = run.spaced and run.last in ("term", "number", "close")
    return between and piece["word"] in ("x", "X") and starts_factor(piece.string, piece.end())


def starts_factor(text: str, end: int) -> bool:
    """Whether a factor stands behind the x that ends at a place: a capital, a number, a bracket."""
    return re.match(r" [A-Z0-9(](?![a-zà-ỹ])", text[end : end + 3]) is not None


def _may_start(piece: re.Match[str], kind: str) -> bool:
    if kind == "word":
        return is_letters(piece["word"])
    if kind == "operator":
        return piece[0] in "√-−–" and piece.string[piece.end() : piece.end() + 1] != " "
    return True


def _goes_on(run: _Run, piece: re.Match[str], kind: str) -> bool:
    """Whether a piece continues a formula."""
    if kind == "other" or (kind == "word" and not is_letters(piece["word"])):
        return False
    follows_term = run.last in ("term", "number", "close")
    if run.spaced and follows_term and kind in ("word", "number", "amount", "open"):
        return piece["word"] in FUNCTIONS and piece["word"].islower()
    if kind == "index":
        return not run.spaced
    if kind == "close":
        return run.in_bracket > 0
    if kind == "operator" and piece[0] == ".":
        next_signs = piece.string[piece.end() : piece.end() + 2]
        even = run.spaced == next_signs.startswith(" ") or _INDEXED_AFTER.match(
            piece.string, piece.end()
        )
        factor = _FACTOR if run.last != "number" or run.is_formula else _FACTOR_OF_NUMBER
        follows = factor.match(next_signs)
        if run.last == "number" and next_signs[:1].isdigit():
            return False
        return bool(even and follows) and run.last in ("term", "close", "number")
    return True


def _add(run: _Run, piece: re.Match[str], kind: str) -> None:
    if kind in ("word", "amount"):
        run.has_letter = True
        run.last = "function" if piece["word"] in FUNCTIONS else "term"
        run.end = piece.end()
    elif kind == "relation":
        run.is_formula |= run.last != ""
        run.last = kind
    elif kind == "operator":
        if piece[0] in _STRONG:
            run.is_formula = True
        run.last = kind
    elif kind == "open":
        run.in_bracket += 1
        run.last = kind
    elif kind == "close":
        run.in_bracket -= 1
        run.last, run.end = kind, piece.end()
    elif kind == "index":
        run.end = piece.end()
    else:
        run.last, run.end = "number", piece.end()
    run.spaced = False


# f(x), f'(1), π/25
_CALL = re.compile(
    r"π/[0-9]|(?<!\w)[xyzmn][-−+][0-9]{1,2}(?![\w])|(?<!\w)[a-zA-Z](?:['’′]{1,3}\(|\([a-z]\))"
)


def _close(text: str, run: _Run, spans: list[tuple[int, int]]) -> None:
    is_formula = run.is_formula or _CALL.search(text, run.start, run.end)
    if is_formula and run.has_letter and run.end > run.start:
        spans.append((run.start, run.end))


def is_in_formula(text: str, start: int) -> bool:
    """Whether a place of a text lies in one of its formulas."""
    formulas = find_formulas(text)
    place = bisect_right(formulas, (start, len(text) + 1)) - 1
    return place >= 0 and start < formulas[place][1]
