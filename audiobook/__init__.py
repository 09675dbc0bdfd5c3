"""Vietnamese text in, a chaptered audiobook out."""

__version__ = "0.1.0"
