"""Speech of Microsoft Azure, by its REST interface, with the user's own key and region."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from audiobook.engines.service import Service
from audiobook.errors import VoiceError
from audiobook.messages import message

if TYPE_CHECKING:
    from audiobook.model import Voice

REGION = "AZURE_SPEECH_REGION"
_FORMATS = {
    8_000: "riff-8khz-16bit-mono-pcm",
    16_000: "riff-16khz-16bit-mono-pcm",
    22_050: "riff-22050hz-16bit-mono-pcm",
    24_000: "riff-24khz-16bit-mono-pcm",
    44_100: "riff-44100hz-16bit-mono-pcm",
    48_000: "riff-48khz-16bit-mono-pcm",
}
# XML 1.0 has no way to write these.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Azure(Service):
    """Requests one text at a time, as SSML; ``voice.model`` is the name of the voice."""

    name = "azure"
    service = "Microsoft Azure"
    address = "https://{region}.tts.speech.microsoft.com"
    key_name = "AZURE_SPEECH_KEY"
    key_header = "Ocp-Apim-Subscription-Key"
    model_form = re.compile(r"[a-z]{2,3}-[A-Z]{2}-[\w-]+(:[\w-]+)?")
    model_example = "vi-VN-HoaiMyNeural"
    speeds = (0.5, 2.0)
    # What lasts longer than ten minutes is cut off without an error: about 8,000 characters.
    limit: int | None = 4_000

    def server(self, voice: Voice) -> str:
        """Return a name for the service in the user's region, which has limits of its own."""
        name = super().server(voice)
        return f"{name}/{_named_region()}"

    def check_ready(self, voice: Voice) -> None:
        """Check that there are a key and a region."""
        super().check_ready(voice)
        _region()

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request, and return the WAV."""
        headers = {
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": _FORMATS.get(voice.rate, _FORMATS[24_000]),
        }
        return self.sound_of(self.post("/cognitiveservices/v1", _ssml(text, voice), headers))

    def base(self) -> str:
        """Return the address in the user's region."""
        return self.address.format(region=_region())


def _ssml(text: str, voice: Voice) -> bytes:
    clean = escape(_NOT_XML.sub(" ", text))
    if voice.speed != 1:  # markup is charged for
        clean = f'<prosody rate="{voice.speed:g}">{clean}</prosody>'
    language = "-".join(voice.model.split("-")[:2])
    return (
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
        f"xml:lang={quoteattr(language)}>"
        f"<voice name={quoteattr(voice.model)}>{clean}</voice></speak>"
    ).encode()


def _named_region() -> str:
    return os.environ.get(REGION, "").strip().lower()


def _region() -> str:
    region = _named_region()
    if not re.fullmatch(r"[a-z0-9]+", region):
        raise VoiceError(
            message("{name} does not name the region of your Azure resource", name=REGION),
            message("set it, for example to southeastasia"),
        )
    return region
