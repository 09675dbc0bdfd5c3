"""Gives up a download from which nothing arrives for too long."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from audiobook.errors import EngineError
from audiobook.messages import message

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[str, int, int | None], None]

Result = TypeVar("Result")


class _AbandonedError(Exception):
    """Nobody waits for the download any more."""


def patiently(download: Callable[[Report], Result], report: Report, patience: float) -> Result:
    """Return the result of a download that runs in a thread of its own.

    The thread is abandoned when it is given up: looking up the name of a host has no time limit.

    Args:
        download: takes a function that it calls whenever something arrives.
        report: called with what the download tells.
        patience: seconds to wait each time.

    Raises:
        EngineError: nothing arrived for too long.
    """
    arrival, abandoned = threading.Event(), threading.Event()
    future: Future[Result] = Future()

    def tell(name: str, received: int, total: int | None) -> None:
        if abandoned.is_set():
            raise _AbandonedError
        arrival.set()
        report(name, received, total)

    def run() -> None:
        try:
            future.set_result(download(tell))
        except BaseException as problem:  # noqa: BLE001 (raised where the result is awaited)
            future.set_exception(problem)
        arrival.set()

    threading.Thread(target=run, daemon=True).start()
    while not future.done():
        if not arrival.wait(patience):
            abandoned.set()
            raise EngineError(
                message("the network did not answer within {seconds:g} s", seconds=patience),
                message("try again later"),
            )
        arrival.clear()
    return future.result()
