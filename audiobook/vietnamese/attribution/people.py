"""The people of a book: which names are theirs, and the sex that the book tells once for all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese.attribution.persons import (
    FEMALE,
    MALE,
    NAMES,
    Mention,
    Speaker,
    mentions,
    persons,
    rank_of,
    words_of,
)
from audiobook.vietnamese.dialogue import direct_speech
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FEWEST_OF_TWO = 2
_FEWEST_SHARE = 0.2
"""Of the words for both sexes, where those before the name hardly ever tell it."""
_FEWEST_ACTS = 2
NARRATOR = "tôi"
"""What a narrator who is in the story is called."""
_MOST_WORDS_SHOWN = 3
_SENTENCE = re.compile(r"[^.?!…:]+[.?!…:]*")
_OPENERS = frozenset(
    "Rồi Nhưng Và Thế Bỗng Chợt Khi Lúc Nghe Thấy Sau Đến Một Nếu Vì Tuy Mà Thì Cả Ngay Chỉ Còn Vậy "
    "Bây Hôm Có Được Đã Đang Lại Cũng Không Trong Ngoài Trên Dưới Từ Để Cho Với Như Nào Này Kìa Ôi "
    "Thưa Bẩm Lạy Dạ Vâng Ừ Ờ À Ơ Ồ Thôi Sao Gì Ai Đâu Hay Hễ Xin Mời Đừng Phải Trông Đó Đây Đấy Kia "
    "Chính Mỗi Mọi Các Những Tôi Ta Mình Chúng Họ Nó Đoạn Xong Vừa Vẫn Hình Tự Tức Trời Giời Chết Gớm "
    "Hãy Chưa Chẳng Chả Sẽ Ở Theo Do Bởi Tại Dù Dẫu Mặc Cái Con Câu Lời Tiếng Giọng Mặt Mắt Tay Chân "
    "Ngồi Đứng Đi Về Ra Vào Lên Xuống Nói Hỏi Đáp Cười Khóc Nhìn Ngẫm Quay Quả Thật Rõ Quái Khốn "
    "Hai Ba Bốn Năm Sáu Mấy Bao Cứ Mau Nhanh Luôn Ngày Đêm Sáng Trưa Chiều Tối Mai Nay Xưa Trước".split()
)


SPOUSES = {"chồng": FEMALE, "vợ": MALE}
"""The sex of whoever has a husband or wife."""
_OWNER = re.compile(rf"\s(?:của|{any_of(words_of('title', 'noun', 'kin'))}|[{CAPITALS}])")


class _Known(NamedTuple):
    """What a book tells of a name."""

    sex: str
    age: str
    told: str


class _Witness(NamedTuple):
    """How much a kind of evidence must tell before it decides."""

    fewest: int
    """How often it must tell the sex."""
    share: float
    """Which share of it must agree."""


# In the order in which they decide: titles before the name, how its bearer speaks and is spoken to,
# pronouns in the sentence after it, which often mean somebody else.
_WITNESSES = {"title": _Witness(2, 0.8), "speech": _Witness(3, 0.85), "pronoun": _Witness(5, 0.9)}


@dataclass(slots=True)
class _Votes:
    """What the text says of one name, counted by the words that say it."""

    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By witness, sex and word."""
    ages: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    """How often a title for both sexes stands before the name."""

    def add(self, witness: str, sex: str, told: str) -> None:
        """Count that a word tells the sex, or that it does not tell it."""
        if sex:
            self.words[witness, sex, told] += 1
        else:
            self.unsure += 1

    def join(self, other: _Votes) -> None:
        """Add what is said of another name of the same person."""
        self.words += other.words
        self.ages += other.ages
        self.unsure += other.unsure

    def count(self, witness: str, sex: str) -> int:
        """Return how often a witness tells a sex."""
        return sum(
            times for (kind, one, _), times in self.words.items() if (kind, one) == (witness, sex)
        )

    def known(self, name: str) -> _Known:
        """Return what the first witness says that says enough, nothing where it is contradicted."""
        for witness, (fewest, share) in _WITNESSES.items():
            women, men = self.count(witness, FEMALE), self.count(witness, MALE)
            sex, count = (FEMALE, women) if women > men else (MALE, men)
            if count < fewest or (witness == "title" and count < _FEWEST_SHARE * self.unsure):
                continue
            if count < share * (women + men):
                return _Known("", "", "")
            words = [
                (word, times)
                for (kind, one, word), times in self.words.most_common()
                if (kind, one) == (witness, sex)
            ]
            told = ", ".join(f"{word} {times}×" for word, times in words[:_MOST_WORDS_SHOWN])
            age = next((age for age, times in self.ages.items() if times > share * count), "")
            return _Known(sex, age, told)
        given = _given_sex(name)
        if given and all(sex == given for _, sex, _ in self.words):
            return _Known(given, "", f"“{name.title()}”")
        return _Known("", "", "")

    @property
    def is_shared(self) -> bool:
        """Whether people of both sexes bear the name, as “anh Dậu” and “chị Dậu” do."""
        women, men = self.count("title", FEMALE), self.count("title", MALE)
        return min(women, men) >= _FEWEST_OF_TWO and max(women, men) < 10 * min(women, men)


