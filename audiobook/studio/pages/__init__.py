"""Renders the pages of the studio, in the language of whoever reads them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from audiobook import design
from audiobook.messages import is_vietnamese, localize, localize_figure, message
from audiobook.podcast import pages as podcast_pages
from audiobook.studio.fields import field_for, field_of
from audiobook.studio.remedies import message_for_pages, remedy_for_pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

_SCRIPTS = ("studio.js", "shelf.js", "prepare.js", "listen.js", "voices.js")


def _asset(name: str) -> bytes:
    return resources.files("audiobook.studio").joinpath("assets", name).read_bytes()


ASSETS: Mapping[str, bytes] = {
    "studio.css": "\n".join(
        (
            design.TOKENS,
            design.BASE,
            design.LISTENING,
            design.PLOTS,
            _asset("studio.css").decode(),
        )
    ).encode(),
    "icon.svg": podcast_pages.ASSETS["icon.svg"],
    **{name: podcast_pages.ASSETS[name] for name in podcast_pages.PLAYER_SCRIPTS},
    **{name: _asset(name) for name in _SCRIPTS},
}
"""The files that all pages share, by their names."""

VERSION = hashlib.sha256(b"".join(ASSETS.values())).hexdigest()[:10]
"""Makes browsers fetch the files of another version and not use those they have."""


def render(template: str, **variables: Any) -> str:
    """Return a page, or a part of one.

    Args:
        template: its file.
        variables: what it shows; texts are escaped.
    """
    language = "vi" if is_vietnamese() else "en"
    return _environment().get_template(template).render(language=language, **variables)


def compile_page(template: str) -> None:
    """Compile a page, so that whoever asks for it first does not wait for that."""
    _environment().get_template(template)


def compile_pages() -> None:
    """Compile all pages."""
    for name in _environment().list_templates(extensions=["html"]):
        compile_page(name)


@cache
def _environment() -> Environment:
    from jinja2 import ChoiceLoader, PackageLoader

    own = PackageLoader("audiobook.studio", "pages")
    environment = podcast_pages.make_environment(
        ChoiceLoader([own, podcast_pages.template_loader()])
    )
    environment.globals["version"] = VERSION
    environment.filters |= {
        "told": localize,
        "problem": lambda problem: localize(message_for_pages(problem)),
        "remedy": lambda remedy: localize(remedy_for_pages(remedy)),
        "capital": lambda text: text[:1].upper() + text[1:],
        "size": _size,
        "thousands": lambda number: localize_figure(f"{number:,}"),
        "factor": lambda number: localize_figure(
            f"{number:.0f}" if number >= 10 else f"{number:.1f}"
        ),
        "short": _shortened,
    }
    environment.filters["field"] = field_of
    environment.filters["field_for"] = field_for
    return environment


def _size(size: float) -> str:
    if size < 1e6:
        return localize(message("{size:,} kB", size=max(1, round(size / 1e3))))
    megabytes = round(size / 1e6, 1) if size < 1e7 else round(size / 1e6)
    return localize(message("{size:,} MB", size=megabytes))


def _shortened(text: str, most: int = 300) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
