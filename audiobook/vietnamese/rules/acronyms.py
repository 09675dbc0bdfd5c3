"""Acronyms and abbreviations, read in full, as a word, or letter by letter."""

from __future__ import annotations

from functools import cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.lazy import ListPattern
from audiobook.vietnamese.letters import CAPITALS, spell
from audiobook.vietnamese.rules import abbreviations
from audiobook.vietnamese.rules.abbreviations import mark_in_context
from audiobook.vietnamese.rules.acronym_senses import list_senses
from audiobook.vietnamese.rules.rule import Accent, Guess, Rule, search_before, text_before
from audiobook.vietnamese.syllables import is_misspelt, is_syllable, is_vietnamese
from audiobook.vietnamese.table import any_of, load_table

_ROWS = load_table("acronyms.tsv")
_SENSES = list_senses(_ROWS)
EXPANSIONS = {
    written: sense.spoken
    for written, senses in _SENSES.items()
    for sense in senses
    if sense.always and sense.spoken is not None
}
"""The meaning that each form has where no words beside it give it another one."""
WORDS = {written: spoken for written, kind, spoken, *_ in _ROWS if kind == "word"}
"""Acronyms that are said as a word, with the syllables of that word."""
_ENGLISH = {written for written, kind, *_ in _ROWS if kind == "english"}
_EXPANDED = [written for written in _SENSES if written not in WORDS]
# Longer words of capitals are spelled only if they have no vowel: those cannot be pronounced.
_LONGEST_SPELLED, _LONGEST_WITHOUT_VOWEL = 5, 8
# Shorter words may be an acronym by chance: TAC, HCM.
_SHORTEST_UNMARKED = 4

# How those start that do not start with two capitals, for the scan.
MIXED_CASE = [written for written in _EXPANDED if not re.match("[A-ZĐ][A-ZĐƯ&.]", written)]
_TEXT_ENDS = re.compile(r"[\s\"”’»)\]]*\Z")
_SENTENCE_STARTS = re.compile(r"\s+[\"“‘«(]?([^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
# "Giáo dục và Đào tạo (GD&ĐT)"
_SKIPPED = frozenset(("và", "của", "các", "cho", "về"))
_LONGEST_EXPLANATION = 100  # characters
_VOWELS = frozenset("AEIOUY")
_DOMAINS = {
    "VN": "vê en",
    "COM": "com",
    "NET": "nét",
    "ORG": "o rờ gờ",
    "EDU": "e đu",
    "GOV": "gốp",
}
_REACH = 16
_CAPITALS_BEFORE = re.compile(rf"(?<!\w)([{CAPITALS}]{{2,}})[ ,–-]+\Z")
_CAPITALS_AFTER = re.compile(rf"[ ,–-]+([{CAPITALS}]{{2,}})(?!\w)")
# Acronyms that are said as words: JAXA, BAFTA; not ICAO, AIIB, VEPR.
_SPEAKABLE = re.compile(
    r"[BCDFGHJKLMNPRSTVXZ][AEIOU][BCDFGHJKLMNPRSTVXZ][AEIO]"
    r"|(?=.{5})(?:[BCDFGHJKLMNPRSTVXZ]|[BCFGKPS][LR]|[CKPST]H|S[CKMNPTW]|TR|DR|QU)?[AEIOU]{1,2}"
    r"(?:[BCDFGHJKLMNPRSTVXZ]{1,2}[AEIOU]{1,2}){1,3}[BCDFGHJKLMNPRSTVXZ]{0,2}"
)
_UNSPEAKABLE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZĐ]{4}|\A([BCDFGHJKMNPQRSTVWXZ])\1")
# "bão số 3 (YAGI)", "siêu bão mang tên HAIYAN"
_STORM_BEFORE = re.compile(
    r"(?<!\w)(?:bão|áp thấp nhiệt đới)(?: số [0-9]{1,2})?"
    r"(?:,? (?:có )?(?:tên(?: quốc tế| gọi)?(?: là)?|mang tên|được đặt tên là))?[ (“\"]{1,2}\Z",
    re.IGNORECASE,
)
_SAID_AS_WORD = re.compile(r"[^AEIOUYĐ][AEIOU][^AEIOUYĐ]{1,2}")
# Syllables that end in a stop have a tone mark, so that these are letters: AT, EC.
_TONELESS_STOP = re.compile("[AEIOU][CPT]")
# English words that programs and forms write in capitals.
_CAPITAL_WORDS = frozenset(word for (word,) in load_table("capital_words.tsv"))
# How a word can begin after initials that are glued to it: Post, not Vcab.
_BEGINS = re.compile(r"[A-Z]h?[lr]?[aeiouy]")
# What follows the name of a speaker: "TUAN:", "DUC (cười)".
_SPEAKER = re.compile(r"\s?[:(]")
# A word in capitals next to the match: "VIET NAM", "TIN VUI".
_CAPITALS_BESIDE = re.compile(
    rf"(?<!\w)[{CAPITALS}]{{2,}}[ –-]+\0|\0[ –-]+[{CAPITALS}]{{2,}}(?!\w)"
)


