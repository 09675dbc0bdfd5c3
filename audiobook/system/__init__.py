"""Doors to the world: files, folders, connections, downloads, processes, ffmpeg, PDFium."""
