"""What goes wrong is told on pages in their language, without commands."""

from __future__ import annotations

import pytest

from audiobook.errors import EngineError
from audiobook.messages import Message, message, verbatim
from audiobook.studio.remedies import in_each_language, remedy_for_pages


@pytest.mark.parametrize(
    "remedy",
    [
        verbatim("audiobook voices add sano"),
        message("choose another place with -o, or insist with --overwrite"),
        message("run the same command again later: it goes on where it stopped"),
    ],
)
def test_a_page_names_no_command(remedy: Message) -> None:
    told = remedy_for_pages(remedy)
    assert not any(word in told for word in ("audiobook ", "--", "command"))


def test_what_a_page_can_do_stays() -> None:
    assert remedy_for_pages(message("make room")) == "make room"


def test_a_failure_is_kept_in_each_language() -> None:
    told = in_each_language(EngineError(message("recording was stopped"), message("make room")))
    assert told["en"] == "recording was stopped: make room"
    assert told["vi"] != told["en"]
