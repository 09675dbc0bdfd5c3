"""Turns texts into clips: calls the engine, batches, checks, stretches, sets the loudness."""
