"""Calls functions of PDFium by their addresses, which is fast enough for each letter of a page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


def by_address(function: Any, answer: Any, *arguments: Any) -> Callable[..., Any]:
    """Return a function of PDFium that takes addresses instead of pointers.

    Calls skip the checks and conversions of ctypes, which would take most of the time.

    Args:
        function: the function of pypdfium2.
        answer: the type of its result.
        arguments: the types of its arguments.
    """
    prototype = ctypes.PYFUNCTYPE(answer, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)


def address_of(pointer: Any) -> int | None:
    """Return the address that a pointer of PDFium holds, None for a null pointer."""
    return ctypes.cast(pointer, ctypes.c_void_p).value
