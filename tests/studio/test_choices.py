"""What is chosen on a page stands in the files of the commands, and makes the book that it says."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from studios import ARTICLE, opened, wait_until

from audiobook.app.hearing import hear, sound_of
from audiobook.app.overview import Overview, open_overview
from audiobook.app.preparing import prepare, read_document
from audiobook.config import make_job
from audiobook.config.lexicons import read_lexicon
from audiobook.config.writing import Setting, write_reading, write_settings
from audiobook.errors import UsageError
from audiobook.outputs.cover import draw
from audiobook.store.recordings import Recordings

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import Job

TOML = """# mine
title = "Cũ" # why
keep = [
  "notes", # these
]

# spoken otherwise
[lexicon]
WHO = "hu"

[cast]
dialogue = "hue"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "texts" / "a.txt"
    path.parent.mkdir()
    path.write_text(ARTICLE, "utf-8")
    return path


def overview_of(job: Job) -> Overview:
    return open_overview(read_document(job), job)


def job_of(source: Path) -> Job:
    return make_job(str(source), folder=source.parent, voice="hanoi")


def titles(source: Path) -> list[str]:
    return [chapter.title for chapter in prepare(job_of(source)).chapters]


def test_a_setting_changes_and_all_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text(TOML)
    write_settings(path, {"title": 'Mới "hay"\\', "cast": {}, "speed": 1.5, "titles": {"a.b": "c"}})
    text = path.read_text()
    assert tomllib.loads(text) == {
        "title": 'Mới "hay"\\',
        "keep": ["notes"],
        "speed": 1.5,
        "lexicon": {"WHO": "hu"},
        "titles": {"a.b": "c"},
    }
    assert all(remark in text for remark in ("# mine", "# these", "# spoken otherwise"))
    write_settings(path, {"title": "", "titles": {}, "speed": 1.5})
    assert set(tomllib.loads(path.read_text())) == {"keep", "speed", "lexicon"}


BY_HAND = """# top\r
title = 'Cũ' # why
replace = [
  ["a", "b"], # first
  # second is odd
  ["c", "d"],
]
pauses.sentence = 0.5 # dotted
pauses.chapter = 2
cast = { dialogue = "hue", letter = "hanoi" } # inline

# spoken
[lexicon] # mine
"WHO" = 'hu' # org

# chapters
[titles]
"a.b" = "c" # remark
x = "y"
"""


@pytest.mark.parametrize(
    ("settings", "lost"),
    [
        ({"title": 'Mới "x"'}, {"'Cũ'"}),
        ({"replace": [["a", "b"], ["e", "f"]]}, {'["c", "d"]'}),
        ({"replace": [["c", "d"], ["a", "b"]]}, {"# first", "# second is odd"}),
        ({"pauses": {"sentence": 0.7, "chapter": 2.0}}, {"0.5"}),
        ({"cast": {"letter": "hanoi", "narrator": "hue"}}, {"dialogue"}),
        ({"titles": {"x": "y", "mới": "z"}}, {'"a.b" = "c" # remark'}),
        ({"lexicon": {}}, {"\"WHO\" = 'hu' # org"}),
        ({"speed": 1.5, "spelled": ["một", "x\x7f"]}, set()),
        ({"titles": {}, "title": ""}, {"'Cũ' # why", "[titles]", '"a.b" = "c" # remark', '"y"'}),
    ],
)
def test_what_was_written_by_hand_stays(
    tmp_path: Path, settings: dict[str, Setting], lost: set[str]
) -> None:
    path = tmp_path / "book.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BY_HAND.encode())
    write_settings(path, settings)
    text = path.read_bytes().decode()
    now = tomllib.loads(text)
    for name, value in settings.items():
        assert now.get(name, type(value)()) == value
    pieces = [piece for line in BY_HAND.splitlines() for piece in line.split("  ") if piece]
    missing = [piece for piece in pieces if piece not in text]
    assert all(any(part in piece for part in lost) for piece in missing), missing
    write_settings(path, settings)
    assert path.read_bytes().decode() == text


def test_a_damaged_file_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text("title = ")
    with pytest.raises(UsageError):
        write_settings(path, {"title": "x"})
    assert path.read_text() == "title = "


