"""Which syllables form words, and which stand side by side.

The evidence comes with underthesea and needs no download: its four word lists (of 11, 22, 39 and
74 thousand words), the words and pairs of syllables that its word and part-of-speech models learned
from news, and, if it is installed, the sample of 2,100 tagged sentences that the models were tested
with.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import AudiobookError
from audiobook.messages import message
from audiobook.system.requirements import install_hint
from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import is_vietnamese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""The marks of the tones, as Unicode combines them."""
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
    for tone in TONES
}
_FIRST = {second: first for first, second in _SECOND.items()}
# kỹ and kĩ are one word, too, and so are quý and quí.
_FINAL_Y = re.compile(r"(?:(?<=[bcdđghklmnpqrstvx])|(?<=qu))[yỳýỷỹỵ]\Z")
_FINAL_I = re.compile(r"(?:(?<=[bcdđghklmnpqrstvx])|(?<=qu))[iìíỉĩị]\Z")
_Y, _I = "yỳýỷỹỵ", "iìíỉĩị"
_I_FOR_Y, _Y_FOR_I = str.maketrans(_Y, _I), str.maketrans(_I, _Y)


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


@remember_words
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
