"""The voices: how each sounds, fetching and removing its files, and which is the usual one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from audiobook import config
from audiobook.app import voice_sources
from audiobook.app.hearing import hear, sound_of
from audiobook.app.voice_samples import SAMPLE
from audiobook.app.voices import list_voices
from audiobook.errors import UsageError, as_error
from audiobook.messages import localize, message
from audiobook.studio.answers import act, page, page_variables, text_of
from audiobook.studio.pages import render
from audiobook.studio.ranges import ranged
from audiobook.system import downloads

if TYPE_CHECKING:
    from starlette.requests import Request

    from audiobook.app.voices import VoiceEntry
    from audiobook.errors import AudiobookError
    from audiobook.model import Job
    from audiobook.studio.answers import Values
    from audiobook.studio.app import Studio


class VoiceGroup(StrEnum):
    """What must be done before a voice speaks here."""

    USABLE = "usable"
    FETCHABLE = "fetchable"
    LOCKED = "locked"
    """It needs a key of its server."""
    OTHER = "other"


@dataclass(slots=True)
class _Fetching:
    """A voice whose files are on their way."""

    present: int = 0
    total: int = 0
    problem: AudiobookError | None = None
    is_done: bool = False


# By the names of the voices; they are those of this machine, whichever folder is open.
_fetching: dict[str, _Fetching] = {}


def routes(studio: Studio) -> list[Route]:
    """Return the routes of these pages."""
    return [
        Route("/voices", page(studio, _voices)),
        Route("/part/voices", page(studio, _list)),
        Route("/voices/{name}/hear", act(studio, _hear), methods=["POST"]),
        Route("/voices/{name}/sound/{key}", page(studio, _sound)),
        Route("/voices/{name}/fetch", act(studio, _fetch), methods=["POST"]),
        Route("/voices/{name}/remove", act(studio, _remove), methods=["POST"]),
        Route("/voices/{name}/default", act(studio, _make_usual), methods=["POST"]),
    ]


def _voices(studio: Studio, _request: Request) -> str:
    return render("voices.html", **_variables(), **page_variables(studio, "voices"))


def _list(_studio: Studio, _request: Request) -> str:
    return render("voices_list.html", **_variables())


def _variables() -> Values:
    entries = [entry for entry in list_voices() if entry.speaks]
    return {
        "groups": grouped(entries),
        "fetched": {entry.name for entry in entries if entry.is_fetched},
        "fetching": _fetching,
    }


def grouped(voices: list[VoiceEntry]) -> list[tuple[VoiceGroup, list[VoiceEntry]]]:
    """Return the groups that have voices, and their voices: the usual one first."""
    listed: dict[VoiceGroup, list[VoiceEntry]] = {group: [] for group in VoiceGroup}
    for voice in sorted(voices, key=_rank):
        listed[_group_of(voice)].append(voice)
    return [(group, members) for group, members in listed.items() if members]


def _group_of(voice: VoiceEntry) -> VoiceGroup:
    if voice.usable:
        return VoiceGroup.USABLE
    if voice.lacks_files:
        return VoiceGroup.FETCHABLE
    return VoiceGroup.LOCKED if voice.network else VoiceGroup.OTHER


def _rank(entry: VoiceEntry) -> tuple[bool, bool, bool, bool, str]:
    """Return a sort key: the default voice, Vietnamese, offline, natural ones first."""
    is_foreign = entry.accent not in ("north", "central", "south", "")
    return (
        not entry.default and entry.name != config.NATURAL_VOICE,
        is_foreign,
        bool(entry.network),
        "espeak" in entry.engine,
        entry.name,
    )


def _name(request: Request) -> str:
    """Return the name of a voice that is there.

    Raises:
        UsageError: there is none of this name.
    """
    name: str = request.path_params["name"]
    if name not in config.voice_names():
        raise UsageError(message("there is no voice {name!r}", name=name))
    return name


def _job(studio: Studio, name: str) -> Job:
    return config.make_job("-", folder=studio.folder, voice=name, form="mp3")


def _hear(studio: Studio, request: Request, values: Values) -> Values:
    name = _name(request)
    job = _job(studio, name)
    given = text_of(values, "text", 1000) if "text" in values else ""
    heard = hear(job, given.strip() or job.voice.sample or SAMPLE)
    return {
        "address": f"/voices/{name}/sound/{heard.key}",
        "start": heard.start,
        "end": heard.end,
    }


def _sound(studio: Studio, request: Request) -> Response:
    key = request.path_params["key"]
    is_key = len(key) == 40 and all(sign in "0123456789abcdef" for sign in key)
    data = sound_of(_job(studio, _name(request)), key) if is_key else None
    return ranged(request, data, "audio/mpeg") if data else Response(status_code=404)


def _fetch(_studio: Studio, request: Request, _values: Values) -> None:
    """Begin to fetch the files of a voice; the list tells how far it is."""
    voice = config.load_voice(_name(request))
    if not voice.files:
        raise UsageError(message("{name}: nothing to fetch", name=voice.name))
    before = _fetching.get(voice.name)
    if before and not before.is_done and not before.problem:
        return
    state = _fetching[voice.name] = _Fetching(total=round(voice.size * 1e6))

    def work() -> None:
        sizes: dict[str, int] = {}

        def report(file: str, present: int, _total: int | None) -> None:
            sizes[file] = present
            state.present = sum(sizes.values())

        try:
            downloads.fetch(voice, report)
            state.is_done = True
        except Exception as problem:  # noqa: BLE001 (told on the page)
            state.problem = as_error(problem)

    threading.Thread(target=work, daemon=True).start()


def _remove(_studio: Studio, request: Request, _values: Values) -> Values:
    name = _name(request)
    voice_sources.remove(name)
    _fetching.pop(name, None)
    return {"told": localize(message("{name} removed", name=name))}


def _make_usual(_studio: Studio, request: Request, _values: Values) -> Values:
    name = _name(request)
    config.choose_voice(name)
    return {"told": localize(message("{name} reads from now on", name=name))}
