"""Words for pages: remedies that name commands are replaced by what a page can do, or dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobook.messages import NOTHING, Message, in_language, localize, message
from audiobook.studio.fields import field_for
from audiobook.system.fault_reports import report_fault

if TYPE_CHECKING:
    from audiobook.errors import AudiobookError

_COMMANDS = re.compile(r"(?:^|[\s`])(?:audiobook [a-z]|--?[a-z]|pip install)|\bcommand\b")
# What a page can do instead of a command, by the template of what the command would be told.
_ON_PAGES = {
    "run the same command again later: it goes on where it stopped": message(
        "try again later: it goes on where it stopped"
    ),
    "run the command again": message("try again"),
    "set it with --title, --author and the like, or in book.toml": message(
        "write it in the part about the book, and make the book again"
    ),
    "build with --cover FILE": message(
        "choose a picture in the part about the book, and make the book again"
    ),
    "check that it exists and can be written to, then run the same command again": message(
        "check that it exists and can be written to, then try again"
    ),
}


def remedy_for_pages(remedy: Message) -> Message:
    """Return what a remedy means on a page; nothing if it only names a command."""
    if remedy.template in _ON_PAGES:
        return _ON_PAGES[remedy.template]
    return NOTHING if _COMMANDS.search(remedy) else remedy


def message_for_pages(problem: AudiobookError) -> Message:
    """Return what happened, and what can be done about it on a page.

    A fault of the program is reported in a file, which the message names.
    """
    report_fault(problem)
    remedy = remedy_for_pages(problem.remedy)
    if not remedy:
        return problem.what
    return message("{what}: {remedy}", what=problem.what, remedy=remedy)


def in_each_language(problem: AudiobookError) -> dict[str, str]:
    """Return what pages tell of a problem, by language, to be kept between runs.

    Beside it stands as ``field`` where on the page is chosen what is at fault.
    """
    told = {"field": field_for(problem)}
    for language in ("en", "vi"):
        with in_language(language):
            told[language] = localize(message_for_pages(problem))
    return told