@dataclass(frozen=True, slots=True)
class People:
    """The characters of a book, as the whole book tells of them."""

    names: dict[str, _Known]
    """By their names in small letters."""
    shared: frozenset[str]
    """Names of people of both sexes."""
    shown: dict[tuple[str, str], str]
    """How a character is called most often, by name and, where the name is shared, sex."""
    aliases: dict[str, str]
    """Names in small letters that stand for a fuller or plainer one."""

    def is_person(self, name: str) -> bool:
        """Whether a capitalised word or words are the name of somebody."""
        return self.key(name) in self.names

    def key(self, name: str) -> str:
        """Return a name in small letters, without an office, as it is known by."""
        plain = _plain(name)
        return self.aliases.get(plain, plain)

    def speaker(self, mention: Mention, *, told: str = "") -> Speaker:
        """Return whom a mention means, as far as the book tells."""
        if mention.head == NARRATOR:
            known = self.names.get(NARRATOR, _Known("", "", ""))
            return Speaker(NARRATOR.capitalize(), known.sex, "", told)
        if not mention.name:
            name = mention.head.capitalize() if mention.kind == "noun" and mention.sex else ""
            return Speaker(name, mention.sex, mention.age, told)
        key = self.key(mention.name)
        known = self.names.get(key, _Known("", "", ""))
        sex = mention.sex
        if mention.kind == "kin":  # “vợ Long” is not Long
            return Speaker("", sex, mention.age, told)
        if not sex and key not in self.shared:
            sex = known.sex
        age = mention.age or (known.age if sex == known.sex else "")
        is_known = key not in self.shared and sex == known.sex
        shown = self.shown.get((key, "" if is_known else sex), "")
        return Speaker(shown or mention.name, sex, age, told)

    def called(self, name: str) -> str:
        """Return how the book most often calls whom a name means; empty if nobody has it.

        Args:
            name: as a user may write it: “chị Dậu”, “Loan”, “Bà lão”.
        """
        for mention in mentions(name):
            if mention.start == 0 and mention.end == len(name):
                speaker = self.speaker(mention)
                is_there = not mention.name or self.is_person(mention.name)
                return speaker.name if is_there else ""
        return ""

    def trimmed(self, mention: Mention) -> Mention | None:
        """Return a bare name without words before it that only begin a sentence, None if no name.

        "Nhưng Long" means Long.
        """
        if mention.kind != "name" or self.is_person(mention.name):
            return mention
        name, start = mention.name, mention.start
        while " " in name:
            first, name = name.split(" ", 1)
            start += len(first) + 1
            if self.is_person(name):
                return mention._replace(start=start, name=name)
        first = mention.name.split(" ", 1)[0]
        if self.is_person(first):
            return mention._replace(end=mention.start + len(first), name=first)
        return None


@cache
def _acts() -> re.Pattern[str]:
    verbs = any_of(word for word, role in load_table("speech.tsv") if role in ("says", "does"))
    return re.compile(rf"(?<!\w)(?P<name>{NAMES})\s(?:[^\W\d_]+\s){{0,2}}?{verbs}\b")


@cache
def _given_names() -> dict[str, str]:
    return {word.lower(): kinds["name"].sex for word, kinds in persons().items() if "name" in kinds}


def _given_sex(key: str) -> str:
    """Return the sex of those who bear a name, where it is clear-cut."""
    words = key.split()
    if len(words) > 2 and "thị" in words[1:-1]:
        return FEMALE
    if len(words) > 2 and "văn" in words[1:-1]:
        return MALE
    return _given_names().get(words[-1], "") if words else ""


def _plain(name: str) -> str:
    plain = name.lower().rstrip(".")
    rank = rank_of(plain)
    return plain[len(rank) :].strip() or plain


