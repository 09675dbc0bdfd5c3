"""The command about who speaks in a text."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import (
    AllowPrivate,
    Debug,
    Drop,
    Keep,
    Notes,
    Ocr,
    VoiceName,
    keep_and_drop,
)
from audiobook.cli.commands import new_app
from audiobook.cli.printing import print_table, printable, printed_into, table_head
from audiobook.cli.progress import show_recognised
from audiobook.cli.reading import BookSource, job_of_text
from audiobook.errors import UsageError
from audiobook.messages import localize, localize_figure, message, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobook.app.characters import CastList, Character

_REMARKS = (
    message("Who speaks what; audiobook voices lists the voices. This goes into book.toml."),
    message(
        "Without a line of their own boys and old men speak as man, girls and old women as woman; "
        "whoever has no voice then speaks as dialogue, or as the narrator."
    ),
)
_MOST_ALIASES = 3
_MOST_OF_WHY = 60

app = new_app()


@app.command()
def cast(
    source: BookSource,
    toml: Annotated[
        bool, typer.Option("--toml", help="Print a [cast] for book.toml, with voices to choose.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write that [cast] into FILE."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE if it exists.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    voice: VoiceName = None,
    notes: Notes = "",
    keep: Keep = None,
    drop: Drop = None,
    allow_private: AllowPrivate = False,
    ocr: Ocr = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List who speaks in a text: how often, as man or woman, and which words tell it.

    `audiobook build SOURCE --cast man=VOICE,woman=VOICE --cast "Chị Dậu=VOICE"` gives them voices.

    Sentences, quotations and titles in other languages are counted below; `--cast
    foreign-en=VOICE,foreign-fr=VOICE` gives English and French ones a voice.
    """
    from audiobook.app.characters import list_characters

    if as_json and (toml or output):
        raise UsageError(
            message("--json and a [cast] are two things"), message("leave out one of them")
        )
    switches = keep_and_drop(keep, drop, notes)
    job = job_of_text(source, voice, switches, allow_private=allow_private, ocr=ocr)
    cast_list = list_characters(job, show_recognised)
    if as_json:
        _print_json(cast_list)
    elif toml or output:
        with printed_into(output, overwrite=overwrite):
            _print_toml(cast_list, job.voice.name)
    else:
        _print_characters(cast_list)
        _print_languages(cast_list)


def _print_languages(cast_list: CastList) -> None:
    if not cast_list.languages:
        return
    print()
    table = [table_head("OTHER LANGUAGE", "PARTS", "FOR EXAMPLE")]
    table += [
        (other.role, localize_figure(f"{other.parts:,}"), _shortened(printable(other.example)))
        for other in cast_list.languages
    ]
    print_table(table, shorten=2)


def _print_characters(cast_list: CastList) -> None:
    if not cast_list.speeches:
        print(localize(message("nobody speaks in it: no direct speech was found")))
        return
    table = [table_head("NAME", "ROLE", "SPEECHES", "TOLD BY")]
    table += [
        (
            _shown_name(character),
            character.role or "-",
            localize_figure(f"{character.speeches:,}"),
            _shortened(character.told) or "-",
        )
        for character in cast_list.characters
    ]
    print_table(table, shorten=3)
    counts = (
        plural(
            "{count:,} part of direct speech",
            "{count:,} parts of direct speech",
            count=cast_list.speeches,
        ),
        plural(
            "{count:,} by nobody whose sex is told",
            "{count:,} by nobody whose sex is told",
            count=cast_list.undecided,
        ),
    )
    print(", ".join(map(localize, counts)))


def _shown_name(character: Character) -> str:
    if not character.name:
        return localize(message("(no name)"))
    others = ", ".join(character.aliases[:_MOST_ALIASES])
    return f"{character.name} ({others})" if others else character.name


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_OF_WHY else text[: _MOST_OF_WHY - 1].rstrip() + "…"


def _print_json(cast_list: CastList) -> None:
    document = {
        "speeches": cast_list.speeches,
        "undecided": cast_list.undecided,
        "characters": [asdict(character) for character in cast_list.characters],
        "languages": [asdict(other) for other in cast_list.languages],
    }
    print(json.dumps(document, ensure_ascii=False, indent=1))


def _print_toml(cast_list: CastList, narrator: str) -> None:
    from audiobook.app.characters import online_voices, suggest_voices

    voices = suggest_voices(cast_list, narrator)
    online = online_voices()
    for line in _REMARKS:
        print(f"# {localize(line)}")
    print("[cast]")
    for role, count in _counts_by_role(cast_list).items():
        _print_entry(role, voices.get(role, ""), _times(count), online)
    for character in cast_list.leading:
        remark = ", ".join(filter(None, (_times(character.speeches), character.role)))
        remark = f"{remark}: {character.told}"
        _print_entry(character.name, voices[character.name], remark, online)
    for other in cast_list.languages:
        remark = f"{_times(other.parts)}: {_shortened(other.example)}"
        _print_entry(other.role, voices[other.role], remark, online)


def _counts_by_role(cast_list: CastList) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for character in cast_list.characters:
        if character.role:
            counts[character.role] = counts.get(character.role, 0) + character.speeches
    return counts


def _times(count: int) -> str:
    return localize(plural("{count:,} time", "{count:,} times", count=count))


def _print_entry(name: str, voice: str, remark: str, online: frozenset[str]) -> None:
    """Print a line of [cast]; where no voice is suggested, as a remark to complete.

    Of a voice that is online the remark says so, since the text is sent away to it.
    """
    if voice in online:
        remark = f"{localize(message('online'))}; {remark}"
    key = name if name.isascii() and " " not in name else json.dumps(name, ensure_ascii=False)
    entry = f"{key} = {json.dumps(voice or 'VOICE', ensure_ascii=False)}  # {printable(remark)}"
    print(entry if voice else f"# {entry}")
