"""``python -m audiobook`` is the ``audiobook`` command."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_INTERRUPTED = 130


def main() -> None:
    """Run the ``audiobook`` command; Ctrl-C ends it quietly even while it is being loaded."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)
    from audiobook import cli
    from audiobook.cli import ending

    ending.report_stray_faults()
    cli.main()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    os._exit(_INTERRUPTED)


if __name__ == "__main__":  # the workers import this module, too
    main()
