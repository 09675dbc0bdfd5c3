"""What a process that works for another does first."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading


def begin_work() -> None:
    """Leave Ctrl-C to the process that began this one, and end when it does."""
    # Ctrl-C reaches every process of the terminal; the main one decides what becomes of us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def leave_with_parent() -> None:
            parent.join()
            os._exit(1)

        # Without it a worker whose parent was killed would wait for passages for ever.
        threading.Thread(target=leave_with_parent, daemon=True).start()
