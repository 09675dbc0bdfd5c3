"""Chat spellings such as ko, đc and ntn, read as the words they stand for where a line is chat.

Words drawn out (đẹpppp) and words misspelled for fun (khók, luôg) are read anywhere.
"""

from __future__ import annotations

from functools import lru_cache

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.lazy import WordPattern
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.rules import playful
from audiobook.vietnamese.rules.chat_signs import (
    CHAT_SIGN,
    FEARING_WORDS,
    FORMULA,
    TALK,
    has_signs_of_chat,
    is_vietnamese_text,
)
from audiobook.vietnamese.rules.chat_words import SENSES
from audiobook.vietnamese.rules.rule import Accent, Rule
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import any_of

_NEIGHBOURHOOD = 60
# The single letters that are written in chat and hardly elsewhere. Longer spellings that are also
# Vietnamese words (bít, thui) do not show that a line is chat.
_LETTERS = frozenset(("k", "j", "z"))
_AMBIGUOUS = frozenset(
    "kg ms vs th ch tr kt tt cs cv cb bs bv ks gd sd sr hp hc mh tn sk xh dt kn dv vn"
    " hn sg nv vl lq ad toy ct lp".split()
)
_TELLING = _LETTERS | {
    form for form in SENSES if len(form) > 1 and not is_vietnamese(form) and form not in _AMBIGUOUS
}
_UNMISTAKABLE = {
    form for form in _TELLING if any(sense.always and not sense.near for sense in SENSES[form])
}
_BESIDE_WORDS = {
    form for form in SENSES if any(sense.always and sense.near for sense in SENSES[form])
}
_INTERNATIONAL = frozenset("ok oke okie okey oki thanks tks thks fb rep ad".split())
# A spelling is not part of an address, a code or a formula. Behind a number only those that are not
# units are read.
_APART = r"(?<![\w@#.:/\\&=+*^_'’-])"
_NO_UNITS = frozenset(
    "r z j ng vc tk ae ny vk ck mn mng ko hok đc dc đx ntn oki oke nx ik rùi roi gòi lun"
    " thui".split()
)
_ENDS = (
    r"(?!@(?!@)|=(?![=)(\]D])|[\w/\\&+*^_'’-]|\.\w|:/| ?(?:=(?![)\](DPpv])|<(?!3)|[>≤≥]"
    r"|\^(?![\^_])))"
)
WRITTEN = [form for written in SENSES for form in (written, written.capitalize())]
"""Every chat spelling, in lower case and capitalised."""
_IN_PARTS = any_of(form for form in WRITTEN if not form.isalnum())  # bây h, m.n
_FORM = WordPattern(
    rf"{_APART}(?:{_IN_PARTS}|[^\W_]{{1,{max(map(len, WRITTEN))}}}){_ENDS}", WRITTEN
)


def _read_spelling(match: re.Match[str], accent: Accent) -> str | None:  # noqa: ARG001 (one for all accents)
    written, text, start, end = match[0], match.string, match.start(), match.end()
    form = written.lower()
    around = text[max(0, start - _NEIGHBOURHOOD) : end + _NEIGHBOURHOOD]
    senses = SENSES[form]
    sense = next((sense for sense in senses if not sense.near or sense.near.search(around)), None)
    if sense is None or (form not in _NO_UNITS and _NUMBER_BEFORE.search(text, start - 2, start)):
        return None
    is_known = form in _TELLING or sense.near is not None
    is_sure = sense.always and is_known and is_vietnamese_text(text)
    if not (is_sure or _is_chat(text)) or _is_letter(match):
        return None
    if form == written or (form in _PRONOUNS and _is_pronoun(match)):
        return sense.spoken
    # Ng and K. are names.
    if form == "ng":
        return None  # a name
    if form == "h" and not (start == 0 and _NOW.match(text, end)):
        return None  # somebody's initial
    begins = _BEGINNING.search(text, max(0, start - 3), start) is not None
    if not begins and form in _UNMISTAKABLE and sense.always and _WORD_GOES_ON.match(text, end):
        return sense.spoken  # "Ối giời Ck mik"
    word = (
        sense.always
        or sense.near
        or (_WORD_GOES_ON.match(text, end) if len(form) == 1 else form not in _NAMES)
    )
    return sense.spoken.capitalize() if begins and word else None


@lru_cache(64)
def _is_chat(text: str) -> bool:
    """Whether a line is Vietnamese chat, judged by its spellings and its words."""
    telling = {match[0].lower() for match in _FORM.finditer(text) if _can_be_word(match)} & _TELLING
    if FORMULA.search(text):
        telling -= _LETTERS
    unmistakable_count = len(telling & _UNMISTAKABLE)
    if not is_vietnamese_text(text):
        # "check ib e shop": the English have ok and thanks too.
        beside = {match[0].lower() for match in _FORM.finditer(text)} - telling
        ours = unmistakable_count and not telling & _INTERNATIONAL and beside and TALK.search(text)
        return unmistakable_count > 1 or bool(ours)
    if unmistakable_count > 0 or len(telling) > 1 or (telling and TALK.search(text)):
        return True
    if FORMULA.search(text):
        return False
    return has_signs_of_chat(text, is_playful=playful.may_be_playful(text))


def _is_pronoun(match: re.Match[str]) -> bool:
    """Whether a capital inside a line is a pronoun: "ai dạy đc T đâu e", but not "anh T."."""
    text, start, end = match.string, match.start(), match.end()
    word = _WORD_BEFORE.search(text, max(0, start - 10), start)
    follows = word is not None and word[1].islower() and word[1] not in _TITLES
    return follows and _GOES_ON.match(text, end) is not None and _is_unmistakable(text)


