"""Learns the people of a book from what stands around their names."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.attribution.people import People, plain_name
from audiobook.vietnamese.attribution.persons import (
    FEMALE,
    MALE,
    NAMES,
    OPENERS,
    Mention,
    mentions,
    persons,
    rank_of,
    words_of,
)
from audiobook.vietnamese.attribution.witnesses import Votes
from audiobook.vietnamese.dialogue import direct_speech
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# How often a name must stand before a verb of speaking to be that of a person.
_FEWEST_ACTS = 2
# How much text before a name is looked at, in characters.
_NEAR = 12
# How often, and how near, in characters, a name and a part of it must stand to be two people's.
_FEWEST_TOGETHER, _BESIDE = 2, 60
_ENDS = re.compile(r"[.?!…:\n]")
_SENTENCE = re.compile(r"[^.?!…:]+[.?!…:]*")
SPOUSES = {"chồng": FEMALE, "vợ": MALE}
"""The sex of whoever has a husband or wife."""


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(words_of('title', 'before', 'kin', 'rank'))}\s\Z", re.I)


@cache
def _owner() -> re.Pattern[str]:
    return re.compile(rf"\s(?:của|{any_of(words_of('title', 'noun', 'kin'))}|[{CAPITALS}])")


@cache
def _acts() -> re.Pattern[str]:
    verbs = any_of(word for word, role in load_table("speech.tsv") if role in ("says", "does"))
    return re.compile(rf"(?<!\w)(?P<name>{NAMES})\s(?:[^\W\d_]+\s){{0,2}}?{verbs}\b")


def read_names(
    chapters: Iterable[Iterable[str]], tellings: Iterable[tuple[str, str, str]] = ()
) -> People:
    """Return the people of a book by what stands around their names.

    Args:
        chapters: the paragraphs of each chapter, as written.
        tellings: names, and the sex that something else tells of them, with the words that do.
    """
    votes: dict[str, Votes] = {}
    calls: dict[tuple[str, str], Counter[str]] = {}
    ranks: dict[tuple[str, str], set[str]] = {}
    acts: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    chapters = [list(chapter) for chapter in chapters]
    texts = [text for chapter in chapters for text in chapter]
    for text in texts:
        acts.update(
            _without_opener(match["name"])
            for match in _acts().finditer(text)
            if not _titled().search(text[max(0, match.start() - _NEAR) : match.start()])
        )
        _count_together(text, together)
        for mention in mentions(text):
            if mention.head == "vợ chồng" and mention.name:  # both are called by the husband's
                votes.setdefault(plain_name(mention.name), Votes()).add(
                    "couple", MALE, "“vợ chồng”"
                )
            if mention.kind not in ("title", "rank") or not mention.name:
                continue
            key = plain_name(mention.name)
            told = f"“{mention.head or rank_of(mention.name)}”"
            vote = votes.setdefault(key, Votes())
            vote.add("title", mention.sex, told)
            if mention.age:
                vote.ages[mention.age] += 1
            called = text[mention.start : mention.end]
            calls.setdefault((key, mention.sex), Counter())[_shown(called)] += 1
            rank = rank_of(mention.name)
            _hear_owner(text, mention, vote)
            if rank and key != rank:
                ranks.setdefault((rank, mention.sex), set()).add(key)
    for name, times in acts.items():
        if times >= _FEWEST_ACTS and name:
            votes.setdefault(plain_name(name), Votes())
            calls.setdefault((plain_name(name), ""), Counter())[name] += times
    _hear_pronouns(chapters, votes)
    for name, sex, told in tellings:
        if sex:
            votes.setdefault(_key_of(name), Votes()).add("speech", sex, f"“{told}”")
    return _people(votes, calls, _aliases(votes, ranks, together))


def _count_together(text: str, together: Counter[tuple[str, str]]) -> None:
    """Count names that contain each other and stand in one sentence: they are two people's."""
    for first, second in pairwise(mentions(text)):
        names = sorted((plain_name(first.name), plain_name(second.name)), key=len)
        between = text[first.end : second.start]
        is_part = names[0] and names[0] != names[1] and names[0] in names[1].split()
        if is_part and len(between) < _BESIDE and not _ENDS.search(between):
            together[names[0], names[1]] += 1


def _key_of(called: str) -> str:
    """Return the name in what a character is called: “Cụ Hồng” is Hồng."""
    mention = next(mentions(called), None)
    return plain_name(mention.name if mention and mention.name else called)


def _without_opener(name: str) -> str:
    """Return a name without a word that only begins the sentence; empty if a title does."""
    first, _, rest = name.partition(" ")
    if persons().get(first.lower(), {}).keys() - {"name"}:
        return ""
    return rest if first in OPENERS else name


def _shown(called: str) -> str:
    called = re.sub(r"\s(?:ta|ấy|này|kia|nọ)$", "", called)
    return called[:1].upper() + called[1:]


