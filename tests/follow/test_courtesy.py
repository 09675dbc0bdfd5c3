"""Sites are visited as a guest should: robots.txt, pauses, and no private addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from newspaper import Newspaper, publishing

from audiobook.errors import SourceError
from audiobook.follow.courtesy import Visitor
from audiobook.stages.readers.web_answers import AnswerError
from audiobook.system import public_hosts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with publishing() as newspaper:
        yield newspaper


def visitor(pace: float = 0.0, waits: list[float] | None = None) -> Visitor:
    def wait(seconds: float) -> None:
        if waits is not None:
            waits.append(round(seconds))

    return Visitor(pace, allow_private=True, wait=wait)


def test_robots_txt_is_obeyed(newspaper: Newspaper) -> None:
    newspaper.lay(
        "/robots.txt",
        "User-agent: *\nAllow: /tin/\nDisallow: /*?in=\nDisallow: /tin/rieng\n"
        "User-agent: other\nDisallow: /\n",
    )
    url = newspaper.lay("/tin/a.html", "chữ")
    guest = visitor()
    assert guest.fetch(url).data == "chữ".encode()
    for path in ("/tin/rieng/a.html", "/bai?in=1"):
        with pytest.raises(SourceError, match=r"robots\.txt forbids"):
            guest.fetch(newspaper.lay(path))
        assert newspaper.count(path) == 0
    assert newspaper.count("/robots.txt") == 1


def test_robots_txt_may_name_this_program(newspaper: Newspaper) -> None:
    newspaper.lay("/robots.txt", "User-agent: audiobook\nDisallow: /\n")
    url = newspaper.lay("/rss", "chữ")
    with pytest.raises(SourceError, match=r"robots\.txt forbids"):
        visitor().fetch(url)
    # The user named it, as in a feed reader.
    assert visitor().fetch(url, is_invited=True).data == "chữ".encode()


@pytest.mark.parametrize("status", [404, 403, 410])
def test_without_robots_txt_all_is_allowed(newspaper: Newspaper, status: int) -> None:
    newspaper.lay("/robots.txt", "Disallow: /", status)
    assert visitor().fetch(newspaper.lay("/a", "chữ")).data


@pytest.mark.parametrize("status", [500, 503, 429])
def test_while_robots_txt_cannot_be_had_nothing_is(newspaper: Newspaper, status: int) -> None:
    newspaper.lay("/robots.txt", "", status)
    with pytest.raises(SourceError, match="not known"):
        visitor().fetch(newspaper.lay("/a", "chữ"))
    assert newspaper.count("/a") == 0


def test_a_redirect_does_not_lead_around_robots_txt(newspaper: Newspaper) -> None:
    newspaper.lay("/robots.txt", "User-agent: *\nDisallow: /rieng\n")
    secret = newspaper.lay("/rieng", "chữ")
    with pytest.raises(SourceError, match=r"robots\.txt forbids"):
        visitor().fetch(newspaper.lay("/a", "", 302, Location=secret))
    assert newspaper.count("/rieng") == 0


def test_requests_are_paced(newspaper: Newspaper) -> None:
    waits: list[float] = []
    guest = visitor(20.0, waits)
    urls = [newspaper.lay(f"/{number}", "chữ") for number in range(3)]
    for url in urls:
        guest.fetch(url)
    assert len(waits) == 3  # robots.txt was the first visit
    assert waits[0] in (19, 20)


def test_a_site_may_ask_for_longer_pauses(newspaper: Newspaper) -> None:
    newspaper.lay("/robots.txt", "User-agent: *\nCrawl-delay: 30\n")
    waits: list[float] = []
    visitor(1.0, waits).fetch(newspaper.lay("/a", "chữ"))
    assert waits[0] in (29, 30)


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_off_is_left_alone(newspaper: Newspaper, status: int) -> None:
    guest = visitor()
    with pytest.raises(AnswerError, match=str(status)):
        guest.fetch(newspaper.lay("/a", "", status))
    with pytest.raises(SourceError, match="asked to come back later"):
        guest.fetch(newspaper.lay("/b", "chữ"))
    assert newspaper.count("/b") == 0


def test_only_a_newer_edition_is_sent(newspaper: Newspaper) -> None:
    url = newspaper.lay("/a", "chữ")
    first = visitor().fetch(url)
    assert first.validators.etag
    again = visitor().fetch(url, first.validators)
    assert again.is_unchanged
    assert again.data == b""
    assert again.validators == first.validators
    newspaper.lay("/a", "chữ mới")
    assert visitor().fetch(url, first.validators).data == "chữ mới".encode()


def test_private_addresses_are_refused(
    newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = newspaper.lay("/a", "chữ")
    with pytest.raises(SourceError, match="private network"):
        Visitor(0.0).fetch(url, is_invited=True)
    assert newspaper.asked == []
    # The newspaper counts as public, and leads on to this computer.
    monkeypatch.setattr(public_hosts, "is_public", lambda address: address == "127.0.0.1")
    inside = newspaper.base.replace("127.0.0.1", "127.0.0.2")
    newspaper.lay("/b", "", 302, Location=f"{inside}/a")
    with pytest.raises(SourceError, match=r"private network \(127\.0\.0\.2\)"):
        Visitor(0.0).fetch(f"{newspaper.base}/b")
    assert newspaper.count("/a") == 0


@pytest.mark.parametrize("address", ["http://[", "//[", "http://[::1/x"])
def test_what_is_no_address_is_told(newspaper: Newspaper, address: str) -> None:
    url = newspaper.lay("/bai.html", status=302, Location=address)
    with pytest.raises(SourceError, match="is not an address: check its spelling"):
        visitor().fetch(url)
    with pytest.raises(SourceError, match=r"is not an? (web )?address"):
        visitor().fetch(address)