@lru_cache(64)
def _is_unmistakable(text: str) -> bool:
    """Whether a line has a spelling that can be nothing but chat, such as đc."""
    return any(match[0] in _UNMISTAKABLE for match in _FORM.finditer(text))


_PRONOUNS = frozenset("tme")
_WORD_BEFORE = re.compile(r"(?<!\w)([a-zà-ỹđ]{2,7}) \Z")
_TITLES = frozenset(
    "anh chị ông bà cô chú bác em bé cháu thầy cậu dì nhóm lớp số điểm hạng loại khối đội bạn chữ"
    " tên là tia cỡ size áo công ty nhà trường khu lô tòa".split()
)
_GOES_ON = re.compile(r"[,?!]? [a-zà-ỹđ]|[?!]?\Z")


def _can_be_word(match: re.Match[str]) -> bool:
    """Whether a form can be a word: not a capital inside a line, and not the unit of a number."""
    if len(match[0]) > 1:
        return True
    is_unit = _NUMBER_BEFORE.search(match.string, max(0, match.start() - 2), match.start())
    return (match[0].islower() or not match.start()) and not is_unit


def _is_letter(match: re.Match[str]) -> bool:
    """Whether a form is named or quoted as a letter ("chữ k", “ng”), or is the word e (e rằng)."""
    text, start, end = match.string, match.start(), match.end()
    if match[0].lower() == "e" and (_FEARED.match(text, end) or text.endswith(_FEARING, 0, start)):
        return True
    if match[0].lower() == "a" and (_CALLED.match(text, end) or text.endswith(_CALLING, 0, start)):
        return True
    if len(match[0]) == 1 and _MEASURED.match(text, end):
        return True
    character_before, character_after = text[max(0, start - 1) : start], text[end : end + 1]
    if (character_before in _QUOTES and character_after in _QUOTES) or (
        character_after == ")" and character_before in ("", "(")
    ):
        return True
    if len(match[0]) != 1:
        return False
    named = _NAMED.search(text, max(0, start - 24), start)
    # "đúng thể loại t thích nè"
    is_pronoun = match[0] in "tm" and _has_sign(text)
    return named is not None and (named["word"].lower() in _LETTER_WORDS or not is_pronoun)


@lru_cache(64)
def _has_sign(text: str) -> bool:
    return CHAT_SIGN.search(text) is not None


_NUMBER_BEFORE = re.compile(r"[0-9] \Z")
_WORD_GOES_ON = re.compile(r" (?!lô|di|men|dua|tòng|ha|à)[a-zà-ỹđ]")
# Ng. is a name, and so may be other short forms with a capital.
_NAMES = _AMBIGUOUS | {"ah", "uh", "tv", "ng", "ph", "nh", "kh", "trg", "thg"}
_NOW = re.compile(r" (?:mới|này|thì|mà|em|mình|nó|lỡ|phải|làm|cứ|vẫn|còn|chắc|sao|ai|tôi)(?!\w)")
_NAMED = re.compile(
    r"(?:(?P<word>chữ|âm|điểm|nhóm|loại|vitamin|hiệu|phím|số|cạnh|hạng|câu|ý|mục|khối|đề|nốt|gam"
    r"|giọng|vần)\s(?:[a-zđ](?:, | và | hoặc | hay )){0,3})\Z",
    re.IGNORECASE,
)
_LETTER_WORDS = frozenset("chữ âm vitamin hiệu phím cạnh số nhóm khối đề nốt gam giọng vần".split())
# Before these e is a Vietnamese word: "to fear".
_FEARED = re.compile(r" (?:rằng|ngại|dè|sợ|chừng|lệ|ấp|thẹn)(?!\w)")
# "a lô", "ê a", "A, mẹ về!"
_CALLED = re.compile(r"[,!]|(?: |-)(?:lô|di|men|dua|tòng|ha|hoàn|phiến|giao|xít|la|đầu)(?!\w)")
_CALLING = tuple(f"{word} " for word in ("ê", "ối", "í", "ò", "ô", "chà"))
_MEASURED = re.compile(r" (?:gam|mol|lít|kg|ml|mét|cm|mm|km|giây|điểm ảnh)(?!\w)")
_FEARING = tuple(f"{word} " for word in FEARING_WORDS)
_QUOTES = ("“", "”", '"')
_BEGINNING = re.compile(r"(?:\A|[.!?…:“\"(–-])\s?\Z")
_OPENINGS = ("“", '"', "(")
_ENDINGS = ("", ",", ".", "?", "!", "…", "...", ":", "??", ")", "”", '"')


# Single letters count, too: whether a line with one of them is chat, its other words decide.
_MAY_TELL = frozenset(
    form
    for form in (*WRITTEN, *"tmberkaATMBEK")
    if form.lower() in _TELLING or form in _BESIDE_WORDS or len(form) == 1
)


@remember_words
def _may_tell(word: str) -> bool:
    """Whether a word with its punctuation is a chat spelling that may show that a line is chat."""
    form = word[1:] if word[:1] in _OPENINGS else word
    return any(form.removesuffix(ending) in _MAY_TELL for ending in _ENDINGS)


def may_be(text: str) -> bool:
    """Whether any word of a text may be a chat spelling; this is quick for ordinary prose."""
    if any(map(_may_tell, text.split())):
        return True
    if "=)" in text or ":)" in text or ":(" in text or "=]" in text:
        return True  # a face may be glued to a word: "z=))"
    return playful.may_be_playful(text)


STARTS = (_FORM, *playful.STARTS)
RULES = (Rule("chat", _FORM, _read_spelling), *playful.RULES)
