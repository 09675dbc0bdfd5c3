"""Texts to clips: asking an engine, batching, checking, stretching, loudness."""