def _read_acronym(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    written = match[0]
    if is_vietnamese(written) and _is_among_capitals(match):
        return None  # SÁU MƯƠI TƯ QUẺ, CA SĨ
    sense = next((sense for sense in _SENSES[written] if sense.fits(match)), None)
    spoken = sense.spoken if sense else None
    if spoken is None:
        return None
    spoken = f"{spoken}." if written.endswith(".") and _ends_sentence(match) else spoken
    return Guess(spoken) if sense and sense.is_weak else spoken


def _read_explained(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell an abbreviation in brackets that follows the words it stands for."""
    letters = [letter for letter in match["form"] if letter.isalpha()]
    text = text_before(match, _LONGEST_EXPLANATION)
    words = [word for word in _WORD.findall(text) if word not in _SKIPPED]
    initials = [word[0].upper() for word in words[-len(letters) :]]
    if initials != letters or match["form"] in WORDS:
        return None
    return spell("".join(letters))


def _read_initial_and_acronym(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    return spell(match[0])


def _read_initials_of(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell initials with the small o of "of", "over" or "on"."""
    form = match[0].removesuffix("s")
    return None if match[0] in WORDS or form in WORDS else spell(form)


def _is_among_capitals(match: re.Match[str]) -> bool:
    """Whether a Vietnamese word in capitals stands beside a match, as in ANH TƯ."""
    text, start, end = match.string, match.start(), match.end()
    capitals_before = _CAPITALS_BEFORE.search(text, max(0, start - _REACH), start)
    capitals_after = _CAPITALS_AFTER.match(text, end, end + _REACH)
    beside = [word[1] for word in (capitals_before, capitals_after) if word]
    return any(is_vietnamese(word) and (word not in _SENSES or word == match[0]) for word in beside)


def _ends_sentence(match: re.Match[str]) -> bool:
    """Whether the full stop of an abbreviation also ends its sentence."""
    if _TEXT_ENDS.match(match.string, match.end()):
        return True
    next_sentence = _SENTENCE_STARTS.match(match.string, match.end())
    return match[0] == "v.v." and next_sentence is not None and next_sentence[1].isupper()


def _read_letters(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell an unknown word of capitals, unless it is a real word or part of a line in capitals."""
    word = match[0]
    speakable = not _VOWELS.isdisjoint(word) and not _UNSPEAKABLE.search(word)
    longest = _LONGEST_SPELLED if speakable else _LONGEST_WITHOUT_VOWEL
    is_word = is_vietnamese(word) and not _TONELESS_STOP.fullmatch(word)
    if len(word) > longest or is_word or WORD.match(match.string, match.start()):
        return None
    is_long = len(word) >= _SHORTEST_UNMARKED and not _VOWELS.isdisjoint(word)
    if is_long and search_before(match, _STORM_BEFORE, 48):
        return word.capitalize()  # bão YAGI
    among_capitals = _CAPITALS_BESIDE.search(mark_in_context(match)) is not None
    if among_capitals and (is_syllable(word) or speakable):
        return None
    if word in _CAPITAL_WORDS or word.lower() in foreign_words() or _SPEAKABLE.fullmatch(word):
        return word.capitalize()  # SELECT, TOKYO, MOXIE
    unmarked = len(word) >= _SHORTEST_UNMARKED or _SPEAKER.match(match.string, match.end())
    if unmarked and is_misspelt(word):
        return None  # TUAN, a name without its marks
    return spell(word)


@cache
def foreign_words() -> frozenset[str]:
    """Return the foreign words that are known, in lower case."""
    return frozenset(written.lower() for written, *_ in load_table("foreign.tsv"))


def _read_glued_initials(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Separate initials from the word that they are glued to: VNPost, ChatGPT, VTVcab."""
    initials, word = match["initials"], match["word"]
    if initials + word[0] in _SENSES and not _BEGINS.match(word):
        initials, word = initials + word[0], word[1:]
    if match[0] in WORDS or match[0].lower() in foreign_words():
        return None
    if len(initials) > 2 and (is_vietnamese(initials) or initials.lower() in foreign_words()):
        return None  # GrowPLUS
    letters = spell(initials, "english" if initials in _ENGLISH else "vietnamese")
    initials_first = match.start("initials") < match.start("word")
    return f"{letters} {word}" if initials_first else f"{word} {letters}"


def _read_with_small_ending(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001
    """Spell capitals that end in a small letter: the s of KOLs is not read, the e of PCIe is."""
    form = match["form"]
    if form in WORDS or is_vietnamese(form) or is_vietnamese(match[0]):
        return None
    if form not in _SENSES and _SAID_AS_WORD.fullmatch(form):
        return None  # WAGs
    if match["tail"] == "s":
        return spell(form, "english" if form in _ENGLISH else "vietnamese")
    return None if _VOWELS.isdisjoint(form) and is_syllable(match[0]) else spell(match[0])


def _end_of_form(written: str) -> str:
    """Return the pattern of what may not follow a form.

    A form with a full stop may be glued to the next word (TP.Vinh), others only to digits; the VN
    of VN-Index is not Vietnam.
    """
    return "" if written.endswith(".") else r"(?![^\W0-9]|-[A-Z][a-z])"


def _read_domain(match: re.Match[str], accent: Accent) -> str:  # noqa: ARG001
    """Read an internet domain in capitals: VOV.VN."""
    return " chấm ".join(map(_say_label, match[0].split(".")))


def _say_label(label: str) -> str:
    """Return the words for one part of a domain in capitals."""
    if label in _DOMAINS:
        return _DOMAINS[label]
    is_word = is_syllable(label) or len(label) >= _SHORTEST_UNMARKED or label in WORDS
    return label.capitalize() if is_word else spell(label)


# NASA stays as written: a voice that knows foreign words says it better than a respelling.
WORD = re.compile(rf"(?<!\w)(?:{any_of(WORDS, _end_of_form)})")
# How initials that are glued to a word start, for the scan.
GLUED = r"[A-Z][a-z]{1,12}[A-Z]{2}|[A-Z]o[A-Z]"
RULES = (
    Rule(
        "abbreviation",
        re.compile(rf"(?<!\w)(?:[A-Z]{{2,12}}\.){{1,3}}(?:{'|'.join(_DOMAINS)})(?!\w)"),
        _read_domain,
    ),
    *abbreviations.RULES,
    Rule(
        "explained abbreviation",
        re.compile(r"(?<=\()(?P<form>[A-ZĐƯ][A-ZĐƯ&. -]{0,14}[A-ZĐƯ])(?=\))"),
        _read_explained,
    ),
    Rule("abbreviation", ListPattern(r"(?<!\w)", _EXPANDED, _end_of_form), _read_acronym),
    Rule(
        "glued initials",
        re.compile(
            r"(?<!\w)(?P<initials>[A-ZĐ]{2,5})(?P<word>[A-Z](?=[a-z]*[aeiouy])[a-z]{2,15})(?!\w)"
        ),
        _read_glued_initials,
    ),
    Rule(
        "glued initials",
        re.compile(r"(?<!\w)(?P<word>[A-Z][a-z]{1,12})(?P<initials>[A-Z]{2,5})(?![^\W0-9])"),
        _read_glued_initials,
    ),
    Rule(
        "glued initials",
        re.compile(r"(?<!\w)(?P<form>[A-ZĐ]{2,5})(?P<tail>[es])(?!\w)"),
        _read_with_small_ending,
    ),
    Rule(
        "initial and acronym",
        re.compile(
            r"(?<![\w-])[A-ZĐ]-[B-DF-HJ-NP-TV-XZ]{2,4}(?![\w-])|(?<![\w.])[A-ZĐ]\.[A-ZĐ]{3,5}(?![\w.-])"
            r"|(?<![\w-])(?![IVX]+-)[A-Z]{2,4}-[A-Z](?![\w'’-])"
        ),
        _read_initial_and_acronym,
    ),
    # BSoD, PoE, QoS
    Rule(
        "initial and acronym",
        re.compile(r"(?<!\w)[A-Z]{1,3}o[A-Z]{1,2}s?(?!\w)"),
        _read_initials_of,
    ),
    Rule(
        "letters", re.compile(r"(?<!\w)[A-ZĐ]{2,}+(?![^\W0-9]|['’])"), _read_letters, is_guess=True
    ),
)
