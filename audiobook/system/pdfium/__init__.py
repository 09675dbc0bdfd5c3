"""Calls PDFium, in a process that imports nothing else, so that it starts at once."""
