"""Fields of a Word file: what computes them is not text, and some results are lists of pages."""

from __future__ import annotations

from dataclasses import dataclass

# Fields whose result is a list of pages, or the mark of a note.
_LEFT_OUT = frozenset({"TOC", "INDEX", "TOA", "NOTEREF"})


@dataclass
class _Field:
    """A field being read: what computes it, then its result."""

    left_out: bool = False
    """Its result is not read: it lists pages, or it lies in a field that does."""
    code: str = ""


class OpenFields:
    """The fields around the place at hand, the innermost last."""

    def __init__(self) -> None:
        self._fields: list[_Field] = []

    def read_mark(self, kind: str | None) -> None:
        """Take in a mark: where a field begins, where its result does, or where it ends."""
        match kind:
            case "begin":
                self._fields.append(_Field(left_out=self.are_left_out()))
            case "separate" if self._fields:
                self._fields[-1].left_out |= is_left_out(self._fields[-1].code)
            case "end" if self._fields:
                self._fields.pop()

    def add_code(self, text: str) -> None:
        """Add to what computes the innermost field."""
        if self._fields:
            self._fields[-1].code += text

    def are_left_out(self) -> bool:
        """Whether the place at hand is in the result of a field that is not read."""
        return bool(self._fields) and self._fields[-1].left_out


def is_left_out(code: str) -> bool:
    """Whether the result of a field is not read, by what computes it."""
    return (code.split() or [""])[0].upper() in _LEFT_OUT
