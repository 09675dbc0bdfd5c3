"""Reads the JSON beside a Piper model: how the voice must be set up to speak as it was taught."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from audiobook.engines.piper_speakers import speaker_names, speaker_number
from audiobook.errors import VoiceError
from audiobook.messages import localize, message
from audiobook.model import HIGHEST_RATE, LOWEST_RATE, Voice

if TYPE_CHECKING:
    from audiobook.app.voice_sources.places import PiperFiles

_ACCENTS = {"vi-vn-x-central": "central", "vi-vn-x-south": "south"}
"""The accents that the phonemes tell; those of the north serve for voices from anywhere."""
_TONES = {"2": "huyền", "ɜ": "sắc", "4": "hỏi", "5": "ngã", "6": "nặng"}
"""How eSpeak NG writes the tones among its phonemes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the description of a Piper model says."""

    rate: int
    """Samples a second."""
    phonemes: str
    """The voice of eSpeak NG whose phonemes the model was taught."""
    count: int
    """How many speakers it has."""
    speaker_numbers: dict[str, int]
    missing_tones: tuple[str, ...]
    licence: str

    @property
    def language(self) -> str:
        """The language of the voice, as in its phonemes."""
        return self.phonemes.partition("-")[0]

    @property
    def speakers(self) -> tuple[str, ...]:
        """The names of the speakers, or their numbers where they have no names."""
        return tuple(speaker_names(self.speaker_numbers, self.count))


def read(located: PiperFiles) -> Description:
    """Return what the description of a Piper model says.

    Raises:
        VoiceError: it is not the description of a Piper model.
    """
    try:
        told: dict[str, Any] = json.loads(located.description)
        rate = told["audio"]["sample_rate"]
        phonemes = str(told["espeak"]["voice"]).lower()
        map_of_phonemes = told["phoneme_id_map"]
        numbers = {str(name): int(n) for name, n in (told.get("speaker_id_map") or {}).items()}
        description = Description(
            rate=rate if isinstance(rate, int) else 0,
            phonemes=phonemes,
            count=int(told["num_speakers"]),
            speaker_numbers=numbers,
            missing_tones=_missing_tones(phonemes, map_of_phonemes, told.get("phoneme_type")),
            licence=str(told.get("license") or told.get("licence") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise VoiceError(
            message("the JSON beside {origin} describes no Piper voice", origin=located.origin),
            message("add a model with the .onnx.json that its makers gave it"),
        ) from problem
    if not LOWEST_RATE <= description.rate <= HIGHEST_RATE:
        raise VoiceError(
            message(
                "{origin} speaks at {rate} samples a second; possible are {lowest} to {highest}",
                origin=located.origin,
                rate=description.rate,
                lowest=LOWEST_RATE,
                highest=HIGHEST_RATE,
            )
        )
    return description


def voice_of(located: PiperFiles, description: Description, name: str) -> Voice:
    """Return the voice that speaks with a Piper model, without a licence yet.

    Args:
        located: the files of the voice.
        description: what its JSON says.
        name: of the voice.

    Raises:
        VoiceError: the speaker that the user named is not among those of the model.
    """
    if located.speaker:
        speaker_number(located.speaker, description.speaker_numbers, description.count)
    is_vietnamese = description.language == "vi"
    voice = Voice(
        name=name,
        engine="piper",
        model=f"{located.model}#{located.speaker}" if located.speaker else located.model,
        description=localize(message("Neural, offline: Piper, {origin}", origin=located.origin)),
        language=description.language,
        style="neural",
        # A voice that learnt Vietnamese sounds only cannot say others.
        foreign="respell" if is_vietnamese else "keep",
        rate=description.rate,
        files=located.files,
    )
    return replace(voice, accent=_ACCENTS.get(description.phonemes, voice.accent))


def _missing_tones(
    phonemes: str, map_of_phonemes: dict[str, Any], kind: str | None
) -> tuple[str, ...]:
    """Return the Vietnamese tones for which a model has no sign."""
    if not phonemes.startswith("vi") or kind not in (None, "espeak"):
        return ()
    return tuple(tone for sign, tone in _TONES.items() if sign not in map_of_phonemes)
