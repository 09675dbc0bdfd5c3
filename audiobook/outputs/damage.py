"""The exceptions that reading the tags of damaged or malicious files raises."""

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
"""Mutagen reports most damage by an error of its own, but some of it raises other exceptions."""
