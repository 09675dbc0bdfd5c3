"""What the package offers, and when it is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from audiobook import vietnamese


@pytest.mark.parametrize("name", vietnamese.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(vietnamese, name).__name__ == name


def test_no_other_name_is_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        vietnamese.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_process_that_records_imports_no_rules() -> None:
    code = "import sys, audiobook.workers.local; print(*sys.modules, sep='\\n')"
    completed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(completed.stdout.split())
    assert "audiobook.vietnamese.alignment" in loaded
    assert not {name for name in loaded if name.startswith("audiobook.vietnamese.rules")}
    assert not loaded & {"audiobook.vietnamese.reading", "audiobook.vietnamese.sentences"}
