"""The commands: the only place that prints or exits."""

# Each adds its commands.
from audiobook.cli import (
    building,
    checking,
    health,
    podcasting,
    reading,
    serving,
    voices,
    watching,
)
from audiobook.cli.app import main

__all__ = [
    "building",
    "checking",
    "health",
    "main",
    "podcasting",
    "reading",
    "serving",
    "voices",
    "watching",
]
