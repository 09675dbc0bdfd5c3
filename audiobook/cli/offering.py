"""Offers a natural voice to whoever has chosen none, once, and remembers the answer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from audiobook.cli import questions
from audiobook.cli.app import notify
from audiobook.cli.downloading import fetch_files
from audiobook.errors import AudiobookError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobook.model import Voice

_PATIENCE = 20.0
"""Seconds without an answer of the network, after which a build goes on without it."""


def offer_natural_voice(sources: Sequence[str], *, unasked: bool, quiet: bool) -> bool:
    """Ask whether to fetch the natural voice, and do so; return whether that settles the matter.

    Only people are asked, only those who have chosen no voice, and only until they answer.

    Args:
        sources: what is to be built.
        unasked: whether to fetch it without asking, as `--fetch-voice` says.
        quiet: whether to print only errors, and to ask nothing.
    """
    from audiobook import config

    if not config.is_voice_unchosen() or not any(map(config.leaves_voice_open, sources)):
        return False
    voice = config.load_voice(config.NATURAL_VOICE)
    if unasked:
        _try_to_fetch(voice, quiet=quiet)
        return True
    # The text of the book is not taken for an answer, and nobody watches what CI runs.
    is_watched = questions.is_somebody_there() and not os.environ.get("CI")
    if quiet or "-" in sources or not is_watched:
        return False
    answer = _ask(voice)
    if answer is None:
        return False
    if not answer:
        _remember(config.EMBEDDED_VOICE)
    elif _try_to_fetch(voice, quiet=quiet):
        _remember(voice.name)
    return True


def _ask(voice: Voice) -> bool | None:
    licence = voice.licence.partition(";")[0]
    question = message(
        "Fetch a natural voice, {size:.0f} MB, {licence}? [Y/n]", size=voice.size, licence=licence
    )
    return questions.ask(question, default=True)


def _try_to_fetch(voice: Voice, *, quiet: bool) -> bool:
    """Fetch a voice; return whether it speaks, and say why if it does not."""
    from audiobook.app.voices import check_voice
    from audiobook.config import EMBEDDED_VOICE
    from audiobook.system import downloads

    try:
        fetch_files(voice, None if quiet else notify, _PATIENCE)
        check_voice(voice)
    except AudiobookError as problem:
        if not downloads.missing(voice):
            downloads.remove(voice.name)  # or it would be the default, because it was fetched
        notify(
            message(
                "{voice} was not fetched ({reason}); {fallback} reads for now",
                voice=voice.name,
                reason=problem.what,
                fallback=EMBEDDED_VOICE,
            )
        )
        return False
    return True


def _remember(name: str) -> None:
    """Write into config.toml which voice speaks from now on, and say so."""
    from audiobook.config import choose_voice

    try:
        path = choose_voice(name)
    except AudiobookError as problem:
        notify(problem.message)
        return
    notify(message("{name} reads from now on; {path} says so", name=name, path=path))
