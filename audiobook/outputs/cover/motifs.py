"""Draws the patterns of covers, after Vietnamese crafts, as flat shapes in few colours."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageDraw import ImageDraw

    from audiobook.outputs.cover.palettes import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """The area of a pattern, filled with the field colour of the palette."""

    art: ImageDraw
    width: int
    height: int
    palette: Palette
    dice: bytes
    """Random bytes, the same for the same title."""

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a filled circle.

        Args:
            x: the centre, in pixels from the left.
            y: the centre, in pixels from the top.
            radius: in pixels.
            colour: of all of it.
        """
        self.art.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def polygon(self, points: Iterator[tuple[float, float]], colour: str) -> None:
        """Draw a filled polygon."""
        self.art.polygon(list(points), colour)

    def roll(self, turn: int, sides: int) -> int:
        """Return the random number below `sides` of a turn."""
        return (self.dice[turn % len(self.dice)] + turn // len(self.dice)) % sides


def drum(canvas: Canvas) -> None:
    """Draw the sun of a Đông Sơn bronze drum as it rises: rays, rings of teeth and of eyes."""
    bold, deep, light = canvas.palette.shapes
    field = canvas.palette.field
    x, y = canvas.width / 2, canvas.height * 1.0
    unit = min(canvas.height, canvas.width / 2) / 100
    canvas.disc(x, y, 94 * unit, bold)
    canvas.disc(x, y, 91 * unit, field)
    for centre in _around(x, y, 84 * unit, 56):
        canvas.disc(*centre, 3.4 * unit, light)
        canvas.disc(*centre, 1.5 * unit, field)
    canvas.disc(x, y, 77 * unit, bold)
    canvas.disc(x, y, 75.5 * unit, field)
    canvas.polygon(_star(x, y, 74 * unit, 66 * unit, 72), deep)
    canvas.disc(x, y, 64 * unit, bold)
    canvas.disc(x, y, 62.5 * unit, field)
    for centre in _around(x, y, 57.5 * unit, 28, 0.5):
        canvas.disc(*centre, 2.6 * unit, light)
    canvas.disc(x, y, 52.5 * unit, deep)
    canvas.disc(x, y, 51 * unit, field)
    canvas.disc(x, y, 50 * unit, deep)
    canvas.polygon(_star(x, y, 46 * unit, 15 * unit, 14), bold)
    canvas.disc(x, y, 14 * unit, bold)


def scales(canvas: Canvas) -> None:
    """Draw the fish-scale tiles of a roof, row upon row."""
    bold, deep, light = canvas.palette.shapes
    across = 6 if canvas.height >= canvas.width / 3 else 8
    step = canvas.width / across
    rows = math.ceil(canvas.height / (step / 2)) + 1
    schemes = ((bold, light), (deep, bold), (light, deep), (bold, deep))
    for row in reversed(range(rows + 1)):
        y = canvas.height - (rows - 1 - row) * step / 2 + 0.0 * step
        y = row * step / 2 - step / 2
        for column in range(across + 1):
            x = (column + (row % 2) / 2) * step
            outer, inner = schemes[canvas.roll(row * 7 + column % across * 3, len(schemes))]
            canvas.disc(x, y + step / 2, step / 2, canvas.palette.field)
            canvas.disc(x, y + step / 2, step * 0.47, outer)
            canvas.disc(x, y + step / 2, step * 0.34, canvas.palette.field)
            canvas.disc(x, y + step / 2, step * 0.30, inner)
            canvas.disc(x, y + step / 2, step * 0.15, canvas.palette.field)


def hills(canvas: Canvas) -> None:
    """Draw three ranges of mountains, and the sun."""
    bold, deep, light = canvas.palette.shapes
    width, height = canvas.width, canvas.height
    side = 0.3 + 0.4 * canvas.roll(0, 2)
    canvas.disc(width * side, height * 0.40, height * 0.26, bold)
    layers = (
        (0.50, _mix(canvas.palette.field, light, 0.32)),
        (0.64, _mix(canvas.palette.field, deep, 0.55)),
        (0.80, deep),
    )
    for layer, (level, colour) in enumerate(layers):
        waves = [
            (
                0.085 / n,
                2 * math.pi * n * (0.55 + canvas.roll(layer * 5 + n, 40) / 100),
                canvas.roll(layer * 3 + n, 63) / 10,
            )
            for n in (1, 2, 3)
        ]
        points = [(0.0, float(height))]
        for step in range(301):
            share = step / 300
            lift = sum(size * math.sin(speed * share + start) for size, speed, start in waves)
            points.append((share * width, height * (level - lift)))
        canvas.polygon(iter([*points, (width, height)]), colour)


def tiles(canvas: Canvas) -> None:
    """Draw two rows of cement tiles, each with arcs, leaves or a disc."""
    cell = canvas.height / 2
    for row in range(2):
        for column in range(round(canvas.width / cell)):
            _tile(canvas, column * cell, row * cell, cell, row * 17 + column * 5)


def _tile(canvas: Canvas, left: float, top: float, cell: float, turn: int) -> None:
    field, shapes = canvas.palette.field, canvas.palette.shapes
    shade = canvas.roll(turn + 1, 3)
    colour, second_colour = shapes[shade], shapes[(shade + 1 + canvas.roll(turn + 2, 2)) % 3]
    box = (left, top, left + cell - 1, top + cell - 1)
    kind, flip = canvas.roll(turn, 4), canvas.roll(turn + 3, 2)
    x, y = left + cell / 2, top + cell / 2
    if kind == 0:
        canvas.art.rectangle(box, colour)
        for corner in (0, 1):
            point = left + cell * (corner ^ flip), top + cell * corner
            _quarter(canvas, *point, box, cell * 0.62, field)
            _quarter(canvas, *point, box, cell * 0.34, second_colour)
    elif kind == 1:
        canvas.art.rectangle(box, field)
        corners = ((left, top), (left + cell, top + cell))
        if flip:
            corners = ((left + cell, top), (left, top + cell))
        canvas.polygon(_lens(*corners[0], *corners[1], 0.4142), colour)
        canvas.disc(x, y, cell * 0.12, field)
    elif kind == 2:
        canvas.art.rectangle(box, second_colour)
        canvas.disc(x, y, cell * 0.40, colour)
        canvas.disc(x, y, cell * 0.20, second_colour)
    else:
        canvas.art.rectangle(box, field)
        for corner in range(4):
            point = left + cell * (corner % 2), top + cell * (corner // 2)
            canvas.polygon(_lens(*point, x, y, 0.4142), colour)
        canvas.disc(x, y, cell * 0.10, second_colour)


def _quarter(
    canvas: Canvas, x: float, y: float, box: tuple[float, ...], radius: float, colour: str
) -> None:
    """Draw the quarter of a disc around a corner that lies in the box."""
    right, down = x <= box[0] + 1, y <= box[1] + 1
    start = {(True, True): 0, (False, True): 90, (False, False): 180, (True, False): 270}
    round_ = (x - radius, y - radius, x + radius, y + radius)
    canvas.art.pieslice(round_, start[right, down], start[right, down] + 90, colour)


def lotus(canvas: Canvas) -> None:
    """Draw a lotus flower on the water."""
    bold, deep, light = canvas.palette.shapes
    field = canvas.palette.field
    x, y = canvas.width / 2, canvas.height * 0.93
    long = min(canvas.height * 0.84, canvas.width * 0.40)
    pale, dark = _mix(bold, light, 0.55), _mix(bold, field, 0.35)
    for turn, length, wide, colour in (
        (80, 0.86, 0.30, deep),
        (62, 0.94, 0.34, dark),
        (41, 0.98, 0.38, bold),
        (21, 1.0, 0.40, pale),
        (0, 1.0, 0.44, bold),
    ):
        for way in {-turn, turn}:
            angle = math.radians(way - 90)
            end = x + long * length * math.cos(angle), y + long * length * math.sin(angle)
            canvas.polygon(_lens(x, y, *end, wide), colour)
    canvas.polygon(_lens(x, y, x, y - long * 0.62, 0.40), light)
    canvas.art.rectangle((0, y, canvas.width, canvas.height), deep)


def mats(canvas: Canvas) -> None:
    """Draw a weave of split bamboo: three strips over, three under."""
    bold, deep, light = canvas.palette.shapes
    cell = canvas.height / 4
    canvas.art.rectangle((0, 0, canvas.width, canvas.height), canvas.palette.field)
    for row in range(4):
        for column in range(math.ceil(canvas.width / cell)):
            left, top = column * cell, row * cell
            is_upright = (row + column) % 2
            for strip in range(3):
                colour = (bold, deep, light)[
                    canvas.roll((column if is_upright else row) * 3 + strip + is_upright, 3)
                ]
                start, end = (strip + 0.14) / 3 * cell, (strip + 0.86) / 3 * cell
                if is_upright:
                    canvas.art.rectangle(
                        (left + start, top - cell * 0.06, left + end, top + cell * 1.06), colour
                    )
                else:
                    canvas.art.rectangle(
                        (left - cell * 0.0, top + start, left + cell * 1.0, top + end), colour
                    )


def moon(canvas: Canvas) -> None:
    """Draw a moon over the river and its light on the waves."""
    bold, deep, light = canvas.palette.shapes
    width, height = canvas.width, canvas.height
    x, horizon = width * (0.34 + 0.32 * canvas.roll(1, 2)), height * 0.60
    radius = height * 0.46
    canvas.disc(x, horizon, radius, bold)
    canvas.art.rectangle((0, horizon, width, height), deep)
    step = (height - horizon) / 7
    for row in range(7):
        y = horizon + (row + 0.5) * step
        half = radius * (1.0 - 0.11 * row) * (0.92 if row % 2 else 1)
        shift = (canvas.roll(row, 21) - 10) / 10 * radius * 0.12
        thick = step * (0.52 - 0.035 * row)
        box = (x - half + shift, y - thick / 2, x + half + shift, y + thick / 2)
        canvas.art.rounded_rectangle(box, thick / 2, bold if row < 5 else light)


def _around(
    x: float, y: float, radius: float, count: int, first: float = 0.0
) -> Iterator[tuple[float, float]]:
    for index in range(count):
        angle = 2 * math.pi * (index + first) / count
        yield x + radius * math.sin(angle), y - radius * math.cos(angle)


def _star(
    x: float, y: float, outer: float, inner: float, rays: int
) -> Iterator[tuple[float, float]]:
    tips = _around(x, y, outer, rays)
    dents = _around(x, y, inner, rays, 0.5)
    for tip, dent in zip(tips, dents, strict=True):
        yield tip
        yield dent


def _lens(
    x: float, y: float, to_x: float, to_y: float, wide: float
) -> Iterator[tuple[float, float]]:
    """Yield the outline of a petal between two points; ``wide`` is its width by its length."""
    length_vector, width_vector = (to_x - x, to_y - y), (y - to_y, to_x - x)
    for side in (1, -1):
        for step in range(25):
            position = step / 24 if side == 1 else 1 - step / 24
            bulge = side * wide / 2 * math.sin(math.pi * position)
            yield (
                x + length_vector[0] * position + width_vector[0] * bulge,
                y + length_vector[1] * position + width_vector[1] * bulge,
            )


def _mix(first: str, second: str, share: float) -> str:
    """Return a mixture of two colours; ``share`` is the part of the second."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


Motif = Callable[[Canvas], None]
MOTIFS: tuple[Motif, ...] = (drum, scales, hills, tiles, lotus, mats, moon)
