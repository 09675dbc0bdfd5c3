"""The commands: the only place that prints or exits."""

from audiobook.cli.app import main

__all__ = ["main"]
