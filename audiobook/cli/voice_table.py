"""Tables and lines about voices."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobook.cli.downloading import size_text
from audiobook.cli.pairs import usual_pauses
from audiobook.cli.printing import display_width, print_table, printable, table_head
from audiobook.messages import localize, localize_figure, message
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.app.voices import VoiceEntry
    from audiobook.config.catalogue import KnownVoice
    from audiobook.messages import Message
    from audiobook.model import Voice

_WIDTH = 80
"""Columns of a table that goes into a file or a pipe."""
_NARROWEST = 20
_FETCH = "audiobook voices add {}"
_GAP = 2
_NOT_FETCHED = message("not fetched yet")
_NEURAL = message("neural")
_ACCENTS = {
    "north": message("north"),
    "central": message("central"),
    "south": message("south"),
}
_SEXES = {"female": message("female"), "male": message("male")}
_SPEAKERS = {
    ("north", "female"): message("Northern woman"),
    ("north", "male"): message("Northern man"),
    ("north", ""): message("Northern voice"),
    ("central", "female"): message("Central woman"),
    ("central", "male"): message("Central man"),
    ("central", ""): message("Central voice"),
    ("south", "female"): message("Southern woman"),
    ("south", "male"): message("Southern man"),
    ("south", ""): message("Southern voice"),
    ("en", ""): message("English voice"),
    ("en", "female"): message("Woman who speaks English"),
    ("fr", ""): message("French voice"),
    ("fr", "female"): message("Woman who speaks French"),
    ("", "female"): message("Woman"),
    ("", "male"): message("Man"),
}


def print_voices(entries: Sequence[VoiceEntry], *, is_long: bool) -> None:
    """Print a table of voices, in the width of the terminal unless it is the long one.

    Those that can be used stand first, then those that speak offline once they are fetched.
    """
    entries = sorted(
        entries, key=lambda entry: (not entry.usable, not entry.usable and bool(entry.network))
    )
    if is_long:
        head = table_head(
            "NAME", "ENGINE", "ACCENT", "SEX", "NETWORK", "MB", "LICENCE", "SPEED", "USABLE"
        )
        print_table([head, *map(_long_row, entries)])
        return
    rows = [table_head("NAME", "SOUNDS LIKE", "MB", "USABLE"), *map(_row, entries)]
    widths = [max(map(display_width, column)) + _GAP for column in zip(*rows, strict=True)]
    terminal = shutil.get_terminal_size((_WIDTH, 0)).columns if sys.stdout.isatty() else _WIDTH
    room = max(terminal - sum(widths[:-1]), _NARROWEST)
    print_table([line for row in rows for line in _wrapped(row, room)])
    if any(map(_is_to_be_fetched, entries)):
        print()
        line = message("Fetch one that is not there yet: {command}", command=_FETCH.format("NAME"))
        print(localize(line))


def print_info(entry: VoiceEntry, voice: Voice) -> None:
    """Print what is known of a voice, a fact on each line."""
    facts = [
        (message("name"), entry.name),
        (message("sounds like"), _what(entry)),
        (message("description"), localize(entry.description)),
        (message("licence"), localize(entry.licence) or localize("not known")),
        (message("engine"), f"{entry.engine} {voice.model}".strip()),
        (message("language"), voice.language),
        (message("disk space"), f"{size} MB" if (size := _megabytes(entry)) else ""),
        (message("files from"), ", ".join(_hosts(voice))),
        (message("files in"), str(voice_folder(voice.folder)) if voice.files else ""),
        (message("speed"), _speed(entry)),
        (message("pauses"), usual_pauses(voice.pauses)),
        (message("usable"), _usable(entry, entry.problem)),
    ]
    _print_facts(facts)


def print_known_info(voice: KnownVoice) -> None:
    """Print what is known of a voice that can be added."""
    from audiobook.app.voices import VoiceEntry

    sounds_like = VoiceEntry(
        name=voice.name, engine="piper", accent=voice.accent, sex=voice.sex, style=_NEURAL
    )
    facts = [
        (message("name"), voice.name),
        (message("sounds like"), _what(sounds_like)),
        (message("description"), localize(voice.description)),
        (message("licence"), localize(voice.licence)),
        (message("engine"), "piper"),
        (message("disk space"), size_text(voice.size)),
        (message("files from"), voice.source),
        (message("usable"), f"{localize(_NOT_FETCHED)}: {_FETCH.format(voice.name)}"),
    ]
    _print_facts(facts)


def _print_facts(facts: Sequence[tuple[Message, str]]) -> None:
    labels = [localize(label) for label, _ in facts]
    width = max(map(display_width, labels)) + _GAP
    for label, (_, fact) in zip(labels, facts, strict=True):
        if fact:
            print(f"{label}{' ' * (width - display_width(label))}{printable(fact)}")


def speed_factor(speed: float) -> str:
    """Return a speed in times real time, as the user's language writes it."""
    return localize_figure(f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}")


