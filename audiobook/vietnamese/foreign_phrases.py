"""Where a Vietnamese text goes on in another language: quotations, and titles of several words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.languages import foreign_language, is_common, is_foreign, languages_of
from audiobook.vietnamese.remembering import remember_words
from audiobook.vietnamese.syllables import is_vietnamese
from audiobook.vietnamese.table import any_of, load_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Phrase(NamedTuple):
    """Words of one language that belong together, with the quotation marks around them."""

    start: int
    """In characters."""
    end: int
    language: str
    """BCP 47."""


class _Evidence(NamedTuple):
    """How many words of a phrase are common in one language."""

    language: str
    content: int
    """Those that no Vietnamese word looks like."""
    small: int
    """Those that no Vietnamese word looks like, and that are among its very commonest."""
    ambiguous: int
    """Those that look Vietnamese, too."""
    words: int

    @property
    def common(self) -> int:
        """How many of its words are common."""
        return self.content + self.small + self.ambiguous

    @property
    def is_enough(self) -> bool:
        """Whether at least half of the words are common, of two both, and one is not ambiguous."""
        least = max(self.words / 2, min(self.words, 2))
        return self.content + self.small > 0 and self.common >= least

    @property
    def may_be_title(self) -> bool:
        """Whether they are enough for what a text calls a work."""
        is_half = self.content > 0 and 2 * self.common >= self.words
        return self.is_enough or is_half or self.common == self.words > _FEWEST_AMBIGUOUS


_LANGUAGES = ("en", "fr")
"""Those whose phrases are known by their words."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_RUN = re.compile(
    rf"(?<![^\W_])(?<![^\W\d_]['’]){_WORD.pattern}(?:(?: & |[ -]){_WORD.pattern}|[ -]\d++)++"
)
_QUOTED = re.compile(
    r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»"
    r"|(?<!\w)['‘](?=\w)(?:[^'‘’\n]|(?<=\w)['’](?=\w))*+['’](?!\w)"
    r"|(?<![\w*_])([*_])(?=[^\W_])[^*_\n]*+\1(?!\w)"
)
_BRACKETED = re.compile(r"(?<=\()[^()]*(?=\))")
_PART = re.compile(r"[^\s,;:/–—-](?:[^\s,;:/–—]|\s(?![\s–—-]))*+(?<!\s)")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)['’]|['’](?:s|m|re|ve|ll|d|t)\Z")
# In this many characters before a title stands what it is called.
_BEFORE = 24
# A phrase of fewer words in small letters is a borrowed one, as in "nhạc rock and roll".
_FEWEST_IN_SMALL_LETTERS = 4
# A title of more words than these may look Vietnamese throughout, as "Let It Be" does.
_FEWEST_AMBIGUOUS = 2
_ARTICLES = frozenset("the a an le la les un une".split())


def foreign_phrases(text: str) -> list[Phrase]:
    """Return the quotations and titles in other languages in a text, in order.

    A single word stays Vietnamese, and so do names. In quotation marks, in brackets, and after what
    a work is called, half of the words must be common in the language; elsewhere a small word must
    stand among them, too. After the name of a language any words will do.

    >>> foreign_phrases("Cô xem Gone with the Wind.")
    [Phrase(start=7, end=25, language='en')]

    Args:
        text: a sentence or a paragraph.
    """
    phrases: list[Phrase] = []
    for find in (_announced, _quoted, _bracketed, _unquoted):
        starts = [0, *(phrase.end for phrase in phrases)]
        ends = [*(phrase.start for phrase in phrases), len(text)]
        gaps = zip(starts, ends, strict=True)
        phrases = sorted([*phrases, *(phrase for gap in gaps for phrase in find(text, *gap))])
    return phrases


# --- where phrases may stand ----------------------------------------------------------------------


