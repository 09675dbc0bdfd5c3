"""Kills the making and publishing of a book wherever it can die, and makes it again.

``make crash`` runs it: before every step that it takes on the disk, once killed and once told that
the disk is full, and at CRASH_MOMENTS (200) random ones; with nothing there, and with an older
edition; CRASH_SEED repeats a run.
What it finds is printed, and the exit code is 1.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from crashing import OLD, Trial, die, refuse

MOMENTS = int(os.environ.get("CRASH_MOMENTS", "200"))
SEED = int(os.environ.get("CRASH_SEED", str(time.time_ns() % 1_000_000)))


def main() -> int:
    """Print what goes wrong, and return the exit code."""
    print(f"CRASH_SEED={SEED}")
    chance = random.Random(SEED)
    failures = 0
    for old, there in (("", "nothing there"), (OLD, "an older one there")):
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial.prepare(Path(folder), old)
            seconds = trial.seconds()
            moments = sorted(chance.uniform(0, seconds) for _ in range(MOMENTS // 2))
            found = 0
            for where, wrong in _trials(trial, moments):
                for what in wrong:
                    print(f"  {where}: {what}", flush=True)
                    found += 1
        print(
            f"{there}: killed or refused at each of {trial.steps} steps on the disk, and killed at "
            f"{len(moments)} moments of {seconds:.1f} s: {found} failures",
            flush=True,
        )
        failures += found
    return bool(failures)


def _trials(trial: Trial, moments: list[float]) -> Iterator[tuple[str, Iterator[str]]]:
    for disturb in (refuse, die):
        for at in range(trial.steps):
            yield f"{disturb.__name__} at step {at}", trial.disturbed(disturb, at)
    for moment in moments:
        yield f"killed after {moment:.3f} s", trial.disturbed(after=moment)


if __name__ == "__main__":
    sys.exit(main())
