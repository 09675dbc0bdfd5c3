"""What an element of a page says of itself by its name and its attributes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from audiobook.messages import Message
from audiobook.stages.readers.markup import marks, signs
from audiobook.stages.readers.markup.initials import may_be_initial
from audiobook.stages.readers.markup.tree import types

# Blocks that decide what kind of paragraph their text is.
_OWN_SCOPES = frozenset((*signs.HEADINGS, *signs.CAPTIONS, "blockquote", "pre"))


class Look(NamedTuple):
    """What an element says of itself by its name and its attributes."""

    tag: str
    attributes: dict[str, str]
    types: frozenset[str]
    named: signs.ClassSigns
    names: tuple[str, ...]
    """By which links can point to it."""
    loss: Message | None
    """The name of the change that lists it as not read; None where it is read."""
    may_be_mark: bool
    """It may refer to a note."""
    is_block: bool
    keeps_scope: bool
    """Its text is of the same kind as it would be without it."""
    is_plain: bool
    """It is read, links cannot point to it, and it is neither a mark, a note, nor an initial."""


# Most elements of a book have one of a few sets of attributes.
@lru_cache(maxsize=1024)
def look_of(name: str, items: tuple[tuple[str, str], ...]) -> Look:
    """Return what an element says of itself.

    Args:
        name: its name, with its namespace.
        items: its attributes with their values.
    """
    tag = name.rpartition("}")[2].lower()
    attributes = dict(items)
    element_types = types(attributes)
    named = signs.class_signs(attributes.get("class", ""))
    names = tuple(signs.link_names(attributes))
    loss = signs.loss_of(tag, attributes, element_types, named)
    of_type = not element_types.isdisjoint(marks.MARK_TYPES)
    may_be_mark = tag in ("a", "sup") or of_type or named.mark
    is_special = (
        may_be_mark or named.note or named.page or tag == "math" or bool(element_types or names)
    )
    return Look(
        tag,
        attributes,
        element_types,
        named,
        names,
        loss,
        may_be_mark,
        is_block=tag in signs.BLOCKS,
        keeps_scope=not (tag in _OWN_SCOPES or named.caption or named.verse),
        is_plain=loss is None
        and not is_special
        and not may_be_initial(tag, attributes, of_class=named.initial),
    )