def _announced(text: str, start: int, end: int) -> Iterator[Phrase]:
    """Yield the phrases whose language is named before them, as in "(tiếng Anh: natural law)"."""
    for match in _announcement().finditer(text, start, end):
        run = _RUN.match(text, match.end(), end)
        words = _stretches(run, _ends_announced)[0] if run else []
        if any(is_foreign(word[0]) for word in words):
            span = match.end(), words[-1].end()
            if _is_several(text[slice(*span)]):
                yield Phrase(*span, load_pairs("language_names.tsv")[match[1]])


def _quoted(text: str, start: int, end: int) -> Iterator[Phrase]:
    for match in _QUOTED.finditer(text, start, end):
        inside = match[0][1:-1]
        if not _is_several(inside):
            continue
        evidence = _weigh(_WORD.findall(inside))
        named = _named_before(text, match.start())
        if named != "name" and (evidence.may_be_title if named else evidence.is_enough):
            language = evidence.language
        else:
            language = foreign_language(inside)
        if language:
            marks = 1 if match[1] else 0
            yield Phrase(match.start() + marks, match.end() - marks, language)


def _bracketed(text: str, start: int, end: int) -> Iterator[Phrase]:
    """Yield the phrases in brackets, without what stands beside them, as in "(Z, tên gốc: X Y)"."""
    for match in _BRACKETED.finditer(text, start, end):
        parts = [part for part in _PART.finditer(text, *match.span()) if _shows_language(part[0])]
        spans = [part.span() for part in parts if _is_phrase(part[0])]
        if parts and _is_phrase(text[parts[0].start() : parts[-1].end()]):
            spans = [(parts[0].start(), parts[-1].end())]
        for first, last in spans:
            yield Phrase(first, last, _weigh(_WORD.findall(text, first, last)).language)


def _shows_language(text: str) -> bool:
    return _weigh(_WORD.findall(text)).common > 0


def _is_phrase(text: str) -> bool:
    return _is_several(text) and _weigh(_WORD.findall(text)).is_enough


def _is_several(text: str) -> bool:
    """Return whether a text is more than one word, with or without hyphens."""
    return len(text.split()) > 1


def _unquoted(text: str, start: int, end: int) -> Iterator[Phrase]:
    """Yield the titles and sentences in a part of a text that holds nothing of the above."""
    for run in _RUN.finditer(text, start, end):
        for stretch in _stretches(run, _is_only_ours):
            words = _without_ours(stretch)
            span = (words[0].start(), words[-1].end()) if words else (0, 0)
            if not _is_several(text[slice(*span)]):
                continue
            named = _named_before(text, span[0])
            if named != "name" and (language := _language_of_title(words, is_work=bool(named))):
                yield Phrase(*span, language)


def _stretches(run: re.Match[str], divides: Callable[[str], bool]) -> list[list[re.Match[str]]]:
    """Return the words of a run, divided where one belongs to no phrase."""
    stretches: list[list[re.Match[str]]] = [[]]
    for word in _WORD.finditer(run.string, *run.span()):
        if divides(word[0]):
            stretches.append([])
        else:
            stretches[-1].append(word)
    return stretches


