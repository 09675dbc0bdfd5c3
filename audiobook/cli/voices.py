"""The commands about voices: list them, try one, fetch and remove their files."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli import adding, cloning
from audiobook.cli.app import Debug, notify
from audiobook.cli.commands import new_app
from audiobook.cli.downloading import fetch_files, size_text
from audiobook.cli.printing import clock_time, refuse_existing
from audiobook.cli.voice_table import print_info, print_known_info, print_voices, speed_factor
from audiobook.errors import UsageError
from audiobook.messages import localize, message, plural, verbatim
from audiobook.system.folders import voice_folder

if TYPE_CHECKING:
    from audiobook.system.players import Player

app = new_app()
_voices = typer.Typer(
    help="List the voices, and how to get those that cannot be used yet.",
    epilog="Hear one with: audiobook voices try hanoi --play",
    invoke_without_command=True,
)
app.add_typer(_voices, name="voices")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A voice: see `audiobook voices`.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="An .mp3 or .wav; NAME.mp3 if not given."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace FILE if it exists.")]
Play = Annotated[
    bool, typer.Option("--play", help="Play it too, with ffplay, mpv, afplay or aplay.")
]


@_voices.callback()
def voices(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all that is known of them as a JSON array.")
    ] = False,
    is_long: Annotated[
        bool, typer.Option("--long", help="Also show engines, licences and speeds; it is wide.")
    ] = False,
    with_known: Annotated[
        bool, typer.Option("--all", help="List Vietnamese voices that can be added, too.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """List the voices, or do something with one of them."""
    if context.invoked_subcommand is not None:
        for option, is_set in (("--json", as_json), ("--long", is_long), ("--all", with_known)):
            if is_set:
                raise UsageError(
                    message("{option} lists the voices, and only that", option=option),
                    verbatim(f"audiobook voices {option}"),
                )
        return
    from audiobook.app.voices import list_voices

    entries = list_voices()
    if as_json:
        import json

        documents = [asdict(entry) | {"usable": entry.usable} for entry in entries]
        if with_known:
            documents += adding.known_documents()
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    print_voices(entries, is_long=is_long)
    if with_known:
        print()
        adding.print_known()


@_voices.command(epilog="Example: audiobook voices info sano")
def info(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Show all that is known of a voice: licence, engine, size, where its files come from."""
    from audiobook import config
    from audiobook.app.voices import describe_voice
    from audiobook.config.catalogue import known_voice

    if name not in config.voice_names() and (known := known_voice(name)):
        print_known_info(known)
        return
    print_info(describe_voice(name), config.load_voice(name))


@_voices.command("try", epilog="Example: audiobook voices try saigon 'Chào cô.' --play")
def try_out(
    name: Name,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; a sample if not given.")
    ] = None,
    output: Output = None,
    overwrite: Overwrite = False,
    play: Play = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Let a voice read a sample, or TEXT, as in a book.

    It prints the speed in times real time, which `audiobook voices info` shows from then on.

    Without -o, only a sample that was written there earlier is replaced.
    """
    from audiobook import config
    from audiobook.app.voice_samples import try_voice
    from audiobook.system import players

    player = players.find(output.suffix if output else "") if play else None
    config.load_voice(name)  # a name of no voice is no name of a file either
    trial = try_voice(name, _sample_path(name, output, player, overwrite=overwrite), text)
    speed = localize(message("{speed}× real time", speed=speed_factor(trial.speed)))
    print(f"{trial.path}: {clock_time(trial.seconds)}, {speed}", flush=True)
    if player:
        _play(player, trial.path)


@_voices.command(epilog="Example: audiobook voices compare 'Chào cô.' --play")
def compare(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; a sample if not given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="An .mp3 or .wav; compare.mp3 if not given."
        ),
    ] = None,
    overwrite: Overwrite = False,
    play: Play = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Let each usable offline voice say its name and a sample, or TEXT, in one file.

    Each is a chapter of the file. Voices of other languages are left out.

    Without -o, only a sample that was written there earlier is replaced.
    """
    from audiobook.app.voice_samples import compare_voices
    from audiobook.system import players

    player = players.find(output.suffix if output else "") if play else None
    path = _sample_path("compare", output, player, overwrite=overwrite)
    comparison = compare_voices(path, text, notify)
    voices = plural("{count} voice", "{count} voices", count=len(comparison.names))
    print(
        f"{comparison.path}: {clock_time(comparison.seconds)}, {localize(voices)}: "
        f"{', '.join(comparison.names)}",
        flush=True,
    )
    if player:
        _play(player, comparison.path)


