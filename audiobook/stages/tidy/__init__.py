"""Document to Document: what is not the text taken out, the rest put in order; each step named."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from audiobook.model import Change, Document, Meta
from audiobook.model.changes import compare
from audiobook.stages.tidy.boilerplate import advertising, bylines, captions, take_out
from audiobook.stages.tidy.directions import drop_unknown_marks, set_marks_apart, spell_marks
from audiobook.stages.tidy.emoji import drop_emoji
from audiobook.stages.tidy.lines import (
    find_paragraphs,
    join_broken_words,
    join_wrapped_lines,
    part_lines,
)
from audiobook.stages.tidy.note_marks import drop_edit_links, drop_marks
from audiobook.stages.tidy.notes import drop_notes, find_notes
from audiobook.stages.tidy.ornaments import pause_at_ornaments
from audiobook.stages.tidy.pages import drop_page_numbers
from audiobook.stages.tidy.repeats import drop_near_repeats, drop_repeats
from audiobook.stages.tidy.running import drop_running_titles
from audiobook.stages.tidy.scripts import drop_other_scripts, drop_read_lines
from audiobook.stages.tidy.signs import drop_bullets, drop_code, drop_signs
from audiobook.stages.tidy.spelling import respell_letters, strip_markup
from audiobook.stages.tidy.step import TidyStep, forget_sections, rewrite, sections
from audiobook.vietnamese import clean_letters, clean_line, leave_out_unfit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["STEPS", "clean_meta", "tidy"]

# On blocks, as the reader found them: a block may hold many lines.
_BLOCKS = (
    TidyStep(
        "marks",
        "marks for pauses and voices followed",
        "follow marks for pauses and voices: [pause 2s], [voice: saigon] … [/voice]",
        act=spell_marks,
    ),
    TidyStep(
        "unknown-marks",
        "unknown marks left out",
        "leave out marks that mean nothing here: [sound: rain], [pause abc]",
        act=drop_unknown_marks,
    ),
    TidyStep(
        "emoji",
        "emoji left out",
        "leave out emoji, which a voice would call by their names",
        act=drop_emoji,
    ),
    TidyStep(
        "letters",
        "letters respelled",
        "spell each letter one way (Unicode NFC)",
        act=respell_letters,
    ),
    TidyStep("code", "code left out", "leave out code of programs", act=drop_code),
    TidyStep(
        "markup",
        "markup taken off",
        "take off HTML left in the text: <br/>, &nbsp;",
        act=strip_markup,
    ),
    TidyStep(
        "page-numbers",
        "page numbers left out",
        "leave out numbers of pages on lines of their own",
        act=drop_page_numbers,
    ),
    TidyStep(
        "signs",
        "signs of markup taken off",
        "take off signs around words, **, _ and [[ ]], and say formulas: $a^2$",
        act=drop_signs,
    ),
    TidyStep(
        "wrapped-lines",
        "wrapped lines joined",
        "join lines that were wrapped at a column",
        act=join_wrapped_lines,
    ),
    TidyStep(
        "broken-words",
        "broken words joined",
        "join words divided by a hyphen at the end of a line",
        act=join_broken_words,
    ),
)
# On paragraphs of one line each.
_PARAGRAPHS = (
    TidyStep(
        "read-han",
        "lines of Han characters read once",
        "leave out lines of Han characters whose reading stands in the lines below or above",
        act=drop_read_lines,
    ),
    TidyStep(
        "other-scripts",
        "characters of other scripts left out",
        "leave out kana, hangul and chữ Nôm, which have no reading in Vietnamese",
        act=drop_other_scripts,
    ),
    TidyStep(
        "edit-links",
        "links to edit left out",
        "leave out what an encyclopedia has for its editors: [sửa | sửa mã nguồn]",
        act=drop_edit_links,
    ),
    TidyStep(
        "note-marks",
        "marks of notes taken off",
        "take off marks of notes in the text: [1], (2), ³, (*)",
        act=drop_marks,
    ),
    TidyStep("notes", "notes left out", "leave out footnotes and endnotes", act=drop_notes),
    TidyStep(
        "bullets",
        "bullets taken off",
        "take off * and + before the items of a list",
        act=drop_bullets,
    ),
    TidyStep(
        "copyright",
        "copyright lines left out",
        "leave out who holds the rights, who typed and made the file",
        act=take_out("copyright"),
    ),
    TidyStep(
        "captions",
        "captions left out",
        "leave out words under pictures, and where those are from",
        act=captions,
    ),
    TidyStep(
        "see-also",
        "see-also lines left out",
        "leave out references to other pages: Xem thêm, Tin liên quan",
        act=take_out("see-also"),
    ),
    TidyStep(
        "share",
        "share lines left out",
        "leave out buttons and counters: Chia sẻ, Bình luận (12)",
        act=take_out("share"),
    ),
    TidyStep(
        "navigation",
        "links between chapters left out",
        "leave out links and key hints between chapters: Chương trước, Mục lục, Chương sau",
        act=take_out("navigation", sections),
    ),
    TidyStep(
        "site-ads",
        "advertising lines left out",
        "leave out what story sites say of themselves: Bạn đang đọc truyện tại …",
        act=advertising,
    ),
    TidyStep(
        "chapter-ends",
        "ends of chapters left out",
        "leave out lines that only say that a chapter ends: Hết chương 3",
        act=take_out("chapter-ends", sections),
    ),
    TidyStep(
        "credits",
        "credits left out",
        "leave out who translated, edited and posted a chapter: Edit:, Beta:, Converter:",
        act=take_out("credits", sections),
    ),
    TidyStep(
        "addresses",
        "addresses left out",
        "leave out web and mail addresses on lines of their own",
        act=take_out("addresses"),
    ),
    TidyStep(
        "bylines",
        "bylines left out",
        "leave out who wrote an article, when, and for whom",
        act=bylines,
    ),
    TidyStep(
        "running-titles",
        "running titles left out",
        "leave out the author and the title repeated above chapters",
        act=drop_running_titles,
    ),
    TidyStep(
        "ornaments",
        "ornaments made pauses",
        "make a pause of * * *, ---, ~o0o~ on lines of their own",
        act=pause_at_ornaments,
    ),
    TidyStep(
        "repeats",
        "repeated paragraphs read once",
        "leave out long paragraphs and blocks that come back word for word",
        act=drop_repeats,
    ),
    TidyStep(
        "near-repeats",
        "nearly repeated paragraphs read once",
        "leave out long paragraphs that come back with other misprints",
        act=drop_near_repeats,
    ),
)
STEPS = _BLOCKS + _PARAGRAPHS
"""All that tidying can do, in the order it is done."""

# One step's gap may bring together what another goes by.
_MOST_ROUNDS = 10
_EXAMPLE = 60


def tidy(document: Document, keep: Collection[str] = (), drop: Collection[str] = ()) -> Document:
    """Put a document in order, step by step, and note in its changes what each step did.

    Whatever the steps, each line that is left is a paragraph.

    Args:
        document: what was read.
        keep: names of steps not to do: what they would take out stays.
        drop: names of steps to do that are not done unasked.

    """
    changes: dict[str, Change] = {}
    document = find_paragraphs(_with_clean_names(document))
    document = _apply((step for step in _BLOCKS if step.is_done(keep, drop)), document, changes, {})
    document = set_marks_apart(part_lines(rewrite(document, leave_out_unfit)[0]))
    document = find_notes(document)
    steps = [step for step in _PARAGRAPHS if step.is_done(keep, drop)]
    idle: dict[str, Document] = {}
    for _ in range(_MOST_ROUNDS):
        before = document
        document = _apply(steps, document, changes, idle)
        if document is before:
            break
    forget_sections()
    done = tuple(changes[step.name] for step in STEPS if step.name in changes)
    return replace(document, changes=(*document.changes, *done))


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
        field.name: (clean_letters if field.name == "description" else clean_line)(value)
        for field in fields(meta)
        if isinstance(value := getattr(meta, field.name), str)
    }
    return replace(meta, **cleaned)


def _apply(
    steps: Iterable[TidyStep],
    document: Document,
    changes: dict[str, Change],
    idle: dict[str, Document],
) -> Document:
    """Do steps one after another.

    Args:
        steps: what to do.
        document: what they begin with.
        changes: what each did so far, by its name; what they do now is added.
        idle: the document in which each step found nothing to do, by its name: there it is not
            done again.
    """
    for step in steps:
        before = document
        if idle.get(step.name) is before:
            continue
        document, touched = step.act(before)
        if not touched and document is before:
            idle[step.name] = before
        if touched:
            example = " ".join(touched[0].split())[:_EXAMPLE]
            left_out = tuple(compare(before, document))
            change = Change(step.summary, len(touched), example, step.name, left_out)
            earlier = changes.get(step.name)
            changes[step.name] = earlier.merged_with(change) if earlier else change
    return document
