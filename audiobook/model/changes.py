"""Compares a text before and after a step, to report the words that were left out or changed."""

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

# Characters of the text before a piece that are reported with it: enough to search for.
_CONTEXT = 40
# Words. Longer runs are compared by how often each word stands in them, because the time to
# compare them word by word grows with the square of their length.
_LONGEST_COMPARED = 2_000


def compare(original: Document, revised: Document) -> list[LeftOut]:
    """Return what a step took out of a document or wrote differently, in order.

    The texts decide, not what the step reports of itself. A step returns the paragraphs that it
    leaves alone as the same objects, so only the others are compared.

    Args:
        original: the document before the step.
        revised: the document after it, with as many chapters.
    """
    pieces: list[LeftOut] = []
    context = ""
    for old, new in zip(original.chapters, revised.chapters, strict=True):
        if old.paragraphs is not new.paragraphs:
            pieces += _compare_paragraphs(old.paragraphs, new.paragraphs, context)
        if new.paragraphs:
            context = new.paragraphs[-1].text
    return pieces


def left_out_chapter(paragraphs: Sequence[Paragraph], context: str = "") -> LeftOut:
    """Return all paragraphs of a chapter as one piece that was left out.

    Args:
        paragraphs: those of the chapter.
        context: the text before the chapter.
    """
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    return LeftOut(text=text, after=context[-_CONTEXT:], is_chapter=True)


def word_differences(original: str, revised: str, context: str = "") -> Iterator[LeftOut]:
    """Yield the words of one text that another lacks or writes differently.

    Args:
        original: the text before a step.
        revised: the text after it.
        context: what stands before the text.
    """
    old, new = original.split(), revised.split()
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
        if _is_worth_reporting(lost):
            yield LeftOut(text=lost, after=context[-_CONTEXT:])
        return
    for first, last, words in _replaced_runs(old_middle, new_middle):
        piece = " ".join(old_middle[first:last])
        if _is_worth_reporting(piece):
            # So many words hold at least that many characters.
            lead = old[max(start + first - _CONTEXT, 0) : start + first]
            yield LeftOut(
                text=piece, after=(" ".join(lead) or context)[-_CONTEXT:], instead=" ".join(words)
            )


def _compare_paragraphs(
    original: Sequence[Paragraph], revised: Sequence[Paragraph], context: str
) -> Iterator[LeftOut]:
    if original and not revised:
        piece = left_out_chapter(original, context)
        if _is_worth_reporting(piece.text):
            yield piece
        return
    unchanged = {id(paragraph) for paragraph in revised}
    upcoming = iter(revised)
    changed: list[Paragraph] = []
    for paragraph in chain(original, (None,)):
        if paragraph is not None and id(paragraph) not in unchanged:
            changed.append(paragraph)
            continue
        rewritten = []
        for other in upcoming:
            if other is paragraph:
                break
            rewritten.append(other)
        if changed or rewritten:
            yield from _compare_runs(changed, rewritten, context)
        if changed:
            context = changed[-1].text
        changed = []
        if paragraph is not None:
            context = paragraph.text


def _compare_runs(
    original: Sequence[Paragraph], revised: Sequence[Paragraph], context: str
) -> Iterator[LeftOut]:
    """Yield what differs between paragraphs and those that replaced them."""
    if not revised:
        for paragraph in original:
            if _is_worth_reporting(paragraph.text):
                yield LeftOut(text=paragraph.text, after=context[-_CONTEXT:], is_line=True)
            context = paragraph.text
        return
    old = [line for paragraph in original for line in paragraph.text.split("\n")]
    new = [line for paragraph in revised for line in paragraph.text.split("\n")]
    for first, last, lines in _replaced_runs(old, new):
        context = old[first - 1] if first else context
        if lines:
            yield from word_differences("\n".join(old[first:last]), "\n".join(lines), context)
            continue
        for line in old[first:last]:
            if _is_worth_reporting(line):
                yield LeftOut(text=line, after=context[-_CONTEXT:], is_line=True)
            context = line


def _replaced_runs(
    original: Sequence[str], revised: Sequence[str]
) -> Iterator[tuple[int, int, Sequence[str]]]:
    """Yield the first and last position of each run that was replaced, and its replacement."""
    if len(original) == len(revised):
        for index, (old, new) in enumerate(zip(original, revised, strict=True)):
            if old != new:
                yield index, index + 1, [new]
        return
    matcher = SequenceMatcher(None, original, revised)
    for action, first, last, new_first, new_last in matcher.get_opcodes():
        if action in ("delete", "replace"):
            yield first, last, revised[new_first:new_last]


def _is_worth_reporting(text: str) -> bool:
    """Whether a piece holds a word, a number, the mark of a note, or a sign with a name."""
    return (
        "(*" in text
        or "[*" in text
        or any(sign.isalnum() or category(sign) == "So" for sign in text)
    )


def merge(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Merge the changes of each step into one, in the order in which the steps came first."""
    merged: dict[str, Change] = {}
    for change in changes:
        earlier = merged.get(change.step)
        merged[change.step] = earlier.merged_with(change) if earlier else change
    return tuple(merged.values())
