"""The command that audits a finished book."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app
from audiobook.cli.printing import clock, count, heads, print_table, shown
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import figure, told

if TYPE_CHECKING:
    from audiobook.audit import Audit

_WIDEST = 48
"""Characters of a chapter's title in the table."""


@app.command()
def check(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="An MP3, M4B or Opus file.")],
    profile: Annotated[
        str, typer.Option(metavar="podcast|acx", help="What it is measured against.")
    ] = "podcast",
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as a JSON object.")] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write a page to look at, in HTML."),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Audit a finished book: loudness, peaks, speech, cues, chapters, tags, cover.

    It is judged from its file alone, decoded once. Exit 6 when something falls short; notes do
    not count.
    """
    from audiobook.audit import PROFILES, audit

    if profile not in PROFILES:
        raise UsageError(f"there is no profile {profile!r}", f"choose {' or '.join(PROFILES)}")
    found = audit(book, PROFILES[profile])
    if report is not None:
        from audiobook.audit.page import render
        from audiobook.system.files import whole

        with whole(report, "choose another file for --report") as file:
            file.write(render(found).encode("utf-8", "replace"))
    if as_json:
        import json

        from audiobook.audit.report import json_values

        print(json.dumps(json_values(found), ensure_ascii=False))
    else:
        _print(found, report)
    raise typer.Exit(FINDINGS if found.falls_short else 0)


def _print(found: Audit, report: Path | None) -> None:
    said = found.contents
    print(shown(" · ".join(filter(None, (said.title or found.path.name, said.author)))))
    print_table(_facts(found))
    if said.chapters:
        print_table(_chapters(found))
    for finding in found.findings:
        place = told(f"chapter {finding.chapter}") if finding.chapter is not None else ""
        if finding.at is not None:
            place = f"{place} {told('at')} {clock(finding.at)}".strip()
        figures = told(finding.measured)
        if finding.wanted:
            figures += f"{', ' if figures else ''}{told('wanted')} {told(finding.wanted)}"
        color = {"error": typer.colors.RED, "warning": typer.colors.YELLOW}.get(finding.severity)
        line = (
            f"{told(finding.severity)}: {f'{place}: ' if place else ''}{told(finding.what)}"
            f"{f' ({figures})' if figures else ''}"
            f"{f' -> {told(finding.remedy)}' if finding.remedy else ''}"
        )
        typer.secho(shown(line), fg=color)
    kinds = [finding.severity for finding in found.findings]
    counts = [count(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
    print(f"{found.profile.name}: {', '.join(counts) or told('nothing to find fault with')}")
    if report is not None:
        print(f"{report}: {told('waveform, loudness and chapters to look at')}")


def _facts(found: Audit) -> list[tuple[str, ...]]:
    said, sound, level = found.contents, found.sound, found.sound.level
    bits = told(f"{said.bitrate:.0f} kbit/s {'constant' if said.constant else 'variable'}")
    size = told(f"{said.size / 1e6:.1f} MB")
    cover = said.cover
    rows: list[tuple[str, ...]] = [
        (told("file"), f"{said.format}, {size}, {bits}, {said.rate} Hz"),
        (told("length"), clock(sound.seconds)),
        (told("loudness"), told(f"{_figure(level.loudness)} LUFS")),
        (told("true peak"), told(f"{_figure(level.true_peak)} dBTP")),
        ("RMS", told(f"{_figure(level.rms)} dBFS")),
        (told("noise floor"), told(f"{_figure(level.floor)} dBFS")),
        (
            told("cover"),
            f"{cover.kind} {cover.width} × {cover.height}" if cover else told("none"),
        ),
    ]
    if found.speech.drift:
        late = ", ".join(
            f"{one.seconds * 1000:+.0f} ms ({told(one.where)})" for one in found.speech.drift
        )
        rows.append((told("sound after cues"), late))
    if found.speech.pace:
        rows.append((told("a syllable"), told(f"{found.speech.pace:.2f} s")))
    return rows


def _chapters(found: Audit) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        heads("", "CHAPTER", "START", "LENGTH", "LUFS", "PEAK", "RMS", "FLOOR")
    ]
    for number, (part, level) in enumerate(
        zip(found.contents.chapters, found.sound.chapter_levels, strict=True), 1
    ):
        title = " ".join(part.title.split())
        rows.append(
            (
                f"{number}",
                title if len(title) <= _WIDEST else f"{title[: _WIDEST - 1]}…",
                clock(part.start),
                clock(max(part.end - part.start, 0)),
                figure(_figure(level.loudness)),
                figure(_figure(level.true_peak)),
                figure(_figure(level.rms)),
                figure(_figure(level.floor)),
            )
        )
    return rows


def _figure(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "-∞"
