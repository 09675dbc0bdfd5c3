"""The commands: the only place that prints or exits."""

# Each adds its commands.
from audiobook.cli import (
    building,
    caching,
    checking,
    health,
    podcasting,
    publishing,
    reading,
    serving,
    voices,
    watching,
)
from audiobook.cli.app import main

__all__ = [
    "building",
    "caching",
    "checking",
    "health",
    "main",
    "podcasting",
    "publishing",
    "reading",
    "serving",
    "voices",
    "watching",
]
