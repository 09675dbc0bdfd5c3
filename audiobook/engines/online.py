"""Shared by engines that ask a server: the pace, parallel requests, and retries."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_any,
    stop_when_event_set,
)

from audiobook.engines import UnsaidError, sayable, sound_files
from audiobook.engines.online_failures import NoSoundError, TemporaryError, UnreachableError
from audiobook.engines.pacing import FAILURES, Pacer, pacer, pause_after
from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.messages import reason as why
from audiobook.model import Audio

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobook.model import Audio, Voice

# Parallel requests for a voice that does not say how many.
_IN_FLIGHT = 2
# As many as the pacer allows in a row, so that a single request survives the same outages.
_ATTEMPTS = FAILURES
# How often a text is sent whose answer holds no sound. A busy service sends such answers now and
# then; to a text that it cannot say it never sends another.
_ATTEMPTS_AT_SOUND = 3


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
    _reached: frozenset[str] = frozenset()
    """The servers that have answered in this process."""

    @abstractmethod
    def server(self, voice: Voice) -> str:
        """Return a name that identifies the server of a voice, without secrets.

        Raises:
            VoiceError: the voice is not usable here.
        """

    def check_ready(self, voice: Voice) -> None:  # noqa: B027 (most engines need nothing)
        """Check that requests can be sent: that there is a key, where one is needed.

        Raises:
            VoiceError: something is missing.
        """

    @abstractmethod
    def ask(self, text: str, voice: Voice) -> bytes:
        """Send one request; return a sound file, with anything else that `decode` understands.

        Raises:
            TemporaryError: asking again may help.
            NoSoundError: the answer holds no sound; so does an empty result.
            EngineError: asking again will not help.
        """

    def decode(self, sound: bytes, voice: Voice) -> Audio:
        """Decode the result of `ask` into samples.

        Raises:
            EngineError: it holds no sound.
        """
        return Audio(sound_files.decode(sound, voice.rate), voice.rate)

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
        self.check_ready(voice)
        in_flight = voice.concurrency or _IN_FLIGHT
        pace = pacer(server, self.interval / in_flight)
        stopped = threading.Event()
        failure: UnsaidError | None = None
        with ThreadPoolExecutor(in_flight, thread_name_prefix=self.name) as pool:
            try:
                running = {
                    pool.submit(
                        self._ask_until_answered, text, voice, server, pace, stopped
                    ): position
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
                message(
                    "{service} takes {most} characters, not the {count} of {text!r}",
                    service=self.service,
                    most=self.limit,
                    count=len(text),
                    text=text[:80],
                )
            )

    def _ask_until_answered(
        self, text: str, voice: Voice, server: str, pace: Pacer, stopped: threading.Event
    ) -> bytes:
        """Send a request, each time when it is its turn, until an answer with sound comes.

        An outage is waited out if the server has answered before. One that was never reached is
        an error at once: most likely there is no network.
        """

        def may_pass(problem: BaseException) -> bool:
            is_outage = isinstance(problem, UnreachableError)
            return isinstance(problem, TemporaryError) and not (
                is_outage and server not in self._reached
            )

        until_answered = Retrying(
            retry=retry_if_exception(may_pass),
            stop=stop_any(stop_after_attempt(_ATTEMPTS), stop_when_event_set(stopped)),
            wait=_pause,
            sleep=sleep_using_event(stopped),
            reraise=True,
        )
        until_heard = Retrying(
            retry=retry_if_exception_type(NoSoundError),
            stop=stop_any(stop_after_attempt(_ATTEMPTS_AT_SOUND), stop_when_event_set(stopped)),
            wait=_pause,
            sleep=sleep_using_event(stopped),
            reraise=True,
        )
        try:
            sound: bytes = until_heard(until_answered, self._take_turn, text, voice, pace, stopped)
        except TemporaryError as problem:
            stopped.set()
            raise self._no_answer_error(
                problem, until_answered.statistics["attempt_number"]
            ) from problem
        except EngineError:
            stopped.set()
            raise
        self._reached |= {server}
        return sound

    def _no_answer_error(self, problem: TemporaryError, times: int) -> EngineError:
        if isinstance(problem, UnreachableError) and times == 1:
            return EngineError(
                why(problem),
                message(
                    "see that this computer is online and the server runs, then run the same "
                    "command again: it goes on where it stopped"
                ),
            )
        return EngineError(
            message(
                "{service} did not answer {times} times: {reason}",
                service=self.service,
                times=times,
                reason=problem,
            ),
            message("run the same command again later: it goes on where it stopped"),
        )

    def _take_turn(self, text: str, voice: Voice, pace: Pacer, stopped: threading.Event) -> bytes:
        if stopped.is_set():
            raise CancelledError
        turn = pace.wait_for_turn()
        if stopped.is_set():
            raise CancelledError
        try:
            sound = self.ask(text, voice)
        except UnreachableError:  # which tells nothing about the service
            raise
        except TemporaryError as problem:
            if problem.complaint:
                pace.slow_down(turn, problem.wait, why(problem))
            else:
                pace.fail(turn, why(problem))
            raise
        if sound_files.is_empty(sound):
            raise NoSoundError(self.service, text)
        pace.succeed()
        return sound


def _pause(state: RetryCallState) -> float:
    """Return the seconds to wait where the shared pace does not tell them."""
    problem = state.outcome.exception() if state.outcome else None
    is_told = isinstance(problem, TemporaryError) and not isinstance(problem, UnreachableError)
    return 0.0 if is_told else pause_after(state.attempt_number)
