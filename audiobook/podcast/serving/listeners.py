"""Who may hear a private podcast: each listener has an address of their own, and may lose it."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.responses import PlainTextResponse

from audiobook.errors import OutputError, UsageError
from audiobook.messages import message
from audiobook.system import files, locks
from audiobook.system.json_data import DAMAGE, load_json, read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

_TOKEN_BYTES = 16
_LONGEST_NAME = 100
_TOKEN = re.compile(r"[\w-]{16,100}", re.ASCII)


class Listeners:
    """The listeners of a private podcast, kept in a file that only its owner may read.

    Args:
        path: the file; the podcast is private if it exists, even if nobody is in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = 0
        self._tokens: Mapping[str, str] = {}

    @property
    def is_private(self) -> bool:
        """Whether only listeners may hear the podcast."""
        return self._path.exists()

    def tokens(self) -> Mapping[str, str]:
        """Return the token in the address of each listener, by their names.

        Raises:
            UsageError: the file is damaged.
        """
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._read_at:
                tokens = load_json(read_facts(self._path))["listeners"]
                if wrong := [name for name, token in tokens.items() if not _is_right(name, token)]:
                    raise ValueError(
                        message("{name!r} is not the name of a listener", name=wrong[0])
                    )
                self._tokens, self._read_at = tokens, changed
        except FileNotFoundError:
            return {}
        except DAMAGE as problem:
            raise UsageError(
                message("{path} is damaged: {reason}", path=self._path, reason=problem),
                message("remove the file, and add the listeners again"),
            ) from problem
        return self._tokens

    def add(self, name: str) -> None:
        """Give a listener an address, unless they have one; the podcast is private from now on.

        Raises:
            UsageError: the name is empty or too long.
            OutputError: the file cannot be written.
        """
        if not _is_name(name):
            raise UsageError(
                message("{name!r} is not the name of a listener", name=name),
                message("a name of at most {count} characters", count=_LONGEST_NAME),
            )
        with self._changing():
            tokens = self.tokens()
            if name not in tokens:
                self._write({**tokens, name: secrets.token_urlsafe(_TOKEN_BYTES)})

    def remove(self, name: str) -> None:
        """Take the address of a listener away.

        Raises:
            UsageError: there is no such listener.
            OutputError: the file cannot be written.
        """
        with self._changing():
            tokens = dict(self.tokens())
            if name not in tokens:
                raise UsageError(
                    message("{name!r} is not a listener", name=name),
                    message("choose one of {names}", names=", ".join(tokens) or "-"),
                )
            del tokens[name]
            self._write(tokens)

    def without_token(self, path: str) -> str:
        """Return the path of a request with the name of its listener instead of the token.

        A token that is not known any more is left out as well.
        """
        if not self.is_private:
            return path
        _, given, *rest = [*path.split("/", 2), "", ""][:3]
        tokens = self.tokens()
        names = (name for name, token in tokens.items() if token == unquote(given))
        shown = "/".join(["", f"({next(names, '…')})", *rest])
        for token in filter(None, tokens.values()):  # a client may put it elsewhere, too
            shown = shown.replace(token, "…")
        return shown

    def let_everybody(self) -> None:
        """Make the podcast public again, and forget the listeners.

        Raises:
            OutputError: the file cannot be removed.
        """
        files.remove(self._path)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Return a context in which no other process changes the file, which is read anew."""
        lock = locks.FileLock(self._path.with_name(f".{self._path.name}.lock"))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as problem:
            raise OutputError(
                message("cannot write {path}: {reason}", path=self._path, reason=problem),
                message("make room"),
            ) from problem
        try:
            self._read_at = 0
            yield
        finally:
            lock.release()

    def _write(self, tokens: Mapping[str, str]) -> None:
        with files.whole(self._path, message("make room")) as file:
            Path(file.name).chmod(0o600)  # before anything is in it
            file.write(json.dumps({"listeners": tokens}, indent=0).encode())
        self._read_at = 0


def _is_name(name: str) -> bool:
    return bool(name.strip()) and len(name) <= _LONGEST_NAME and name.isprintable()


def _is_right(name: str, token: object) -> bool:
    """Return whether somebody may be a listener: an empty token would let in everybody."""
    return _is_name(name) and isinstance(token, str) and bool(_TOKEN.fullmatch(token))


class OnlyListeners:
    """Lets through requests whose address begins with the token of a listener.

    While the podcast is not private, it lets through all.

    Others are told that there is nothing, so that nobody learns what there is.

    Args:
        app: answers what is let through; the token is its ``root_path``.
        listeners: who may ask.
    """

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        self._app, self._listeners = app, listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not self._listeners.is_private:
            await self._app(scope, receive, send)
            return
        given = scope["path"].split("/", 2)[1] if scope["path"].startswith("/") else ""
        # Every token is compared, so that time tells nothing.
        known = [
            hmac.compare_digest(token.encode(), given.encode("utf-8", "replace"))
            for token in self._listeners.tokens().values()
        ]
        if any(known):
            await self._app({**scope, "root_path": f"/{given}"}, receive, send)
        else:
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
