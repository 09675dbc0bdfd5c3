"""A power cut at any moment: what is there is whole, and the next run makes the rest.

bench/crash.py tries every step and hundreds of moments.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from crashing import OLD, Trial

if TYPE_CHECKING:
    from pathlib import Path

STEPS, MOMENTS = 5, 1


@pytest.mark.parametrize("old", ["", OLD], ids=["nothing there", "an older one there"])
def test_killed_anywhere(tmp_path: Path, old: str) -> None:
    trial = Trial.prepare(tmp_path, old)
    chance = random.Random(len(old))
    for step in sorted(chance.sample(range(trial.steps), STEPS)):
        assert list(trial.killed(step)) == [], f"step {step}"
    for _ in range(MOMENTS):
        moment = chance.uniform(0, trial.seconds)
        assert list(trial.killed(after=moment)) == [], f"after {moment} s"
