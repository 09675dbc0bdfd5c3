"""Measures a first installation: what ``make demo`` takes from nothing, in time and on the disk."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from figures import show, show_head

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Measure and print; what is not committed is not measured."""
    show_head("Installation")
    with tempfile.TemporaryDirectory(prefix="installing-") as name:
        folder = Path(name) / "audiobook"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        own = {f"AUDIOBOOK_{what}": f"{name}/{what.lower()}" for what in ("CACHE", "DATA")}
        # As on most machines: where modules may not be kept compiled, they are not there later.
        environment = {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": ""}
        began = time.monotonic()
        subprocess.run(
            ["make", "demo"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True
        )
        seconds = time.monotonic() - began
        sizes = subprocess.run(
            ["du", "-sm", ".venv"], cwd=folder, capture_output=True, text=True, check=True
        )
    show("make demo from nothing", f"{seconds:.0f} s", "under 40 s")
    show("an environment after make demo", f"{sizes.stdout.split()[0]} MB", "at most 330 MB")


if __name__ == "__main__":
    main()
