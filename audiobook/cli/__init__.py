"""The commands: the only place that prints or exits."""

from audiobook.cli import building, checking, health, reading, voices  # each adds its commands
from audiobook.cli.app import main

__all__ = ["building", "checking", "health", "main", "reading", "voices"]
