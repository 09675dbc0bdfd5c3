"""Microsoft Edge's voices, online, through the real edge-tts client."""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.request import getproxies, proxy_bypass
from xml.sax.saxutils import escape

import aiohttp
import edge_tts
from edge_tts.constants import WSS_URL
from edge_tts.exceptions import (
    EdgeTTSException,
    NoAudioReceived,
    SkewAdjustmentError,
    WebSocketError,
)
from yarl import URL

from audiobook.engines.online import LaterError, Online, judge, root
from audiobook.errors import EngineError, VoiceError
from audiobook.model import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Audio, Voice

# What the service takes at once; the client would cut longer text at a space.
_MOST_BYTES = 4_096
# Seconds: to connect, between two pieces of an answer, and for all of it.
_CONNECT, _RECEIVE, _IN_ALL = 10, 20, 60.0
# What the service follows, as it documents of SSML's prosody; it says nothing of the rest.
_SPEEDS, _PITCHES = (0.5, 2.0), (0.5, 1.5)
# Hertz at which a voice speaks, roughly: the service raises and lowers by hertz, not by ratio.
_USUAL_PITCH = {"female": 210, "male": 120, "": 165}
# It counts time in 100 ns.
_TICKS = 10_000_000
# Seconds by which its MP3 of 24 kHz is late once decoded: what any decoder of Layer III adds, and
# what most encoders do. There is no frame in it that says so.
_LATE = (529 + 576) / 24_000
# A word that it names otherwise than it is written is not looked for in so many characters more.
_ASTRAY = 20
_OFFLINE = "wait some hours, or choose an offline voice: audiobook voices"
_REMEDIES = {
    403: "set the clock of this computer, and pip install -U edge-tts (the service changes "
    "now and then), or choose an offline voice: audiobook voices",
    404: "pip install -U edge-tts (the service changes now and then), or choose an offline "
    "voice: audiobook voices",
    0: _OFFLINE,
}


class Edge(Online):
    """Asks for one text at a time through edge-tts; nobody promised that it will go on working."""

    name = "edge"
    version = f"{version('edge-tts')}/1"
    # So many characters always fit, of whatever script, but for a text of nothing like &.
    limit: int | None = 1_000
    service = "Microsoft"
    interval = 0.4

    def server(self, voice: Voice) -> str:
        """Return one name for the service, which sees the same user whatever the voice."""
        for what, wanted, (least, most) in (
            ("speed", voice.speed, _SPEEDS),
            ("pitch", voice.pitch, _PITCHES),
        ):
            if not least <= wanted <= most:
                raise VoiceError(
                    f"voice {voice.name} asks for {what} {wanted:g}",
                    f"Microsoft goes from {least:g} to {most:g}",
                )
        self._client("", voice)
        return "edge"

    def check(self, text: str) -> None:
        """Refuse what takes more bytes than the service takes at once."""
        super().check(text)
        if (length := len(escape(text).encode())) > _MOST_BYTES:
            raise EngineError(
                f"Microsoft takes {_MOST_BYTES} bytes, not the {length} of {text[:80]!r}"
            )

    def ask(self, text: str, voice: Voice) -> bytes:
        """Ask once, and return a line that tells its words, and the MP3 of 24 kHz."""
        try:
            sound, words = asyncio.run(self._collect(self._client(text, voice)))
            return json.dumps(list(_places(text, words))).encode() + b"\n" + sound
        except aiohttp.ClientResponseError as problem:
            raise judge(
                "Microsoft",
                problem.status,
                problem.message,
                problem.headers.get("Retry-After") if problem.headers else None,
                _REMEDIES,
            ) from problem
        except SkewAdjustmentError as problem:  # on a 403 that tells no time
            raise EngineError("Microsoft refused (403)", _REMEDIES[403]) from problem
        except NoAudioReceived as problem:
            raise EngineError(f"Microsoft sent no sound for {text!r}", "try again later") from (
                problem
            )
        except WebSocketError as problem:
            raise LaterError(f"the answer broke off ({problem})") from problem
        except TimeoutError as problem:
            raise LaterError("no answer in time") from problem
        except (aiohttp.ClientError, OSError) as problem:
            cause = root(problem)
            if isinstance(cause, ssl.SSLCertVerificationError):
                raise EngineError(
                    f"somebody else answers for Microsoft: {cause.verify_message}",
                    "use a network that leaves connections alone, or an offline voice",
                ) from problem
            raise LaterError(f"no connection ({cause})") from problem
        except (EdgeTTSException, KeyError, ValueError) as problem:
            raise EngineError(
                f"Microsoft answered something else than sound ({problem})", _REMEDIES[404]
            ) from problem

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Turn what `ask` returned into samples, with a mark for each word."""
        head, _, mp3 = sound.partition(b"\n")
        audio = super().decode(mp3, voice)
        marks = (
            Mark(round((at / _TICKS + _LATE) * voice.rate), position)
            for at, position in json.loads(head)
        )
        return replace(audio, marks=tuple(marks))

    async def _collect(self, client: edge_tts.Communicate) -> tuple[bytes, list[tuple[int, str]]]:
        """Return the sound, and its words with the moment each begins."""
        parts, words = [], []
        # The client's own time-outs leave out the look-up of the host and an answer that trickles.
        async with asyncio.timeout(_IN_ALL):
            async for part in client.stream():
                if part["type"] == "audio":
                    parts.append(part["data"])
                elif part["type"] == "WordBoundary":
                    words.append((int(part["offset"]), part["text"]))
        sound = b"".join(parts)
        # The client counts the bytes of an answer when it has come to its end.
        if client.state["cumulative_audio_bytes"] != len(sound):
            raise LaterError("the answer broke off")
        return sound, words

    def _client(self, text: str, voice: Voice) -> edge_tts.Communicate:
        hertz = round((voice.pitch - 1) * _USUAL_PITCH[voice.sex])
        try:
            return edge_tts.Communicate(
                text,
                voice.model,
                rate=f"{round((voice.speed - 1) * 100):+d}%",
                pitch=f"{hertz:+d}Hz",
                boundary="WordBoundary",
                proxy=_proxy(),
                connect_timeout=_CONNECT,
                receive_timeout=_RECEIVE,
            )
        except ValueError as problem:
            raise VoiceError(
                f"Microsoft has no voice {voice.model!r}", "model is as vi-VN-HoaiMyNeural"
            ) from problem


def _places(text: str, words: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Yield the moment each word begins and its place in the text, for those that stand there."""
    end = passed = 0
    for moment, word in words:
        passed += len(word) + 1
        if (place := text.find(word, end, end + passed + _ASTRAY)) >= 0:
            yield moment, place
            end, passed = place + len(word), 0


def _proxy() -> str | None:
    """Return the proxy of the environment: aiohttp looks for one under wss, where none is."""
    host = URL(WSS_URL).host or ""
    return None if proxy_bypass(host) else getproxies().get("https")
