"""The steps of tidying, in the order in which they are done."""

from __future__ import annotations

from audiobook.messages import message
from audiobook.stages.tidy.boilerplate import (
    drop_advertising,
    drop_bylines,
    drop_captions,
    drop_lines_of,
)
from audiobook.stages.tidy.directions import drop_unknown_marks, spell_marks
from audiobook.stages.tidy.dropping_marks import drop_marks
from audiobook.stages.tidy.edit_links import drop_edit_links
from audiobook.stages.tidy.emoji import drop_emoji
from audiobook.stages.tidy.lines import (
    join_broken_words,
    join_wrapped_lines,
)
from audiobook.stages.tidy.notes import drop_notes
from audiobook.stages.tidy.ornaments import pause_at_ornaments
from audiobook.stages.tidy.pages import drop_page_numbers
from audiobook.stages.tidy.repeats import drop_near_repeats, drop_repeats
from audiobook.stages.tidy.running import drop_running_titles
from audiobook.stages.tidy.scripts import drop_other_scripts, drop_read_lines
from audiobook.stages.tidy.signs import drop_bullets, drop_code, drop_signs
from audiobook.stages.tidy.spelling import respell_letters, strip_markup
from audiobook.stages.tidy.step import TidyStep, sections

BLOCKS = (
    TidyStep(
        "marks",
        message("marks for pauses and voices followed"),
        message("follow marks for pauses and voices: [pause 2s], [voice: saigon] … [/voice]"),
        act=spell_marks,
    ),
    TidyStep(
        "unknown-marks",
        message("unknown marks left out"),
        message("leave out marks that mean nothing here: [sound: rain], [pause abc]"),
        act=drop_unknown_marks,
    ),
    TidyStep(
        "emoji",
        message("emoji left out"),
        message("leave out emoji, which a voice would call by their names"),
        act=drop_emoji,
    ),
    TidyStep(
        "letters",
        message("letters respelled"),
        message("spell each letter one way (Unicode NFC)"),
        act=respell_letters,
    ),
    TidyStep(
        "code", message("code left out"), message("leave out code of programs"), act=drop_code
    ),
    TidyStep(
        "markup",
        message("markup taken off"),
        message("take off HTML left in the text: <br/>, &nbsp;"),
        act=strip_markup,
    ),
    TidyStep(
        "page-numbers",
        message("page numbers left out"),
        message("leave out numbers of pages on lines of their own"),
        act=drop_page_numbers,
    ),
    TidyStep(
        "signs",
        message("signs of markup taken off"),
        message("take off signs around words, **, _ and [[ ]], and say formulas: $a^2$"),
        act=drop_signs,
    ),
    TidyStep(
        "wrapped-lines",
        message("wrapped lines joined"),
        message("join lines that were wrapped at a column"),
        act=join_wrapped_lines,
    ),
    TidyStep(
        "broken-words",
        message("broken words joined"),
        message("join words divided by a hyphen at the end of a line"),
        act=join_broken_words,
    ),
)
"""What is done to blocks, as the reader found them: a block may hold many lines."""

PARAGRAPHS = (
    TidyStep(
        "read-han",
        message("lines of Han characters read once"),
        message(
            "leave out lines of Han characters whose reading stands in the lines below or above"
        ),
        act=drop_read_lines,
    ),
    TidyStep(
        "other-scripts",
        message("characters of other scripts left out"),
        message("leave out kana, hangul and chữ Nôm, which have no reading in Vietnamese"),
        act=drop_other_scripts,
    ),
    TidyStep(
        "edit-links",
        message("links to edit left out"),
        message("leave out what an encyclopedia has for its editors: [sửa | sửa mã nguồn]"),
        act=drop_edit_links,
    ),
    TidyStep(
        "note-marks",
        message("marks of notes taken off"),
        message("take off marks of notes in the text: [1], (2), ³, (*)"),
        act=drop_marks,
    ),
    TidyStep(
        "notes",
        message("notes left out"),
        message("leave out footnotes and endnotes"),
        act=drop_notes,
    ),
    TidyStep(
        "bullets",
        message("bullets taken off"),
        message("take off * and + before the items of a list"),
        act=drop_bullets,
    ),
    TidyStep(
        "copyright",
        message("copyright lines left out"),
        message("leave out who holds the rights, who typed and made the file"),
        act=drop_lines_of("copyright"),
    ),
    TidyStep(
        "captions",
        message("captions left out"),
        message("leave out words under pictures, and where those are from"),
        act=drop_captions,
    ),
    TidyStep(
        "see-also",
        message("see-also lines left out"),
        message("leave out references to other pages: Xem thêm, Tin liên quan"),
        act=drop_lines_of("see-also"),
    ),
    TidyStep(
        "share",
        message("share lines left out"),
        message("leave out buttons and counters: Chia sẻ, Bình luận (12)"),
        act=drop_lines_of("share"),
    ),
    TidyStep(
        "navigation",
        message("links between chapters left out"),
        message(
            "leave out links and key hints between chapters: Chương trước, Mục lục, Chương sau"
        ),
        act=drop_lines_of("navigation", sections),
    ),
    TidyStep(
        "site-ads",
        message("advertising lines left out"),
        message("leave out what story sites say of themselves: Bạn đang đọc truyện tại …"),
        act=drop_advertising,
    ),
    TidyStep(
        "chapter-ends",
        message("ends of chapters left out"),
        message("leave out lines that only say that a chapter ends: Hết chương 3"),
        act=drop_lines_of("chapter-ends", sections),
    ),
    TidyStep(
        "credits",
        message("credits left out"),
        message("leave out who translated, edited and posted a chapter: Edit:, Beta:, Converter:"),
        act=drop_lines_of("credits", sections),
    ),
    TidyStep(
        "addresses",
        message("addresses left out"),
        message("leave out web and mail addresses on lines of their own"),
        act=drop_lines_of("addresses"),
    ),
    TidyStep(
        "bylines",
        message("bylines left out"),
        message("leave out who wrote an article, when, and for whom"),
        act=drop_bylines,
    ),
    TidyStep(
        "running-titles",
        message("running titles left out"),
        message("leave out the author and the title repeated above chapters"),
        act=drop_running_titles,
    ),
    TidyStep(
        "ornaments",
        message("ornaments turned into pauses"),
        message("turn * * *, ---, ~o0o~ on lines of their own into pauses"),
        act=pause_at_ornaments,
    ),
    TidyStep(
        "repeats",
        message("repeated paragraphs read once"),
        message("leave out long paragraphs and blocks that come back word for word"),
        act=drop_repeats,
    ),
    TidyStep(
        "near-repeats",
        message("nearly repeated paragraphs read once"),
        message("leave out long paragraphs that come back with other misprints"),
        act=drop_near_repeats,
    ),
)
"""What is done to paragraphs of one line each."""

STEPS = BLOCKS + PARAGRAPHS
"""All that tidying can do, in the order it is done."""
OF_SUBTITLES = frozenset(("emoji", "letters", "markup", "read-han", "other-scripts", "notes"))
"""The steps that suit subtitles which are spoken at their times."""
