"""What a book leaves out of its source, shown to whoever wants to be sure that nothing is lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from audiobook.cli.printing import count
from audiobook.cli.printing import shown as shown_safely
from audiobook.messages import figure, told
from audiobook.model import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Change, LeftOut

_OWN_MARK = re.compile(r"⟦[^⟦⟧]*⟧")
# A step that takes more of the words, or a chapter of more words, may have taken the text.
_LARGE_SHARE, _LARGE_CHAPTER = 0.03, 150


def summarise(changes: Sequence[Change], words: int) -> Iterator[str]:
    """Yield a line for each change; those that may have taken too much come last, as warnings.

    Args:
        changes: what was done to the text.
        words: how many words will be read.
    """
    total = words + sum(change.words for change in changes)
    warnings = dict(_warnings(changes, words))
    for place, change in enumerate(changes):
        if place not in warnings:
            yield _summary(change, total)
    yield from warnings.values()


def warn(changes: Sequence[Change], words: int) -> Iterator[str]:
    """Yield a warning for each step that took much of the text, or a chapter of it.

    Args:
        changes: what was done to the text.
        words: how many words will be read.
    """
    yield from (line for _, line in _warnings(changes, words))


def _warnings(changes: Sequence[Change], words: int) -> Iterator[tuple[int, str]]:
    """Yield the positions of changes that took much of the text, each with a warning.

    What stood beside the text is none of it.
    """
    texts = [_of_text(change) for change in changes]
    total = words + sum(change.words for change in texts)
    for place, change in enumerate(texts):
        chapters = [piece for piece in change.left_out if _is_large_chapter(piece)]
        if change.words > _LARGE_SHARE * total or chapters:
            yield place, _warning(change, chapters, total)


def _of_text(change: Change) -> Change:
    pieces = (piece for piece in change.left_out if not piece.is_beside)
    return replace(change, left_out=tuple(pieces))


def print_left_out(changes: Sequence[Change], words: int) -> None:
    """Print every word that will not be read, under its step, with what stands before it."""
    total = words + sum(change.words for change in changes)
    for change in changes:
        if not change.left_out:
            continue
        name = f" [{change.name}]" if change.name else ""
        typer.secho(f"{told(change.step)}{name}: {_amount(change, total)}", bold=True)
        for piece in change.left_out:
            _print_piece(piece)
    left_out = total - words
    words_left_out, share = count(left_out, "word"), _share(left_out, total)
    print(told(f"{words_left_out} of {total:,} will not be read ({share})"))


def print_left_out_as_json(changes: Sequence[Change], words: int) -> None:
    """Print the same as a JSON object: words read, and a list of changes with their pieces."""
    entries = [
        {
            "step": change.step,
            "keep": change.name,
            "count": change.count,
            "words": change.words,
            "pieces": [
                {
                    "text": piece.text,
                    "after": piece.after,
                    "instead": piece.instead,
                    "chapter": piece.is_chapter,
                }
                for piece in change.left_out
            ],
        }
        for change in changes
    ]
    print(json.dumps({"words": words, "changes": entries}, ensure_ascii=False, indent=1))


def shown(text: str) -> str:
    """Return a text without what tidying writes for marks of pauses and voices."""
    return shown_safely(_OWN_MARK.sub("", text))


def _print_piece(piece: LeftOut) -> None:
    instead = f" -> {shown(piece.instead)}" if shown(piece.instead) else ""
    lines = piece.text.split("\n")
    for number, line in enumerate(lines, 1):
        print(f"    {shown(line)}{instead if number == len(lines) else ''}")
    place = told("at the beginning")
    if piece.after:
        after = shown(" ".join(piece.after.split()))
        place = f"{told('after')} “…{after}”"
    typer.secho(f"        {place}", dim=True)


def _summary(change: Change, total: int) -> str:
    first = _first(change)
    if not change.words:
        return f"{told(change.step)}: {figure(f'{change.count:,}')} ({first})"
    return f"{told(change.step)}: {_amount(change, total)} ({first})"


def _first(change: Change) -> str:
    example = shown(" ".join(change.example.split()))
    return f"{told('first')}: {example}"


def _amount(change: Change, total: int) -> str:
    number = figure(f"{change.count:,}")
    return f"{number}, {count(change.words, 'word')}, {_share(change.words, total)}"


def _share(words: int, total: int) -> str:
    share = 100 * words / total if total else 0.0
    return figure(f"{share:.1f} %" if share >= 0.1 or not words else "< 0.1 %")


def _warning(change: Change, chapters: Sequence[LeftOut], total: int) -> str:
    what, words = told(change.step), count(change.words, "word")
    took = told(f"warning: {what}: {words}, {_share(change.words, total)} of the text")
    parts = [f"{took} ({_first(change)})"]
    if chapters:
        title = shown(chapters[0].text.split("\n")[0][:60])
        parts.append(told(f"a whole chapter among them, “{title}”"))
    way_back = f"; {told('to read them')}: --keep {change.name}" if change.name else ""
    look = told("audiobook read SOURCE --left-out shows them")
    return f"{', '.join(parts)}; {look}{way_back}"


def _is_large_chapter(piece: LeftOut) -> bool:
    return piece.is_chapter and not piece.instead and count_words(piece.text) > _LARGE_CHAPTER