def _hear_pronouns(chapters: Iterable[Iterable[str]], votes: dict[str, Votes]) -> None:
    """Count what pronouns tell of the only name in the sentence before them, or in their own."""
    for chapter in chapters:
        before = ""
        for text in chapter:
            for sentence in _narrated_sentences(text):
                before = _hear_sentence(sentence, before, votes)
            if direct_speech(text):
                before = ""


def _hear_sentence(sentence: str, before: str, votes: dict[str, Votes]) -> str:
    """Count what a sentence tells of a name; return whom a pronoun would mean after it."""
    everybody = list(mentions(sentence))
    names = [key for mention in everybody if mention.name and (key := _known_key(mention, votes))]
    pronouns = [mention for mention in everybody if mention.kind == "pronoun" and mention.sex]
    if pronouns and pronouns[0].start == 0 and before:
        votes[before].add("pronoun", pronouns[0].sex, f"“{pronouns[0].head}”")
    elif len(names) == 1 and pronouns and everybody[0].name and everybody[0].start == 0:
        first = pronouns[0]
        if sentence[: first.start].endswith(", ") and names[0] == _known_key(everybody[0], votes):
            votes[names[0]].add("pronoun", first.sex, f"“{first.head}”")
    if len(names) == 1 and everybody[0].start == 0 and everybody[0].name:
        spouses = {mention.head for mention in everybody if mention.head in SPOUSES}
        if len(spouses) == 1 and not any(_is_owned(sentence, mention) for mention in everybody):
            spouse = spouses.pop()
            votes[names[0]].add("speech", SPOUSES[spouse], f"“{spouse}”")
    if len(set(names)) == 1:
        return names[0]
    return before if not names and pronouns and pronouns[0].start == 0 else ""


def _hear_owner(text: str, mention: Mention, vote: Votes) -> None:
    """Count what a husband or wife tells of somebody: “vợ bác Đắc”."""
    before = text[max(0, mention.start - _NEAR) : mention.start].rstrip().removesuffix(" của")
    owned = before.rpartition(" ")[2].lower()
    if owned in SPOUSES and not before.lower().endswith("vợ chồng"):
        vote.add("title", SPOUSES[owned], f"“{owned}”")


def _is_owned(sentence: str, mention: Mention) -> bool:
    """Whether a husband or wife is somebody else's: “vợ lão Hạc”, “vợ chồng”."""
    if mention.head not in SPOUSES:
        return False
    return bool(mention.name) or _owner().match(sentence, mention.end) is not None


def _known_key(mention: Mention, votes: dict[str, Votes]) -> str:
    name = mention.name
    while name:
        if (key := plain_name(name)) in votes:
            return key
        name = name.partition(" ")[2]
    return ""


def _narrated_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph that nobody in it says."""
    start = 0
    for begin, end in [*direct_speech(text), (len(text), len(text))]:
        for match in _SENTENCE.finditer(text, start, begin):
            yield match[0].strip(" -–—\n")
        start = end


def _aliases(
    votes: dict[str, Votes],
    ranks: dict[tuple[str, str], set[str]],
    together: Counter[tuple[str, str]],
) -> dict[str, str]:
    """Return the names that safely mean somebody who is also called otherwise.

    An office means whoever alone has it; a first or last name whoever alone bears it, unless the
    sexes contradict.
    """
    aliases: dict[str, str] = {}
    holders: dict[str, set[str]] = {}
    for (rank, _), names in ranks.items():
        holders.setdefault(rank, set()).update(names)
    for rank, names in holders.items():
        if len(names) == 1 and rank in votes:
            aliases[rank] = next(iter(names))
    parts: dict[str, set[str]] = {}
    for name in votes:
        words = name.split()
        if len(words) > 1:
            for part in {words[0], words[-1]}:
                parts.setdefault(part, set()).add(name)
    for part, names in parts.items():
        if part in votes and part not in aliases and len(names) == 1:
            name = next(iter(names))
            if together[part, name] >= _FEWEST_TOGETHER:
                continue
            if {votes[name].known(name).sex, votes[part].known(part).sex} != {FEMALE, MALE}:
                aliases[name] = part
    return {alias: name for alias, name in aliases.items() if name not in aliases and alias != name}


def _people(
    votes: dict[str, Votes],
    calls: dict[tuple[str, str], Counter[str]],
    aliases: dict[str, str],
) -> People:
    for alias, name in aliases.items():
        votes[name].join(votes.pop(alias))
    shared = frozenset(name for name, vote in votes.items() if vote.is_shared)
    counted: dict[tuple[str, str], Counter[str]] = {}
    names = {name: vote.known(name) for name, vote in votes.items()}
    for (key, sex), called in calls.items():
        name = aliases.get(key, key)
        counted.setdefault((name, sex), Counter()).update(called)
        if name not in shared and {sex, names[name].sex} != {FEMALE, MALE}:
            counted.setdefault((name, ""), Counter()).update(called)
    forms = {
        key: tuple(form for form, _ in called.most_common()) for key, called in counted.items()
    }
    return People(names, shared, forms, aliases)
