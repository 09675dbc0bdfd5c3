"""The steps that put a text in order, and that the user may switch."""

from __future__ import annotations

from audiobook.stages import chapters, tidy

STEPS = (*tidy.STEPS, *chapters.STEPS)
"""The steps of tidying and dividing a text, in the order they run."""
