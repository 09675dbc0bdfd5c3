"""Adds voices from files and addresses, after the user agreed to their licence, and lists known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobook.cli import questions
from audiobook.cli.app import notify
from audiobook.cli.downloading import open_download_progress, size_text, tell_unchecked
from audiobook.cli.printing import print_table, printable, table_head
from audiobook.errors import UsageError, one_line
from audiobook.messages import first_of, localize, message

if TYPE_CHECKING:
    from audiobook.app.voice_sources import FoundVoice

_MOST_SPEAKERS = 12
_MOST_LINES = 30
"""Lines that are shown of a model card."""


def is_elsewhere(name: str) -> bool:
    """Return whether a name means a voice that is not here yet: a file, an address, a known one."""
    from audiobook import config
    from audiobook.app import voice_sources
    from audiobook.config.catalogue import known_voice

    if voice_sources.is_source(name):
        return True
    is_path = bool(name) and Path(name).expanduser().exists()
    return (is_path or known_voice(name) is not None) and name not in config.voice_names()


def add_model(source: str, name: str | None, licence: str | None) -> None:
    """Add a Piper voice, if the user agrees to its licence.

    Args:
        source: a file, an address, hf:OWNER/REPO[/PATH], or the name of a known voice.
        name: what to call it; None for a name like that of its file.
        licence: the licence to which the user agreed; None to ask.

    Raises:
        UsageError: the user does not agree, or cannot be asked.
    """
    from audiobook import config
    from audiobook.app import voice_sources
    from audiobook.app.voices import why_unusable
    from audiobook.config.catalogue import known_voice

    known = known_voice(source)
    found = voice_sources.find(known.source if known else source, name, known)
    _show_licences(found)
    if known and not found.cards:
        notify(message("its licence: {licence}", licence=known.licence))
    agreed = _agreed_licence(found, licence)
    default = config.default_voice()
    with open_download_progress() as report:
        added = voice_sources.add(found, agreed, report)
    name = found.voice.name
    line = message("{name}: licence {licence}", name=name, licence=agreed)
    print(localize(line))
    size = size_text(added.size)
    line = message("{name}: {size} in {folder}", name=name, size=size, folder=added.folder)
    print(localize(line))
    tell_unchecked(added)
    _warn(found)
    if name != default and name == config.default_voice():
        notify(
            message(
                '{name} now reads unless another voice is named; voice = "{default}" in '
                "config.toml lets that one read again",
                name=name,
                default=default,
            )
        )
    if reason := why_unusable(config.load_voice(name)):
        notify(message("{name} is not usable yet: {reason}", name=name, reason=reason))


def _show_licences(found: FoundVoice) -> None:
    """Print what the makers say of the licence."""
    for card in found.cards:
        licence = printable(card.licence) or localize("not known")
        notify(
            message("{where} says: licence {licence}", where=printable(card.where), licence=licence)
        )
        for line in card.text.splitlines()[:_MOST_LINES]:
            notify(f"    {printable(line)}")
    if not any(card.licence for card in found.cards):
        notify(
            message(
                "{origin}: nothing there states a licence", origin=printable(found.files.origin)
            )
        )


def _agreed_licence(found: FoundVoice, licence: str | None) -> str:
    """Return the licence under which the user takes a voice; on a terminal the user is asked."""
    from audiobook.app.voice_sources import stated_licence

    if licence is not None:
        if not licence.strip():
            raise UsageError(
                message("--licence is empty"),
                message("write under which terms you may use the voice"),
            )
        return one_line(licence)
    if not questions.is_somebody_there():
        raise UsageError(
            message("a voice is added only if somebody agrees to its licence"),
            message("read what it says, and add --licence TEXT with its name"),
        )
    stated = stated_licence(found)
    question = (
        message("Use the voice under these terms? [y/N]")
        if stated
        else message("Do you have permission to use it all the same? [y/N]")
    )
    if not questions.ask(question, default=False):
        raise UsageError(
            message("nothing was added, because you did not agree"),
            message("choose another: audiobook voices --all"),
        )
    return stated or "not known"


def _warn(found: FoundVoice) -> None:
    """Print what the user should know of a voice that was added."""
    name = found.voice.name
    if found.speakers:
        notify(
            message(
                "{name} has {count:,} speakers: {speakers}; for another than the first write "
                'model = "{model}#SPEAKER" into its voice file',
                name=name,
                count=len(found.speakers),
                speakers=first_of(list(map(printable, found.speakers)), _MOST_SPEAKERS),
                model=found.files.model,
            )
        )
    if found.missing_tones:
        notify(
            message(
                "{name} was not taught the tones {tones}: words that only they tell apart "
                "sound the same",
                name=name,
                tones=list(found.missing_tones),
            )
        )


# --- the catalogue ------------------------------------------------------------------------------


def known_documents() -> list[dict[str, Any]]:
    """Return what is known of the voices that can be added, for JSON."""
    from audiobook import config
    from audiobook.config.catalogue import KNOWN_VOICES

    names = config.voice_names()
    return [
        {
            "name": voice.name,
            "description": voice.description,
            "engine": "piper",
            "accent": voice.accent,
            "sex": voice.sex,
            "licence": voice.licence,
            "size": voice.size,
            "source": voice.source,
            "usable": False,
        }
        for voice in KNOWN_VOICES
        if voice.name not in names
    ]


def print_known() -> None:
    """Print the voices of the catalogue, with their licences, and how to add them."""
    from audiobook.config.catalogue import KNOWN_VOICES

    rows = [
        (
            voice.name,
            localize(voice.accent) or "-",
            localize(voice.sex) or "-",
            size_text(voice.size),
            localize(voice.licence),
        )
        for voice in KNOWN_VOICES
    ]
    print_table([table_head("NAME", "ACCENT", "SEX", "SIZE", "LICENCE"), *rows])
    print()
    print(localize(message("Add one of these: {command}", command="audiobook voices add NAME")))
