"""The colours of drawn covers."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """Colours that go together; ink on ground has a contrast of at least 7 (WCAG 2.2, AAA)."""

    ground: str
    """Behind the words."""
    ink: str
    """The words."""
    field: str
    """Behind the shapes."""
    shapes: tuple[str, str, str]
    """The shapes, the boldest first; each stands out from the field and from the others."""


PALETTES = (
    # Lacquer: cinnabar and gold leaf on black.
    Palette("#1b1311", "#f6e8cf", "#a3271b", ("#e3b04b", "#1b1311", "#f6e8cf")),
    # Indigo cloth of the highlands.
    Palette("#18264d", "#f8efdf", "#2f4a8a", ("#f2b84b", "#e5603b", "#f8efdf")),
    # Dó paper, as in Đông Hồ prints.
    Palette("#f4ead6", "#232a3d", "#e6d3ad", ("#c8452d", "#2f6b74", "#232a3d")),
    # Leaves and rice.
    Palette("#103a2c", "#fbf4dd", "#1f5b43", ("#efc457", "#8fbf7f", "#fbf4dd")),
    # Lotus.
    Palette("#fae7e3", "#4a1230", "#f2c2c0", ("#c93f6d", "#4d8067", "#fff6ef")),
    # Turmeric and brick.
    Palette("#f3b736", "#2b1810", "#c8401f", ("#fbe3a4", "#2b1810", "#f3b736")),
    # Celadon glaze.
    Palette("#d9e7de", "#12363a", "#a9cbbf", ("#1f6f70", "#e2714f", "#f7f3e4")),
    # Huế purple.
    Palette("#341b48", "#f9edf3", "#5b3478", ("#f0b45a", "#dd86ae", "#f9edf3")),
    # Brick walls in the evening.
    Palette("#8f2a1c", "#fff3df", "#c7502f", ("#f8c85c", "#5a1710", "#fff3df")),
    # The bay.
    Palette("#0c3f52", "#eef6ef", "#17697a", ("#f4a259", "#9bd1c4", "#eef6ef")),
)
