"""Makes covers: a given picture, fitted for players, or one drawn from the title."""

from audiobook.outputs.cover.drawing import draw
from audiobook.outputs.cover.fitting import check, fit, restore, shrink
from audiobook.outputs.cover.thumbnails import thumbnails

__all__ = ["VERSION", "check", "draw", "fit", "restore", "shrink", "thumbnails"]

VERSION = 1
"""Increased when the same book would get another cover."""
