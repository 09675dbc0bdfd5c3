"""Speakers of Piper's networks: ``MODEL.onnx#SPEAKER`` names one by its name or its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.errors import VoiceError
from audiobook.messages import first_of, message

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODEL_AND_SPEAKER = re.compile(r"(?P<model>.+\.onnx)#(?P<speaker>.+)", re.DOTALL | re.IGNORECASE)
_MOST_LISTED = 20


def split_model(name: str) -> tuple[str, str]:
    """Return a model and the speaker that is named after it, empty if none is.

    >>> split_model("vivos.onnx#VIVOSSPK01"), split_model("vivos.onnx")
    (('vivos.onnx', 'VIVOSSPK01'), ('vivos.onnx', ''))
    """
    match = _MODEL_AND_SPEAKER.fullmatch(name)
    return (match["model"], match["speaker"]) if match else (name, "")


def speaker_names(numbers: Mapping[str, int], count: int) -> list[str]:
    """Return what the speakers of a network are called, in the order of their numbers.

    Args:
        numbers: the ``speaker_id_map`` of its description, which may be empty.
        count: how many speakers it has.
    """
    return sorted(numbers, key=lambda name: numbers[name]) or [str(n) for n in range(count)]


def speaker_number(speaker: str, numbers: Mapping[str, int], count: int) -> int:
    """Return the number of a speaker, who is named by a name or, where no name fits, by a number.

    Args:
        speaker: a name or a number.
        numbers: the ``speaker_id_map`` of the network's description, which may be empty.
        count: how many speakers the network has.

    Raises:
        VoiceError: there is no such speaker.
    """
    if count <= 1:
        raise VoiceError(
            message("there is no speaker {speaker!r}: the model has only one", speaker=speaker),
            message("leave out #{speaker}", speaker=speaker),
        )
    if speaker in numbers:
        return numbers[speaker]
    if re.fullmatch(r"[0-9]{1,6}", speaker) and int(speaker) < count:
        return int(speaker)
    raise VoiceError(
        message("the model has no speaker {speaker!r}", speaker=speaker),
        message(
            "its speakers are {names}, or the numbers 0 to {last}",
            names=first_of(speaker_names(numbers, count), _MOST_LISTED),
            last=count - 1,
        ),
    )
