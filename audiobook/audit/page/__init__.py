"""Renders an audit as one self-contained page of HTML, for screen and print."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from audiobook.audit.page import plots
from audiobook.audit.page.findings import findings_list
from audiobook.audit.page.frame import page_frame
from audiobook.audit.page.player import POLICY, player, seek_bar
from audiobook.audit.page.tables import chapters_table, file_facts
from audiobook.audit.page.texts import at_most, duration, range_text, tell, write_figure
from audiobook.messages import (
    Message,
    localize,
    message,
    plural,
    verbatim,
)
from audiobook.outputs import languages
from audiobook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobook.audit.types import Audit


def render(audit: Audit, address: str = "") -> str:
    """Return the HTML page of an audit; all text of the book is escaped.

    Args:
        audit: the audit.
        address: the book, relative to the page, for its player; empty for a page without one.
    """
    title = audit.contents.title or audit.path.name
    content = (
        *_page_head(audit, title),
        "<main>",
        *_plots(audit, seek_bar(audit) if address else ""),
        *findings_list(audit),
        *chapters_table(audit),
        *file_facts(audit),
        "</main>",
        f"<footer>{tell(_footer(audit))}</footer>",
        *(player(audit, address) if address else ()),
    )
    return page_frame(title, content, *((POLICY, "plays") if address else ()))


def _footer(audit: Audit) -> Message:
    return message(
        "Measured by audiobook {version}: loudness by ITU-R BS.1770-4, a mono book as two "
        "loudspeakers play it. Profile {profile}: {source}.",
        version=__version__,
        profile=audit.profile.name,
        source=audit.profile.source,
    )


def _page_head(audit: Audit, title: str) -> Iterator[str]:
    contents, level, wanted = audit.contents, audit.sound.level, audit.profile
    language = languages.two_letters(contents.language) or contents.language
    yield f'<header>\n<h1 lang="{escape(language)}">{escape(title)}</h1>'
    author = escape(contents.author) or tell(message("author unknown"))
    yield f'<p class="soft">{author} · {escape(audit.path.name)}</p>'
    kinds = [finding.severity for finding in audit.findings]
    counts = ", ".join(tell(kind.quantity(kinds.count(kind))) for kind in dict.fromkeys(kinds))
    worst = kinds[0] if audit.falls_short else "fine"
    verdict = message("Falls short") if audit.falls_short else message("Meets the standard")
    yield f'<p class="verdict {worst}">{tell(verdict)}{f": {counts}" if counts else ""}</p>'
    yield '<dl class="tiles">'
    for name, figure, unit, aim in (
        (message("Loudness"), write_figure(level.loudness), "LUFS", range_text(wanted.loudness)),
        (message("True peak"), write_figure(level.true_peak), "dBTP", at_most(wanted.true_peak)),
        (verbatim("RMS"), write_figure(level.rms), "dBFS", range_text(wanted.rms)),
        (message("Noise floor"), write_figure(level.floor), "dBFS", at_most(wanted.floor)),
        (message("Length"), duration(audit.sound.seconds), "", _chapters(audit)),
        (
            message("Size"),
            write_figure(contents.size / 1e6),
            "MB",
            verbatim(f"{contents.format}, {contents.bitrate:.0f} kbit/s"),
        ),
    ):
        yield (
            f"<div><dt>{tell(name)}</dt><dd>{figure} <small>{unit}</small>"
            f"{f'<p>{tell(aim)}</p>' if aim else ''}</dd></div>"
        )
    yield "</dl>\n</header>"


def _plots(audit: Audit, seek: str) -> Iterator[str]:
    sound = audit.sound
    label = message(
        "Waveform of {time} with {chapters}",
        time=duration(sound.seconds),
        chapters=_chapters(audit),
    )
    yield f'<h2>{tell(message("Sound"))}</h2>\n<figure>\n<div class="plot">'
    yield plots.waveform(audit, localize(label)) + seek
    yield from _time_labels(sound.seconds)
    legend = message(
        "Peaks, and darker their average; every second chapter is shaded, lines stand where "
        "something was found."
    )
    yield f"</div>\n<figcaption>{tell(legend)}</figcaption>\n</figure>"
    wanted = audit.profile.loudness
    label = message(
        "Loudness over time, {level} LUFS on the whole", level=write_figure(sound.level.loudness)
    )
    yield f'<h2>{tell(message("Loudness over time"))}</h2>\n<figure>\n<div class="plot tall">'
    yield plots.loudness(audit, localize(label)) + seek
    for level in plots.grid_levels():
        top = f"{plots.height_percent(level):.1f}%"
        yield f'<span class="y" style="top:{top}">{write_figure(level, 0)}</span>'
    yield from _time_labels(sound.seconds)
    legend = message("LUFS over three seconds; straight lines are whole chapters.")
    yield f"</div>\n<figcaption>{tell(legend)}"
    if wanted:
        yield f" {tell(message('The band is {levels} LUFS.', levels=range_text(wanted)))}"
    yield "</figcaption>\n</figure>"


def _time_labels(seconds: float) -> Iterator[str]:
    for tick in plots.ticks(seconds):
        if tick <= seconds * 0.97:
            left = f"{tick / seconds * 100:.2f}%"
            yield f'<span class="x" style="left:{left}">{duration(tick)}</span>'


def _chapters(audit: Audit) -> Message:
    return plural("{count:,} chapter", "{count:,} chapters", count=len(audit.contents.chapters))
