"""Renders the tables of an audit: chapters, and facts about the file."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from audiobook.audit.page import plots
from audiobook.audit.page.texts import duration, play_button, range_text, tell, write_figure
from audiobook.messages import Message, localize, localize_figure, message, verbatim
from audiobook.outputs import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.measured import Level
    from audiobook.audit.types import Audit, Severity

_MOST_DRAWN = 500
"""Chapters: a page with more of them draws no waveforms of each."""


def chapters_table(audit: Audit) -> Iterator[str]:
    """Yield the table of chapters with their levels; nothing for a book without chapters."""
    if not audit.contents.chapters:
        return
    wanted = audit.profile
    aim, unit = (wanted.chapter_loudness, "LUFS") if wanted.chapter_loudness else (wanted.rms, "dB")
    name = tell(message("Chapters"))
    yield f'<h2>{name}</h2>\n<div class="scroll" role="region" aria-label="{name}" tabindex="0">'
    caption = message("Wanted: {levels} {unit}.", levels=range_text(aim), unit=unit)
    yield f'<table class="chapters">\n<caption>{tell(caption)}</caption>\n<thead><tr>'
    for column, kind in (
        (message("No."), "number"),
        (message("Title"), ""),
        (message("Sound"), ""),
        (message("Start"), "number"),
        (message("Length"), "number"),
        (verbatim("LUFS"), "number"),
        (message("Against the target"), "wide"),
        (message("Peak, dBTP"), "number wide"),
        (verbatim("RMS, dBFS"), "number wide"),
        (message("Floor, dBFS"), "number wide"),
    ):
        attribute = f' class="{kind}"' if kind else ""
        yield f'<th scope="col"{attribute}>{tell(column)}</th>'
    yield "</tr></thead>\n<tbody>"
    worst = _worst_of_chapters(audit)
    language = languages.two_letters(audit.contents.language) or audit.contents.language
    rows = zip(audit.contents.chapters, audit.sound.chapter_levels, strict=True)
    for number, (chapter, level) in enumerate(rows, 1):
        kind = worst.get(number, "fine")
        picture = ""
        if len(audit.contents.chapters) <= _MOST_DRAWN:
            label = localize(message("Waveform of chapter {chapter}", chapter=number))
            picture = plots.small_waveform(audit, chapter.start, chapter.end, label)
        title = escape(chapter.title) or tell(message("(no title)"))
        yield (
            f'<tr><td class="number {kind}">{number}</td>'
            f'<th scope="row" lang="{escape(language)}">{title}</th>'
            f'<td class="picture">{picture}</td>'
        )
        start = play_button(chapter.start, duration(chapter.start))
        yield f'<td class="number start">{start}</td>'
        yield f'<td class="number">{duration(max(chapter.end - chapter.start, 0))}</td>'
        yield f'<td class="number" data-unit="LUFS">{write_figure(level.loudness)}</td>'
        yield f'<td class="wide">{_level_dot(level, audit, kind)}</td>'
        for value in (level.true_peak, level.rms, level.floor):
            yield f'<td class="number wide">{write_figure(value)}</td>'
        yield "</tr>"
    yield "</tbody>\n</table>\n</div>"


def _level_dot(level: Level, audit: Audit, kind: str) -> str:
    wanted = audit.profile
    if wanted.chapter_loudness:
        value, aim, unit = level.loudness, wanted.chapter_loudness, "LUFS"
    else:
        value, aim, unit = level.rms, wanted.rms or (-math.inf, 0.0), "dBFS RMS"
    label = message(
        "{level} {unit}, wanted {levels}",
        level=write_figure(value),
        unit=unit,
        levels=range_text(aim),
    )
    return plots.dot(value, aim, localize(label), kind)


def _worst_of_chapters(audit: Audit) -> dict[int, Severity]:
    worst: dict[int, Severity] = {}
    for finding in audit.findings:  # the worst come first
        if finding.chapter is not None:
            worst.setdefault(finding.chapter, finding.severity)
    return worst


def file_facts(audit: Audit) -> Iterator[str]:
    """Yield what else is known of the file."""
    contents, sound, cover = audit.contents, audit.sound, audit.contents.cover
    drifts = ", ".join(
        localize(
            message(
                "{milliseconds} ms at the {stretch} ({cues} cues)",
                milliseconds=write_figure(drift.seconds * 1000, 0),
                stretch=drift.where,
                cues=drift.cues,
            )
        )
        for drift in audit.speech.drift
    )
    pace = audit.speech.pace
    facts: tuple[tuple[Message, str], ...] = (
        (message("Author"), contents.author),
        (message("Narrator"), contents.narrator),
        (message("Language"), contents.language),
        (message("Date"), contents.date),
        (
            message("Format"),
            f"{contents.format}, {localize(contents.described_bitrate)}, {contents.rate} Hz",
        ),
        (
            message("Cover"),
            f"{cover.kind}, {cover.width} × {cover.height}, {cover.size / 1e3:.0f} kB"
            if cover
            else "",
        ),
        (
            message("Sentences"),
            localize_figure(f"{len(contents.sentences):,}") if contents.sentences else "",
        ),
        (message("Sound after its cue"), drifts),
        (
            message("A syllable"),
            localize(message("{seconds:.2f} s", seconds=pace)) if pace else "",
        ),
        (
            message("Sample peak"),
            localize(message("{level} dBFS", level=write_figure(sound.level.peak))),
        ),
        (message("Runs at full scale"), localize_figure(f"{len(sound.clipped):,}")),
    )
    yield f'<h2>{tell(message("The file"))}</h2>\n<dl class="facts">'
    for name, text in facts:
        yield f"<dt>{tell(name)}</dt><dd>{escape(text) or '–'}</dd>"
    yield "</dl>"
