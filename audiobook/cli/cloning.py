"""The command that clones a voice: it checks the clip, asks for permission, and lets it speak."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from audiobook.cli import questions
from audiobook.cli.app import Debug, notify
from audiobook.cli.downloading import fetch_files
from audiobook.cli.printing import clock_time, refuse_existing
from audiobook.cli.voice_table import speed_factor
from audiobook.errors import FINDINGS, UsageError
from audiobook.messages import localize, message
from audiobook.system import files

_REGIONS = ("north", "central", "south")
_SEXES = ("female", "male")


def clone(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What to call the voice: letters, digits and -.")
    ],
    clip: Annotated[
        Path,
        typer.Argument(
            metavar="CLIP", help="3 to 30 seconds of one speaker: .wav, .mp3, .m4a and others."
        ),
    ],
    has_permission: Annotated[
        bool,
        typer.Option(
            "--i-have-permission",
            help="It is your own voice, or its speaker allows you to imitate it: for scripts.",
        ),
    ] = False,
    accent: Annotated[
        str,
        typer.Option(metavar="REGION", help="Where the speaker is from: north, central, south."),
    ] = "",
    sex: Annotated[str, typer.Option(metavar="SEX", help="female or male.")] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="The sample; NAME-sample.mp3 if not given."
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the sample if it exists.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Make a voice that speaks as the person in a clip does.

    What could be better in the clip is named, and nothing is made of it. You are asked whether the
    speaker allows it. Books read by the voice say in their tags that it is synthetic.
    """
    from audiobook.app import cloning
    from audiobook.app.cloning_clip import read_clip

    _check_word("--accent", accent, _REGIONS)
    _check_word("--sex", sex, _SEXES)
    sample = output or Path(f"{name}-sample.mp3")
    cloning.check_name(name, sample)
    refuse_existing(sample, overwrite=overwrite)
    checked = read_clip(clip)
    if files.is_file(sample) and sample.samefile(clip):
        raise UsageError(
            message("{path} is the clip itself", path=sample),
            message("choose another file with -o"),
        )
    for finding in checked.findings:
        line = message(
            "{path}: {what}: {remedy}", path=clip, what=finding.what, remedy=finding.remedy
        )
        notify(line)
    if checked.findings:
        raise typer.Exit(FINDINGS)
    cloning.check_library()
    if not has_permission and not questions.is_somebody_there():
        raise UsageError(
            message("a voice is cloned only if its speaker allows it"),
            message("add --i-have-permission if you may"),
        )
    if not has_permission:
        _ask_permission()
    for voice in cloning.missing_files():
        fetch_files(voice, partial(print, flush=True))
    permission = localize(
        message(
            "the speaker agrees, as was confirmed on {date}",
            date=datetime.now(UTC).astimezone().date().isoformat(),
        )
    )
    trial = cloning.clone(name, checked, sample, permission=permission, accent=accent, sex=sex)
    line = message("{name}: cloned from {seconds:.0f} s", name=name, seconds=checked.seconds)
    print(localize(line))
    speed = localize(message("{speed}× real time", speed=speed_factor(trial.speed)))
    print(f"{trial.path}: {clock_time(trial.seconds)}, {speed}")


def _check_word(option: str, value: str, words: tuple[str, ...]) -> None:
    if value and value not in words:
        raise UsageError(
            message("{option} cannot be {value!r}", option=option, value=value),
            message("use one of {names}", names=", ".join(words)),
        )


def _ask_permission() -> None:
    question = message("Is this your own voice, or does its speaker allow you to imitate it? [y/N]")
    if not questions.ask(question, default=False):
        raise UsageError(
            message("nothing was cloned, because the speaker has not allowed it"),
            message("ask the speaker, or clone your own voice"),
        )
