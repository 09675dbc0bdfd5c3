"""The catalogue of known Vietnamese voices for Piper, with what their makers say of the licence."""

from __future__ import annotations

from dataclasses import dataclass

from audiobook.messages import Message, message

_PIPER_VOICES = "hf:rhasspy/piper-voices/vi/vi_VN"
_DESIGNED = "hf:vnhellboy/vietnamese-piper-voices"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoice:
    """A voice that somebody publishes."""

    name: str
    source: str
    """Where it lies: what `audiobook voices add` takes."""
    description: Message
    accent: str = ""
    """Empty where its makers do not say."""
    sex: str = ""
    size: int
    """Bytes of the model."""
    licence: Message
    """What its makers say, in the words of the card."""


# The licences are those of the model cards, as public documents and mirrors quoted them in November
# 2026: `voices add` shows the card itself. The repository rhasspy/piper-voices as a whole says MIT;
# the cards tell the licence of the recordings.
_UNKNOWN = message("not known here; read its page first")
KNOWN_VOICES = (
    KnownVoice(
        name="infore",
        source=f"{_PIPER_VOICES}/25hours_single/low",
        description=message("One speaker, 25 hours of InfoRe, neural, offline: Piper"),
        size=63_100_000,
        licence=message("unknown, as its own card says"),
    ),
    KnownVoice(
        name="vivos",
        source=f"{_PIPER_VOICES}/vivos/x_low",
        description=message("65 speakers, small, 16 kHz, neural, offline: Piper"),
        size=27_800_000,
        licence=message("CC BY-NC-SA 4.0, not for commercial use"),
    ),
    KnownVoice(
        name="tramvang",
        source=f"{_DESIGNED}/vits-piper-vi_VN-tramvang-medium",
        description=message("Northern man, deep story-teller, designed, offline: Piper"),
        accent="north",
        sex="male",
        size=63_000_000,
        licence=_UNKNOWN,
    ),
    KnownVoice(
        name="diemdam",
        source=f"{_DESIGNED}/vits-piper-vi_VN-diemdam-medium",
        description=message("Northern man, calm, designed, offline: Piper"),
        accent="north",
        sex="male",
        size=63_000_000,
        licence=_UNKNOWN,
    ),
    KnownVoice(
        name="altotram",
        source=f"{_DESIGNED}/vits-piper-vi_VN-altotram-medium",
        description=message("Northern woman, warm and low, designed, offline: Piper"),
        accent="north",
        sex="female",
        size=63_000_000,
        licence=_UNKNOWN,
    ),
)


def known_voice(name: str) -> KnownVoice | None:
    """Return the voice of a name that can be added, or None."""
    return next((voice for voice in KNOWN_VOICES if voice.name == name), None)
