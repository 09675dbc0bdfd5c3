"""Visits sites as a guest should: where robots.txt allows it, with pauses, and not when asked off.

The rules of robots.txt are those of RFC 9309: without one all is allowed, and where it cannot be
had because the site has a problem, nothing is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import message
from audiobook.stages.readers import web
from audiobook.stages.readers.web import UNKNOWN, FetchedPage, Validators
from audiobook.stages.readers.web_answers import AnswerError
from audiobook.system import connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from protego import Protego

AGENT = "audiobook"
"""The name of this program in robots.txt."""
PACE = 1.0
"""Seconds between two requests to one site."""

# Seconds that a site may ask to wait between two requests; more would take a run for ever.
_LONGEST_PACE = 60.0
_LARGEST_RULES = 500 << 10  # bytes (RFC 9309, 2.5)
# Answers that ask to come back later: to go on would be rude.
_ASKED_TO_WAIT = (429, 503)
_TRIED_AGAIN = message("it is tried again the next time")


class Visitor:
    """Fetches pages one after the other.

    Args:
        pace: seconds between two requests to one site; a site may ask for more.
        allow_private: whether addresses of the user's own network may be visited.
        wait: waits for some seconds.
    """

    def __init__(
        self,
        pace: float = PACE,
        *,
        allow_private: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace = pace
        self._allow_private = allow_private
        self._wait = wait
        self._rules: dict[str, Protego | SourceError] = {}
        self._last_visit: dict[str, float] = {}
        self._asked_off: set[str] = set()

    def fetch(
        self, url: str, known: Validators = UNKNOWN, *, is_invited: bool = False
    ) -> FetchedPage:
        """Fetch a page, unless it is still the edition that is known.

        Args:
            url: its address.
            known: what the site said of the edition that is known.
            is_invited: whether the user named the address, or a page offers it as a feed: then
                robots.txt, which is about what programs find by themselves, is not asked.

        Raises:
            SourceError: robots.txt forbids it, or it cannot be fetched.
        """
        site = _site_of(url)
        if not is_invited:
            self.check_allowed(url)
        if site in self._asked_off:
            raise SourceError(
                message("{site} asked to come back later", site=connection.bare(site)),
                _TRIED_AGAIN,
            )
        self._keep_distance(site)

        def check_redirect(target: str) -> None:
            if not is_invited:
                self.check_allowed(target)

        try:
            return web.fetch(
                url, known, allow_private=self._allow_private, on_redirect=check_redirect
            )
        except AnswerError as problem:
            if problem.status in _ASKED_TO_WAIT:
                self._asked_off.add(site)
            raise

    def check_allowed(self, url: str) -> None:
        """Make sure that the robots.txt of a site allows a page to be visited.

        Raises:
            SourceError: it does not, or cannot be read.
        """
        site = _site_of(url)
        if site not in self._rules:
            self._rules[site] = self._read_rules(site)
        rules = self._rules[site]
        if isinstance(rules, SourceError):
            raise rules
        if not rules.can_fetch(url, AGENT):
            raise SourceError(
                message("robots.txt forbids programs to read {url}", url=connection.bare(url)),
                message("open it in a browser, save the page and build that file"),
            )

    def _read_rules(self, site: str) -> Protego | SourceError:
        from protego import Protego

        self._keep_distance(site)
        try:
            page = web.fetch(f"{site}/robots.txt", allow_private=self._allow_private)
        except AnswerError as problem:
            if 400 <= problem.status < 500 and problem.status not in _ASKED_TO_WAIT:
                return Protego.parse("")
            return SourceError(
                message("whether programs may read there is not known: {reason}", reason=problem),
                _TRIED_AGAIN,
            )
        except SourceError as problem:
            return problem
        return Protego.parse(page.data[:_LARGEST_RULES].decode("utf-8-sig", "replace"))

    def _keep_distance(self, site: str) -> None:
        """Wait until the last visit to a site is long enough ago."""
        pace = self._pace
        rules = self._rules.get(site)
        if rules is not None and not isinstance(rules, SourceError):
            pace = max(pace, min(rules.crawl_delay(AGENT) or 0, _LONGEST_PACE))
        now = time.monotonic()
        earliest = self._last_visit.get(site, now - pace) + pace
        if earliest > now:
            self._wait(earliest - now)
        self._last_visit[site] = max(now, earliest)


def _site_of(url: str) -> str:
    """Return the scheme, host and port of an address, as far as it has them.

    Raises:
        SourceError: it is not an address.
    """
    parts = connection.parts_of(url)
    if parts is None:
        raise web.not_an_address(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
