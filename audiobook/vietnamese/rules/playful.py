"""Words drawn out (đẹpppp) and spelled for fun (khók, fải), letters for em and anh, consonants."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.letters import spell
from audiobook.vietnamese.rules.acronyms import EXPANSIONS
from audiobook.vietnamese.rules.chat_signs import is_vietnamese_text
from audiobook.vietnamese.rules.chat_words import SENSES
from audiobook.vietnamese.rules.rule import Accent, Rule, search_before
from audiobook.vietnamese.syllables import bare, is_vietnamese

_MARKED = "[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]"
_FUN_END = rf"(?:{_MARKED}(?:n?k|g)|[òóỏõọôồốổỗộơờớởỡợ]y)(?!\w)"
_FUN_START = rf"(?:[fjwFJWZ]|d?z)[^\W\d_]?{_MARKED}"
_DRAWN_OUT = r"(?P<run>[^\W\d_])(?P=run)(?:(?P=run)|(?!\w))"
# Only the first letters of a longer word are looked at.
_DRAWN_OUT_WORD = rf"(?<![\w/])(?=[^\W\d_]{{0,8}}?{_DRAWN_OUT})"
_DRAWN_OUT_ANYWHERE = re.compile(_DRAWN_OUT)
_FUN_WORD = rf"(?<!\w)(?=(?:[^\W\d_]{{0,6}}?{_FUN_END}|{_FUN_START}))"
# The same words, found by a letter that is rare in prose, so that the search is cheap.
_TWICE = re.compile(r"(.)\1")
_FUN = re.compile(
    rf"[gk](?!\w)(?:(?<={_MARKED}.)|(?<=nk))|y(?!\w)(?<=[òóỏõọôồốổỗộơờớởỡợ].)"
    rf"|[fjwzFJWZ](?:(?<!\w.)|(?<=dz))(?=[^\W\d_]?{_MARKED})"
)
_REPEATED = re.compile(r"([^\W\d_])\1+")
_NUMERAL = frozenset("ivxlcdmIVXLCDM")
# How playful spellings end and begin, and the correct spelling of each.
_REPAIRS = tuple(
    (re.compile(wrong), right)
    for wrong, right in (
        ("nk$", "ng"),
        ("g$", "ng"),
        ("(?<=[iíìỉĩịêếềểễệ])k$", "ch"),
        ("k$", "c"),
        ("y$", "i"),
        ("^f", "ph"),
        ("^d?z(?!i)", "d"),
        ("^j", "gi"),
        ("^w", "qu"),
        ("^F", "Ph"),
        ("^Z(?!i)", "D"),
        ("^J", "Gi"),
        ("^W", "Qu"),
    )
)


def _read_drawn_out(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read đẹpppp, thếeee and kooo as the words without the repeated letters."""
    written = match[0]
    marked = is_vietnamese_text(written.lower())
    if len(written) > 2 and set(written.lower()) == {"k"}:
        return "ha ha"  # laughter
    if (written.isupper() and not marked) or _NUMERAL.issuperset(written):
        return None
    if is_vietnamese(written) or not (marked or match["run"] * 3 in written):
        return None
    short = _REPEATED.sub(r"\1", written)
    if len(short) > 1 and not is_vietnamese(short) and bare(short[-2]) == bare(short[-1]):
        short = short[:-1]
    if is_vietnamese(short):
        playful = SENSES.get(short.lower()) if len(short) > 1 else None
        sense = playful[-1] if playful else None
        return sense.spoken if sense and sense.always and not sense.near else short
    senses = SENSES.get(short.lower()) if len(short) > 1 else None
    return senses[-1].spoken if senses else None


