"""Follows feeds, pages that list articles, and folders: what is new there, once."""
