"""Chooses what is played and said before, between and after the chapters of a book."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from audiobook.errors import UsageError, of_setting
from audiobook.messages import message
from audiobook.model import Music
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import MusicPlace


def choose_music(given: Music | None, of_book: Music) -> Music:
    """Return the files of music that options name, and those of book.toml where they name none.

    Raises:
        UsageError: there is no such file.
    """
    flags = given or Music()
    named = {field.name: getattr(flags, field.name) for field in fields(Music)}
    music = replace(of_book, **{name: value for name, value in named.items() if value})
    for place, path in music.files.items():
        _check_file(place, path)
    return music


def choose_template(name: str, given: str | None, of_book: str) -> str:
    """Return the template that an option gives, or that of book.toml.

    Args:
        name: of the setting, opening or closing.
        given: that of the option; None without one.
        of_book: that of book.toml; empty without one.

    Raises:
        UsageError: it names what no book has.
    """
    template = of_book if given is None else given
    if template:
        from audiobook.stages.chapters.announcing import check_template

        with of_setting(name):
            check_template(template)
    return template


def _check_file(place: MusicPlace, path: Path) -> None:
    if files.is_file(path):
        return
    reason = (
        message("it is not a file") if files.is_there(path) else message("there is no such file")
    )
    with of_setting(f"music.{place}"):
        raise UsageError(
            message("cannot use the music {path}: {reason}", path=path, reason=reason),
            message("name a sound file, such as an MP3"),
        )
