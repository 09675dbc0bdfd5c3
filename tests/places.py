"""Where things lie: this checkout, the files of the tests, and real texts beside it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
SHARED = Path(os.environ.get("REAL_TEXTS", ROOT.parent / "shared"))
"""Real articles, books and voices; tests that want one are skipped where it is missing."""
