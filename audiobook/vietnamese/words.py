"""Which syllables form words, which stand side by side, and which look or sound alike.

The evidence comes with underthesea and needs no download: its four word lists (of 11, 22, 39 and
74 thousand words), the words and pairs of syllables that its word and part-of-speech models learned
from news, and, if it is installed, the sample of 2,100 tagged sentences that the models were tested
with.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections import defaultdict
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import AudiobookError
from audiobook.messages import message
from audiobook.system.requirements import install_hint
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.accents import sound_key, split_onset
from audiobook.vietnamese.syllables import bare, is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Letters of the longest syllable, nghiêng, and one inserted by mistake.
_LONGEST = 8
_LISTS = ("Viet11K.txt", "Viet22K.txt", "Viet39K.txt", "Viet74K.txt")
WORD_MODEL = "pipeline/word_tokenize/models/*/models.bin"
TAG_MODEL = "pipeline/pos_tag/models/*/models.bin"
_SAMPLE = "pipeline/pos_tag/models/*/test_output.txt"
# Features of a CRF model as it stores them: "T[0].lower=rào cản", "T[-1,0]=sứ mệnh". A token of
# the word model is a syllable, of the other one a word.
_TOKEN_FEATURE = re.compile(rb"T\[-?\d\](?:\.lower)?=([^\0]+)\0")
_PAIR_FEATURE = re.compile(rb"T\[(?:-2,-1|-1,0|0,1|1,2)\](?:\.lower)?=([^\0]+)\0")

# The tone may stand on the second letter or on the first: hoà and hòa are one word.
_SECOND = {
    unicodedata.normalize("NFC", first + tone + second): first
    + unicodedata.normalize("NFC", second + tone)
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_FIRST = {second: first for first, second in _SECOND.items()}
# kỹ and kĩ are one word, too, and so are quý and quí.
_FINAL_Y = re.compile(r"(?:(?<=[bcdđghklmnpqrstvx])|(?<=qu))[yỳýỷỹỵ]\Z")
_FINAL_I = re.compile(r"(?:(?<=[bcdđghklmnpqrstvx])|(?<=qu))[iìíỉĩị]\Z")
_Y, _I = "yỳýỷỹỵ", "iìíỉĩị"
_I_FOR_Y, _Y_FOR_I = str.maketrans(_Y, _I), str.maketrans(_I, _Y)


class Slip(Enum):
    """How two spellings differ."""

    PLACE = "the tone stands on another letter"
    TONE = "another tone"
    MARK = "another mark: o, ô and ơ, a, ă and â, e and ê, u and ư, d and đ"
    LETTER = "a letter more, less, another one, or two in the wrong order"
    SOUND = "another first letter that sounds the same in the north: s and x, ch and tr"
    ACCENT = "one that sounds the same to some, or was spelled so once: d, gi and r, l and n"
    HOOK = "hỏi for ngã, or the other way round"
    FINAL = "another last letter that sounds the same in the south: n and ng, t and c"


class Dictionary(NamedTuple):
    """Words and pairs of syllables that underthesea knows; every syllable is folded."""

    words: dict[str, int]
    """Words of two syllables, and how many of the five sources have each."""
    fixed: dict[str, int]
    """Words of three syllables, and how many of the sources have each."""
    shortened: dict[str, list[str]]
    """Words of three syllables by their first and last syllable."""
    pairs: frozenset[str]
    """Pairs of syllables that stand side by side in a word or in a sentence."""
    syllables: frozenset[str]
    """Syllables that occur in any word."""
    single: dict[str, int]
    """Syllables that are a word by themselves, and how many of the sources have each."""
    free: frozenset[str]
    """Syllables that the news uses as a word by themselves."""
    alone: dict[str, int]
    """How often each syllable is a word by itself in the sample of sentences."""
    leading: frozenset[str]
    """Pairs of a one-syllable word and the first syllable of a longer word after it."""
    trailing: frozenset[str]
    """Pairs of the last syllable of a longer word and a one-syllable word after it."""
    successors: dict[str, frozenset[str]]
    """The syllables seen after each syllable."""
    predecessors: dict[str, frozenset[str]]
    """The syllables seen before each syllable."""


@lru_cache(1 << 16)
def fold(word: str) -> str:
    """Return a word with one of its right spellings: lower case, NFC, hoà for hòa, kĩ for kỹ.

    >>> fold("Hòa"), fold("kỹ"), fold("quý"), fold("thúy"), fold("mùa")
    ('hoà', 'kĩ', 'quí', 'thuý', 'mùa')
    """
    word = unicodedata.normalize("NFC", word.lower())
    if word[:1] != "q" and word[-2:] in _SECOND:
        return word[:-2] + _SECOND[word[-2:]]
    return _FINAL_Y.sub(lambda final: final[0].translate(_I_FOR_Y), word)


def spellings(folded: str) -> tuple[str, ...]:
    """Return the right spellings of a folded syllable, the commonest first.

    >>> spellings("hoà"), spellings("quí"), spellings("kĩ"), spellings("mùa")
    (('hòa', 'hoà'), ('quý', 'quí'), ('kĩ', 'kỹ'), ('mùa',))
    """
    if folded[:1] != "q" and folded[-2:] in _FIRST:
        return folded[:-2] + _FIRST[folded[-2:]], folded
    other = _FINAL_I.sub(lambda final: final[0].translate(_Y_FOR_I), folded)
    if other == folded:
        return (folded,)
    return (other, folded) if folded.startswith("qu") else (folded, other)


@cache
def dictionary() -> Dictionary:
    """Load the words that underthesea knows, once; it takes about half a second.

    Raises:
        AudiobookError: the installed underthesea lacks its lists or its models.
    """
    words: dict[str, int] = {}
    fixed: dict[str, int] = {}
    shortened: dict[str, list[str]] = {}
    pairs: set[str] = set()
    syllables: set[str] = set()
    single: dict[str, int] = {}
    for source in (*_LISTS, TAG_MODEL):
        listed, monosyllables = set(), set()
        for word in _tagged_words() if source == TAG_MODEL else _listed_words(source):
            parts = _fold_all(word)
            if not all(map(is_vietnamese, parts)):
                continue
            syllables.update(parts)
            pairs.update(map(" ".join, pairwise(parts)))
            if len(parts) in (2, 3):
                listed.add(" ".join(parts))
            elif len(parts) == 1:
                monosyllables.add(parts[0])  # after the last source, those of the news
        for word in listed:
            counts = words if word.count(" ") == 1 else fixed
            counts[word] = counts.get(word, 0) + 1
        for word in monosyllables:
            single[word] = single.get(word, 0) + 1
    for word in fixed:
        first, _, last = word.split()
        shortened.setdefault(f"{first} {last}", []).append(word)
    for pattern in (WORD_MODEL, TAG_MODEL):
        for feature in _stored_tokens(_PAIR_FEATURE, pattern):
            pairs.update(map(" ".join, pairwise(_fold_all(feature))))
    sample = _read_sample()
    pairs |= sample.pairs
    successors, predecessors = index_neighbours(pairs)
    return Dictionary(
        words=words,
        fixed=fixed,
        shortened=shortened,
        pairs=frozenset(pairs),
        syllables=frozenset(syllables),
        single=single,
        free=frozenset(monosyllables),
        alone=sample.alone,
        leading=frozenset(sample.leading),
        trailing=frozenset(sample.trailing),
        successors=successors,
        predecessors=predecessors,
    )


class _Sample(NamedTuple):
    """Counts of words, and pairs of neighbours, from the tagged sentences."""

    alone: dict[str, int]
    pairs: set[str]
    leading: set[str]
    trailing: set[str]


def _read_sample() -> _Sample:
    sample = _Sample({}, set(), set(), set())
    for path in sorted(underthesea_folder().glob(_SAMPLE)):
        previous: list[str] = []
        for line in path.read_text("utf-8").splitlines():
            parts = _fold_all(line.partition("\t")[0])
            if not all(map(is_vietnamese, parts)):
                parts = []
            if len(parts) == 1:
                sample.alone[parts[0]] = sample.alone.get(parts[0], 0) + 1
            if previous and parts:
                pair = f"{previous[-1]} {parts[0]}"
                if len(previous) == len(parts) == 1:
                    sample.pairs.add(pair)
                elif len(previous) == 1:
                    sample.leading.add(pair)
                elif len(parts) == 1:
                    sample.trailing.add(pair)
            previous = parts
    return sample


def index_neighbours(
    pairs: Iterable[str],
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return the syllables after each syllable of some pairs, and those before each.

    >>> index_neighbours(["nhà cửa"])
    ({'nhà': frozenset({'cửa'})}, {'cửa': frozenset({'nhà'})})
    """
    successors: dict[str, set[str]] = {}
    predecessors: dict[str, set[str]] = {}
    for pair in pairs:
        first, _, second = pair.partition(" ")
        successors.setdefault(first, set()).add(second)
        predecessors.setdefault(second, set()).add(first)
    return (
        {syllable: frozenset(neighbours) for syllable, neighbours in successors.items()},
        {syllable: frozenset(neighbours) for syllable, neighbours in predecessors.items()},
    )


