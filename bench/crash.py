"""Kills the making and publishing of a book wherever it can die, and makes it again.

``make crash`` runs it: before every step that it takes on the disk, and at CRASH_MOMENTS (200)
random ones, each once with nothing there and once with an older edition; CRASH_SEED repeats a run.
What it finds is printed, and the exit code is 1.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from crashing import OLD, Trial

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
            moments = sorted(chance.uniform(0, trial.seconds) for _ in range(MOMENTS // 2))
            wrong = [
                *((f"step {at}", one) for at in range(trial.steps) for one in trial.killed(at)),
                *((f"{at:.3f} s", one) for at in moments for one in trial.killed(after=at)),
            ]
        for where, what in wrong:
            print(f"  {where}: {what}")
        failures += len(wrong)
        print(
            f"{there}: killed before each of {trial.steps} steps on the disk, and at "
            f"{len(moments)} moments of {trial.seconds:.1f} s: {len(wrong)} failures",
            flush=True,
        )
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
