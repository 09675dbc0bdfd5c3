"""Renders an audit as one self-contained page of HTML, for screen and print."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from audiobook.audit.page import plots
from audiobook.audit.page.style import CSS
from audiobook.audit.types import Severity
from audiobook.outputs import languages
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.types import Audit, Finding, Level

# The browser loads nothing, whatever a title may hold.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(audit: Audit) -> str:
    """Return the HTML page of an audit; all text of the book is escaped."""
    title = audit.contents.title or audit.path.name
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} · audit</title>\n<style>{CSS}</style>\n</head>\n<body>",
            *_page_head(audit, title),
            "<main>",
            *_plots(audit),
            *_findings_table(audit),
            *_chapters_table(audit),
            *_file_facts(audit),
            "</main>",
            f"<footer>Measured by audiobook {__version__}: loudness by ITU-R BS.1770-4, a mono "
            f"book as two loudspeakers play it. Profile {audit.profile.name}: "
            f"{escape(audit.profile.source)}.</footer>\n</body>\n</html>\n",
        )
    )


def _page_head(audit: Audit, title: str) -> Iterator[str]:
    contents, level, wanted = audit.contents, audit.sound.level, audit.profile
    language = languages.two_letters(contents.language) or contents.language
    yield f'<header>\n<h1 lang="{escape(language)}">{escape(title)}</h1>'
    author = escape(contents.author or "author unknown")
    yield f'<p class="soft">{author} · {escape(audit.path.name)}</p>'
    kinds = [finding.severity for finding in audit.findings]
    counts = ", ".join(
        f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) > 1 else ''}"
        for kind in dict.fromkeys(kinds)
    )
    worst = kinds[0] if audit.falls_short else "fine"
    verdict = "Falls short" if audit.falls_short else "As it should be"
    yield f'<p class="verdict {worst}">{verdict}{f": {counts}" if counts else ""}</p>'
    yield '<dl class="tiles">'
    for name, figure, unit, aim in (
        ("Loudness", _figure(level.loudness), "LUFS", _range(wanted.loudness)),
        ("True peak", _figure(level.true_peak), "dBTP", _at_most(wanted.true_peak)),
        ("RMS", _figure(level.rms), "dBFS", _range(wanted.rms)),
        ("Noise floor", _figure(level.floor), "dBFS", _at_most(wanted.floor)),
        ("Length", _duration(audit.sound.seconds), "", f"{len(contents.chapters)} chapters"),
        (
            "Size",
            f"{contents.size / 1e6:.1f}",
            "MB",
            f"{contents.format}, {contents.bitrate:.0f} kbit/s",
        ),
    ):
        yield (
            f"<div><dt>{name}</dt><dd>{figure} <small>{unit}</small>"
            f"{f'<p>{aim}</p>' if aim else ''}</dd></div>"
        )
    yield "</dl>\n</header>"


def _plots(audit: Audit) -> Iterator[str]:
    sound = audit.sound
    label = f"Waveform of {_duration(sound.seconds)} with {len(audit.contents.chapters)} chapters"
    yield '<h2>Sound</h2>\n<figure>\n<div class="plot">'
    yield plots.waveform(audit, label)
    yield from _time_labels(sound.seconds)
    yield "</div>\n<figcaption>Peaks, and darker their average; every second chapter is shaded, "
    yield "lines stand where something was found.</figcaption>\n</figure>"
    wanted = audit.profile.loudness
    label = f"Loudness over time, {_figure(sound.level.loudness)} LUFS on the whole"
    yield '<h2>Loudness over time</h2>\n<figure>\n<div class="plot tall">'
    yield plots.loudness(audit, label)
    for level in plots.grid_levels():
        top = f"{plots.height_percent(level):.1f}%"
        yield f'<span class="y" style="top:{top}">{_figure(level, 0)}</span>'
    yield from _time_labels(sound.seconds)
    band = f" The band is {_range(wanted)} LUFS." if wanted else ""
    yield "</div>\n<figcaption>LUFS over three seconds; straight lines are whole chapters."
    yield f"{band}</figcaption>\n</figure>"


def _time_labels(seconds: float) -> Iterator[str]:
    for tick in plots.ticks(seconds):
        if tick <= seconds * 0.97:
            left = f"{tick / seconds * 100:.2f}%"
            yield f'<span class="x" style="left:{left}">{_duration(tick)}</span>'


def _findings_table(audit: Audit) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    if not audit.findings:
        yield '<p class="fine">Nothing to find fault with.</p>'
        return
    yield '<table class="findings">\n<thead><tr>'
    for name in ("Severity", "Where", "What", "Measured", "Wanted", "What to do"):
        yield f'<th scope="col">{name}</th>'
    yield "</tr></thead>\n<tbody>"
    for finding in audit.findings:
        cells = (
            ("Measured", finding.measured),
            ("Wanted", finding.wanted),
            ("To do", finding.remedy),
        )
        severity = finding.severity
        yield (
            f'<tr><td class="{severity}">{severity}</td><td>{_location(finding)}</td>'
            f"<td>{escape(finding.what)}</td>"
            + "".join(
                f'<td data-label="{name}">{escape(text)}</td>' if text else "<td></td>"
                for name, text in cells
            )
            + "</tr>"
        )
    yield "</tbody>\n</table>"


def _location(finding: Finding) -> str:
    words = [] if finding.chapter is None else [f"chapter {finding.chapter}"]
    if finding.at is not None:
        words.append(f"at {_duration(finding.at)}")
    return " ".join(words)


def _chapters_table(audit: Audit) -> Iterator[str]:
    if not audit.contents.chapters:
        return
    wanted = audit.profile
    aim, unit = (wanted.chapter_loudness, "LUFS") if wanted.chapter_loudness else (wanted.rms, "dB")
    yield '<h2>Chapters</h2>\n<div class="scroll" role="region" aria-label="Chapters" tabindex="0">'
    yield f'<table class="chapters">\n<caption>Wanted: {_range(aim)} {unit}.</caption>'
    yield '<thead><tr><th scope="col" class="number">No.</th><th scope="col">Title</th>'
    yield '<th scope="col">Sound</th>'
    for name, kind in (("Start", "number wide"), ("Length", "number"), ("LUFS", "number")):
        yield f'<th scope="col" class="{kind}">{name}</th>'
    yield '<th scope="col" class="wide">Against what is wanted</th>'
    for name in ("Peak, dBTP", "RMS, dBFS", "Floor, dBFS"):
        yield f'<th scope="col" class="number wide">{name}</th>'
    yield "</tr></thead>\n<tbody>"
    worst = _worst_of_chapters(audit)
    language = languages.two_letters(audit.contents.language) or audit.contents.language
    rows = zip(audit.contents.chapters, audit.sound.chapter_levels, strict=True)
    for number, (chapter, level) in enumerate(rows, 1):
        kind = worst.get(number, "fine")
        picture = plots.small_waveform(
            audit, chapter.start, chapter.end, f"Waveform of chapter {number}"
        )
        title = escape(chapter.title) or "(no title)"
        yield (
            f'<tr><td class="number {kind}">{number}</td>'
            f'<th scope="row" lang="{escape(language)}">{title}</th>'
            f"<td>{picture}</td>"
        )
        yield f'<td class="number wide">{_duration(chapter.start)}</td>'
        yield f'<td class="number">{_duration(max(chapter.end - chapter.start, 0))}</td>'
        yield f'<td class="number">{_figure(level.loudness)}</td>'
        yield f'<td class="wide">{_level_dot(level, audit, kind)}</td>'
        for value in (level.true_peak, level.rms, level.floor):
            yield f'<td class="number wide">{_figure(value)}</td>'
        yield "</tr>"
    yield "</tbody>\n</table>\n</div>"


def _level_dot(level: Level, audit: Audit, kind: str) -> str:
    wanted = audit.profile
    if wanted.chapter_loudness:
        value, aim, unit = level.loudness, wanted.chapter_loudness, "LUFS"
    else:
        value, aim, unit = level.rms, wanted.rms or (-math.inf, 0.0), "dBFS RMS"
    return plots.dot(value, aim, f"{_figure(value)} {unit}, wanted {_range(aim)}", kind)


def _worst_of_chapters(audit: Audit) -> dict[int, Severity]:
    worst: dict[int, Severity] = {}
    for finding in audit.findings:  # the worst come first
        if finding.chapter is not None:
            worst.setdefault(finding.chapter, finding.severity)
    return worst


def _file_facts(audit: Audit) -> Iterator[str]:
    contents, sound, cover = audit.contents, audit.sound, audit.contents.cover
    drifts = ", ".join(
        f"{_figure(drift.seconds * 1000, 0)} ms at the {drift.where} ({drift.cues} cues)"
        for drift in audit.speech.drift
    )
    bits = "constant" if contents.constant else "variable"
    facts = (
        ("Author", contents.author),
        ("Narrator", contents.narrator),
        ("Language", contents.language),
        ("Date", contents.date),
        ("Format", f"{contents.format}, {contents.bitrate:.0f} kbit/s {bits}, {contents.rate} Hz"),
        (
            "Cover",
            f"{cover.kind}, {cover.width} × {cover.height}, {cover.size / 1e3:.0f} kB"
            if cover
            else "",
        ),
        ("Sentences", f"{len(contents.sentences):,}" if contents.sentences else ""),
        ("Sound after its cue", drifts),
        ("A syllable", f"{audit.speech.pace:.2f} s" if audit.speech.pace else ""),
        ("Sample peak", f"{_figure(sound.level.peak)} dBFS"),
        ("Runs at full scale", f"{len(sound.clipped):,}"),
    )
    yield '<h2>The file</h2>\n<dl class="facts">'
    for name, text in facts:
        yield f"<dt>{name}</dt><dd>{escape(text) or '–'}</dd>"
    yield "</dl>"


def _figure(value: float, places: int = 1) -> str:
    """Write a number with a true minus sign; silence as minus infinity."""
    return f"{value:.{places}f}".replace("-", "−") if math.isfinite(value) else "−∞"


def _range(wanted: tuple[float, float] | None) -> str:
    return f"{_figure(wanted[0])} to {_figure(wanted[1])}" if wanted else ""


def _at_most(wanted: float | None) -> str:
    return "" if wanted is None else f"at most {_figure(wanted)}"


def _duration(seconds: float) -> str:
    minutes, whole_seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{whole_seconds:02}" if hours else f"{minutes}:{whole_seconds:02}"
