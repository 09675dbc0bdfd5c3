"""What asks PDFium, in a process of its own that imports nothing else and so begins at once."""
