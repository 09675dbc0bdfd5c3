"""What is dropped, pasted or fetched is on the shelf then, or leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from studios import opened

from audiobook.app.build import build
from audiobook.config import make_job
from audiobook.errors import AudiobookError
from audiobook.stages import readers
from audiobook.stages.readers import web
from audiobook.stages.readers.web import FetchedPage
from audiobook.studio import uploads
from audiobook.studio.library import Library

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NAMES = ["podcast", "Podcast", "~$x", "__MACOSX", "@eaDir", "$RECYCLE.BIN", ".hidden", "~$", "con"]


def _drop(folder: Path, name: str, data: bytes) -> Path:
    async def blocks() -> AsyncIterator[bytes]:
        yield data

    return asyncio.run(uploads.receive(folder, name, blocks()))


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_any_name_stands_on_the_shelf(tmp_path: Path, name: str) -> None:
    paths = [_drop(tmp_path, f"{name}.txt", b"M\xe1\xbb\x99t."), uploads.write_text(tmp_path, name)]
    shown = {entry.path for entry in Library(tmp_path).entries()}
    assert shown == set(paths)
    library = Library(tmp_path)
    assert [library.entry_at(path).path for path in paths] == paths


def test_a_text_of_any_name_is_pasted(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        for name in NAMES:
            assert studio.ask(studio.add(name)).status == 200


def test_what_we_made_is_no_source(tmp_path: Path) -> None:
    source = uploads.write_text(tmp_path, "Một câu.")
    folder = source.parent
    book = build(make_job(str(source), folder=folder, voice="hanoi", form="epub")).path
    assert book.name.endswith(".readalong.epub")
    with opened(tmp_path / "books") as studio:
        answer = studio.ask(
            "/add/file?name=a.readalong.epub",
            "POST",
            book.read_bytes(),
            x_audiobook_token=studio.token,
        )
        assert answer.status == 422
        assert answer.json["problem"]
        assert not list(studio.folder.glob("[!.]*"))


@pytest.mark.parametrize("address", ["https://", "HTTP://", "HTTP://127.0.0.1/x", "http://[::"])
def test_an_address_in_capitals_is_one(tmp_path: Path, address: str) -> None:
    with opened(tmp_path / "books") as studio:
        answer = studio.change("/add/text", text=address)
        assert answer.status == 422
        assert "fault" not in answer.json["problem"]
        assert not list(studio.folder.glob("[!.]*"))


def test_what_was_not_received_is_swept(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        folder = studio.folder
    arrival = folder / ".audiobook-arrivals" / "1"
    arrival.mkdir(parents=True)
    (arrival / ".x.part").write_bytes(b"half")
    with opened(folder) as studio:
        assert not arrival.parent.exists()
        studio.add("Một câu.")
        assert not arrival.parent.exists()


def test_what_cannot_be_written_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AudiobookError):
        uploads.write_text(tmp_path, "Một câu.")
    assert not list(tmp_path.iterdir())


def test_many_of_one_name_arrive_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: uploads.write_text(tmp_path, "Một câu."), range(40)))
    assert len({path.parent for path in paths}) == 40
    assert len(Library(tmp_path).entries()) == 40


def test_a_page_is_saved_in_an_encoding_that_its_file_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Ng\u01b0\u1eddi \u1edf l\xe0ng"
    html = f"<html><head><meta charset=iso-8859-1></head><body><p>{text}.</p></body></html>"
    for charset in ("utf-8", "utf-16-le"):
        page = FetchedPage(html.encode(charset), "https://example.org/a", charset)
        monkeypatch.setattr(web, "fetch", lambda _address, page=page: page)
        path = uploads.write_page(tmp_path, page.url)
        document = readers.read(str(path))
        assert text in document.chapters[0].paragraphs[0].text
