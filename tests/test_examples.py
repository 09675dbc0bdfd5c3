"""What docstrings show is what comes out."""

from __future__ import annotations

import doctest
import importlib

import pytest
from places import ROOT


def modules() -> list[str]:
    """Return the modules whose docstrings hold examples."""
    return sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "audiobook").rglob("*.py")
        if "\n    >>> " in path.read_text("utf-8")
    )


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    ran = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert ran.attempted
    assert ran.failed == 0
