"""Whom a narrator names as the speaker: before speech, after it, or by going on about him."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from audiobook.vietnamese import lazy_re as re
from audiobook.vietnamese.attribution.persons import Mention, mentions
from audiobook.vietnamese.letters import CAPITALS
from audiobook.vietnamese.table import any_of, load_table

if TYPE_CHECKING:
    from audiobook.vietnamese.attribution.people import People


def _any(role: str) -> str:
    return any_of(word for word, its_role in load_table("narration.tsv") if its_role == role)


# The dot of an initial (“ông L.”) ends no sentence.
_SENTENCE_END = re.compile(rf"(?<!\s[{CAPITALS}])[.?!…]+[\"”»’]?\s+(?=\S)")
_CLAUSE_END = re.compile(r"[,;:]\s+|\s[-–—]\s+|\sthì\s+(?!th[ầà])|\A")
# How much narration before speech is looked at, in characters.
_NEAR = 600
_SUBORDINATE = re.compile(rf"(?:(?:Rồi|Nhưng|Và)\s)?{_any('subordinate')}\b", re.I)
# After these a mention is not who acts.
_OBJECT = re.compile(rf"\b{_any('object')}\s+(?:(?:một|cả|mấy|cái|những|hình ảnh|bóng)\s)?\Z", re.I)
# Nor after what belongs to somebody, if another acts.
_PART = re.compile(rf"\b{_any('part')}\s+\Z", re.I)
# After these stands whom somebody speaks to.
_ADDRESSED = re.compile(rf"\b{_any('addressed')}\s+(?:[^\W\d_]+\s+)?\Z", re.I)
_CAUSED = re.compile(r"(?:làm|khiến|để)(?:\s+cho)?\s+$", re.I)
_ELIDED = re.compile(rf"{_any('resumes')}\b")
_AFTERWARDS = re.compile(
    r"(?:(?:Vừa\s(?:nói|đáp|kêu|khóc|mắng|gắt)|Nói|Đáp|Dứt\slời|Dứt\stiếng|Dứt\scâu|Dặn|Hỏi|Mắng|Quát|Thét|Nghe\stiếng)(?:\s(?:xong|rồi|đoạn|thế|vậy|đến\sđây|dứt|dứt\slời))*,?\s+)"
    r"|(?:Rồi|Đoạn)\s+"
)
# A sentence that announces speech although it ends.
_CLOSED_ANNOUNCEMENT = re.compile(
    r"\b(?:nói|hỏi|đáp|bảo|trả lời|kêu|thét|quát|gắt|mắng|thưa|kể)\b[^.,?!…]{0,30}[.,!]\Z"
)
_WORD = r"[^\W\d_]+"
# “Lý trưởng thét vừa dứt miệng”, “Nghe câu nói của Lan”.
_ENDED = re.compile(
    r"(?:[^\W\d_]+\s){0,4}?(?:dứt|nói xong|chưa nói|chưa kịp nói|vừa nói|nói đoạn)\b"
)
_HEARD = re.compile(
    r"(?:Nghe\s(?:xong\s)?)?(?:[Tt]iếng|[Ll]ời|[Cc]âu)(?:\s(?:nói|đáp|hỏi|gọi|của|trả lời))*\s+"
)
# “An gật đầu.”, “Tiếng dạ ran.”
_SILENT = re.compile(
    rf"(?:{_WORD}\s){{1,6}}?{_any('silent')}\b[^.?!…]{{0,40}}[.…]*\Z|Tiếng\s(?:dạ|vâng)\b"
)
_LONGEST_NOD = 80
_CONJUNCTIONS = ("", "Rồi", "Nhưng", "Và", "Bỗng", "Chợt", "Còn", "Thế rồi")
_FURTHER, _SHOWN = 60, 40
# What belongs to somebody is part of the mention: “vợ lão Hạc”.
_OWNED = ("kin", "noun", "group")


class Told(NamedTuple):
    """Who is told to speak, and to whom."""

    speaker: Mention | None
    """None where the sentence goes on about the person before."""
    addressee: Mention | None
    words: str
    """The words that tell it."""


@cache
def _verbs() -> re.Pattern[str]:
    says = any_of(word for word, role in load_table("speech.tsv") if role == "says")
    return re.compile(rf"\s*(?:(?!(?:và|rồi|mà|để)\b){_WORD}\s+){{0,5}}?{says}\b")


def announced(text: str, start: int, end: int, people: People) -> Told | None:
    """Return whom narration before speech tells to speak; None if it does not.

    Args:
        text: the paragraph.
        start: where the narration begins.
        end: where it ends.
        people: the characters of the book.
    """
    start = max(start, end - _NEAR)
    narration = text[start:end].rstrip()
    if not narration:
        return None
    sentences = [0, *(match.end() for match in _SENTENCE_END.finditer(narration))]
    is_open = narration[-1] in ":;"
    last = narration[sentences[-1] :]
    if not is_open and not _CLOSED_ANNOUNCEMENT.search(last):
        return None
    told = _subject(last, people)
    if told is not None:
        return told
    if not _ELIDED.match(last.lstrip()):
        return None
    for begin, stop in zip(reversed(sentences[:-1]), reversed(sentences), strict=False):
        earlier = _subject(narration[begin:stop], people)
        if earlier is not None:
            return earlier
    return Told(None, None, _shown(last.strip()))


def tagged(text: str, start: int, end: int, people: People) -> Told | None:
    """Return who spoke by the narration right after speech: ``– lão đáp``."""
    narration = text[start : min(end, start + _NEAR)]
    stop = _SENTENCE_END.search(narration)
    clause = narration[: stop.end() if stop else None].strip(" -–—,.\n")
    return _subject(clause, people, is_first=True) if clause else None


def is_silent_answer(narration: str) -> bool:
    """Whether narration tells nothing but that somebody nods, or does not answer."""
    return len(narration) <= _LONGEST_NOD and _SILENT.match(narration) is not None


def acted(text: str, start: int, end: int, people: People) -> Told | None:
    """Return who acts in the sentence right before a quotation: ``Chị lắc đầu. “Không.”``."""
    sentence = _SENTENCE_END.split(text[max(start, end - _NEAR) : end].rstrip() + " ")[-1]
    told = _subject(sentence, people)
    if told is None or told.speaker is None or told.speaker.kind == "group":
        return None
    return told if begins_with(sentence, told.speaker) else None


def begins_with(sentence: str, mention: Mention) -> bool:
    """Whether whoever is mentioned is the subject with which a sentence begins."""
    return sentence[: mention.start].strip() in _CONJUNCTIONS


def went_on(text: str, start: int, end: int, people: People) -> Told | None:
    """Return who spoke by narration that goes on after it: ``Vừa nói, chị vừa khóc``."""
    narration = text[start : min(end, start + _NEAR)].lstrip()
    match = _AFTERWARDS.match(narration) or _HEARD.match(narration)
    begins = match.end() if match else 0
    mention = next(iter(people_in(narration[: begins + _FURTHER], people)), None)
    if mention is None or mention.kind == "group" or mention.start > begins:
        return None
    if match is None and not _ENDED.match(narration, mention.end + 1):
        return None
    if match and narration.startswith(("Rồi", "Đoạn")) and mention.kind == "noun":
        return None
    return Told(mention, None, narration[: mention.end])


def people_in(text: str, people: People) -> list[Mention]:
    """Return who is mentioned; what belongs to somebody before it is part of that mention."""
    found: list[Mention] = []
    for raw in mentions(text):
        mention = people.trimmed(raw)
        if mention is None:
            continue
        is_next = bool(found) and text[found[-1].end : mention.start] in (" ", " của ")
        if is_next and found[-1].kind in _OWNED:
            found[-1] = found[-1]._replace(end=mention.end)
        elif is_next and _is_title_of(found[-1], mention):
            found[-1] = mention._replace(
                start=found[-1].start, kind="noun", sex=mention.sex or found[-1].sex
            )
        else:
            found.append(mention)
    return found


def _is_title_of(title: Mention, mention: Mention) -> bool:
    """Whether two mentions are one: “anh chồng”, “ông nhà báo”."""
    is_title = title.kind == "title" and not title.name
    return is_title and mention.kind in ("noun", "kin") and not mention.name


def _subject(sentence: str, people: People, *, is_first: bool = False) -> Told | None:
    """Return who acts at the end of a sentence, and towards whom; None if nobody is mentioned.

    Args:
        sentence: narration.
        people: the characters of the book.
        is_first: whether it is after speech, so that who acts first is who spoke.
    """
    persons = people_in(sentence, people)
    clauses = [match.end() for match in _CLAUSE_END.finditer(sentence)]
    subject: Mention | None = None
    spare: Mention | None = None
    acting = -1
    for mention in persons:
        clause = max(start for start in clauses if start <= mention.start)
        before = sentence[clause : mention.start]
        caused = _CAUSED.search(before) is not None
        if not caused and _OBJECT.search(before):
            continue
        speaks = _verbs().match(sentence, mention.end) is not None
        if acting == clause and not speaks:
            continue
        if subject is not None and _PART.search(before):
            continue
        if not caused and _SUBORDINATE.match(before) and not _has_person(persons, clause, mention):
            spare = spare or mention
            continue
        subject, acting = mention, clause
        if is_first:
            break
    subject = subject or spare
    if subject is None:
        return None
    return Told(
        subject, _object_after(sentence, persons, subject), _shown(sentence[subject.start :])
    )


def _shown(words: str) -> str:
    """Return the beginning of words, whole words only."""
    if len(words) <= _SHOWN:
        return words
    return words[:_SHOWN].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _has_person(persons: list[Mention], clause: int, mention: Mention) -> bool:
    """Whether somebody is mentioned in a clause before a mention."""
    return any(clause <= other.start < mention.start for other in persons)


def _object_after(sentence: str, persons: list[Mention], subject: Mention) -> Mention | None:
    """Return to whom somebody speaks: whoever stands after the verb."""
    later = [mention for mention in persons if mention.start > subject.start]
    return next((m for m in later if _ADDRESSED.search(sentence[: m.start])), None)