@cache
def common_compounds() -> frozenset[str]:
    """Return common words, folded, without loading the whole dictionary.

    Raises:
        AudiobookError: the installed underthesea lacks its lists or its models.
    """
    return frozenset(" ".join(_fold_all(word)) for word in _listed_words(_LISTS[1]))


@lru_cache(1 << 14)
def near_spellings(written: str) -> dict[str, Slip]:
    """Return the known syllables from which one slip makes this spelling; all are folded.

    >>> near_spellings("phuơng")["phương"], near_spellings("hị")["họ"], near_spellings("xử")["sử"]
    (<Slip.MARK: ...>, <Slip.LETTER: ...>, <Slip.SOUND: ...>)
    """
    slips: dict[str, Slip] = {}
    if len(written) > _LONGEST:
        return slips
    toneless, tone = _take_tone(written)
    plain = bare(written)
    for shape in _shortened_forms(plain):
        for form in _forms_by_shape().get(shape, ()):
            for syllable, candidate, candidate_tone in _syllables_by_form()[form]:
                if (tone != candidate_tone and toneless != candidate) or syllable == written:
                    continue
                if form == plain:
                    slip = _slip_of_marks(toneless, candidate)
                    if slip is Slip.PLACE and tone != candidate_tone:
                        slip = Slip.TONE
                else:
                    slip = Slip.LETTER if _is_one_edit(toneless, candidate) else None
                if slip:
                    slips[syllable] = slip
    for syllable in syllables_of_sound(sound_key(written)):
        if syllable != written and slips.get(syllable) is not Slip.PLACE:
            slips[syllable] = _slip_of_sound(written, syllable)
    return slips


