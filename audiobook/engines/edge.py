"""The voices of Microsoft Edge, online, through the edge-tts client."""

from __future__ import annotations

import asyncio
import json
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

from audiobook.engines.online import OnlineEngine
from audiobook.engines.online_failures import (
    NoSoundError,
    TemporaryError,
    connection_error,
    refusal_error,
)
from audiobook.errors import EngineError, VoiceError
from audiobook.messages import Message, message
from audiobook.model import Mark
from audiobook.system import connection
from audiobook.system.json_data import load_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiobook.model import Audio, Voice

# Bytes that the service takes at once; the client would cut longer text at a space.
_MOST_BYTES = 4_096
# Seconds: to connect, between two pieces of an answer, and for all of it.
_CONNECT, _RECEIVE, _IN_ALL = 10, 20, 60.0
# The range of speeds and pitches that the service follows, by its documentation of SSML prosody.
_SPEEDS, _PITCHES = (0.5, 2.0), (0.5, 1.5)
# Rough pitch of the voices in hertz: the service changes pitch by hertz, not by a ratio.
_USUAL_PITCH = {"female": 210, "male": 120, "": 165}
# Ticks of the service in a second: it counts in 100 ns.
_TICKS = 10_000_000
# Seconds by which its MP3 of 24 kHz is late once decoded: the delay of any decoder of Layer III,
# and that of most encoders. No frame of the MP3 states it.
_LATE = (529 + 576) / 24_000
# Characters beyond its expected place in which a word is still looked for. A word that the service
# names in another spelling is not found there.
_ASTRAY = 20
_OFFLINE = message("wait some hours, or choose an offline voice: audiobook voices")
_REMEDIES = {
    403: message(
        "set the clock of this computer, and pip install -U edge-tts (the service "
        "changes now and then), or choose an offline voice: audiobook voices"
    ),
    404: message(
        "pip install -U edge-tts (the service changes now and then), or choose an "
        "offline voice: audiobook voices"
    ),
    0: _OFFLINE,
}


class Edge(OnlineEngine):
    """Requests one text at a time through edge-tts; the service may stop working at any time."""

    name = "edge"
    version = f"{version('edge-tts')}/1"
    tells_words = True
    # So many characters always fit, of any script, except for a text of nothing but signs like &.
    limit: int | None = 1_000
    service = "Microsoft"
    interval = 0.4

    def server(self, voice: Voice) -> str:
        """Return one name for the service: it limits the user, whatever the voice."""
        name, speed, pitch = voice.name, voice.speed, voice.pitch
        asked = message("voice {voice} asks for speed {speed:g}", voice=name, speed=speed)
        _check_range(asked, speed, _SPEEDS)
        asked = message("voice {voice} asks for pitch {pitch:g}", voice=name, pitch=pitch)
        _check_range(asked, pitch, _PITCHES)
        self._make_client("", voice)
        return "edge"

    def check(self, text: str) -> None:
        """Refuse a text of more bytes than the service takes at once."""
        super().check(text)
        if (length := len(escape(text).encode())) > _MOST_BYTES:
            raise EngineError(
                message(
                    "Microsoft takes {most} bytes, not the {count} of {text!r}",
                    most=_MOST_BYTES,
                    count=length,
                    text=text[:80],
                )
            )

    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request; return a line with the times of the words, and the MP3 of 24 kHz."""
        # The client takes its certificates from this name of its module, else from certifi alone.
        edge_tts.communicate._SSL_CTX = connection.trust_of(self.name)
        try:
            sound, words = asyncio.run(self._collect(self._make_client(text, voice)))
            return json.dumps(list(_word_positions(text, words))).encode() + b"\n" + sound
        except aiohttp.ClientResponseError as problem:
            raise refusal_error(
                "Microsoft",
                problem.status,
                problem.message,
                problem.headers.get("Retry-After") if problem.headers else None,
                _REMEDIES,
            ) from problem
        except SkewAdjustmentError as problem:  # after a 403 without a time
            raise EngineError(message("Microsoft refused (403)"), _REMEDIES[403]) from problem
        except NoAudioReceived as problem:
            raise NoSoundError(self.service, text) from problem
        except WebSocketError as problem:
            raise TemporaryError(
                message("the answer broke off ({reason})", reason=problem)
            ) from problem
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorDNSError) as problem:
            raise connection_error(self.service, problem, never_connected=True) from problem
        except TimeoutError as problem:
            raise TemporaryError(message("no answer in time")) from problem
        except (aiohttp.ClientError, OSError) as problem:
            raise connection_error(self.service, problem) from problem
        except (EdgeTTSException, KeyError, ValueError) as problem:
            raise EngineError(
                message("Microsoft answered something else than sound ({reason})", reason=problem),
                _REMEDIES[404],
            ) from problem

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Decode the result of `ask` into samples, with a mark for each word."""
        head, _, mp3 = sound.partition(b"\n")
        audio = super().decode(mp3, voice)
        marks = (
            Mark(round((ticks / _TICKS + _LATE) * voice.rate), position)
            for ticks, position in load_json(head)
        )
        return replace(audio, marks=tuple(marks))

    async def _collect(self, client: edge_tts.Communicate) -> tuple[bytes, list[tuple[int, str]]]:
        """Return the sound, and the start in ticks and the text of each of its words."""
        parts, words = [], []
        # The client does not limit the look-up of the host, nor an answer that trickles.
        async with asyncio.timeout(_IN_ALL):
            async for part in client.stream():
                if part["type"] == "audio":
                    parts.append(part["data"])
                elif part["type"] == "WordBoundary":
                    words.append((int(part["offset"]), part["text"]))
        sound = b"".join(parts)
        # The client counts the bytes of an answer only at its end.
        if client.state["cumulative_audio_bytes"] != len(sound):
            raise TemporaryError(message("the answer broke off"))
        return sound, words

    def _make_client(self, text: str, voice: Voice) -> edge_tts.Communicate:
        hertz = round((voice.pitch - 1) * _USUAL_PITCH[voice.sex])
        try:
            return edge_tts.Communicate(
                text,
                voice.model,
                rate=f"{round((voice.speed - 1) * 100):+d}%",
                pitch=f"{hertz:+d}Hz",
                boundary="WordBoundary",
                proxy=_proxy_from_environment(),
                connect_timeout=_CONNECT,
                receive_timeout=_RECEIVE,
            )
        except ValueError as problem:
            raise VoiceError(
                message("Microsoft has no voice {model!r}", model=voice.model),
                message("model is as vi-VN-HoaiMyNeural"),
            ) from problem


def _check_range(what: Message, factor: float, limits: tuple[float, float]) -> None:
    least, most = limits
    if not least <= factor <= most:
        raise VoiceError(
            what, message("Microsoft goes from {least:g} to {most:g}", least=least, most=most)
        )


def _word_positions(text: str, words: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Yield the start in ticks and the position in the text of each word that stands there."""
    end = skipped = 0
    for moment, word in words:
        skipped += len(word) + 1
        if (position := text.find(word, end, end + skipped + _ASTRAY)) >= 0:
            yield moment, position
            end, skipped = position + len(word), 0


def _proxy_from_environment() -> str | None:
    """Return the proxy for https of the environment; aiohttp looks for one for wss only."""
    host = URL(WSS_URL).host or ""
    return None if proxy_bypass(host) else getproxies().get("https")
