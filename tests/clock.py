"""The processor's time that a piece of work takes, however busy the machine and the tests are."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_seconds(work: Callable[[], object], attempts: int = 1) -> float:
    """Return the processor's seconds that this thread needs for a work: of its fastest attempt.

    What other threads of the tests do does not count, nor does the collector, who would walk
    through all that thousands of tests before left behind.
    """
    took = []
    collects = gc.isenabled()
    gc.disable()
    try:
        for _ in range(attempts):
            began = time.thread_time()
            work()
            took.append(time.thread_time() - began)
    finally:
        if collects:
            gc.enable()
    return min(took)
