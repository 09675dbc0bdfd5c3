"""Shows what a book leaves out of its source, so that users can check that no text is lost."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import typer

from audiobook.app.omissions import count_all_words, find_large_omissions
from audiobook.cli.printing import printable
from audiobook.messages import localize, localize_figure, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.app.omissions import LargeOmission
    from audiobook.model import Change, LeftOut

_OWN_MARK = re.compile(r"⟦[^⟦⟧]*⟧")


def summary_lines(changes: Sequence[Change], words: int) -> Iterator[str]:
    """Yield a line for each change; changes that may leave out too much come last, as warnings.

    Args:
        changes: the changes that were made to the text.
        words: the number of words that will be read.
    """
    total = count_all_words(changes, words)
    large = find_large_omissions(changes, words)
    large_positions = {omission.position for omission in large}
    for position, change in enumerate(changes):
        if position not in large_positions:
            yield _summary(change, total)
    yield from map(_warning, large)


def warnings_for(changes: Sequence[Change], words: int) -> Iterator[str]:
    """Yield a warning for each step that leaves out much of the text, or a chapter of it.

    Args:
        changes: the changes that were made to the text.
        words: the number of words that will be read.
    """
    yield from map(_warning, find_large_omissions(changes, words))


def print_left_out(changes: Sequence[Change], words: int) -> None:
    """Print every word that will not be read, by step, each piece with the text before it."""
    total = count_all_words(changes, words)
    for change in changes:
        if not change.left_out:
            continue
        name = f" [{change.name}]" if change.name else ""
        typer.secho(f"{localize(change.step)}{name}: {_amount(change, total)}", bold=True)
        for piece in change.left_out:
            _print_piece(piece)
    left_out = total - words
    print(
        localize(
            plural(
                "{count:,} word of {total:,} will not be read ({share})",
                "{count:,} words of {total:,} will not be read ({share})",
                count=left_out,
                total=total,
                share=_percentage(left_out, total),
            )
        )
    )


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


def without_marks(text: str) -> str:
    """Return a text that is safe to print, without the marks for pauses and voices of tidying."""
    return printable(_OWN_MARK.sub("", text))


def _print_piece(piece: LeftOut) -> None:
    replacement = f" -> {without_marks(piece.instead)}" if without_marks(piece.instead) else ""
    lines = piece.text.split("\n")
    for number, line in enumerate(lines, 1):
        print(f"    {without_marks(line)}{replacement if number == len(lines) else ''}")
    place = localize("at the beginning")
    if piece.after:
        text_before = without_marks(" ".join(piece.after.split()))
        place = localize(message("after “…{text}”", text=text_before))
    typer.secho(f"        {place}", dim=True)


def _summary(change: Change, total: int) -> str:
    first = _first_example(change)
    if not change.words:
        return f"{localize(change.step)}: {localize_figure(f'{change.count:,}')} ({first})"
    return f"{localize(change.step)}: {_amount(change, total)} ({first})"


def _first_example(change: Change) -> str:
    example = without_marks(" ".join(change.example.split()))
    return localize(message("first: {example}", example=example))


def _amount(change: Change, total: int) -> str:
    number = localize_figure(f"{change.count:,}")
    words = localize(plural("{count:,} word", "{count:,} words", count=change.words))
    return f"{number}; {words}; {_percentage(change.words, total)}"  # a comma is a decimal sign


def _percentage(words: int, total: int) -> str:
    return _percent(words / total if total else 0.0)


def _percent(share: float) -> str:
    percent = 100 * share
    return localize_figure(f"{percent:.1f} %" if percent >= 0.1 or not share else "< 0.1 %")


def _warning(omission: LargeOmission) -> str:
    change = omission.change
    head = localize(
        plural(
            "warning: {step}: {count:,} word, {share} of the text",
            "warning: {step}: {count:,} words, {share} of the text",
            count=change.words,
            step=change.step,
            share=_percent(omission.share),
        )
    )
    parts = [f"{head} ({_first_example(change)})"]
    if omission.chapters:
        title = without_marks(omission.chapters[0].text.split("\n")[0][:60])
        parts.append(localize(message("a whole chapter among them, “{title}”", title=title)))
    parts = [", ".join(parts), localize("audiobook read SOURCE --left-out shows them")]
    if change.name:
        parts.append(localize(message("to read them: --keep {step}", step=change.name)))
    return "; ".join(parts)
