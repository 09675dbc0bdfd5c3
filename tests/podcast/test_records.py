"""What a stranger writes into the files of a site is told as damage, and is no fault of ours."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from audiobook.podcast import manifest, state
from audiobook.podcast.state import BookState, ChapterState, SiteState

CHAPTER = ChapterState("Gió", "c", 5)
STATE = SiteState(
    url="https://example.org",
    guid="a",
    books={"mot": BookState(file="mot.mp3", digest="d", guid="b", date=4, chapters=(CHAPTER,))},
)
WRONG: tuple[Any, ...] = (
    *(None, True, [], {}, 1.5, -1, float("inf"), 10**30),
    *("a\0b", "\x1b[31m", "\ud800"),
)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("field", ["digest", "guid", "date", "feed_guid"])
def test_a_field_of_a_book_has_its_type(field: str, wrong: object) -> None:
    document = json.loads(state.render(STATE))
    assert state.parse(json.dumps(document).encode(), "x") == STATE
    document["books"]["mot"][field] = wrong
    with pytest.raises(ValueError, match=f"{field} is not what it should be"):
        state.parse(json.dumps(document).encode(), "x")


@pytest.mark.parametrize("wrong", [*WRONG[:-2], "\ud800"])
def test_the_name_of_a_file_is_one(wrong: object) -> None:
    document = json.loads(state.render(STATE))
    document["books"]["mot"]["file"] = wrong
    with pytest.raises(ValueError, match="file is not what it should be"):
        state.parse(json.dumps(document).encode(), "x")


@pytest.mark.parametrize("name", ["a\x1b[31m.mp3", "a\nb.mp3", "s\udce1ch.mp3"])
def test_a_file_may_have_any_name(name: str) -> None:
    book = replace(STATE.books["mot"], file=name)
    odd = replace(STATE, books={"mot": book})
    assert state.parse(state.render(odd), "x") == odd


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("field", ["title", "guid", "date"])
def test_so_has_one_of_a_chapter(field: str, wrong: object) -> None:
    document = json.loads(state.render(STATE))
    document["books"]["mot"]["chapters"][0][field] = wrong
    with pytest.raises(ValueError, match=f"{field} is not what it should be"):
        state.parse(json.dumps(document).encode(), "x")


@pytest.mark.parametrize("wrong", [None, 1, [], "\0"])
@pytest.mark.parametrize("field", ["url", "guid", "former"])
def test_so_has_one_of_a_site(field: str, wrong: object) -> None:
    document = json.loads(state.render(STATE))
    document[field] = wrong
    with pytest.raises(ValueError, match=f"{field} is not what it should be"):
        state.parse(json.dumps(document).encode(), "x")


FILE = {"path": "a.txt", "size": 3, "sha256": "0", "immutable": True}
NO_FLAGS: tuple[object, ...] = (None, 1, "true", [])
WRONG_IN_MANIFEST: list[tuple[str, Any]] = [
    *((field, wrong) for field in ("path", "sha256") for wrong in WRONG),
    *(("size", wrong) for wrong in (*WRONG, "3")),
    *(("immutable", wrong) for wrong in NO_FLAGS),
]


@pytest.mark.parametrize(("field", "wrong"), WRONG_IN_MANIFEST)
def test_so_has_one_of_a_manifest(field: str, wrong: object) -> None:
    document = {"version": 1, "files": [{**FILE, field: wrong}]}
    with pytest.raises(ValueError, match=f"{field} is not what it should be"):
        manifest.parse(json.dumps(document).encode())


@pytest.mark.parametrize("files", [None, [1], [[]], [{}], [{"path": "a", "colour": 1}], {"a": 1}])
def test_what_is_no_list_of_files_is_no_manifest(files: object) -> None:
    with pytest.raises(ValueError, match=r"not a manifest|is missing|is not known"):
        manifest.parse(json.dumps({"version": 1, "files": files}).encode())