def _row(entry: VoiceEntry) -> tuple[str, ...]:
    cells = (_what(entry), _megabytes(entry))
    # The command is under the table, once, or most rows would take two lines.
    remedy = _NOT_FETCHED if _is_to_be_fetched(entry) else entry.remedy
    return (entry.name, *(cell or "-" for cell in cells), _usable(entry, remedy))


def _is_to_be_fetched(entry: VoiceEntry) -> bool:
    return entry.remedy == _FETCH.format(entry.name)


def _wrapped(row: tuple[str, ...], room: int) -> Iterator[tuple[str, ...]]:
    """Yield a row of a table, and further rows for what does not fit into its last cell."""
    *cells, last = row
    line = ""
    for word in last.split():
        if line and display_width(f"{line} {word}") > room:
            yield (*cells, line)
            cells, line = [""] * len(cells), word
        else:
            line = f"{line} {word}".strip()
    yield (*cells, line)


def _long_row(entry: VoiceEntry) -> tuple[str, ...]:
    cells = (
        entry.engine,
        localize(_ACCENTS.get(entry.accent, entry.accent)) if entry.speaks else "",
        localize(_SEXES.get(entry.sex, entry.sex)),
        {True: localize("yes"), False: localize("no"), None: ""}[entry.network],
        _megabytes(entry),
        localize(entry.licence),
        _speed(entry),
    )
    problem = localize(message("no: {reason}", reason=entry.problem)) if entry.problem else ""
    return (entry.name, *(cell or "-" for cell in cells), _usable(entry, problem))


def _what(entry: VoiceEntry) -> str:
    """Return who speaks, how it sounds, and whether it needs the network."""
    if not entry.engine:
        return ""
    if not entry.speaks:
        return localize(message("test tone, no speech"))
    speaker = _SPEAKERS.get((entry.accent, entry.sex))
    if speaker is None and entry.accent not in ("", *_ACCENTS):
        speaker = message("voice in {language}", language=entry.accent)
    parts = (
        localize(speaker or message("Voice")),
        localize(entry.style),
        localize(message("online") if entry.network else message("offline")),
    )
    return ", ".join(filter(None, parts))


def _megabytes(entry: VoiceEntry) -> str:
    return "" if entry.size is None else localize_figure(f"{max(entry.size, 1):,.0f}")


def _speed(entry: VoiceEntry) -> str:
    return "" if entry.speed is None else f"{speed_factor(entry.speed)}×"


def _usable(entry: VoiceEntry, problem: str) -> str:
    """Return that a voice is usable, or what keeps it from that."""
    usable = localize(problem) if entry.problem else localize("yes")
    return f"{usable} {localize('(default)')}" if entry.default else usable


def _hosts(voice: Voice) -> Sequence[str]:
    """Return the servers that the files of a voice are asked from, each once."""
    addresses = (url for file in voice.files for url in file.urls)
    return list(dict.fromkeys(urlsplit(url).hostname or "" for url in addresses))
