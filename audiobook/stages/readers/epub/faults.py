"""What was damaged in an EPUB, for the changes of its document."""

from __future__ import annotations

from audiobook.messages import Message, message
from audiobook.model import Change


class Faults:
    """What was damaged and read nevertheless."""

    def __init__(self) -> None:
        self.pages: dict[str, None] = {}
        """Pages whose markup is broken."""
        self.encodings: dict[str, list[str]] = {}
        """Pages in another encoding than they say, by that encoding."""
        self.broken: list[str] = []
        """The page of each byte that made no letter."""
        self.missing: list[str] = []
        """Pages that are named and not there."""
        self.covers: list[str] = []
        """Covers that are named and not there, of a book without another."""
        self.unordered: list[str] = []
        """Pages of a book that does not say in which order to read them."""
        self.contents: list[str] = []
        """Tables of contents that cannot be read."""
        self.packages: list[str] = []
        """The package document of a book that does not say where it is."""
        self.saved = 0
        """Files saved from an archive without a directory."""

    def changes(self) -> tuple[Change, ...]:
        """Return the changes that tell the user of them."""
        damage: dict[Message, list[str]] = {
            message("files saved from a damaged archive"): [""] * self.saved,
            message("package documents found where the book does not name them"): self.packages,
            message("tables of contents that cannot be read, left aside"): self.contents,
            message("pages that are listed but missing"): self.missing,
            message("covers that are named but missing or damaged"): self.covers,
            message("pages without an order, read as they are listed"): self.unordered,
            message("pages with broken markup, read as a browser reads"): list(self.pages),
            **{
                message("decoded from {encoding}", encoding=encoding): pages
                for encoding, pages in self.encodings.items()
            },
            message("broken bytes left out"): self.broken,
        }
        return tuple(
            Change(step=step, count=len(pages), example=pages[0])
            for step, pages in damage.items()
            if pages
        )
