"""Makes covers: a given picture, fitted for players, or one drawn from the title."""

from audiobook.outputs.cover import beside
from audiobook.outputs.cover.drawing import draw
from audiobook.outputs.cover.encoding import MOST, MOST_INSIDE
from audiobook.outputs.cover.fitting import check, check_cover, fit, reduce, restore, shrink
from audiobook.outputs.cover.opening import USABLE, read_file, size_of
from audiobook.outputs.cover.thumbnails import thumbnails

__all__ = [
    "MOST",
    "MOST_INSIDE",
    "USABLE",
    "VERSION",
    "beside",
    "check",
    "check_cover",
    "draw",
    "fit",
    "read_file",
    "reduce",
    "restore",
    "shrink",
    "size_of",
    "thumbnails",
]

VERSION = 3
"""Increased when the same book would get another cover."""
