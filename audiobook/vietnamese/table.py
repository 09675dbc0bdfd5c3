"""Tables of the language: tab-separated data files with ``#`` comments."""

from __future__ import annotations

from importlib.resources import files


def load_pairs(name: str) -> dict[str, str]:
    """Return ``data/NAME``, a table of two columns, as a mapping."""
    return {key: value for key, value in load_table(name)}  # noqa: C416 (checks the width)


def load_table(name: str) -> list[tuple[str, ...]]:
    """Return the rows of ``data/NAME``, each a tuple of its cells."""
    text = (files("audiobook.vietnamese") / "data" / name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("# "))
    return [tuple(line.split("\t")) for line in lines]
