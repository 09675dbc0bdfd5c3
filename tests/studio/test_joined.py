"""Several files as one book: dropped, shown, made, changed and taken off the shelf as one."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest
from browsing import in_a_browser
from command import run
from settling import settle, until
from studios import Served, opened, wait_until

from audiobook.studio.entries import State
from audiobook.studio.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from audiobook.studio.entries import ShelfEntry

pytest_plugins = ["visiting"]
NUMBERS = (1, 2, 10)
BATCH = "0123456789abcdef"


def _text(number: int) -> str:
    return f"Chương {number}: Bến {number}\n\nĐò số {number} sang sông.\n"


@pytest.fixture
def novel(tmp_path: Path) -> Path:
    """A folder whose texts are one book, among the books of a studio."""
    folder = tmp_path / "books" / "Sông dài"
    folder.mkdir(parents=True)
    for number in NUMBERS:
        (folder / f"tập {number}.txt").write_text(_text(number), "utf-8")
    (folder / "book.toml").write_text("join = true\n")
    return folder


def _only(folder: Path) -> ShelfEntry:
    (entry,) = Library(folder).entries()
    return entry


def _build(studio: Served, book: str) -> None:
    assert studio.change(f"{book}/build").status == 200
    wait_until(lambda: '"stage": "done"' in studio.ask("/part/queue").text or _is_made(studio))


def _is_made(studio: Served) -> bool:
    return 'data-stage="done"' in studio.ask("/part/queue").text


def _drop_batch(studio: Served, numbers: tuple[int, ...]) -> list[str]:
    names = []
    for number in numbers:
        address = f"/add/file?name=ch-{number}.txt&batch={BATCH}"
        body = _text(number).encode()
        answer = studio.ask(address, "POST", body, x_audiobook_token=studio.token)
        assert answer.status == 200, answer.text
        names.append(answer.json["name"])
    return names


def test_a_joined_folder_is_one_book_on_all_pages(novel: Path) -> None:
    with opened(novel.parent) as studio:
        entry = _only(studio.folder)
        assert (entry.name, entry.state, len(entry.parts)) == ("Sông dài", State.NEW, 3)
        book = f"/books/{entry.id}"
        assert "3 files" in studio.ask(book).text
        chapters = studio.ask(f"{book}/part/chapters").text
        places = [chapters.index(f"Chương {number}: Bến") for number in NUMBERS]
        assert places == sorted(places)
        for part in ("omissions", "doubts", "misprints", "estimate", "text"):
            assert 'class="problem"' not in studio.ask(f"{book}/part/{part}").text
        assert studio.change(f"{book}/settings", author="Nguyễn An").status == 200
        assert tomllib.loads((novel / "book.toml").read_text("utf-8")) == {
            "join": True,
            "author": "Nguyễn An",
        }
        _build(studio, book)
        assert (novel / "Sông dài.mp3").is_file()
        assert _only(studio.folder).state is State.DONE
        # The command knows it as the same book.
        command = run("build", str(novel), "-o", str(novel))
        assert command.stdout.endswith("(unchanged)\n"), command.stderr
        assert studio.change(f"{book}/remove").status == 200
        assert not novel.exists()
        assert Library(studio.folder).entries() == []


def test_a_file_that_comes_or_goes_changes_the_book(novel: Path) -> None:
    shelf = novel.parent
    command = run("build", str(novel), "-o", str(novel))
    assert command.returncode == 0, command.stderr
    assert _only(shelf).state is State.DONE
    added = novel / "tập 3.txt"
    added.write_text(_text(3), "utf-8")
    os.utime(added, (1, 1))  # older than the book
    assert _only(shelf).state is State.CHANGED
    added.unlink()
    assert _only(shelf).state is State.DONE
    (novel / "tập 2.txt").unlink()
    assert _only(shelf).state is State.CHANGED


def test_only_the_texts_of_the_book_are_taken_away(novel: Path) -> None:
    (novel / "phần 2").mkdir()
    (novel / "tập 10.txt").rename(novel / "phần 2" / "tập 10.txt")
    (novel / "notes.bak").write_text("mine")
    library = Library(novel.parent)
    aside = library.remove(library.entry_at(novel / "phần 2" / "tập 10.txt"))
    assert {path.name for path in novel.iterdir()} == {"notes.bak", "phần 2"}
    assert (aside / "phần 2" / "tập 10.txt").is_file()
    assert (aside / "book.toml").is_file()


def test_a_wrong_order_is_told_on_the_page(novel: Path) -> None:
    (novel / "book.toml").write_text('join = ["tập 7.txt"]\n', "utf-8")
    with opened(novel.parent) as studio:
        entry = _only(studio.folder)
        assert "tập 7.txt" in studio.ask(f"/books/{entry.id}/part/chapters").text


@pytest.mark.parametrize(("order", "join"), [((0, 1, 2), True), ((2, 0, 1), [10, 1, 2])])
def test_dropped_files_become_one_book(
    tmp_path: Path, order: tuple[int, ...], join: object
) -> None:
    with opened(tmp_path / "books") as studio:
        names = _drop_batch(studio, NUMBERS)
        assert Library(studio.folder).entries() == []
        given = {"batch": BATCH, "names": [names[place] for place in order], "title": "Sông dài"}
        assert studio.change("/add/joined", **given, chosen="no").status == 422
        answer = studio.change("/add/joined", **given, chosen=False)
        assert answer.status == 200, answer.text
        settings = tomllib.loads((studio.folder / "Sông dài" / "book.toml").read_text("utf-8"))
        wanted = [f"ch-{number}.txt" for number in join] if isinstance(join, list) else join
        assert settings == {"join": wanted}
        assert answer.json["address"] == f"/books/{_only(studio.folder).id}"
        assert studio.change("/add/joined", **given, chosen=False).status == 422


def test_files_of_the_same_name_are_both_kept(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        names = _drop_batch(studio, (1, 1))
        assert names == ["ch-1.txt", "ch-1 2.txt"]
        wrong = {"title": "Đôi", "chosen": True}
        for batch in ("../x", BATCH[1:] + "0"):
            assert studio.change("/add/joined", batch=batch, names=names, **wrong).status == 422
        for some in (names[:1], [*names, "../../x.txt"]):
            assert studio.change("/add/joined", batch=BATCH, names=some, **wrong).status == 422
        assert studio.change("/add/joined", batch=BATCH, names=names, **wrong).status == 200
        settings = tomllib.loads((studio.folder / "Đôi" / "book.toml").read_text("utf-8"))
        assert settings["title"] == "Đôi"


def test_links_that_lead_out_are_passed_over_and_named(novel: Path) -> None:
    secret = novel.parent.parent / "secret.txt"
    secret.write_text("Bí mật.", "utf-8")
    alone = novel.parent / "alone"
    alone.mkdir()
    try:
        (alone / "link.txt").symlink_to(secret)
        (alone / "inside.txt").symlink_to(novel / "tập 1.txt")
    except OSError:
        pytest.skip("this disk has no links")
    with opened(novel.parent) as studio:
        assert {entry.name for entry in Library(studio.folder).entries()} == {"Sông dài", "inside"}
        shelf = studio.ask("/", accept_language="en").text
        assert "1 link leads out of this folder, and is not read: alone/link.txt" in shelf
        assert shelf.count("link.txt") == 1
        # So is one among the texts of one book.
        (alone / "link.txt").rename(novel / "link.txt")
        shelf = studio.ask("/", accept_language="en").text
        assert f"1 link leads out of this folder, and is not read: {novel.name}/link.txt" in shelf
        (entry,) = (one for one in Library(studio.folder).entries() if one.parts)
        assert "Bí mật" not in studio.ask(f"/books/{entry.id}/part/text").text


def _drop(page: Page, names: list[str]) -> None:
    page.evaluate(
        """(names) => {
          const data = new DataTransfer();
          for (const [name, text] of names) data.items.add(new File([text], name));
          document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: data }));
        }""",
        [[name, _text(number)] for number, name in enumerate(names, 1)],
    )


@in_a_browser
def test_several_files_are_ordered_by_the_keyboard(
    studio: Served, visit: Callable[..., Page]
) -> None:
    page = visit()
    _drop(page, ["Sông 10.txt", "Sông 2.txt", "Sông 1.txt"])
    page.get_by_role("heading", name="One book or several?").wait_for()
    rows = page.locator("#join-files li")
    assert rows.all_inner_texts() == ["Sông 1.txt", "Sông 2.txt", "Sông 10.txt"]
    assert page.evaluate("document.activeElement.value") == "one"
    page.get_by_role("button", name="Move Sông 10.txt up").focus()
    page.keyboard.press("Enter")
    assert rows.all_inner_texts() == ["Sông 1.txt", "Sông 10.txt", "Sông 2.txt"]
    assert page.locator("#join-told").inner_text() == "Sông 10.txt is number 2 of 3"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # it is the first already
    assert page.evaluate("document.activeElement.ariaLabel") == "Move Sông 10.txt up"
    title = page.get_by_label("Title of the book")
    assert title.input_value() == "Sông"
    title.fill("Sông dài")
    title.press("Enter")
    page.wait_for_url("**/books/*")
    settle(page)
    until(page, "document.querySelector('#book-title').innerText === 'Sông dài'")
    folder = studio.folder / "Sông dài"
    assert tomllib.loads((folder / "book.toml").read_text("utf-8")) == {
        "title": "Sông dài",
        "join": ["Sông 10.txt", "Sông 1.txt", "Sông 2.txt"],
    }
    titles = page.locator("[data-title-key]").evaluate_all("all => all.map((one) => one.value)")
    assert [title.split(":")[0] for title in titles] == ["Chương 1", "Chương 3", "Chương 2"]


@in_a_browser
def test_several_files_may_be_several_books_or_none(
    studio: Served, visit: Callable[..., Page]
) -> None:
    page = visit()
    _drop(page, ["a.txt", "b.txt"])
    page.get_by_role("heading", name="One book or several?").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#join").is_visible()
    _drop(page, ["a.txt", "b.txt"])
    assert page.evaluate("document.activeElement.id") == "join-title"
    page.get_by_role("button", name="Several books").click()
    until(page, "document.querySelectorAll('#books > li').length === 2")
    assert sorted(path.name for path in studio.folder.glob("[!.]*")) == ["a", "b"]


@in_a_browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_the_question_is_for_everybody(visit: Callable[..., Page], scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    viewport = {"width": width, "height": 640}
    page = visit(viewport=viewport, color_scheme=scheme, locale="vi-VN", reduced_motion="reduce")
    _drop(page, [f"Một cái tên rất dài của tập truyện số {number}.txt" for number in range(1, 31)])
    page.locator("#join[open]").wait_for()
    found = axe.run(page).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    button = page.locator("#join button[value=one]")
    button.scroll_into_view_if_needed()
    assert button.is_visible()
