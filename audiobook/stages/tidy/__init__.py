"""Document to Document: what is not the text taken out, the rest put in order; each step named."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from audiobook.model import Change, Document, Meta, Subtitle
from audiobook.model.changes import compare
from audiobook.stages.tidy.boilerplate_lines import forget_weights
from audiobook.stages.tidy.directions import set_marks_apart
from audiobook.stages.tidy.lines import find_paragraphs, part_lines
from audiobook.stages.tidy.notes import find_notes
from audiobook.stages.tidy.putting_back import put_back
from audiobook.stages.tidy.step import all_paragraphs, forget_sections, rewrite_paragraphs
from audiobook.stages.tidy.steps import BLOCKS, OF_SUBTITLES, PARAGRAPHS, STEPS
from audiobook.stages.tidy.verse import find_verse, part_joined_verse
from audiobook.vietnamese import clean_letters, clean_line, leave_out_unfit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from audiobook.stages.tidy.step import TidyStep

__all__ = ["STEPS", "clean_meta", "tidy"]

# What one step leaves out may bring lines together that another step looks for.
_MOST_ROUNDS = 10
_EXAMPLE = 60


def tidy(
    document: Document,
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    kept_texts: Collection[str] = (),
) -> Document:
    """Put a document in order, step by step, and note in its changes what each step did.

    Whatever the steps, each line that is left is a paragraph.

    Args:
        document: what was read.
        keep: names of steps not to do: what they would take out stays.
        drop: names of steps to do that are not done unasked.
        kept_texts: beginnings of paragraphs and lines that no step leaves out.
    """
    if any(isinstance(paragraph, Subtitle) for paragraph in all_paragraphs(document)):
        return _tidy_subtitles(document, keep, drop, kept_texts)
    changes: dict[str, Change] = {}
    document = find_verse(find_paragraphs(_with_clean_names(document)))
    document = _do_steps(
        (step for step in BLOCKS if step.is_done(keep, drop)), document, changes, {}, kept_texts
    )
    document = part_lines(rewrite_paragraphs(document, leave_out_unfit)[0])
    document = set_marks_apart(part_joined_verse(find_verse(document)))
    document = find_notes(document)
    steps = [step for step in PARAGRAPHS if step.is_done(keep, drop)]
    idle: dict[str, Document] = {}
    for _ in range(_MOST_ROUNDS):
        previous = document
        document = _do_steps(steps, document, changes, idle, kept_texts)
        if document is previous:
            break
    return _finished(document, changes)


def _tidy_subtitles(
    document: Document,
    keep: Collection[str],
    drop: Collection[str],
    kept_texts: Collection[str],
) -> Document:
    """Tidy the texts of subtitles, each by itself: they are neither joined nor compared."""
    steps = [step for step in STEPS if step.name in OF_SUBTITLES and step.is_done(keep, drop)]
    changes: dict[str, Change] = {}
    document = rewrite_paragraphs(_with_clean_names(document), leave_out_unfit)[0]
    return _finished(_do_steps(steps, document, changes, {}, kept_texts), changes)


def _finished(document: Document, changes: dict[str, Change]) -> Document:
    forget_sections()
    forget_weights()
    step_changes = tuple(changes[step.name] for step in STEPS if step.name in changes)
    return replace(document, changes=(*document.changes, *step_changes))


def _with_clean_names(document: Document) -> Document:
    """Spell the letters of titles and of what is known about the book one way."""
    chapters = tuple(
        replace(chapter, title=clean_line(chapter.title)) for chapter in document.chapters
    )
    return replace(document, meta=clean_meta(document.meta), chapters=chapters)


def clean_meta(meta: Meta) -> Meta:
    """Spell the letters of all that is known about a book one way.

    Each is put on one line, but the description keeps its own.
    """
    cleaned: dict[str, Any] = {
        field.name: (clean_letters if field.name == "description" else clean_line)(text)
        for field in fields(meta)
        if isinstance(text := getattr(meta, field.name), str)
    }
    return replace(meta, **cleaned)


def _do_steps(
    steps: Iterable[TidyStep],
    document: Document,
    changes: dict[str, Change],
    idle: dict[str, Document],
    kept_texts: Collection[str],
) -> Document:
    """Do steps one after another.

    Args:
        steps: what to do.
        document: what they begin with.
        changes: what each did so far, by its name; what they do now is added.
        idle: the document in which each step found nothing to do, by its name: there it is not
            done again.
        kept_texts: beginnings of paragraphs and lines that stay whatever a step does.
    """
    for step in steps:
        previous = document
        if idle.get(step.name) is previous:
            continue
        document, touched = step.act(previous)
        if kept_texts and touched:
            document = put_back(previous, document, kept_texts)
            touched = touched if document is not previous else []
        if not touched and document is previous:
            idle[step.name] = previous
        if touched:
            example = " ".join(touched[0].split())[:_EXAMPLE]
            left_out = tuple(compare(previous, document))
            change = Change(
                step=step.summary,
                count=len(touched),
                example=example,
                name=step.name,
                left_out=left_out,
            )
            earlier = changes.get(step.name)
            changes[step.name] = earlier.merged_with(change) if earlier else change
    return document
