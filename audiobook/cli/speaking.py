"""Options of a command that say how a book is spoken and recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from audiobook.cli.numbers import number
from audiobook.cli.pairs import usual_pauses
from audiobook.model import WordTimes

Speed = Annotated[
    float | None,
    typer.Option(metavar="X", parser=number(), help="Speed factor: 1.1 is 10 % faster."),
]
Pitch = Annotated[
    float | None,
    typer.Option(metavar="X", parser=number(), help="Pitch factor: 0.9 is 10 % lower."),
]
PauseTimes = Annotated[
    list[str] | None,
    typer.Option(
        "--pauses",
        metavar="NAME=SECONDS",
        help=f"Pauses in seconds: line=0.5,stanza=1.2. By default, unless the voice says "
        f"otherwise: {usual_pauses()}.",
    ),
]
CastVoices = Annotated[
    list[str] | None,
    typer.Option(
        "--cast",
        metavar="ROLE=VOICE",
        help="Another voice for a role, a character or chapters: dialogue=saigon, woman=hue, "
        "foreign-en=english, foreign-fr=french, 'Chị Dậu=hue', chapters.2-5=hue, "
        "chapters.even=hue.",
    ),
]
Fallback = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="An offline voice to stand in where an online one fails, until the next build.",
    ),
]
Profile = Annotated[str, typer.Option(metavar="podcast|acx", help="Loudness standard.")]
BitRate = Annotated[int | None, typer.Option(min=8, metavar="KBIT", help="Bit rate in kbit/s.")]
RoomTone = Annotated[
    bool,
    typer.Option("--room-tone", help="Fill pauses with a faint noise, like that of a room."),
]
WordTiming = Annotated[
    str | None,
    typer.Option(
        "--word-times",
        metavar="|".join(WordTimes),
        help="Times of words in synced text where the voice tells none: found in the sound, "
        "or guessed by the lengths of words, which is faster; by default align.",
    ),
]
