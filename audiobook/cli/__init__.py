"""The commands: the only place that prints or exits."""

# Each adds its commands.
from audiobook.cli import (
    building,
    caching,
    casting,
    checking,
    converting,
    following,
    health,
    information,
    podcasting,
    proofing,
    publishing,
    reading,
    retagging,
    serving,
    studio,
    voices,
    watching,
)
from audiobook.cli.app import main

__all__ = [
    "building",
    "caching",
    "casting",
    "checking",
    "converting",
    "following",
    "health",
    "information",
    "main",
    "podcasting",
    "proofing",
    "publishing",
    "reading",
    "retagging",
    "serving",
    "studio",
    "voices",
    "watching",
]