def _play(player: Player, path: Path) -> None:
    from audiobook.system import players

    if complaint := players.play(player, path):
        line = message(
            "{player} says: {complaint}; if you heard nothing, open {path} yourself",
            player=player.name,
            complaint=complaint,
            path=path,
        )
        notify(line)


def _sample_path(stem: str, output: Path | None, player: Player | None, *, overwrite: bool) -> Path:
    """Return the file for a sample, which may be replaced.

    Args:
        stem: the name of the file without its ending, if the user names none.
        output: the file that the user named, or None.
        player: what must be able to play it, or None.
        overwrite: whether any file may be replaced.

    Raises:
        OutputError: a file is there that must not be replaced.
    """
    from audiobook.app.voice_samples import is_own_sample

    path = output or Path(f"{stem}{player.suffixes[0] if player else '.mp3'}")
    if output or not is_own_sample(path):
        refuse_existing(path, overwrite=overwrite)
    return path


@_voices.command(epilog="Example: audiobook voices add ~/Downloads/giong.onnx --name giong")
def add(
    name: Annotated[
        str,
        typer.Argument(
            metavar="VOICE",
            help="A voice, or a Piper model: FILE.onnx, its address, or hf:OWNER/REPO[/PATH].",
        ),
    ],
    new_name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call an added model.")
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="The licence of a model, to which you agree: for scripts."
        ),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Fetch the files that a voice needs, or add a Piper voice to your own.

    The files come from the addresses in the voice file, or from where the model is. An interrupted
    download resumes where it stopped; nothing is changed until all files are complete and correct.
    Before a model is added, what it says of its licence is shown and you are asked.
    """
    if adding.is_elsewhere(name):
        adding.add_model(name, new_name, licence)
        return
    if new_name is not None or licence is not None:
        raise UsageError(
            message("--name and --licence are for the model of a voice that is not here yet"),
            message("leave them out"),
        )
    from audiobook import config
    from audiobook.app.voices import why_unusable
    from audiobook.system import downloads

    voice = config.load_voice(name)
    reason = why_unusable(voice)
    if not voice.files and not reason:
        line = message("{name}: nothing to fetch, it needs no files of its own", name=name)
        print(localize(line))
    elif voice.files and not downloads.missing(voice):
        downloads.claim(voice)
        folder = voice_folder(voice.folder)
        line = message("{name}: already there, in {folder}", name=name, folder=folder)
        print(localize(line))
    elif voice.files:
        fetch_files(voice, partial(print, flush=True))
        reason = why_unusable(voice)
    if reason:
        notify(message("{name} is not usable yet: {reason}", name=name, reason=reason))


_voices.command(epilog="Example: audiobook voices clone toi ghi-am.m4a --accent north")(
    cloning.clone
)


@_voices.command(epilog="Example: audiobook voices remove NAME")
def remove(name: Name, debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Remove what was fetched for a voice.

    A voice of ours stays listed, and can be added again. A voice that you added goes with its
    voice file, unless you have changed that; the file that you added it from stays.
    """
    from audiobook import config
    from audiobook.app import voice_sources

    if name not in config.voice_names():
        config.load_voice(name)  # raises the error that there is no such voice
    removed = voice_sources.remove(name)
    if removed.size:
        result = message("{size} freed", size=size_text(removed.size))
    elif removed.sharing:
        result = message("its files stay for {voices}", voices=list(removed.sharing))
    else:
        result = message("nothing was fetched for it")
    print(f"{name}: {localize(result)}")
    if removed.voice_file:
        print(f"{name}: {localize('not listed any more')}")
