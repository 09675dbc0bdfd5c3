"""Whatever moment power goes or the disk is full: what is there is whole, and then made again.

bench/crash.py tries every step and hundreds of moments.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from command import run
from crashing import OLD, Scene, Trial, die, refuse

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 3


@pytest.fixture(autouse=True, scope="module")
def made_here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Make a scene here: processes that are forked have all that was imported, compiled, drawn."""
    scene = Scene(tmp_path_factory.mktemp("here"))
    scene.write(OLD)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CACHE", "CONFIG", "DATA"):
            patch.setenv(f"AUDIOBOOK_{name}", str(scene.root / name))
        for words in scene.commands:
            done = run(*words)
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("old", ["", OLD], ids=["nothing there", "an older one there"])
def test_disturbed_anywhere(tmp_path: Path, old: str) -> None:
    trial = Trial.prepare(tmp_path, old)
    chance = random.Random(len(old))
    for disturb in (die, refuse):
        for step in sorted(chance.sample(range(trial.steps), STEPS)):
            assert list(trial.disturbed(disturb, step)) == [], f"{disturb.__name__} at {step}"


def test_killed_with_its_workers(tmp_path: Path) -> None:
    trial = Trial.prepare(tmp_path)
    assert list(trial.disturbed(after=trial.seconds() / 2)) == []
