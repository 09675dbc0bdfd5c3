"""What every engine that asks a server shares: the pace, several requests at once, asking again."""

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

# Requests in flight for a voice that does not say how many.
_IN_FLIGHT = 2
# As many as close the circuit, so that one who asks alone waits out the same outages.
_ATTEMPTS = FAILURES


class LaterError(Exception):
    """The service may well answer if asked again.

    Args:
        reason: what happened, without secrets.
        complaint: whether the service asks for patience, as with 429 and 503.
        wait: seconds it asks for; None when it does not say.
    """

    def __init__(self, reason: str, *, complaint: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.complaint = complaint
        self.wait = wait


class Online(ABC):
    """An engine that asks a server for one text at a time, and for several at once.

    All processes of the user share one pace for each server. What was delivered is never thrown
    away because something else failed: `deliver` hands it out first. `say` may be called by one
    thread at a time; its requests go out in threads of their own, so `ask` must be thread-safe.
    """

    name: str
    version: str
    limit: int | None
    service: str
    """What messages call the server."""
    interval: float = 0.0
    """Seconds between two requests of one of those that ask side by side."""

    @abstractmethod
    def server(self, voice: Voice) -> str:
        """Return what tells the server of a voice from others, without secrets.

        Raises:
            VoiceError: the voice is not usable here.
        """

    @abstractmethod
    def ask(self, text: str, voice: Voice) -> bytes:
        """Ask once, and return what came: a sound file, with whatever else `decode` knows of.

        Raises:
            LaterError: asking again may help.
            EngineError: it will not.
        """

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Turn what `ask` returned into samples.

        Raises:
            EngineError: it is no sound.
        """
        try:
            samples, rate = soundfile.read(io.BytesIO(sound), dtype="int16", always_2d=True)
        except soundfile.LibsndfileError:
            # One of the formats that only ffmpeg knows, in fifty times the time.
            return Audio(np.frombuffer(ffmpeg.decode(sound, voice.rate), np.int16), voice.rate)
        mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1).astype(np.int16)
        if not len(mono):
            raise EngineError("there is no sound in what came", "try again later")
        if rate != voice.rate:
            mono = np.asarray(soxr.resample(mono, rate, voice.rate), np.int16)
        return Audio(mono, voice.rate)

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        """Speak each text, in order, asking for up to ``voice.concurrency`` at once."""
        delivered = dict(self.deliver(texts, voice))
        return [self.decode(delivered[position], voice) for position in range(len(texts))]

    def deliver(self, texts: Sequence[str], voice: Voice) -> Iterator[tuple[int, bytes]]:
        """Yield the sound file of each text with its position, in the order they come.

        After a failure nothing more is asked for; what was on its way is still handed out.

        Raises:
            UnsaidError: a text could not be spoken.
            VoiceError: the voice is not usable here.
        """
        server = self.server(voice)
        said = [self._checked(position, text) for position, text in enumerate(texts)]
        if not said:
            return
        in_flight = voice.concurrency or _IN_FLIGHT
        pace = pacer(server, self.interval / in_flight)
        enough = threading.Event()
        failure: UnsaidError | None = None
        with ThreadPoolExecutor(in_flight, thread_name_prefix=self.name) as pool:
            try:
                running = {
                    pool.submit(self._persist, text, voice, pace, enough): position
                    for position, text in enumerate(said)
                }
                for future in as_completed(running):
                    try:
                        sound = future.result()
                    except CancelledError:  # it came after a failure, and was not asked for
                        continue
                    except EngineError as problem:
                        failure = failure or UnsaidError.at(running[future], problem)
                    else:
                        yield running[future], sound
            finally:
                enough.set()  # also when nobody wants the rest
                pool.shutdown(cancel_futures=True)
        if failure is not None:
            raise failure from failure.__cause__

    def _checked(self, position: int, text: str) -> str:
        try:
            whole = sayable(text).strip()
            self.check(whole)
        except EngineError as problem:
            raise UnsaidError.at(position, problem) from problem
        return whole

    def check(self, text: str) -> None:
        """Refuse, before anything is asked, what the service would not take whole.

        Raises:
            EngineError: the text is too long.
        """
        if self.limit is not None and len(text) > self.limit:
            raise EngineError(
                f"{self.service} takes {self.limit} characters, "
                f"not the {len(text)} of {text[:80]!r}"
            )

    def _persist(self, text: str, voice: Voice, pace: Pacer, enough: threading.Event) -> bytes:
        """Ask until an answer comes, each time when it is our turn."""
        again = Retrying(
            retry=retry_if_exception_type(LaterError),
            stop=stop_any(stop_after_attempt(_ATTEMPTS), stop_when_event_set(enough)),
            reraise=True,
        )
        try:
            return again(self._take_turn, text, voice, pace, enough)
        except LaterError as problem:
            enough.set()
            times = again.statistics["attempt_number"]
            raise EngineError(
                f"{self.service} did not answer {times} times: {problem}",
                "run the same command again later: it goes on where it stopped",
            ) from problem
        except EngineError:
            enough.set()
            raise

    def _take_turn(self, text: str, voice: Voice, pace: Pacer, enough: threading.Event) -> bytes:
        if enough.is_set():
            raise CancelledError
        turn = pace.wait_for_turn()
        if enough.is_set():
            raise CancelledError
        try:
            sound = self.ask(text, voice)
        except LaterError as problem:
            if problem.complaint:
                pace.slow_down(turn, problem.wait, str(problem))
            else:
                pace.fail(turn, str(problem))
            raise
        pace.succeed()
        return sound


def judge(
    service: str, status: int, reason: str, retry_after: str | None, remedies: dict[int, str]
) -> Exception:
    """Return what a refusal means: one that passes, or one that does not.

    Args:
        service: whom was asked.
        status: of HTTP.
        reason: what the service says of it.
        retry_after: the header of that name.
        remedies: what to do about a status that is for good; 0 for any other.
    """
    said = f"{status} {reason}".strip()
    if status in (408, 425, 429) or status >= 500:
        wait = seconds_to_wait(retry_after)
        return LaterError(said, complaint=status in (429, 503) or wait is not None, wait=wait)
    return EngineError(f"{service} refused ({said})", remedies.get(status, remedies[0]))


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Return what a Retry-After header says, in seconds from now (RFC 9110, 10.2.3)."""
    written = (retry_after or "").strip()
    if written.isascii() and written.isdecimal():
        return float(written[:9])
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def root(problem: BaseException) -> BaseException:
    """Return the failure that the others tell of."""
    while (earlier := problem.__context__) is not None:
        problem = earlier
    return problem
