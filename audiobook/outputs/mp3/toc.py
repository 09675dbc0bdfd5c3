"""Writes and reads tables of contents in ID3v2: CTOC frames, which name CHAP frames and each other.

ID3v2 Chapter Frame Addendum 1.0. The table at the top names all chapters wherever it can, because
many players look no further. A part of a book is a table of its own with its title; its first
child stands for the part itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mutagen.id3 import CTOC, ID3, TIT2, CTOCFlags, Encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiobook.model import BoundChapter

MOST_CHILDREN = 255
"""Entries that a table can hold, because its count is a byte."""
_TOP = "toc"


class TocEntry(NamedTuple):
    """A chapter in the tables of contents."""

    name: str
    """The element of its CHAP frame."""
    part: str
    """The title of the part that it stands in; empty outside of parts."""
    level: int
    """From 1, as for `BoundChapter`."""


def add_tables(tag: ID3, names: Sequence[str], chapters: Sequence[BoundChapter]) -> None:
    """Add the tables of a book to its tag: one at the top, and one for each part.

    Args:
        tag: the tag.
        names: the elements of the CHAP frames, in order.
        chapters: the chapters, in the same order.
    """
    children = _add_parts(tag, list(zip(names, chapters, strict=True)))
    if len(names) <= MOST_CHILDREN:
        children = list(names)
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tag.add(CTOC(element_id=_TOP, flags=flags, child_element_ids=children))


def walk_tables(tag: ID3) -> Iterator[TocEntry]:
    """Yield the chapters that the tables of a tag name, in their order.

    Where no table says that it is the top, the first is taken for it. A table is entered once,
    even one that is named twice, or holds itself. A chapter that is named twice comes twice. Where
    a table at the top names a chapter itself, tables that no other one names tell in which part it
    stands.
    """
    tables = {table.element_id: table for table in tag.getall("CTOC")}
    tops = [name for name, table in tables.items() if is_top(table)] or list(tables)[:1]
    chapters = {chapter.element_id for chapter in tag.getall("CHAP")}
    named = {child for table in tables.values() for child in table.child_element_ids}
    parts = [name for name in tables if name not in named and name not in tops]
    in_parts = {
        entry.name: entry for entry in _walk(reversed(parts), frozenset(tops), tables, chapters)
    }
    for entry in _walk(tops, frozenset(tops), tables, chapters):
        yield entry if entry.part else in_parts.get(entry.name, entry)


def _walk(
    names: Iterable[str], tops: frozenset[str], tables: Mapping[str, Any], chapters: set[str]
) -> Iterator[TocEntry]:
    pending = [TocEntry(name, "", 1) for name in reversed(list(names))]
    entered: set[str] = set()
    while pending:
        entry = pending.pop()
        if entry.name in chapters:
            yield entry
        elif entry.name in tables and entry.name not in entered:
            entered.add(entry.name)
            pending += reversed(
                list(_children(tables[entry.name], entry, is_top=entry.name in tops))
            )


def is_top(table: Any) -> bool:
    """Whether a CTOC frame says that no other one names it."""
    return bool(int(table.flags) & CTOCFlags.TOP_LEVEL)


def _children(table: Any, entry: TocEntry, *, is_top: bool) -> Iterator[TocEntry]:
    title = str(table.sub_frames.get("TIT2", ""))
    is_part = "TIT2" in table.sub_frames and not is_top
    for index, name in enumerate(table.child_element_ids):
        level = entry.level + (is_part and index > 0)  # the first stands for the part itself
        yield TocEntry(name, title or entry.part, level)


def _add_parts(tag: ID3, entries: Sequence[tuple[str, BoundChapter]]) -> list[str]:
    """Add tables for the parts of a book; return the names of the children of their parent table.

    Args:
        tag: the tag that gets the tables.
        entries: the names of chapters and the chapters, in order, all of one part.
    """
    top = min((chapter.level for _, chapter in entries), default=1)
    starts = [index for index, (_, entry) in enumerate(entries) if not index or entry.level == top]
    children = []
    for start, end in zip(starts, [*starts[1:], len(entries)], strict=True):
        name, chapter = entries[start]
        if end == start + 1:
            children.append(name)
            continue
        below = [name, *_add_parts(tag, entries[start + 1 : end])]
        title = [TIT2(encoding=Encoding.UTF16, text=[chapter.title])]
        _add_table(tag, f"toc-{name}", _group_children(tag, f"toc-{name}", below), title)
        children.append(f"toc-{name}")
    return _group_children(tag, f"toc-{entries[0][0]}-of" if entries else "", children)


def _group_children(tag: ID3, name: str, children: list[str]) -> list[str]:
    """Group children in tables of their own until one table can hold all; return its children."""
    level = 0
    while len(children) > MOST_CHILDREN:
        level += 1
        runs = [
            children[start : start + MOST_CHILDREN]
            for start in range(0, len(children), MOST_CHILDREN)
        ]
        children = [f"{name}{level}-{number}" for number in range(1, len(runs) + 1)]
        for child, run in zip(children, runs, strict=True):
            _add_table(tag, child, run, [])
    return children


def _add_table(tag: ID3, name: str, children: list[str], title: list[TIT2]) -> None:
    tag.add(
        CTOC(
            element_id=name,
            flags=CTOCFlags.ORDERED,
            child_element_ids=children,
            sub_frames=title,
        )
    )