def _without_ours(words: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """Return the words between the first and the last that may begin and end a phrase."""
    ends = [place for place, word in enumerate(words) if _may_end(word[0])]
    if len(ends) > 1 and words[ends[1]][0][0].isupper() and _is_beside(words[ends[0]][0]):
        del ends[0]  # as in "Phim Gone with the Wind" and "Album Gone with the Wind"
    return words[ends[0] : ends[-1] + 1] if ends else []


def _language_of_title(words: Sequence[re.Match[str]], *, is_work: bool) -> str:
    """Return the language of a title or a sentence without quotation marks; empty if it is none."""
    written = [word[0] for word in words]
    evidence = _weigh(written)
    small = [word for word in written[1:-1] if word.islower() or written[0].isupper()]
    is_joined = any(evidence.language in languages_of(word.lower()) for word in small)
    is_half = 2 * evidence.common >= evidence.words and written[-1][0].isupper()
    if is_work and (evidence.may_be_title or (is_joined and (is_half or any(map(_joins, small))))):
        return evidence.language
    first = written[0].lower()
    begins = first in _ARTICLES and len(written) > 2
    is_in_small_letters = all(word.islower() for word in written)
    if (
        not evidence.is_enough
        or not (is_joined or begins)
        or (is_in_small_letters and len(written) < _FEWEST_IN_SMALL_LETTERS)
    ):
        return ""
    # Names of French people hold small words, and look like common words.
    begins_small = "fr" in languages_of(first) or bool(_ELIDED.match(first)) or first == "à"
    is_french_name = evidence.language == "fr" and not begins_small
    is_little = evidence.content < 2 and (evidence.language == "fr" or evidence.common < 3)
    return "" if is_french_name or is_little else evidence.language


# --- what words tell ------------------------------------------------------------------------------


def _weigh(words: Sequence[str]) -> _Evidence:
    """Return the evidence for the language that most words of a phrase are common in.

    A word that can only be Vietnamese leaves none.
    """
    best = max(
        (_evidence([word.lower() for word in words], language) for language in _LANGUAGES),
        key=lambda evidence: (evidence.common, evidence.content),
    )
    ours = [word for word in words if _is_only_ours(word)]
    return best._replace(content=0, small=0, ambiguous=0) if ours else best


def _evidence(words: Sequence[str], language: str) -> _Evidence:
    content = small = ambiguous = 0
    for word in words:
        stem = _ELIDED.sub("", word) or word
        is_small = language in languages_of(stem) or language in languages_of(word)
        if not is_small and not is_common(stem, language):
            continue
        foreign = is_foreign(word)
        content += foreign and not is_small
        small += foreign and is_small
        ambiguous += not foreign
    return _Evidence(language, content, small, ambiguous, len(words))


@remember_words
def _is_only_ours(word: str) -> bool:
    """Return whether a word is Vietnamese, and none that is common in another language."""
    return _is_marked(word) or (word.islower() and not is_foreign(word) and not _is_common(word))


def _is_marked(word: str) -> bool:
    """Return whether a word has marks as only Vietnamese has, as "à" has not."""
    return not word.isascii() and is_vietnamese(word) and not _is_common(word)


def _ends_announced(word: str) -> bool:
    """Return whether a word ends what is in the language that was named, as "hay" does."""
    return _is_marked(word) or word == "hay"


@remember_words
def _is_common(word: str) -> bool:
    lower = word.lower()
    return any(tag in languages_of(lower) or is_common(lower, tag) for tag in _LANGUAGES)


def _may_end(word: str) -> bool:
    return word[0].isupper() or is_foreign(word)


def _is_beside(word: str) -> bool:
    """Return whether a word before a title is none of it: a Vietnamese, or a borrowed one."""
    if word.islower() or word.lower() in load_pairs("before_titles.tsv"):
        return not languages_of(word)
    return not is_foreign(word) and not _is_common(word)


@remember_words
def _joins(word: str) -> bool:
    """Return whether a word is a small one of another language, and looks like none of ours."""
    return bool(languages_of(word.lower())) and is_foreign(word)


def _named_before(text: str, place: int) -> str:
    """Return what stands at a place in a text as the words before it tell: work, name or ""."""
    match = _noun().search(text[max(0, place - _BEFORE) : place])
    return load_pairs("before_titles.tsv")[match[1].lower()] if match else ""


@cache
def _noun() -> re.Pattern[str]:
    nouns = any_of(load_pairs("before_titles.tsv"))
    return re.compile(rf"(?<!\w)({nouns})(?: là)?:? ?[“\"«'‘*_(]?\Z", re.IGNORECASE)


@cache
def _announcement() -> re.Pattern[str]:
    names = any_of(load_pairs("language_names.tsv"))
    return re.compile(rf"(?<!\w)[Tt]iếng ({names})(?: ?: ?| là | gọi là )(?=\w)")
