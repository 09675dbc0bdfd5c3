"""The look that all pages share: colours, letters, and the style of what stands on several of them.

The pages of a podcast, the report of a check and the studio are one product, so its style stands
here once. A page takes the sheets that it needs, joined in their order.
"""

from __future__ import annotations

from importlib import resources

TOKENS, BASE, PLOTS, LISTENING = (
    resources.files(__package__).joinpath(f"{name}.css").read_text("utf-8")
    for name in ("tokens", "base", "plots", "listening")
)
"""Colours and letters; what all pages have; drawings of sound; the page of a book to listen to."""