def _slip_of_marks(toneless: str, other: str) -> Slip | None:
    """Return the slip between two syllables that differ only in tones and marks, if it is one."""
    marks = sum(a != b for a, b in zip(toneless, other, strict=True))
    if marks == 0:
        return Slip.PLACE
    # The two marks of ươ are lost, or gained, together.
    return Slip.MARK if marks == 1 or (marks == 2 and "ươ" in toneless + other) else None


def _is_one_edit(first: str, second: str) -> bool:
    if len(first) == len(second):
        differences = [place for place in range(len(first)) if first[place] != second[place]]
        if len(differences) == 2 and differences[1] == differences[0] + 1:
            return (
                first[differences[0]] == second[differences[1]]
                and first[differences[1]] == second[differences[0]]
            )
        return len(differences) == 1
    shorter, longer = sorted((first, second), key=len)
    return len(longer) == len(shorter) + 1 and shorter in _shortened_forms(longer)


def _shortened_forms(form: str) -> set[str]:
    """Return a form itself and all forms that lack one of its letters."""
    return {form, *(form[:place] + form[place + 1 :] for place in range(len(form)))}


@lru_cache(1 << 14)
def _take_tone(syllable: str) -> tuple[str, str]:
    letters = unicodedata.normalize("NFD", syllable)
    tone = "".join(mark for mark in letters if mark in _TONES)
    toneless = "".join(letter for letter in letters if letter not in _TONES)
    return unicodedata.normalize("NFC", toneless), tone


@cache
def _syllables_by_form() -> dict[str, list[tuple[str, str, str]]]:
    """Return the known syllables by bare form, each with its toneless spelling and its tone."""
    syllables = defaultdict(list)
    for syllable in sorted(dictionary().syllables):
        syllables[bare(syllable)].append((syllable, *_take_tone(syllable)))
    return dict(syllables)


@cache
def _forms_by_shape() -> dict[str, list[str]]:
    """Return the bare forms by each of their shortened forms, which include themselves."""
    forms = defaultdict(list)
    for form in _syllables_by_form():
        for shape in _shortened_forms(form):
            forms[shape].append(form)
    return dict(forms)


@lru_cache(1 << 14)
def syllables_of_sound(sound: str) -> tuple[str, ...]:
    """Return the known syllables with a key of `sound_key`."""
    return tuple(_syllables_by_sound().get(sound, ()))


@cache
def _syllables_by_sound() -> dict[str, list[str]]:
    syllables = defaultdict(list)
    for syllable in sorted(dictionary().syllables):
        syllables[sound_key(syllable)].append(syllable)
    return dict(syllables)


def _slip_of_sound(written: str, candidate: str) -> Slip:
    """Return the slip between two syllables of one sound."""
    onset = split_onset(written)[0]
    if onset != split_onset(candidate)[0]:
        return Slip.SOUND if onset in ("s", "x", "ch", "tr") else Slip.ACCENT
    return Slip.HOOK if written[-1] == candidate[-1] or written[-1] not in "cgnt" else Slip.FINAL


def _fold_all(word: str) -> list[str]:
    return [fold(part) for part in word.replace("-", " ").split()]


def _listed_words(name: str) -> list[str]:
    return (underthesea_folder() / "corpus" / "data" / name).read_text("utf-8").splitlines()


def _tagged_words() -> Iterator[str]:
    return _stored_tokens(_TOKEN_FEATURE, TAG_MODEL)


def _stored_tokens(feature: re.Pattern[bytes], pattern: str) -> Iterator[str]:
    for path in sorted(underthesea_folder().glob(pattern)):
        for match in feature.finditer(path.read_bytes()):
            yield match[1].decode("utf-8", "replace")


@cache
def underthesea_folder() -> Path:
    """Return the folder of underthesea without importing it, which takes 0.4 s."""
    package = importlib.util.find_spec("underthesea")
    for folder in (package.submodule_search_locations if package else None) or []:
        lists = [Path("corpus") / "data" / name for name in _LISTS]
        if all(any(Path(folder).glob(str(path))) for path in (*lists, WORD_MODEL, TAG_MODEL)):
            return Path(folder)
    raise layout_error()


def layout_error() -> AudiobookError:
    """Return the error for an underthesea with another layout of files."""
    return AudiobookError(
        message(
            "the installed underthesea lacks the word lists or the models that proofreading reads"
        ),
        install_hint("underthesea"),
    )
