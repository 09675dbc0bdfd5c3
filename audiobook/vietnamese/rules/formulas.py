r"""Formulas in TeX in words, for what schoolbooks and textbooks use.

Numbers stay in digits, since other rules read them: ``a^2 = 4`` becomes "a bình phương bằng 4".
"""

from __future__ import annotations

from functools import cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.table import load_pairs

_PIECE = re.compile(r"\\(?:[a-zA-Z]+|.)|[0-9]+(?:[.,][0-9]+)*|\s+|[\w']|.", re.DOTALL)
_POWERS = {"2": "bình phương", "3": "lập phương", "'": "phẩy", r"\circ": "độ", r"\prime": "phẩy"}
_ROOTS = {"": "căn", "2": "căn", "3": "căn bậc ba của"}
# Commands that only set how their argument looks, and those that hold words.
_TRANSPARENT = frozenset(
    r"\mathrm \mathbf \mathit \mathsf \mathcal \mathbb \mathfrak \boldsymbol \bm \displaystyle"
    r" \textstyle \scriptstyle \left \right \big \Big \bigg \Bigg \limits \nolimits \operatorname"
    r" \rm \bf \it \underline \overline \widehat \tilde \dot"
    r" \, \; \: \! \quad \qquad \ & \\".split()
)
_TEXT = frozenset(r"\text \textrm \textbf \textit \mbox \hbox".split())
_NAMED = {r"\vec": "véc tơ", r"\overrightarrow": "véc tơ", r"\bar": "ngang", r"\hat": "mũ"}
_OPERATORS = {
    r"\sum": "tổng",
    r"\prod": "tích",
    r"\int": "tích phân",
    r"\lim": "giới hạn",
    r"\bigcup": "hợp",
    r"\bigcap": "giao",
    "∑": "tổng",
    "∏": "tích",
    "∫": "tích phân",
}
_OPENING = frozenset(["", "(", "[", "{", "=", "<", ">", ",", r"\le", r"\ge", r"\leq", r"\geq"])
_DEEPEST = 30
_LONGEST = 2_000  # characters; nobody can follow a longer formula by ear
_SPACES = re.compile(r"\s+")
_BEFORE_STOP = re.compile(r" (?=[,;.)\]!|])|(?<=[(\[]) ")


def say_tex(tex: str) -> str:
    r"""Return a formula in words, or an empty string where it is too long or too deeply nested.

    >>> say_tex(r"\frac{a}{b}"), say_tex("x^2"), say_tex(r"\sqrt{3}"), say_tex("a_1 + b^{n}")
    ('a trên b', 'x bình phương', 'căn 3', 'a 1 cộng b mũ n')
    """
    if len(tex) > _LONGEST:
        return ""
    try:
        spoken = _Formula(tex).read()
    except _TooDeepError:
        return ""
    return _BEFORE_STOP.sub("", _SPACES.sub(" ", spoken)).strip()


class _TooDeepError(Exception):
    """A formula is nested too deeply to be followed by ear."""


class _Formula:
    """Reads one formula, piece by piece, from left to right."""

    def __init__(self, tex: str) -> None:
        self._pieces = _PIECE.findall(tex)
        self._place = 0
        self._depth = 0

    def read(self) -> str:
        words: list[str] = []
        while self._place < len(self._pieces):
            words.append(self._read_sequence(""))
            self._place += 1  # a bracket that nothing opened
        return " ".join(words)

    def _read_sequence(self, closing: str) -> str:
        """Read up to a closing piece, which is not consumed."""
        self._descend()
        words: list[str] = []
        previous_piece = ""
        while (piece := self._peek()) and piece != closing and piece != "}":
            if piece.isspace():
                self._place += 1
                continue
            words.append(self._read_atom(previous_piece))
            previous_piece = piece
        self._depth -= 1
        return " ".join(filter(None, words))

    def _peek(self) -> str:
        return self._pieces[self._place] if self._place < len(self._pieces) else ""

    def _next(self) -> str:
        piece = self._peek()
        self._place += 1
        return piece

    def _read_argument(self) -> str:
        """Read a group in braces, or one piece."""
        while self._peek().isspace():
            self._place += 1
        if self._peek() in ("", "}"):
            return ""
        self._descend()
        words = self._read_atom("(")
        self._depth -= 1
        return words

    def _descend(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooDeepError

    def _read_group(self) -> str:
        self._place += 1
        spoken = self._read_sequence("}")
        self._place += 1
        return spoken

    def _raw_group(self) -> str:
        """Return the pieces of a group in braces as they stand."""
        if self._peek() != "{":
            return self._next()
        depth, start = 0, self._place + 1
        while piece := self._next():
            depth += (piece == "{") - (piece == "}")
            if not depth:
                break
        return "".join(self._pieces[start : self._place - 1])

    def _read_script(self) -> str:
        mark = self._next()
        start = self._place
        spoken = self._read_argument()
        raw = "".join(self._pieces[start : self._place]).strip("{} ")
        if mark == "_":
            return spoken
        return _POWERS.get(raw) or f"mũ {spoken}"

    def _read_atom(self, previous_piece: str) -> str:
        piece = self._peek()
        if piece == "{":
            return self._read_group()
        if piece in ("^", "_"):
            return self._read_script()
        self._place += 1
        if piece in _OPERATORS:
            return self._read_operator(_OPERATORS[piece])
        if piece in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"):
            return f"{self._read_argument()} trên {self._read_argument()}"
        if piece in (r"\binom", r"\dbinom"):
            set_size = self._read_argument()
            return f"tổ hợp chập {self._read_argument()} của {set_size}"
        if piece == r"\sqrt":
            return self._read_root()
        if piece in _TEXT:
            return self._raw_group()
        if piece in (r"\begin", r"\end"):
            self._raw_group()
            return ""
        if piece in _NAMED:
            name = _NAMED[piece]
            argument = self._read_argument()
            return f"{name} {argument}" if name == "véc tơ" else f"{argument} {name}"
        if piece in ("-", "−", "–"):
            return "trừ" if previous_piece not in _OPENING else "âm"
        if piece in _TRANSPARENT or piece in "$~":
            return ""
        return self._say_sign(piece)

    def _say_sign(self, piece: str) -> str:
        spoken = _signs().get(piece)
        if spoken is not None:
            return spoken
        if piece.startswith("\\"):
            return piece[1:] if piece[1:].isalpha() else ""
        return piece

    def _read_root(self) -> str:
        degree = ""
        if self._peek() == "[":
            self._place += 1
            degree = self._read_sequence("]")
            self._place += 1
        return f"{_ROOTS.get(degree) or f'căn bậc {degree} của'} {self._read_argument()}"

    def _read_operator(self, name: str) -> str:
        """Read a sum, a product, an integral or a limit with its bounds."""
        bounds = ""
        for _ in range(2):
            while self._peek().isspace() or self._peek() in (r"\limits", r"\nolimits"):
                self._place += 1
            if self._peek() == "_":
                self._place += 1
                bounds += f" {'khi' if name == 'giới hạn' else 'từ'} {self._read_argument()}"
            elif self._peek() == "^":
                self._place += 1
                bounds += f" đến {self._read_argument()}"
        return f"{name}{bounds} của" if bounds else f"{name} của"


@cache
def _signs() -> dict[str, str]:
    return {sign: "" if spoken == "-" else spoken for sign, spoken in load_pairs("tex.tsv").items()}
