"""Markup: a tree of HTML or XHTML elements becomes paragraphs, as a browser would show them.

`tree` parses pages, `signs` knows what elements and their classes mean, `look` what a single one
is, `references` which of them refer to notes, `verse` what lines of text are, and `walk` goes
through a tree. Its text becomes `blocks`, and those become paragraphs that are `written`.
"""

from audiobook.stages.readers.markup import mathml
from audiobook.stages.readers.markup.signs import data_tables, is_hidden
from audiobook.stages.readers.markup.tree import (
    attributes_of,
    parse_html,
    refuse_depth,
    refuse_excess,
    refuse_flood,
    tag_name,
    take_out,
    types,
)
from audiobook.stages.readers.markup.walk import Flow, flow

__all__ = [
    "Flow",
    "attributes_of",
    "data_tables",
    "flow",
    "is_hidden",
    "mathml",
    "parse_html",
    "refuse_depth",
    "refuse_excess",
    "refuse_flood",
    "tag_name",
    "take_out",
    "types",
]
