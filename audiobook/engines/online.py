"""Shared by engines that ask a server: the pace, parallel requests, and retries."""

from __future__ import annotations

import io
import threading
import time
from abc import ABC, abstractmethod
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_any,
    stop_when_event_set,
)

from audiobook.engines import UnsaidError, sayable
from audiobook.engines.pacing import FAILURES, Pacer, pacer
from audiobook.errors import EngineError
from audiobook.model import Audio
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Voice

# Parallel requests for a voice that does not say how many.
_IN_FLIGHT = 2
# As many as the pacer allows in a row, so that a single request survives the same outages.
_ATTEMPTS = FAILURES


class TemporaryError(Exception):
    """The service may well answer if it is asked again.

    Args:
        reason: what happened, without secrets.
        complaint: whether the service complains of too many requests, as with 429 and 503.
        wait: seconds that it asks to wait; None if it does not say.
    """

    def __init__(self, reason: str, *, complaint: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.complaint = complaint
        self.wait = wait


class OnlineEngine(ABC):
    """An engine that sends a server one text a request, and several requests in parallel.

    All processes of the user share one pace for each server. A clip that arrived is never lost
    because another request failed: `deliver` yields it first. Only one thread at a time may call
    `say`; its requests run in threads of their own, so `ask` must be thread-safe.
    """

    name: str
    version: str
    limit: int | None
    service: str
    """The name of the server in messages."""
    interval: float = 0.0
    """Least seconds between two requests, if only one at a time is sent."""

    @abstractmethod
    def server(self, voice: Voice) -> str:
        """Return a name that identifies the server of a voice, without secrets.

        Raises:
            VoiceError: the voice is not usable here.
        """

    @abstractmethod
    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request; return a sound file, with anything else that `decode` understands.

        Raises:
            TemporaryError: asking again may help.
            EngineError: asking again will not help.
        """

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Decode the result of `ask` into samples.

        Raises:
            EngineError: it holds no sound.
        """
        try:
            samples, rate = soundfile.read(io.BytesIO(sound), dtype="int16", always_2d=True)
        except soundfile.LibsndfileError:
            # A format that only ffmpeg knows, which takes fifty times as long.
            return Audio(np.frombuffer(ffmpeg.decode(sound, voice.rate), np.int16), voice.rate)
        mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1).astype(np.int16)
        if not len(mono):
            raise EngineError("there is no sound in what came", "try again later")
        if rate != voice.rate:
            mono = np.asarray(soxr.resample(mono, rate, voice.rate), np.int16)
        return Audio(mono, voice.rate)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, with up to ``voice.concurrency`` parallel requests."""
        delivered = dict(self.deliver(texts, voice))
        return [self.decode(delivered[position], voice) for position in range(len(texts))]

    def deliver(self, texts: Sequence[str], voice: Voice) -> Iterator[tuple[int, bytes]]:
        """Yield each position and the sound file of its text, in the order of arrival.

        After a failure no more requests are sent; those that were sent are still yielded.

        Raises:
            UnsaidError: a text could not be spoken.
            VoiceError: the voice is not usable here.
        """
        server = self.server(voice)
        clean_texts = [self._sayable_text(position, text) for position, text in enumerate(texts)]
        if not clean_texts:
            return
        in_flight = voice.concurrency or _IN_FLIGHT
        pace = pacer(server, self.interval / in_flight)
        stopped = threading.Event()
        failure: UnsaidError | None = None
        with ThreadPoolExecutor(in_flight, thread_name_prefix=self.name) as pool:
            try:
                running = {
                    pool.submit(self._ask_until_answered, text, voice, pace, stopped): position
                    for position, text in enumerate(clean_texts)
                }
                for future in as_completed(running):
                    try:
                        sound = future.result()
                    except CancelledError:  # not sent, because another failed before
                        continue
                    except EngineError as problem:
                        failure = failure or UnsaidError.at(running[future], problem)
                    else:
                        yield running[future], sound
            finally:
                stopped.set()  # also when the caller wants no more
                pool.shutdown(cancel_futures=True)
        if failure is not None:
            raise failure from failure.__cause__

    def _sayable_text(self, position: int, text: str) -> str:
        try:
            clean = sayable(text).strip()
            self.check(clean)
        except EngineError as problem:
            raise UnsaidError.at(position, problem) from problem
        return clean

    def check(self, text: str) -> None:
        """Refuse, before a request, a text that the service would not take as a whole.

        Raises:
            EngineError: the text is too long.
        """
        if self.limit is not None and len(text) > self.limit:
            raise EngineError(
                f"{self.service} takes {self.limit} characters, "
                f"not the {len(text)} of {text[:80]!r}"
            )

    def _ask_until_answered(
        self, text: str, voice: Voice, pace: Pacer, stopped: threading.Event
    ) -> bytes:
        """Send a request, each time when it is its turn, until an answer comes."""
        retrying = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=stop_any(stop_after_attempt(_ATTEMPTS), stop_when_event_set(stopped)),
            reraise=True,
        )
        try:
            return retrying(self._take_turn, text, voice, pace, stopped)
        except TemporaryError as problem:
            stopped.set()
            times = retrying.statistics["attempt_number"]
            raise EngineError(
                f"{self.service} did not answer {times} times: {problem}",
                "run the same command again later: it goes on where it stopped",
            ) from problem
        except EngineError:
            stopped.set()
            raise

    def _take_turn(self, text: str, voice: Voice, pace: Pacer, stopped: threading.Event) -> bytes:
        if stopped.is_set():
            raise CancelledError
        turn = pace.wait_for_turn()
        if stopped.is_set():
            raise CancelledError
        try:
            sound = self.ask(text, voice)
        except TemporaryError as problem:
            if problem.complaint:
                pace.slow_down(turn, problem.wait, str(problem))
            else:
                pace.fail(turn, str(problem))
            raise
        pace.succeed()
        return sound


def refusal_error(
    service: str, status: int, reason: str, retry_after: str | None, remedies: dict[int, str]
) -> Exception:
    """Return the error for a refusal: a `TemporaryError` where another try may help.

    Args:
        service: name of the server.
        status: status code of HTTP.
        reason: the explanation of the server.
        retry_after: the header of that name.
        remedies: what to do about a permanent status, by its code; 0 for any other.
    """
    description = f"{status} {reason}".strip()
    if status in (408, 425, 429) or status >= 500:
        wait = seconds_to_wait(retry_after)
        return TemporaryError(
            description, complaint=status in (429, 503) or wait is not None, wait=wait
        )
    return EngineError(f"{service} refused ({description})", remedies.get(status, remedies[0]))


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Return the seconds from now in a Retry-After header (RFC 9110, 10.2.3); None without one."""
    header = (retry_after or "").strip()
    if header.isascii() and header.isdecimal():
        return float(header[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def root_cause(problem: BaseException) -> BaseException:
    """Return the first exception in a chain of contexts."""
    while (earlier := problem.__context__) is not None:
        problem = earlier
    return problem
