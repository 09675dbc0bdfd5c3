"""Whom VieNeu-TTS speaks as: the voices that come with the package, and those that were cloned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from vieneu_utils.core_utils import strip_encoder_pad_frame

from audiobook.errors import VoiceError
from audiobook.messages import message

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPEAKER = "speaker_emb"
_SPEAKER_SIZE = 192
_SHAPES = {"style": (50, 256), "codes": (None, 16)}
"""The shape of each manner; None for any length."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A speaker as the networks see one."""

    speaker: NDArray[np.float32]
    """The timbre, shape (192,)."""
    manner: NDArray[Any]
    """How the speaker talks: a style, shape (50, 256), or the codes of a clip, (frames, 16)."""

    @classmethod
    def parse(cls, document: Any, manner: str) -> Self:
        """Read a reference.

        Args:
            document: decoded JSON, as the package keeps its voices.
            manner: the name of what the network wants beside the speaker: style or codes.

        Raises:
            ValueError: it is not one, or not for this network.
        """
        try:
            speaker = np.asarray(document[_SPEAKER], np.float32)
            values = np.asarray(document[manner], np.int64 if manner == "codes" else np.float32)
        except (KeyError, TypeError, OverflowError) as problem:
            raise ValueError(message("it describes no speaker of this network")) from problem
        expected = tuple(
            wanted or length
            for wanted, length in zip(_SHAPES[manner], (*values.shape, 0, 0), strict=False)
        )
        if (
            speaker.shape != (_SPEAKER_SIZE,)
            or not np.isfinite(speaker).all()
            or not speaker.any()
            or not values.size
            or values.shape != expected
            or not np.isfinite(values).all()
        ):
            raise ValueError(message("it describes no speaker of this network"))
        return cls(speaker, strip_encoder_pad_frame(values) if manner == "codes" else values)

    def document(self, manner: str) -> str:
        """Return it as JSON, which `parse` reads."""
        return json.dumps({_SPEAKER: self.speaker.tolist(), manner: self.manner.tolist()})


def preset(kind: str, name: str, manner: str) -> Reference:
    """Return a voice that comes with the package.

    Args:
        kind: the network, nano or turbo.
        name: what the package calls the voice.
        manner: what the network wants beside the speaker.

    Raises:
        VoiceError: the package has no such voice for this network.
    """
    presets = _presets(kind)
    if name not in presets:
        raise VoiceError(
            message("VieNeu {kind} has no voice {name!r}", kind=kind.capitalize(), name=name),
            message("its voices are {names}", names=", ".join(presets)),
        )
    return Reference.parse(presets[name], manner)


@cache
def _presets(kind: str) -> dict[str, Any]:
    path = files("vieneu") / "assets" / f"voices_v3_{kind}.json"
    presets: dict[str, Any] = json.loads(path.read_text("utf-8"))["presets"]
    return presets