def read_names(
    chapters: Iterable[Iterable[str]], tellings: Iterable[tuple[str, str, str]] = ()
) -> People:
    """Return the people of a book by what stands around their names.

    Args:
        chapters: the paragraphs of each chapter, as written.
        tellings: names, and the sex that something else tells of them, with the words that do.
    """
    votes: dict[str, _Votes] = {}
    calls: dict[tuple[str, str], Counter[str]] = {}
    ranks: dict[tuple[str, str], set[str]] = {}
    acts: Counter[str] = Counter()
    chapters = [list(chapter) for chapter in chapters]
    texts = [text for chapter in chapters for text in chapter]
    for text in texts:
        acts.update(_without_opener(match["name"]) for match in _acts().finditer(text))
        for mention in mentions(text):
            if mention.kind not in ("title", "rank") or not mention.name:
                continue
            key = _plain(mention.name)
            told = f"“{mention.head or rank_of(mention.name)}”"
            vote = votes.setdefault(key, _Votes())
            vote.add("title", mention.sex, told)
            if mention.age:
                vote.ages[mention.age] += 1
            called = text[mention.start : mention.end]
            calls.setdefault((key, mention.sex), Counter())[_shown(called)] += 1
            rank = rank_of(mention.name)
            if rank and key != rank:
                ranks.setdefault((rank, mention.sex), set()).add(key)
    for name, times in acts.items():
        if times >= _FEWEST_ACTS and name:
            votes.setdefault(_plain(name), _Votes())
            calls.setdefault((_plain(name), ""), Counter())[name] += times
    _hear_pronouns(chapters, votes)
    for name, sex, told in tellings:
        if sex:
            votes.setdefault(_plain(name), _Votes()).add("speech", sex, f"“{told}”")
    return _people(votes, calls, _aliases(votes, ranks))


def _without_opener(name: str) -> str:
    first, _, rest = name.partition(" ")
    return (
        rest
        if first in _OPENERS or first.lower() in persons() and rest
        else ("" if first in _OPENERS or first.lower() in persons() else name)
    )


def _shown(called: str) -> str:
    called = re.sub(r"\s(?:ta|ấy|này|kia|nọ)$", "", called)
    return called[:1].upper() + called[1:]


def _hear_pronouns(chapters: Iterable[Iterable[str]], votes: dict[str, _Votes]) -> None:
    """Count what pronouns tell of the only name in the sentence before them, or in their own."""
    for chapter in chapters:
        before = ""
        for text in chapter:
            for sentence in _narrated_sentences(text):
                before = _hear_sentence(sentence, before, votes)
            if direct_speech(text):
                before = ""


def _hear_sentence(sentence: str, before: str, votes: dict[str, _Votes]) -> str:
    """Count what a sentence tells of a name; return whom a pronoun would mean after it."""
    everybody = list(mentions(sentence))
    names = [key for one in everybody if one.name and (key := _known_key(one, votes))]
    pronouns = [one for one in everybody if one.kind == "pronoun" and one.sex]
    if pronouns and pronouns[0].start == 0 and before:
        votes[before].add("pronoun", pronouns[0].sex, f"“{pronouns[0].head}”")
    elif len(names) == 1 and pronouns and everybody[0].name and everybody[0].start == 0:
        first = pronouns[0]
        if sentence[: first.start].endswith(", ") and names[0] == _known_key(everybody[0], votes):
            votes[names[0]].add("pronoun", first.sex, f"“{first.head}”")
    if len(names) == 1 and everybody[0].start == 0 and everybody[0].name:
        spouses = {one.head for one in everybody if one.head in SPOUSES}
        if len(spouses) == 1 and not any(_is_owned(sentence, one) for one in everybody):
            spouse = spouses.pop()
            votes[names[0]].add("speech", SPOUSES[spouse], f"“{spouse}”")
    if len(set(names)) == 1:
        return names[0]
    return before if not names and pronouns and pronouns[0].start == 0 else ""


def _is_owned(sentence: str, mention: Mention) -> bool:
    """Whether a husband or wife is somebody else's: “vợ lão Hạc”, “vợ chồng”."""
    if mention.head not in SPOUSES:
        return False
    return bool(mention.name) or _OWNER.match(sentence, mention.end) is not None


def _known_key(mention: Mention, votes: dict[str, _Votes]) -> str:
    name = mention.name
    while name:
        if (key := _plain(name)) in votes:
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


def _aliases(votes: dict[str, _Votes], ranks: dict[tuple[str, str], set[str]]) -> dict[str, str]:
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
            if {votes[name].known(name).sex, votes[part].known(part).sex} != {FEMALE, MALE}:
                aliases[name] = part
    return {alias: name for alias, name in aliases.items() if name not in aliases and alias != name}


def _people(
    votes: dict[str, _Votes],
    calls: dict[tuple[str, str], Counter[str]],
    aliases: dict[str, str],
) -> People:
    for alias, name in aliases.items():
        votes[name].join(votes.pop(alias))
    shared = frozenset(name for name, vote in votes.items() if vote.is_shared)
    counted: dict[tuple[str, str], Counter[str]] = {}
    for (key, sex), called in calls.items():
        name = aliases.get(key, key)
        counted.setdefault((name, sex), Counter()).update(called)
        if name not in shared:
            counted.setdefault((name, ""), Counter()).update(called)
    shown = {key: called.most_common(1)[0][0] for key, called in counted.items()}
    names = {name: vote.known(name) for name, vote in votes.items()}
    return People(names, shared, shown, aliases)
