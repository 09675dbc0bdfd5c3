"""What the templates of pages use: texts in the language of the reader, times, pictures."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING

from audiobook.messages import Message, localize, localize_figure, message
from audiobook.podcast import wording

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment
    from markupsafe import Markup

# Characters that HTML may not hold, and surrogates, which UTF-8 cannot hold.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_GROUNDS = 6


def template_loader() -> BaseLoader:
    """Return what finds the templates of these pages."""
    from jinja2 import PackageLoader

    return PackageLoader("audiobook.podcast", "pages")


@cache
def environment() -> Environment:
    """Return the environment of the pages of a site."""
    return make_environment(template_loader())


def make_environment(loader: BaseLoader) -> Environment:
    """Return an environment that escapes everything, with the filters of these pages.

    Its texts are those of ``t`` and, where something is counted, of ``n``, in the language that
    `audiobook.messages.in_language` decides while a page is rendered.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_replace_controls,
    )
    environment.filters |= {
        "clock": _clock_time,
        "figure": localize_figure,
        "duration": duration,
        "ground": _cover_ground,
        "linked": _linked,
        "megabytes": _megabytes,
    }
    environment.globals |= {
        "t": _told,
        "n": _counted,
        "library_words": _library_words,
        "player_words": _player_words,
    }
    return environment


def _linked(text: str) -> Markup:
    """Return a text with links; `wording.linked` has escaped all else in it."""
    from markupsafe import Markup

    return Markup(wording.linked(plain(text)))  # noqa: S704


def _megabytes(size: int) -> str:
    return localize(message("{size:,.1f} MB", size=size / 1e6))


def _told(template: str, **values: object) -> str:
    return localize(Message(template, values))


def _counted(one: str, many: str, count: int, **values: object) -> str:
    return localize(Message(many, {"count": count, **values}, one))


def _library_words() -> str:
    """Return what the script of the library says, as JSON; it puts the values in itself."""
    sayings = {
        "finished": message("heard to the end"),
        "part": message("{part} % heard", part="{part}"),
        "one": message("1 book found"),
        "many": message("{count} books found", count="{count}"),
        "none": message("No such book."),
        "kept": message("can be heard offline"),
    }
    return json.dumps({name: localize(saying) for name, saying in sayings.items()})


def _player_words() -> str:
    """Return what the script of the player says, as JSON; it puts the values in itself."""
    sayings = {
        "play": message("Play"),
        "pause": message("Pause"),
        "begin": message("Listen from the beginning"),
        "resume": message("Go on from {time}", time="{time}"),
        "of": message("{past} of {all}", past="{past}", all="{all}"),
        "rest": message("{time} left of the book", time="{time}"),
        "loading": message("Loading the sound …"),
        "broken": message(
            "The sound cannot be loaded. Check the network, and open the page again."
        ),
        "sleeping": message("Stops in {time}", time="{time}"),
        "sleepingAtEnd": message("Stops at the end of the chapter"),
        "slept": message("The sleep timer has stopped the book."),
        "awake": message("The sleep timer is off."),
        "marked": message("Bookmark set at {time}", time="{time}"),
        "unmarked": message("Bookmark removed"),
        "goTo": message("Go to {time}: {text}", time="{time}", text="{text}"),
        "remove": message("Remove the bookmark at {time}", time="{time}"),
        "mute": message("Sound off"),
        "sound": message("Sound on"),
        "keep": message("Keep offline ({size})", size="{size}"),
        "keeping": message("Keeping it: {part} % – stop", part="{part}"),
        "goOn": message("Go on keeping it ({part} % is here)", part="{part}"),
        "kept": message("Kept offline – remove ({size})", size="{size}"),
        "begun": message("The sound is being kept on this device."),
        "canBeHeard": message("The book can be heard without a network now."),
        "letGo": message("The sound is not kept on this device any more."),
        "noRoom": message(
            "There is not enough room on this device: it needs {size}.", size="{size}"
        ),
        "brokeOff": message("It broke off. Go on when there is a network again."),
    }
    return json.dumps({name: localize(saying) for name, saying in sayings.items()})


def _replace_controls(value: object) -> object:
    if not isinstance(value, str):
        return value
    # Text that is escaped has a type of its own, which is kept.
    return type(value)(plain(value)) if hasattr(value, "__html__") else plain(value)


def plain(text: str) -> str:
    """Return a text without the characters that a page may not hold."""
    return _CONTROLS.sub("\ufffd", text)


def _clock_time(seconds: float) -> str:
    """Return a time as 2:05 or 1:02:05."""
    minutes, seconds_left = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds_left:02}" if hours else f"{minutes}:{seconds_left:02}"


def duration(seconds: float) -> str:
    """Return a length in words: 40 s, 12 min, 3 h 20 min."""
    if seconds < 60:
        return localize(message("{count:,} s", count=max(1, round(seconds))))
    minutes = round(seconds / 60)
    if minutes < 60:
        return localize(message("{minutes:,} min", minutes=minutes))
    hours, minutes = divmod(minutes, 60)
    return localize(message("{hours:,} h {minutes:,} min", hours=hours, minutes=minutes))


def _cover_ground(name: str) -> int:
    """Return the number of the background for a book without a cover, the same for each name."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:10]
    return int(digest, 16) % _GROUNDS
