"""What stands on the shelf: a source, or a book, or both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobook.app.finished import NO_LABEL, BookLabel
from audiobook.config import books, lexicons
from audiobook.studio.inputs import NO_INPUTS, Inputs

if TYPE_CHECKING:
    from pathlib import Path


class State(StrEnum):
    """How far a book is."""

    NEW = "new"
    DONE = "done"
    CHANGED = "changed"
    """The source or its settings are younger than the book."""
    ALONE = "alone"
    """There is a book, and no source that it was made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfEntry:
    """A source, or a book, or both."""

    id: str
    """Stands for the path in addresses."""
    path: Path
    """The source, which may be a folder; the book itself where there is no source."""
    name: str
    state: State
    touched: float
    """When the source, its settings or the book were changed, in seconds since 1970."""
    stem: str = ""
    """The name of its book, without an ending."""
    inputs: Inputs = NO_INPUTS
    """The state of the source and its settings."""
    parts: tuple[Path, ...] = ()
    """The texts of a folder that are one book; empty where the source is a file."""
    book: Path | None = None
    is_alone: bool
    """Whether no other text lies in its folder."""
    label: BookLabel = NO_LABEL

    @property
    def title(self) -> str:
        """What the book is called, as far as that is known without reading the source."""
        return self.label.title or self.name

    @property
    def home(self) -> Path:
        """The folder in which the files of this book lie."""
        return self.path if self.parts else self.path.parent

    @property
    def settings_file(self) -> Path:
        """The file in which the choices for this book stand."""
        if self.is_alone:
            return self.home / books.NAME
        return self.path.with_suffix(".toml")

    @property
    def lexicon_file(self) -> Path:
        """The file in which its readings stand; it is that of all texts of the folder."""
        return self.home / lexicons.NAME
