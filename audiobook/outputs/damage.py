"""What comes of reading the tags of files that are damaged, or made to do damage."""

from __future__ import annotations

import struct

from mutagen import MutagenError

DAMAGED = (
    MutagenError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""Mutagen tells most damage by an error of its own, and falls over some as a program does."""
