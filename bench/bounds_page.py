"""Draws how time and memory grow with a book as one page: a plot for each stage, and a table."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from audiobook.design import TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH, HEIGHT = 320, 210
LEFT, RIGHT, TOP, BOTTOM = 68, 14, 12, 34
DECADES = 3
"""Powers of ten that the axis of values shows, so that a slope looks the same in every plot."""

CSS = """
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans);
  font-variant-numeric: tabular-nums; }
h1, h2 { font-family: var(--serif); font-weight: 400; line-height: 1.2; }
h1 { margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
p { max-width: 44rem; margin: 0 0 .75rem; }
.stages { display: grid; gap: 1rem; margin: 1.5rem 0 2.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 33rem), 1fr)); }
section { background: var(--raised); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; }
figure { margin: 0; }
figcaption { font-size: .85rem; color: var(--quiet); }
svg { display: block; width: 100%; height: auto; }
text { fill: var(--quiet); font: 12px var(--sans); }
.grid { stroke: var(--line); }
.linear { stroke: var(--quiet); stroke-dasharray: 3 4; }
.fit { stroke: var(--ink); stroke-width: 2; }
circle { fill: var(--ink); }
.over, .over figcaption { color: var(--accent); font-weight: 600; }
.over .fit { stroke: var(--accent); }
.over circle { fill: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); padding-bottom: .5rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
th { font-weight: 500; }
th:first-child { text-align: left; }
"""


class Growth(NamedTuple):
    """How a quantity grows with the size of a book."""

    stage: str
    quantity: str
    """``time`` in seconds of the processor, or ``memory`` in bytes."""
    sizes: tuple[int, ...]
    """Characters."""
    values: tuple[float, ...]
    slope: float
    """Exponent of the fitted power of the size: 1 where twice the text takes twice as much. NaN
    where all is too little to be measured."""
    is_over: bool
    """Whether that is more than is allowed."""
    least: float
    """What takes less cannot be measured."""


def fit_slope(sizes: Sequence[float], values: Sequence[float], least: float) -> float:
    """Return the slope of the straight line that fits best on logarithmic scales.

    Args:
        sizes: of the texts.
        values: what each took.
        least: what takes less cannot be measured; NaN where fewer than two values are left.
    """
    points = _logarithms(sizes, values, least)
    if len(points) < 2:
        return math.nan
    middle = sum(x for x, _ in points) / len(points)
    level = sum(y for _, y in points) / len(points)
    products = sum((x - middle) * (y - level) for x, y in points)
    return products / sum((x - middle) ** 2 for x, _ in points)


def _logarithms(
    sizes: Sequence[float], values: Sequence[float], least: float
) -> list[tuple[float, float]]:
    """Return the logarithms of the values that could be measured, with those of their sizes."""
    return [
        (math.log(size), math.log(value))
        for size, value in zip(sizes, values, strict=True)
        if value >= least
    ]


def slope_in_words(growth: Growth) -> str:
    """Return the slope, or that there is none."""
    return "too little to measure" if math.isnan(growth.slope) else f"slope {growth.slope:.2f}"


def in_words(growth: Growth, value: float) -> str:
    """Return a value with its unit."""
    names = {1.0: "s", 1e-3: "ms"} if growth.quantity == "time" else {1e6: "MB", 1e3: "kB"}
    unit = next((unit for unit in names if value >= 0.1 * unit), min(names))
    digits = ",.0f" if value >= 10 * unit else ".3g"
    return f"{value / unit:{digits}} {names[unit]}"


def render(growths: Sequence[Growth], limit: float, made: str) -> str:
    """Return the page.

    Args:
        growths: time and memory of each stage, one after the other.
        limit: the greatest slope that is allowed.
        made: when and where it was measured.
    """
    stages: dict[str, list[Growth]] = {}
    for growth in growths:
        stages.setdefault(growth.stage, []).append(growth)
    over = [f"{growth.stage} ({growth.quantity})" for growth in growths if growth.is_over]
    verdict = f"Grow faster: {', '.join(over)}." if over else "No stage grows faster than the book."
    cards = "".join(
        f"<section><h2>{escape(stage)}</h2><div class=plots>{''.join(map(_figure, of_stage))}"
        "</div></section>"
        for stage, of_stage in stages.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>How time and memory grow with a book</title>"
        f"<style>{TOKENS}{CSS}</style></head><body><main>"
        "<h1>How time and memory grow with a book</h1>"
        f"<p{' class=over' if over else ''}>{escape(verdict)}</p>"
        "<p>Both axes are logarithmic. The slope is the exponent: 1 means that ten times the text "
        f"takes ten times as much; more than {limit:g} fails. The dashed line has slope 1.</p>"
        f"<p>{escape(made)}</p><div class=stages>{cards}</div>{_table(growths)}"
        "</main></body></html>\n"
    )


def _figure(growth: Growth) -> str:
    mark = " class=over" if growth.is_over else ""
    label = f"{growth.quantity.capitalize()} of {growth.stage}, {slope_in_words(growth)}"
    return (
        f"<figure{mark}>{_plot(growth, label)}"
        f"<figcaption>{growth.quantity.capitalize()}, {slope_in_words(growth)}</figcaption>"
        "</figure>"
    )


def _plot(growth: Growth, label: str) -> str:
    low = max(
        math.floor(math.log10(min(growth.values))),
        math.ceil(math.log10(max(growth.values))) - DECADES,
    )
    up = _axis(10**low, 10 ** (low + DECADES), HEIGHT - BOTTOM, TOP)
    across = _axis(growth.sizes[0], growth.sizes[-1], LEFT + 16, WIDTH - RIGHT - 16)
    lines = [
        f'<line class=grid x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(10**power):.1f}" '
        f'y2="{up(10**power):.1f}"/><text x="{LEFT - 6}" y="{up(10**power) + 4:.1f}" '
        f"text-anchor=end>{in_words(growth, 10**power)}</text>"
        for power in range(low, low + DECADES + 1)
    ]
    lines += [
        f'<text x="{across(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor=middle>'
        f"{size // 1000:,}k</text>"
        for size in growth.sizes
    ]
    first, last = growth.sizes[0], growth.sizes[-1]
    measured = _logarithms(growth.sizes, growth.values, growth.least)
    measured = measured or _logarithms(growth.sizes, growth.values, 0)
    middle = math.exp(sum(size for size, _ in measured) / len(measured))
    mean = math.exp(sum(value for _, value in measured) / len(measured))

    def straight(kind: str, slope: float) -> str:
        start, end = (mean * (size / middle) ** slope for size in (first, last))
        return (
            f'<line class={kind} x1="{across(first):.1f}" y1="{up(start):.1f}" '
            f'x2="{across(last):.1f}" y2="{up(end):.1f}"/>'
        )

    lines.append(straight("linear", 1.0))
    if not math.isnan(growth.slope):
        lines.append(straight("fit", growth.slope))
    lines += [
        f'<circle cx="{across(size):.1f}" cy="{up(value):.1f}" r="4"><title>'
        f"{size:,} characters: {in_words(growth, value)}</title></circle>"
        for size, value in zip(growth.sizes, growth.values, strict=True)
    ]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{''.join(lines)}</svg>"
    )


def _axis(least: float, most: float, start: float, end: float) -> Callable[[float], float]:
    """Return where values go on a logarithmic axis.

    Args:
        least: the value at its start.
        most: the value at its end.
        start: where it starts, in pixels.
        end: where it ends.
    """

    def place(value: float) -> float:
        share = math.log(value / least) / math.log(most / least)
        return start + min(max(share, 0.0), 1.0) * (end - start)

    return place


def _table(growths: Sequence[Growth]) -> str:
    sizes = growths[0].sizes if growths else ()
    head = "".join(f"<th scope=col>{size:,}</th>" for size in sizes)
    rows = "".join(
        f"<tr><th scope=row>{escape(growth.stage)}, {growth.quantity}</th>"
        + "".join(f"<td>{in_words(growth, value)}</td>" for value in growth.values)
        + f"<td{' class=over' if growth.is_over else ''}>"
        + ("–" if math.isnan(growth.slope) else f"{growth.slope:.2f}")
        + "</td></tr>"
        for growth in growths
    )
    return (
        "<div class=scroll><table><caption>Seconds of the processor and peaks of Python's memory, "
        "by the characters of a book</caption>"
        f"<thead><tr><th scope=col>Stage</th>{head}<th scope=col>Slope</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
