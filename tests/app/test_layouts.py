"""Books placed as library programs expect them: found there, moved, and nothing of others lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from command import run
from hypothesis import given
from hypothesis import strategies as st

from audiobook.app import layouts
from audiobook.app.build import build
from audiobook.app.current import find_book
from audiobook.app.ownership import read_provenance
from audiobook.app.retagging import Changes, retag
from audiobook.app.texts import unreadable_files, walk_texts
from audiobook.errors import OutputError
from audiobook.messages.translation import translate
from audiobook.model import Event, Job, Meta, Selection, Started
from audiobook.podcast import site
from audiobook.podcast.library import find_books
from audiobook.stages.chapters import selection
from audiobook.studio.library import Library
from audiobook.system import files

META = Meta(
    title="Bến đò: chiều",
    author="Nguyễn An",
    narrator="Mai Hoa",
    series="Chuyện bến sông",
    volume="2",
    date="2021-05-02",
    description="Một chuyện.\nHai dòng.",
    publisher="Trẻ",
    language="vi",
)


def read_as_audiobookshelf(place: PurePosixPath) -> dict[str, str | None]:
    """What Audiobookshelf takes from the folders of a book, by its documented rules.

    The folder of the book stands below those of its series and its author. Its name may end in
    the narrator in braces; below a series a part between dashes may be the volume; a year of four
    digits may come before the title.
    """
    *parents, name = place.parts
    series = parents.pop() if len(parents) > 1 else None
    author = parents.pop() if parents else None
    narrator = None
    if match := re.fullmatch(r"(.*) \{(.*)\}", name):
        name, narrator = match.groups()
    volume = None
    parts = name.split(" - ")
    for position, part in enumerate(parts if series else ()):
        if match := re.fullmatch(r"(?:vol\.? |volume |book )(\d{0,3}(?:\.\d{1,2})?)", part, re.I):
            volume = match[1]
            del parts[position]
            break
    year = parts.pop(0) if len(parts) > 1 and re.fullmatch(r"\d{4}", parts[0]) else None
    return {
        "author": author,
        "series": series,
        "volume": volume,
        "year": year,
        "title": " - ".join(parts),
        "narrator": narrator,
    }


def place_of(meta: Meta, layout: str = "audiobookshelf") -> PurePosixPath:
    return PurePosixPath(next(layouts.candidates(layout, meta, ("a",), ".mp3")).as_posix())


@pytest.mark.parametrize(
    "meta",
    [
        META,
        replace(META, volume="1.5"),
        replace(META, volume=""),
        replace(META, series="", volume=""),
        replace(META, date=""),
        replace(META, narrator=""),
        replace(META, title="1984"),
        Meta(title="Chỉ có tên"),
    ],
)
def test_the_folders_say_what_the_book_is(meta: Meta) -> None:
    told = read_as_audiobookshelf(place_of(meta).parent)
    assert told == {
        "author": meta.author or None,
        "series": meta.series or None,
        "volume": meta.volume or None,
        "year": meta.date[:4] or None,
        "title": meta.title.replace(":", "-"),
        "narrator": meta.narrator or None,
    }


def test_a_series_without_an_author_is_not_taken_for_one() -> None:
    assert read_as_audiobookshelf(place_of(replace(META, author="")).parent)["author"] is None


def test_folders_for_plex() -> None:
    assert place_of(META, "plex").as_posix() == "Nguyễn An/Bến đò- chiều (2021)/Bến đò- chiều.mp3"
    assert place_of(Meta(title="A"), "plex").as_posix() == "A/A.mp3"


any_text = st.text(max_size=300)


@given(st.builds(Meta, title=any_text, author=any_text, narrator=any_text, series=any_text))
def test_names_that_every_disk_accepts(meta: Meta) -> None:
    for layout in ("audiobookshelf", "plex"):
        place = place_of(replace(meta, date="2021"), layout)
        assert 2 <= len(place.parts) <= 4
        for part in place.parts:
            assert part == files.safe_name(part, "")
            assert len(part.encode()) <= 255


def test_a_selection_of_chapters_is_named_once(library: Job) -> None:
    path = build(replace(library, selection=selection.parse("1", None))).path
    assert path.stem == "Bến đò- chiều (1)"
    assert path.parent.name.count("(1)") == 1


def test_metadata_as_audiobookshelf_reads_it(library: Job) -> None:
    path = build(library).path
    told = json.loads(path.with_name("metadata.json").read_text("utf-8"))
    texts = {"title", "publishedYear", "publishedDate", "publisher", "description", "language"}
    assert all(isinstance(told[name], str) for name in texts)
    for name in ("tags", "authors", "narrators", "series", "genres"):
        assert isinstance(told[name], list)
        assert all(isinstance(text, str) for text in told[name])
    assert told["series"] == ["Chuyện bến sông #2"]
    assert told["explicit"] is told["abridged"] is False
    starts = [chapter["start"] for chapter in told["chapters"]]
    assert starts == sorted(starts)
    assert [chapter["title"] for chapter in told["chapters"]] == ["Một", "Hai"]
    assert path.with_name("desc.txt").read_text("utf-8").strip() == META.description
    assert path.with_name("reader.txt").read_text("utf-8").splitlines() == ["Mai Hoa"]


@pytest.fixture
def library(make_job: Callable[..., Job]) -> Job:
    """The job of a book for Audiobookshelf."""
    job = make_job("# Một\n\nCâu một.\n\n# Hai\n\nCâu hai.", meta=META)
    return replace(job, layout="audiobookshelf", transcripts=("srt",))


def listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_unchanged_book_is_found_without_reading_its_text(library: Job) -> None:
    path = build(library).path
    found = find_book(library)
    assert found is not None
    assert found.path.samefile(path)
    path.with_name("metadata.json").unlink()
    assert find_book(library) is None
    build(library)
    assert path.with_name("metadata.json").exists()


def test_a_new_title_moves_the_book(library: Job) -> None:
    old = build(library).path
    old.with_name("notes.pdf").write_bytes(b"of the user")
    before = listed(library.folder)
    new = build(replace(library, meta=replace(META, title="Sớm mai", author="Lê B"))).path
    assert listed(library.folder) == {
        f"Lê B/Chuyện bến sông/Vol. 2 - 2021 - Sớm mai {{Mai Hoa}}/{name}"
        for name in (
            "Sớm mai.mp3",
            "Sớm mai.srt",
            "metadata.json",
            "desc.txt",
            "reader.txt",
            "notes.pdf",
        )
    }
    assert len(listed(library.folder)) == len(before)
    assert json.loads(new.with_name("metadata.json").read_text("utf-8"))["title"] == "Sớm mai"
    plex = build(replace(library, meta=replace(META, title="Sớm mai"), layout="plex")).path
    assert plex.relative_to(library.folder).parts[:2] == ("Nguyễn An", "Sớm mai (2021)")
    assert not new.exists()


def test_what_others_wrote_stays(library: Job) -> None:
    path = build(library).path
    path.with_name("metadata.json").write_text('{"title": "Người dùng sửa"}', "utf-8")
    path.with_name("desc.txt").write_text("của người dùng", "utf-8")
    build(replace(library, meta=replace(META, publisher="Khác")))
    assert "Người dùng sửa" in path.with_name("metadata.json").read_text("utf-8")
    assert path.with_name("desc.txt").read_text("utf-8") == "của người dùng"
    build(replace(library, meta=replace(META, publisher="Nữa"), overwrite=True))
    assert "Nữa" in path.with_name("metadata.json").read_text("utf-8")


def test_a_move_replaces_nothing_of_others(library: Job) -> None:
    old = build(library).path
    target = library.folder / place_of(replace(META, title="Sớm mai"))
    target.parent.mkdir(parents=True)
    target.with_name("notes.txt").write_text("ghi chú", "utf-8")
    new = build(replace(library, meta=replace(META, title="Sớm mai"))).path
    assert new == target
    assert target.with_name("notes.txt").read_text("utf-8") == "ghi chú"
    assert not old.exists()
    target.write_bytes(b"somebody else's")
    with pytest.raises(OutputError, match="not made by audiobook"):
        build(replace(library, meta=replace(META, title="Sớm mai", publisher="X")))
    assert target.read_bytes() == b"somebody else's"


def test_two_books_of_one_title(library: Job, make_job: Callable[..., Job]) -> None:
    first = build(library).path
    job = make_job("Sách khác.", name="khac", meta=META)
    second = build(replace(job, layout="audiobookshelf")).path
    assert second.parent != first.parent
    assert second.parent.name == "Vol. 2 - 2021 - Bến đò- chiều (khac) {Mai Hoa}"
    assert build(library).path == first


def test_books_of_one_title_that_are_built_side_by_side(
    library: Job, make_job: Callable[..., Job]
) -> None:
    """Both choose their place while neither is there."""
    second = replace(make_job("Sách khác.", name="khac", meta=META), layout="audiobookshelf")
    paths = []

    def build_the_other(event: Event) -> None:
        if isinstance(event, Started):
            paths.append(build(second).path)

    paths.append(build(library, build_the_other).path)
    assert paths[0] != paths[1]
    assert [build(job).path for job in (second, library)] == paths
    assert all(map(read_provenance, paths))


def test_the_name_of_a_selection_tells_its_chapters_once(
    make_job: Callable[..., Job],
) -> None:
    job = make_job("Chương 1\n\nMột.\n\nChương 2\n\nHai.", name="hai", meta=META)
    selection = Selection(((2, 2),))
    path = build(replace(job, layout="plex", selection=selection)).path
    assert path.name == "Bến đò- chiều (2).mp3"
    assert path.parent.name == "Bến đò- chiều (2) (2021)"


def test_one_folder_holds_one_format(library: Job) -> None:
    build(library)
    sound = replace(library.sound, format="m4b")
    with pytest.raises(OutputError, match="play both"):
        build(replace(library, format="m4b", sound=sound))


def test_files_of_a_layout_are_no_texts(library: Job, picture: bytes) -> None:
    path = build(replace(library, cover=True, meta=replace(META, cover=picture))).path
    assert path.with_name("cover.png").read_bytes() == picture
    assert list(walk_texts(library.folder)) == []
    assert unreadable_files([str(library.folder)]) == []


def test_the_studio_lists_books_of_a_library(library: Job) -> None:
    path = build(library).path
    entries = Library(library.folder).entries()
    assert [entry.book for entry in entries] == [path]


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("Một câu.", "utf-8")
    options = ("build", str(text), "-o", str(tmp_path), "--voice", "tone", "--layout")
    assert run(*options, "shelf").returncode == 2
    assert run(*options, "plex", "--split").returncode == 2


def test_the_podcast_of_a_library_has_its_books(
    library: Job, make_job: Callable[..., Job], picture: bytes
) -> None:
    first = build(library).path
    other = make_job("Sách khác.", name="khac", meta=replace(META, author="Lê B", cover=picture))
    second = build(replace(other, layout="plex", cover=True)).path
    flat = build(make_job("Sách phẳng.", name="phang")).path
    split = library.folder / "phang" / "01 - Chương.mp3"
    split.parent.mkdir()
    split.write_bytes(flat.read_bytes())
    split.with_name("cover.jpg").write_bytes(b"")
    assert first.name == second.name
    assert find_books(library.folder) == sorted([first, second, flat])
    written = site.write(library.folder, url="https://example.org/p")
    assert written.books == 3
    again = site.write(library.folder, url="https://example.org/p")
    assert again.books == 3
    assert find_books(library.folder) == sorted([first, second, flat])


def test_a_changed_tag_stands_beside_the_book(library: Job, picture: bytes) -> None:
    path = build(library).path
    retag(path, Changes(texts={"title": "Tên sửa", "narrator": "Lan"}, cover=picture))
    assert json.loads(path.with_name("metadata.json").read_text("utf-8"))["title"] == "Tên sửa"
    assert path.with_name("reader.txt").read_text("utf-8") == "Lan\n"
    assert path.with_name("cover.png").read_bytes() == picture
    path.with_name("metadata.json").write_text("{}", "utf-8")
    retag(path, Changes(texts={"title": "Lại sửa", "description": ""}))
    assert path.with_name("metadata.json").read_text("utf-8") == "{}"
    assert not path.with_name("desc.txt").exists()


def test_some_chapters_are_named_once(library: Job) -> None:
    path = build(replace(library, selection=Selection(((1, 1),)))).path
    assert path.stem == "Bến đò- chiều (1)"
    assert path.parent.name == "Vol. 2 - 2021 - Bến đò- chiều (1) {Mai Hoa}"


def test_a_build_names_the_tags_that_were_changed(library: Job) -> None:
    path = build(library).path
    retag(path, Changes(texts={"series": "Sông", "title": "Tên sửa"}))
    with pytest.raises(OutputError, match=r"\(title, book series\)") as caught:
        build(replace(library, meta=replace(library.meta, publisher="Văn học")))
    assert "(tên sách, bộ sách)" in translate(caught.value.what)


def test_a_refused_build_moves_nothing(library: Job) -> None:
    path = build(library).path
    retag(path, Changes(texts={"series": "Sông"}))
    before = listed(library.folder)
    with pytest.raises(OutputError, match="book series"):
        build(replace(library, meta=replace(META, title="Sớm mai")))
    assert listed(library.folder) == before
    assert not [folder for folder in library.folder.rglob("*") if "Sớm mai" in folder.name]
    moved = build(replace(library, meta=replace(META, title="Sớm mai"), overwrite=True)).path
    assert not path.exists()
    assert moved.stem == "Sớm mai"


def test_a_build_that_ends_early_moves_nothing(library: Job) -> None:
    path = build(library).path
    before = listed(library.folder)
    job = replace(library, meta=replace(META, title="Sớm mai"), transcripts=())

    def interrupt(event: Event) -> None:
        if isinstance(event, Started):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(job, interrupt)
    assert listed(library.folder) == before
    path.with_suffix(".srt").write_text("sửa bằng tay", "utf-8")
    with pytest.raises(OutputError, match="was changed since"):
        build(replace(job, transcripts=("srt",)))
    assert listed(library.folder) == before
    assert build(job).path.with_suffix(".srt").read_text("utf-8") == "sửa bằng tay"
