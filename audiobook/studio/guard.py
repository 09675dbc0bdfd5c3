"""Guards the studio: who may ask, from which page, and what its pages may load.

A browser sends requests for any page that is open in it, so that a page elsewhere could change
books here. Three things together prevent it: the host that a request names must be ours, also
against a name elsewhere that leads to this machine; the origin of a change must be ours; and a
change must carry the token that only our pages hold.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse

from audiobook.messages import in_language

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
TOKEN_HEADER = "x-audiobook-token"  # noqa: S105 (its name)
COOKIE = "audiobook-studio"
ENTRANCE = "/enter"
_HARMLESS = ("GET", "HEAD")
# What browsers say of where a request comes from: a page of ours, or the user.
_OURS = ("same-origin", "none")
_LOOPBACK = ("127.0.0.1", "::1")
# Whoever guesses a code gets so many tries in so many seconds.
_TRIES, _WINDOW = 5, 60.0
# Seconds that the next piece of a request may take; all of one that gives a code.
_SLOWEST = 30.0
# What a proxy of this machine adds to the requests of others.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


@dataclass(slots=True, kw_only=True)
class Pass:
    """What a studio asks of those who want in."""

    hosts: frozenset[str]
    """Names with ports by which it may be asked for."""
    code: str = ""
    """The code that other machines must give once; empty where none may come."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in every page, and must come with every change."""
    _tries: list[float] = field(default_factory=list)

    @property
    def cookie(self) -> str:
        """What a browser keeps that has given the code."""
        return hmac.new(self.token.encode(), self.code.encode(), hashlib.sha256).hexdigest()

    def is_code(self, given: str) -> bool | None:
        """Return whether a code is right; None if too many were wrong of late."""
        now = time.monotonic()
        self._tries = [when for when in self._tries if now - when < _WINDOW]
        if len(self._tries) >= _TRIES:
            return None
        if hmac.compare_digest(given.strip().encode(), self.code.encode()):
            return True
        self._tries.append(now)
        return False


class Guard:
    """Lets through what is allowed, adds the headers, and chooses the language of the answer.

    Args:
        app: answers what is let through.
        admission: what is asked of those who want in.
    """

    def __init__(self, app: ASGIApp, admission: Pass) -> None:
        self._app, self._pass = app, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        is_read = False
        began = time.monotonic()

        async def receive_in_time() -> Message:
            nonlocal is_read
            if is_read or scope["method"] in _HARMLESS:
                return await receive()
            # Whoever has no code yet must not hold many connections for long.
            spent = time.monotonic() - began if scope["path"] == ENTRANCE else 0.0
            try:
                message = await asyncio.wait_for(receive(), max(0.0, _SLOWEST - spent))
            except TimeoutError:
                return {"type": "http.disconnect"}
            is_read = not message.get("more_body", False)
            return message

        headers = Headers(scope=scope)
        answer = self._refusal(scope, headers) or self._app
        with in_language(preferred_language(headers.get("accept-language", ""))):
            await answer(scope, receive_in_time, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if headers.get("host", "").lower() not in self._pass.hosts:
            return PlainTextResponse("Misdirected Request", 421)
        is_change = scope["method"] not in _HARMLESS
        is_allowed = self._is_from_here(headers) if is_change else _is_for_our_page(headers)
        if not is_allowed:
            return PlainTextResponse("Forbidden", 403)
        path = scope["path"]
        if (
            self._needs_code(scope, headers)
            and path != ENTRANCE
            and not path.startswith("/assets/")
        ):
            if is_change or headers.get("accept", "").find("text/html") < 0:
                return PlainTextResponse("Forbidden", 403)
            return RedirectResponse(ENTRANCE, 303)
        if is_change and path != ENTRANCE:
            token = headers.get(TOKEN_HEADER, "")
            if not hmac.compare_digest(token.encode(), self._pass.token.encode()):
                # The page is older than this program: it loads itself again.
                return PlainTextResponse("stale", 409)
        return None

    def _is_from_here(self, headers: Headers) -> bool:
        if headers.get("sec-fetch-site", "same-origin") not in _OURS:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        try:
            return urlsplit(origin).netloc.lower() in self._pass.hosts
        except ValueError:  # not an address
            return False

    def _needs_code(self, scope: Scope, headers: Headers) -> bool:
        is_forwarded = any(name in headers for name in _FORWARDED)
        is_here = (scope.get("client") or ("",))[0] in _LOOPBACK and not is_forwarded
        if not self._pass.code or is_here:
            return False
        try:
            cookie = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return True
        given = cookie[COOKIE].value if COOKIE in cookie else ""
        return not hmac.compare_digest(given.encode(), self._pass.cookie.encode())


def _is_for_our_page(headers: Headers) -> bool:
    """Return whether a page of ours, or the user, asks for something that changes nothing.

    Another page may lead here by a link, but loads nothing from here: a book that is opened for it
    would take time, and tell it that this studio is open.
    """
    return headers.get("sec-fetch-site", "same-origin") in _OURS or (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


def preferred_language(header: str) -> str:
    """Return vi or en, whichever an Accept-Language header prefers; en if it names neither.

    >>> preferred_language("fr;q=0.9, vi-VN;q=0.8, en;q=0.3")
    'vi'
    """
    ranked = []
    for part in header.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if (language := tag.partition("-")[0].lower()) in ("vi", "en") and weight > 0:
            ranked.append((-weight, language))
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else "en"
