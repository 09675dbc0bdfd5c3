"""The commands by name: each has a line in the list of all, and is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from audiobook.messages import is_vietnamese, message

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Entry(NamedTuple):
    module: str
    """The module of `audiobook.cli` whose `app` has the command."""
    summary: str
    """What it does, in one line of a terminal."""


COMMANDS = {
    "build": _Entry(
        "building", message("Make audiobooks of texts, with chapters, tags and synced text.")
    ),
    "read": _Entry("reading", message("Print a text as it will be spoken, one sentence per line.")),
    "chapters": _Entry(
        "reading", message("List the chapters of a text, and how long each will be.")
    ),
    "cast": _Entry("casting", message("List who speaks in a text, how often, and what tells it.")),
    "check": _Entry("checking", message("Audit finished books: loudness, speech, cues, tags.")),
    "convert": _Entry("converting", message("Write a finished book in another format.")),
    "follow": _Entry(
        "following", message("Make each new article of a feed, site or folder an episode.")
    ),
    "doctor": _Entry("health", message("Check that everything needed is installed and works.")),
    "steps": _Entry(
        "health", message("List the steps that put a text in order, for --keep and --drop.")
    ),
    "info": _Entry("information", message("Tell what finished books hold and how they were made.")),
    "feed": _Entry("podcasting", message("Make a podcast of a folder of books.")),
    "proof": _Entry("proofing", message("List likely misprints of a text, with suggestions.")),
    "publish": _Entry("publishing", message("Publish a podcast: only what changed is sent.")),
    "retag": _Entry("retagging", message("Change the tags, cover or chapters of a finished book.")),
    "serve": _Entry("serving", message("Serve a podcast of your books to browsers and apps.")),
    "listeners": _Entry("serving", message("Show or change who may hear a private podcast.")),
    "studio": _Entry("studio", message("Work on your books in the browser.")),
    "watch": _Entry("watching", message("Build the texts of a folder, and each one dropped in.")),
    "cache": _Entry("caching", message("Show what the cache holds, or remove old files from it.")),
    "voices": _Entry(
        "voices", message("List the voices, and how to get those that cannot be used yet.")
    ),
}


def new_app() -> typer.Typer:
    """Return an application for the commands of one module."""
    # Plain help, as that of the program.
    return typer.Typer(rich_markup_mode=None)


class LazyCommands(Mapping[str, Any]):
    """The commands of the parser by name, each imported and built when it is first asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            app = import_module(f"audiobook.cli.{COMMANDS[name].module}").app
            command = typer.main.get_group(app).commands[name]
            if is_vietnamese():
                from audiobook.cli.helping import localize_help

                localize_help(command)
            self._loaded[name] = command
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)
