"""HTTP as uvicorn speaks it, to clients that must send and take something in time."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds in which a whole request must arrive, and in which a client must take some of the answer:
# those of nginx (client_header_timeout and send_timeout) are 60.
REQUEST_SECONDS = 20.0
ANSWER_SECONDS = 60.0


class PatientProtocol(H11Protocol):
    """Closes connections on which nothing is asked for, or of whose answer nothing is taken.

    uvicorn itself waits for ever for the end of a request, so that a few hundred connections that
    send a byte now and then would use up the descriptors of the process.
    """

    _request_timer: asyncio.TimerHandle | None = None
    _answer_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._stop_request_timer()
        self._stop_answer_timer()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        super().data_received(data)
        self._watch_request()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch_request()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what was sent."""
        super().pause_writing()
        if self._answer_timer is None:
            self._answer_timer = self.loop.call_later(ANSWER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on sending."""
        super().resume_writing()
        self._stop_answer_timer()

    def _watch_request(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_request_timer()
        elif self._request_timer is None and not self.transport.is_closing():
            # What arrives meanwhile does not prolong it.
            self._request_timer = self.loop.call_later(REQUEST_SECONDS, self.transport.close)

    def _stop_request_timer(self) -> None:
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None

    def _stop_answer_timer(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None
