"""A stand-in for Microsoft's service: a websocket that the real client talks to."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import WSMsgType, web
from stand_in import SECONDS_A_CHARACTER, mp3_of

if TYPE_CHECKING:
    import ssl

Answer = Callable[["Talk"], Awaitable[None]]
NAMES = {"ESA": "ê ét a, cơ quan vũ trụ"}
"""Words that it names otherwise than they are written."""
_SSML = "{http://www.w3.org/2001/10/synthesis}"


class Talk:
    """One websocket after the client has said what it wants."""

    def __init__(self, socket: web.WebSocketResponse, text: str) -> None:
        self.socket = socket
        self.text = text

    async def tell(self, path: str, body: str = "{}") -> None:
        await self.socket.send_str(f"X-RequestId:1\r\nPath:{path}\r\n\r\n{body}")

    async def send(self, sound: bytes) -> None:
        head = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
        await self.socket.send_bytes(len(head).to_bytes(2, "big") + head + sound)


async def speak(talk: Talk) -> None:
    """Answer as the service does when all is well: of each word, when it begins and how long it is.

    Marks between words are not among them.
    """
    await talk.tell("turn.start")
    await talk.tell("response")
    sound = mp3_of(len(talk.text))
    words = list(re.finditer(r"\w+", talk.text))
    for start in range(0, len(sound), 2_000):
        if words:
            await talk.tell("audio.metadata", _boundary(words.pop(0)))
        await talk.send(sound[start : start + 2_000])
    for word in words:
        await talk.tell("audio.metadata", _boundary(word))
    await talk.tell("turn.end")


def _boundary(word: re.Match[str]) -> str:
    message = {
        "Offset": round(word.start() * SECONDS_A_CHARACTER * 10_000_000),
        "Duration": round(len(word[0]) * SECONDS_A_CHARACTER * 10_000_000),
        "text": {
            "Text": escape(NAMES.get(word[0], word[0])),
            "Length": len(word[0]),
            "BoundaryType": "WordBoundary",
        },
    }
    return json.dumps({"Metadata": [{"Type": "WordBoundary", "Data": message}]})


async def say_nothing(talk: Talk) -> None:
    """End without sound, as for what it cannot say."""
    await talk.tell("turn.start")
    await talk.tell("turn.end")


async def break_off(talk: Talk) -> None:
    """Go away in the middle of the sound."""
    await talk.tell("turn.start")
    await talk.send(mp3_of(len(talk.text))[:1_000])


async def tell_nonsense(talk: Talk) -> None:
    """Answer in a way that the client does not know."""
    await talk.tell("mood", "good")


async def hang(talk: Talk) -> None:
    """Say nothing until the client goes away."""
    await talk.socket.receive()


class Microsoft:
    """The stand-in; a context in which it runs."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.texts: list[str] = []
        self.asked: list[dict[str, str]] = []
        """Voice, rate and pitch of each request."""
        self.doors = 0
        """How often somebody knocked, whether let in or not."""
        self.refusals: deque[tuple[int, dict[str, str]]] = deque()
        """Statuses and headers for the next that knock."""
        self.script: deque[Answer] = deque()
        """Answers to the next requests; `speak` when there are no more."""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Microsoft:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application()
        app.router.add_get("/edge/v1", self._talk)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        port = runner.addresses[0][1]
        scheme = "wss" if self._tls else "ws"
        self.url = f"{scheme}://127.0.0.1:{port}/edge/v1?TrustedClientToken=x"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        self.doors += 1
        assert {"ConnectionId", "Sec-MS-GEC"} <= set(request.query)
        if self.refusals:
            status, headers = self.refusals.popleft()
            return web.Response(status=status, headers=headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        config = (await socket.receive()).data
        assert "audio-24khz-48kbitrate-mono-mp3" in config
        assert '"wordBoundaryEnabled":"true"' in config
        message = await socket.receive()
        assert message.type is WSMsgType.TEXT
        _, _, ssml = message.data.partition("\r\n\r\n")
        tree = ElementTree.fromstring(ssml)
        voice, prosody = tree.find(f"{_SSML}voice"), tree.find(f".//{_SSML}prosody")
        assert voice is not None
        assert prosody is not None
        text = prosody.text or ""
        assert len(re.sub("&", "&amp;", text).encode()) <= 4_096
        self.texts.append(text)
        self.asked.append({"voice": voice.get("name", ""), **prosody.attrib})
        await (self.script.popleft() if self.script else speak)(Talk(socket, text))
        await socket.close()
        return socket
