"""The commands: the only place that prints or exits."""

from audiobook.cli import building, health, podcasting, reading, voices  # each adds its commands
from audiobook.cli.app import main

__all__ = ["building", "health", "main", "podcasting", "reading", "voices"]