def test_a_reading_is_taught_once(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text("# names\nHoa\thoa\nWHO\thu\tcase\n")
    write_reading(path, "Hoa", "hoa hoa")
    write_reading(path, "Anh", "anh", case=True)
    assert path.read_text() == "# names\nWHO\thu\tcase\nHoa\thoa hoa\nAnh\tanh\tcase\n"
    write_reading(path, "WHO", "")
    with pytest.raises(UsageError):
        write_reading(path, "x", "…")
    assert "WHO" not in path.read_text()


def test_a_reading_takes_the_place_of_its_own_alone(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.tsv"
    remark = "# Hoa\tas in flower\n"
    path.write_text(f"{remark}Hoa\thoa\nHoa\thòa\tcase part\n", "utf-8")
    write_reading(path, "Hoa", "hoà", case=True)
    assert path.read_text("utf-8") == f"{remark}Hoa\thoa\nHoa\thoà\tcase,part\n"
    write_reading(path, "Hoa", "huê")
    with pytest.raises(UsageError):
        write_reading(path, "# Hoa", "khác")
    assert remark in path.read_text("utf-8")
    assert len(read_lexicon(path)) == 2
    write_reading(path, "Hoa", "", case=True)
    assert path.read_text("utf-8") == f"{remark}Hoa\thuê\n"
    write_reading(path, "Hoa", "hoà", case=True)
    write_reading(path, "Hoa", "")
    assert [teaching.written for teaching in read_lexicon(path)] == []


def test_a_file_that_a_link_leads_to_is_written(tmp_path: Path) -> None:
    shared = tmp_path / "shared.toml"
    shared.write_text('title = "Cũ"\n', "utf-8")
    shared.chmod(0o640)
    path = tmp_path / "book.toml"
    try:
        path.symlink_to(shared)
    except OSError:
        pytest.skip("this disk has no links")
    write_settings(path, {"title": "Mới"})
    assert path.is_symlink()
    assert tomllib.loads(shared.read_text("utf-8")) == {"title": "Mới"}
    assert shared.stat().st_mode & 0o777 == 0o640


def test_chapters_are_left_out_and_named(source: Path) -> None:
    before = titles(source)
    out = next(title for title in before if "Mưa" in title)
    wind = next(title for title in before if "Gió" in title)
    write_settings(
        source.with_name("book.toml"), {"leave_out": [out], "titles": {wind: "Chương 1: Bão"}}
    )
    document = prepare(job_of(source))
    assert [chapter.title for chapter in document.chapters] == [
        title.replace("Gió", "Bão") for title in before if title != out
    ]
    assert any("Con đò" in piece.text for piece in document.changes[-1].left_out)
    assert document.chapters[before.index(wind)].paragraphs[0].text.endswith("Bão")
    # To look at it, the book has all its chapters.
    entries = overview_of(job_of(source)).chapters()
    assert [entry.key for entry in entries if not entry.is_read] == [out]


def test_a_book_of_which_all_is_left_out_is_whole(source: Path) -> None:
    before = titles(source)
    write_settings(source.with_name("book.toml"), {"leave_out": before})
    assert titles(source) == before


def test_a_paragraph_that_a_step_leaves_out_is_kept(source: Path) -> None:
    overview = overview_of(job_of(source))
    pieces = {
        piece.beginning: piece
        for omission in overview.omissions()
        for piece in omission.change.left_out
        if piece.is_line or piece.is_chapter
    }
    assert pieces
    for beginning in pieces:
        write_settings(source.with_name("book.toml"), {"keep_text": [beginning]})
        document = prepare(job_of(source))
        left = [piece.beginning for change in document.changes for piece in change.left_out]
        assert beginning not in left
        spoken = " ".join(
            paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs
        )
        assert beginning in " ".join(spoken.split())
        assert set(pieces) - {beginning} <= set(left)


def test_a_sentence_is_recorded_once_and_found_in_the_book(source: Path) -> None:
    from audiobook.app.build import build

    job = job_of(source)
    document = overview_of(job).document
    number = next(n for n, c in enumerate(document.chapters, 1) if "Mưa" in c.title)
    alone = hear(job, "Trời mưa suốt ba ngày.", document, number)
    assert hear(job, "Trời mưa suốt ba ngày.", document, number) == alone
    assert (sound_of(job, alone.key) or b"").startswith(b"\xff")
    build(job)
    in_book = hear(job, "Trời mưa suốt ba ngày.", document, number)
    assert in_book.key != alone.key
    assert 0 < in_book.start < in_book.end
    recording = Recordings(job.cache).get(in_book.key)
    assert recording
    assert recording.timing.samples / job.sound.rate > in_book.end
    with pytest.raises(UsageError):
        hear(job, "…")


def test_a_book_is_prepared_before_its_voice_is_there(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        assert studio.change(f"{book}/settings", voice="sano").status == 200
        for part in ("chapters", "omissions", "doubts", "misprints", "estimate", "text"):
            answer = studio.ask(f"{book}/part/{part}")
            assert answer.status == 200
            assert 'class="problem"' not in answer.text
        heard = studio.change(f"{book}/hear", text="Xin chào.")
        assert heard.status == 422
        assert "sano" in heard.json["problem"]


@pytest.mark.parametrize(("voice", "company"), [("hoaimy", "Microsoft"), ("google", "Google")])
def test_an_online_voice_tells_who_gets_the_text(tmp_path: Path, voice: str, company: str) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        assert company not in studio.ask(f"{book}/part/estimate").text
        assert studio.change(f"{book}/settings", voice=voice).status == 200
        assert studio.ask(f"{book}/planned-cover").status == 200
        for part in ("chapters", "omissions", "doubts", "misprints", "text"):
            assert studio.ask(f"{book}/part/{part}").status == 200
        told = studio.ask(f"{book}/part/estimate").text
        assert f"The text will be sent to {company}." in told


def test_a_book_without_chapters_asks_for_one(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add(ARTICLE)
        keys = re.findall('data-chapter-key="([^"]+)"', studio.ask(f"{book}/part/chapters").text)
        assert len(keys) >= 3
        assert "nothing-chosen" not in studio.ask(f"{book}/part/estimate").text
        assert studio.change(f"{book}/chapter", keys=keys).status == 200
        assert "checked" not in studio.ask(f"{book}/part/chapters").text
        told = studio.ask(f"{book}/part/estimate").text
        assert ("nothing-chosen" in told, "<dl" in told) == (True, False)


def test_misprints_are_taken_and_left(tmp_path: Path) -> None:
    text = "Chương 1\n\nHọ có phương tiên riêng.\n\nNhững những con sông chảy về biển.\n"
    with opened(tmp_path / "books") as studio:
        book = studio.add(text)
        part = f"{book}/part/misprints"
        assert studio.ask(part).text.count("data-misprint=") >= 2
        assert studio.change(f"{book}/misprint", number=0, verdict="take").status == 200
        settings = next(studio.folder.rglob("book.toml"))
        ((find, instead),) = tomllib.loads(settings.read_text())["replace"]
        assert (find, instead) == ("phương tiên", "phương tiện")
        rest = studio.ask(part).text
        assert 'data-misprint="0"' not in rest
        assert 'data-undo="phương tiên"' in rest
        studio.change(f"{book}/misprint", undo=find, instead=instead)
        assert 'data-misprint="0"' in studio.ask(part).text
        assert "replace" not in tomllib.loads(settings.read_text())
        studio.change(f"{book}/misprint", number=0, verdict="take")
        studio.change(f"{book}/misprint", number=1, verdict="leave")
        assert "data-misprint=" not in studio.ask(part).text
        assert len(tomllib.loads(settings.read_text())["spelled"]) == 1


def test_a_cover_replaces_no_other_picture(tmp_path: Path) -> None:
    first, second = draw("Một", "", ""), draw("Hai", "", "")
    suffix = ".png" if first.startswith(b"\x89PNG") else ".jpg"
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        (source,) = studio.folder.rglob("*.txt")
        mine = source.with_name(f"{source.stem}.cover{suffix}")
        mine.write_bytes(b"mine")
        settings = source.with_name("book.toml")

        def give(picture: bytes) -> int:
            token = studio.token
            return studio.ask(f"{book}/cover", "POST", picture, x_audiobook_token=token).status

        settings.write_text("speed = 99\n")
        assert give(first) == 422
        assert {path.name for path in source.parent.iterdir()} == {
            source.name,
            mine.name,
            "book.toml",
        }
        settings.unlink()
        for picture in (first, second):
            assert give(picture) == 200
        assert mine.read_bytes() == b"mine"
        cover = source.with_name(tomllib.loads(settings.read_text("utf-8"))["cover"])
        assert cover.read_bytes() == second
        assert len(list(source.parent.iterdir())) == 4
        settings.write_text(settings.read_text("utf-8") + "speed = 99\n")
        assert give(first) == 422
        assert cover.read_bytes() == second


def test_all_that_was_accepted_together_is_undone_together(tmp_path: Path) -> None:
    text = "Chương 1\n\nTrưòng học đóng cửa. Ngưòi ta đi về. Những những con sông.\n"
    with opened(tmp_path / "books") as studio:
        book = studio.add(text)
        part = f"{book}/part/misprints"
        sure = studio.ask(part).text.count('class="sure"')
        assert sure >= 2
        settings = next(studio.folder.rglob("*.txt")).with_name("book.toml")
        settings.write_text('replace = [["con", "cái"]]\n', "utf-8")
        assert studio.change(f"{book}/misprint", all=True, verdict="take").json["count"] == sure
        assert len(tomllib.loads(settings.read_text("utf-8"))["replace"]) == sure + 1
        assert "data-undo-together" in studio.ask(part).text
        assert studio.change(f"{book}/misprint", undo=True).status == 200
        # What was written by hand stays.
        assert tomllib.loads(settings.read_text("utf-8"))["replace"] == [["con", "cái"]]
        assert "data-undo-together" not in studio.ask(part).text
        assert studio.ask(part).text.count('class="sure"') == sure


def test_one_of_two_readings_is_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add("Hoa gặp WHO.")
        lexicon = next(studio.folder.rglob("*.txt")).with_name("lexicon.tsv")
        both = "who\thu\nwho\tdáp liu ây ô\tcase\n"
        for case, left in ((True, "who\thu\n"), (False, "who\tdáp liu ây ô\tcase\n")):
            lexicon.write_text(both, "utf-8")
            told = studio.ask(f"{book}/part/doubts").text
            assert len(re.findall('data-forget="who" data-case', told)) == 1
            forgotten = studio.change(f"{book}/reading", written="who", spoken="", case=case)
            assert forgotten.status == 200
            assert lexicon.read_text("utf-8") == left


def test_the_pitch_is_kept_as_the_command_reads_it(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        (source,) = studio.folder.rglob("*.txt")
        assert studio.change(f"{book}/settings", pitch=0.9).status == 200
        assert tomllib.loads(source.with_name("book.toml").read_text()) == {"pitch": 0.9}
        assert job_of(source).delivery.pitch == 0.9
        assert 'value="0.9"' in studio.ask(book).text
        assert studio.change(f"{book}/settings", pitch=9).status == 422
        higher = studio.change(f"{book}/hear", text="").json
        studio.change(f"{book}/settings", pitch=1)
        assert studio.change(f"{book}/hear", text="").json["address"] != higher["address"]


def test_every_role_of_the_page_can_be_given_a_voice(tmp_path: Path) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        (source,) = studio.folder.rglob("*.txt")
        page = studio.ask(book).text
        roles = re.findall(r'name="cast-([\w-]+)"', page)
        assert {"foreign-en", "foreign-fr", "man", "woman", "boy", "old-woman"} < set(roles)
        for role in roles:
            voice = {"foreign-en": "english", "foreign-fr": "french"}.get(role, "hue")
            field = page.split(f'name="cast-{role}"')[1].split("</select>")[0]
            assert f'value="{voice}"' in field
            assert ('value="saigon"' in field) == (voice == "hue")
            assert studio.change(f"{book}/settings", **{f"cast-{role}": voice}).status == 200
        cast = tomllib.loads(source.with_name("book.toml").read_text())["cast"]
        assert set(cast) == set(roles)
        assert cast["foreign-fr"] == "french"
        assert 'id="wrong"' not in studio.ask(book).text


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("speed = 99", "speed"),
        ("pitch = 99", "pitch"),
        ('speed = "fast"', "speed"),
        ("[pauses]\nscene = 99", "pause-scene"),
        ('[cast]\nverse = "nobody"', "cast-verse"),
        ('[cast]\nforeign-fr = "english"', "cast-foreign-fr"),
        ('[cast]\nold-man = "nobody"', "cast-old-man"),
        ('voice = "nobody"', "voice-name"),
        ('fallback = "nobody"', "fallback"),
        ('cover = "none.jpg"', "cover-file"),
    ],
)
def test_a_wrong_setting_leads_to_its_field(tmp_path: Path, line: str, field: str) -> None:
    with opened(tmp_path / "books") as studio:
        book = studio.add("Một câu.")
        (source,) = studio.folder.rglob("*.txt")
        source.with_name("book.toml").write_text(f"{line}\n")
        page = studio.ask(book).text
        wrong = page.split('id="wrong"')[1].split("</p>")[0]
        assert f'href="#{field}"' in wrong
        assert f'id="{field}"' in page
        studio.change(f"{book}/build")
        wait_until(lambda: f'href="{book}#{field}"' in studio.ask("/part/queue").text)
        assert f'href="#{field}"' in studio.ask(book).text.split('id="failure"')[1]


def test_a_role_is_chosen_beside_the_narrators_of_chapters(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text('[cast]\nverse = "hue"\n[cast.chapters]\nodd = "saigon" # mine\n')
    before = tomllib.loads(path.read_text())["cast"]
    write_settings(path, {"cast": {**before, "dialogue": "hue"}})
    assert tomllib.loads(path.read_text())["cast"] == {**before, "dialogue": "hue"}
    assert 'odd = "saigon" # mine' in path.read_text()
