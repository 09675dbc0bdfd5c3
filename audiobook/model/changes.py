"""What became of a text: the words that stood in it before a step and no longer do."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import chain
from typing import TYPE_CHECKING
from unicodedata import category

from audiobook.model import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobook.model import Change, Document, Paragraph

# Characters of what stands before a piece: enough to search for.
_CONTEXT = 40
# Longer runs of words are compared by how often each word stands in them: the time that it takes
# to compare them word by word grows with the square of their length.
_LONGEST_COMPARED = 2_000


def compare(before: Document, after: Document) -> list[LeftOut]:
    """Return what a step took out of a document or wrote differently, in order.

    Whatever the step tells of itself, only what it did counts. A step hands on the paragraphs
    that it leaves alone as the same objects, so that only the others are looked into.

    Args:
        before: what the step was given.
        after: what came back, with as many chapters.
    """
    pieces: list[LeftOut] = []
    context = ""
    for old, new in zip(before.chapters, after.chapters, strict=True):
        if old.paragraphs is not new.paragraphs:
            pieces += _compare_paragraphs(old.paragraphs, new.paragraphs, context)
        if new.paragraphs:
            context = new.paragraphs[-1].text
    return pieces


def left_out_whole(paragraphs: Sequence[Paragraph], context: str = "") -> LeftOut:
    """Return a chapter as a piece that was left out.

    Args:
        paragraphs: all that it held.
        context: the text before it.
    """
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    return LeftOut(text, context[-_CONTEXT:], is_chapter=True)


def differences(before: str, after: str, context: str = "") -> Iterator[LeftOut]:
    """Yield the words of one text that another lacks or writes differently.

    Args:
        before: as it stood.
        after: as it will be read.
        context: the text before both.
    """
    old, new = before.split(), after.split()
    if old == new:
        return
    start = 0
    for word, other in zip(old, new, strict=False):
        if word != other:
            break
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(old_middle), len(new_middle)) > _LONGEST_COMPARED:
        lost = " ".join((Counter(old_middle) - Counter(new_middle)).elements())
        if _counts(lost):
            yield LeftOut(lost, context[-_CONTEXT:])
        return
    for first, last, words in _replaced(old_middle, new_middle):
        piece = " ".join(old_middle[first:last])
        if _counts(piece):
            # As many words as may hold that many characters.
            lead = old[max(start + first - _CONTEXT, 0) : start + first]
            yield LeftOut(piece, (" ".join(lead) or context)[-_CONTEXT:], " ".join(words))


def _compare_paragraphs(
    before: Sequence[Paragraph], after: Sequence[Paragraph], context: str
) -> Iterator[LeftOut]:
    if before and not after:
        whole = left_out_whole(before, context)
        if _counts(whole.text):
            yield whole
        return
    kept = {id(paragraph) for paragraph in after}
    unseen = iter(after)
    changed: list[Paragraph] = []
    for paragraph in chain(before, (None,)):
        if paragraph is not None and id(paragraph) not in kept:
            changed.append(paragraph)
            continue
        written = []
        for other in unseen:
            if other is paragraph:
                break
            written.append(other)
        if changed or written:
            yield from _compare_runs(changed, written, context)
        if changed:
            context = changed[-1].text
        changed = []
        if paragraph is not None:
            context = paragraph.text


def _compare_runs(
    before: Sequence[Paragraph], after: Sequence[Paragraph], context: str
) -> Iterator[LeftOut]:
    """Compare paragraphs that were changed with what stands in their place."""
    if not after:
        for paragraph in before:
            if _counts(paragraph.text):
                yield LeftOut(paragraph.text, context[-_CONTEXT:])
            context = paragraph.text
        return
    old = [line for paragraph in before for line in paragraph.text.split("\n")]
    new = [line for paragraph in after for line in paragraph.text.split("\n")]
    for first, last, lines in _replaced(old, new):
        context = old[first - 1] if first else context
        if lines:
            yield from differences("\n".join(old[first:last]), "\n".join(lines), context)
            continue
        for line in old[first:last]:
            if _counts(line):
                yield LeftOut(line, context[-_CONTEXT:])
            context = line


def _replaced(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Yield from where to where something was replaced, and by what."""
    if len(before) == len(after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                yield place, place + 1, [new]
        return
    matcher = SequenceMatcher(None, before, after)
    for action, first, last, new_first, new_last in matcher.get_opcodes():
        if action in ("delete", "replace"):
            yield first, last, after[new_first:new_last]


def _counts(text: str) -> bool:
    """Whether a piece is worth telling: a word, a number, a note's mark, a sign with a name."""
    return (
        "(*" in text
        or "[*" in text
        or any(sign.isalnum() or category(sign) == "So" for sign in text)
    )


def merge(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes with those of one step as one, in the order in which each came first."""
    merged: dict[str, Change] = {}
    for change in changes:
        earlier = merged.get(change.step)
        merged[change.step] = earlier.joined(change) if earlier else change
    return tuple(merged.values())
