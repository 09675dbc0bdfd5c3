"""The exceptions that reading the tags of damaged or malicious files raises."""

from __future__ import annotations

import struct
import zipfile
import zlib

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

NOT_OURS = (OSError, RuntimeError, zlib.error, zipfile.BadZipFile, *DAMAGED)
"""What reading a file raises that is not there, damaged, or of another program or format."""
