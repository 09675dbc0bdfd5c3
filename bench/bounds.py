"""How time and memory grow with a book: each stage at four sizes, three times one another.

``make bounds`` or ``python bench/bounds.py [STAGE ...]`` prints seconds of the processor and peaks
of Python's memory with the slopes of both on logarithmic scales, draws them in
``build/bounds.html``, and exits 1 where a slope is over 1.05. Times are the best of several runs; a
stage that seems to grow faster is measured again, because other work disturbs it.
"""

from __future__ import annotations

import gc
import platform
import resource
import sys
import tracemalloc
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bounds_page import Growth, fit_slope, in_words, render, slope_in_words
from bounds_stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (20_000, 60_000, 180_000, 540_000)
"""Characters; a novel has about as many as the third."""
LIMIT = 1.05
# What takes less than this cannot be told from nothing, and counts for no slope.
LEAST_SECONDS, LEAST_BYTES = 0.002, 1 << 20
# Short runs are repeated until they took so many seconds together, but not more often than this.
ENOUGH_SECONDS, MOST_RUNS = 0.5, 8
AGAIN = 2
"""How often a stage is measured again that seems to grow faster."""
PAGE = Path("build/bounds.html")


def best_seconds(stage: Callable[[int], object], size: int) -> float:
    """Return the processor's seconds of the fastest run, in this process and those it began."""
    took: list[float] = []
    while not took or (sum(took) < ENOUGH_SECONDS and len(took) < MOST_RUNS):
        gc.collect()
        before = _processor()
        stage(size)
        took.append(_processor() - before)
    return min(took)


def peak_bytes(stage: Callable[[int], object], size: int) -> int:
    """Return the most bytes of Python's objects at once; watching them takes time of its own."""
    gc.collect()
    tracemalloc.start()
    stage(size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def measure(name: str) -> list[Growth]:
    """Measure time and memory of a stage."""
    prepare, stage = STAGES[name]
    for size in SIZES:
        prepare(size)
    seconds = [best_seconds(stage, size) for size in SIZES]
    for _ in range(AGAIN):
        if fit_slope(SIZES, seconds, LEAST_SECONDS) > LIMIT:
            seconds = [
                min(old, best_seconds(stage, size))
                for old, size in zip(seconds, SIZES, strict=True)
            ]
    peaks = [float(peak_bytes(stage, size)) for size in SIZES]
    return [
        Growth(name, quantity, SIZES, tuple(values), slope, slope > LIMIT, least)
        for quantity, values, least in (
            ("time", seconds, LEAST_SECONDS),
            ("memory", peaks, LEAST_BYTES),
        )
        for slope in (fit_slope(SIZES, values, least),)
    ]


def _processor() -> float:
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    """Measure, print and draw; exit 1 where something grows faster than the book."""
    growths: list[Growth] = []
    for name in sys.argv[1:] or STAGES:
        for growth in measure(name):
            values = "".join(f"{in_words(growth, value):>10}" for value in growth.values)
            print(f"{name:<12}{growth.quantity:<8}{values}   {slope_in_words(growth)}", flush=True)
            growths.append(growth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")
    PAGE.parent.mkdir(exist_ok=True)
    made = f"Measured on {date.today().isoformat()} with Python {platform.python_version()}."
    PAGE.write_text(render(growths, LIMIT, made), "utf-8")
    print(f"drawn in {PAGE}")
    if over := [f"{growth.stage} ({growth.quantity})" for growth in growths if growth.is_over]:
        sys.exit(f"grows faster than the book: {', '.join(over)}")


if __name__ == "__main__":
    main()