# The letters e and a where they can only stand for em and anh: "của a", "các e", "A ơi",
# "E chủ tiệm".
_PRONOUN = (
    r"(?:(?<=của )|(?<=Của )|(?<=với )|(?<=các )|(?<=cho )|(?<=yêu )|(?<=mấy )|(?<=nghĩ đến )"
    r"|(?<=thương )|(?<=nhớ )|(?<=bạn gái )|(?<=bạn trai )|(?<=[Cc]húc )|(?<=giúp )|(?<=vợ chồng ))"
    r"[ae](?=[\s.,!?…]|\Z)"
    r"|(?<!\w)[AEae](?= (?:ơi|ưi|ui|ấy|gái|trai|zai|ạ)(?!\w))"
    r"|(?:\A|(?<=[.!?] ))E"
    r"(?= (?!rằng|ngại|dè|sợ|chừng|lệ|ấp|thẹn|là|ê|hèm|thay|chăng|tình|phải|khi|cũng|nỗi|đến)"
    r"[a-zà-ỹđ]{2,7} [a-zà-ỹđ])"
)
_OF_LETTERS = re.compile(
    r"[=0-9+]|(?<!\w)(?:giá trị|số|cạnh|đoạn|hệ|biến|vectơ|hàm|điểm|góc|đường|chữ|âm|vần|nốt"
    r"|k[ýí] tự|[b-dx-z])(?!\w)"
)


def _read_pronoun(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read the letter e or a as em or anh, unless the line is about letters or formulas."""
    if _OF_LETTERS.search(match.string[max(0, match.start() - 60) : match.end() + 60]):
        return None
    spoken = "anh" if match[0] in "Aa" else "em"
    return spoken.capitalize() if match[0].isupper() else spoken


def _read_spelled_for_fun(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Read khók, luôg and fải as khóc, luông and phải."""
    written = match[0]
    if is_vietnamese(written) or written.isupper():
        return None
    repaired = (repair.sub(right, written) for repair, right in _REPAIRS)
    return next((word for word in repaired if word != written and is_vietnamese(word)), None)


# --- unknown short forms -------------------------------------------------------------------------

_CONSONANTS = "[bcdđghklmnpqrstvxfjwz]"
_CLUSTER = rf"(?<![\w@#.:/\\&=+*^_'’-]){_CONSONANTS}{{3,6}}(?![\w@/\\&=+*^_'’-]|\.\w)"
_SOUNDS = frozenset(
    "hmm hmmm brr brrr grr grrr shh psst pst pff pfft tsk zzz vrr mrs nth html css php xml sql mkv"
    " jpg png pdf xls zip".split()
)
_NUMBER_BEFORE = re.compile(r"[0-9]\s?\Z")


def _read_consonants(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell a short form that is not in the table, such as vcđ, which nobody can pronounce."""
    form = match[0]
    if form in _SOUNDS or form in EXPANSIONS or f"{form}." in EXPANSIONS:
        return None
    if search_before(match, _NUMBER_BEFORE, 2):
        return None
    return spell(match[0]) if is_vietnamese_text(match.string) else None


# --- words with full stops in them ---------------------------------------------------------------

_DOTTED = r"(?<![\w.])[a-zà-ỹđ](?:\.[a-zà-ỹđ]){1,6}(?![\w.])"
# The first full stop of such a word, found by it so that the search is cheap.
_FIRST_DOT = re.compile(r"\.(?<=[a-zà-ỹđ]\.)(?<![\w.]..)(?=[a-zà-ỹđ](?!\w))")
_SHORTEST_UNMARKED = 3


def _read_dotted(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Join the letters of "c.h.ế.t", which a word is written with to pass a filter."""
    word = match[0].replace(".", "")
    is_long = is_vietnamese_text(word) or len(word) >= _SHORTEST_UNMARKED
    return word if is_long and is_vietnamese(word) else None


def may_be_playful(text: str) -> bool:
    """Whether any word of a text may be drawn out or spelled for fun; quick for prose."""
    if _FUN.search(text) or _FIRST_DOT.search(text):
        return True
    return _TWICE.search(text) is not None and _DRAWN_OUT_ANYWHERE.search(text) is not None


STARTS = (re.compile(rf"{_PRONOUN}|{_DRAWN_OUT_WORD}|{_FUN_WORD}|{_CLUSTER}|{_DOTTED}"),)
RULES = (
    Rule("chat", re.compile(_PRONOUN), _read_pronoun),
    Rule(
        "drawn-out word", re.compile(rf"{_DRAWN_OUT_WORD}[^\W\d_]{{2,80}}(?!\w)"), _read_drawn_out
    ),
    Rule(
        "spelled for fun", re.compile(rf"{_FUN_WORD}[^\W\d_]{{2,8}}(?!\w)"), _read_spelled_for_fun
    ),
    Rule("spelled for fun", re.compile(_DOTTED), _read_dotted),
    Rule("letters", re.compile(_CLUSTER), _read_consonants, is_guess=True),
)
