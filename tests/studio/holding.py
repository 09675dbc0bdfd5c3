"""Builds that stop in their midst for as long as a test wants to look at them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from audiobook.app.build import build
from audiobook.model import Progress
from audiobook.studio import queue

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from audiobook.model import Book, Event, Job


class HeldBuilds:
    """The builds of the queue, each held whenever a passage is recorded."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.has_begun, self.may_go_on = threading.Event(), threading.Event()
        monkeypatch.setattr(queue, "build", self._build)

    def _build(self, job: Job, report: Callable[[Event], None], recorder: Any) -> Book:
        def wait(event: Event) -> None:
            report(event)
            if isinstance(event, Progress):
                self.has_begun.set()
                assert self.may_go_on.wait(60)

        return build(job, wait, recorder)
