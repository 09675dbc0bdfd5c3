from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from audiobook.config import default_voice, load_voice, make_job, voice_names
from audiobook.config.books import read_book_files
from audiobook.errors import UsageError, VoiceError
from audiobook.model import Meta, Teaching, VoiceFile, WordTimes
from audiobook.system.folders import voice_folder

FILE = 'engine = "tone"\n[[files]]\nname = "m"\nurl = "http://a/b"'


def own_voice(tmp_path: Path, text: str, name: str = "rieng") -> None:
    folder = tmp_path / "config" / "voices"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")


def test_every_voice_of_ours_is_right() -> None:
    names = voice_names()
    assert {"hanoi", "hue", "saigon", "google"} <= set(names)
    voices = [load_voice(name) for name in names]
    assert all(voice.engine and voice.description and voice.licence for voice in voices)
    assert [voice.accent for voice in map(load_voice, ("hanoi", "hue", "saigon"))] == [
        "north",
        "central",
        "south",
    ]


def test_a_voice_without_an_accent_reads_numbers_as_in_the_north() -> None:
    voices = [load_voice(name) for name in ("tone", "saigon")]
    assert [(voice.accent, voice.reads_as) for voice in voices] == [("", "north"), ("south",) * 2]


def test_what_a_voice_may_say_of_itself(tmp_path: Path) -> None:
    own_voice(tmp_path, f'sex = "male"\nurl = "http://127.0.0.1:1/v1"\nsample = "A."\n{FILE}')
    voice = load_voice("rieng")
    assert (voice.sex, voice.url, voice.sample) == ("male", "http://127.0.0.1:1/v1", "A.")
    assert voice.files == (VoiceFile("m", "http://a/b"),)


def test_a_file_may_lie_in_several_places(tmp_path: Path) -> None:
    own_voice(tmp_path, FILE.replace('url = "http://a/b"', 'urls = ["http://a/b", "http://c/d"]'))
    (file,) = load_voice("rieng").files
    assert file == VoiceFile("m", "http://a/b", "", ("http://c/d",))
    assert file.urls == ("http://a/b", "http://c/d")


def test_own_voices_win(tmp_path: Path) -> None:
    own_voice(tmp_path, 'engine = "tone"\nspeed = 2\n[pauses]\nsentence = 0.9\n', "hanoi")
    voice = load_voice("hanoi")
    assert (voice.engine, voice.speed, voice.pauses.sentence) == ("tone", 2, 0.9)
    assert voice.pauses.clause == load_voice("hue").pauses.clause


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("engine = ", "rieng.toml:"),
        ('model = "vi"', "it names no engine"),
        ('engine = "command"', "it names no command"),
        ('engine = "command"\ncommand = "say"', "command must be a list of words"),
        ('engine = "command"\ncommand = []', "command must be a list of words"),
        ('engine = "tone"\ncommand = ["say"]', "only the engine command runs a command"),
        ('engine = "tone"\nprice = -1', "price goes from 0 to 100000 dollars"),
        ('engine = "tone"\nspede = 1.0', "no setting 'spede'; did you mean speed?"),
        ('engine = "tone"\nspeed = "fast"', "speed must be a number, not 'fast'"),
        ('engine = "tone"\nrate = 22050.5', "rate must be a whole number, not 22050.5"),
        ('engine = "tone"\nnetwork = 1', "network must be true or false, not 1"),
        ('engine = "tone"\nspeed = true', "speed must be a number, not True"),
        ('engine = "tone"\nspeed = 99.0', "speed goes from 0.2 to 5"),
        ('engine = "tone"\naccent = "west"', "accent must be one of north, central, south"),
        ('engine = "tone"\nforeign = "drop"', "foreign must be one of keep, respell"),
        ('engine = "tone"\n[pauses]\nsigh = 1', "pauses are"),
        ('engine = "tone"\n[pauses]\nsentence = -1', "the pause sentence must be 0 to 60 seconds"),
        ('engine = "tone"\nsex = "other"', "sex must be female or male, or left out, not 'other'"),
        ('engine = "tone"\nurl = "ftp://a/b"', "the url of its server must begin with http://"),
        ('engine = "tone"\nurl = "http://me:key@a/v1"', "the url of its server holds a password"),
        ('engine = "tone"\nfiles = "model.onnx"', "files are tables [[files]]"),
        ('engine = "tone"\nfiles = ["model.onnx"]', "each of its files needs a name and a url"),
        ('engine = "tone"\n[files]\nname = "m"\nurl = "http://a/b"', "files are tables [[files]]"),
        ('engine = "tone"\n[[files]]\nname = "m"', "each of its files needs a name and a url"),
        (f"{FILE}\nsize = 3", "each of its files needs a name and a url"),
        (f"{FILE}\nsha256 = 3", "the sha256 of a file must be text, not 3"),
        (f'{FILE}\nsha256 = "abc"', "the sha256 of m must be 64 hexadecimal digits"),
        (f'{FILE}\nurls = ["http://a/b"]', "each of its files needs a name and a url or urls"),
        (FILE.replace('url = "http://a/b"', "urls = []"), "the urls of m must be a list"),
        (FILE.replace('url = "http://a/b"', "urls = [3]"), "the urls of m must be a list"),
        (FILE.replace("url = ", "url = 3 #"), "the url of a file must be text, not 3"),
        (
            FILE.replace('url = "http://a/b"', 'urls = ["http://a/b", "ftp://c/d"]'),
            "the url of m must begin with http:// or https://",
        ),
        (FILE.replace("/b", "/b.zip#m"), "the url of m may only have a # behind .tar.gz"),
        ('engine = "tone"\nsize = -1', "size goes from 0 megabytes"),
        (FILE.replace("http:", "file:"), "the url of m must begin with http:// or https://"),
        (FILE.replace('"m"', '"../m"'), "a file cannot be called '../m'"),
        (FILE + FILE.removeprefix('engine = "tone"'), "two of its files are called 'm'"),
    ],
)
def test_voices_that_are_not_right(tmp_path: Path, text: str, why: str) -> None:
    own_voice(tmp_path, text)
    with pytest.raises(VoiceError) as caught:
        load_voice("rieng")
    assert why in str(caught.value)


@pytest.mark.parametrize("name", ["nobody", "../hanoi", "", "a/b", "hanoi\0"])
def test_voices_that_are_not_there(name: str) -> None:
    with pytest.raises(VoiceError, match="there is no voice"):
        load_voice(name)


def test_default_voice(tmp_path: Path) -> None:
    assert default_voice() == "hanoi"
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text('voice = "saigon"')
    assert make_job("x", folder=Path()).voice.name == "saigon"
    assert make_job("x", folder=Path(), voice="hue").voice.name == "hue"
    for text, why in (
        ("voice = 3", "voice must be text, not 3"),
        ('voic = "hue"', "there is no setting 'voic'; did you mean voice?"),
        ("voice = ", "config.toml is not right: Invalid value"),
    ):
        config.write_text(text)
        with pytest.raises(UsageError, match=re.escape(why)):
            default_voice()


def test_of_voices_that_were_fetched_the_largest_is_the_default(tmp_path: Path) -> None:
    for name, size in (("bé", 10), ("lớn", 20), ("hỏng", 30), ("lạ", 40), ("english", 50)):
        engine = "nobody" if name == "lạ" else "tone"
        language = "en" if name == "english" else "vi"
        voice = tmp_path / "config" / "voices" / f"{name}.toml"
        voice.parent.mkdir(parents=True, exist_ok=True)
        voice.write_text(
            f'engine = "{engine}"\nlanguage = "{language}"\n'
            '[[files]]\nname = "model"\nurl = "https://example.org/model"\n'
        )
        model = voice_folder(name) / "model"
        model.parent.mkdir(parents=True)
        if name != "hỏng":
            model.write_bytes(bytes(size))
    assert default_voice() == "lớn"
    (voice_folder("lớn") / "model").unlink()
    assert default_voice() == "bé"


def test_online_voices_keep_to_their_concurrency() -> None:
    job = make_job("x", folder=Path(), voice="google")
    assert (job.workers, job.voice.concurrency) == (1, 2)
    job = make_job("x", folder=Path(), voice="google", workers=8)
    assert (job.workers, job.voice.concurrency) == (1, 8)
    assert make_job("x", folder=Path(), voice="hanoi", workers=16).workers == 16


def test_a_rate_mp3_has_not_is_refused_before_recording(tmp_path: Path) -> None:
    own_voice(tmp_path, 'engine = "tone"\nrate = 8001')
    with pytest.raises(UsageError, match="MP3 has no sample rate of 8001 Hz"):
        make_job("x", folder=Path(), voice="rieng")


def test_cover(tmp_path: Path) -> None:
    picture = tmp_path / "c.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 picture")
    job = make_job("x", folder=Path(), meta=Meta(title="T"), cover=picture)
    assert (job.meta.title, job.meta.cover) == ("T", picture.read_bytes())
    picture.write_bytes(b"BM picture")
    with pytest.raises(UsageError, match="it is not a picture that can be used"):
        make_job("x", folder=Path(), cover=picture)
    with pytest.raises(UsageError, match="cannot read the cover"):
        make_job("x", folder=Path(), cover=tmp_path / "none.png")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "texts" / "bai.txt"
    path.parent.mkdir()
    path.write_text("Chào.", "utf-8")
    return path


def test_what_lies_beside_the_text_counts(source: Path) -> None:
    (source.parent / "book.toml").write_text(
        'author = "Nhóm"\ntitle = "Bộ sách"\nvoice = "hue"\ndate = 2026-11-22\n', "utf-8"
    )
    (source.parent / "bai.toml").write_text(
        'title = "Bài"\ncover = "b.png"\nseries = "Tủ"\nvolume = 3', "utf-8"
    )
    (source.parent / "b.png").write_bytes(b"\x89PNG...")
    job = make_job(str(source), folder=Path(), meta=Meta(narrator="Tôi"))
    assert job.voice.name == "hue"
    assert job.meta == Meta(
        title="Bài",
        author="Nhóm",
        narrator="Tôi",
        date="2026-11-22",
        series="Tủ",
        volume="3",
        cover=b"\x89PNG...",
    )
    job = make_job(str(source), folder=Path(), voice="saigon", meta=Meta(title="Cờ"))
    assert (job.voice.name, job.meta.title) == ("saigon", "Cờ")


def test_settings_that_change_while_the_program_runs_count(source: Path, tmp_path: Path) -> None:
    """Watch and studio run for days; size and date do not tell that a file has changed."""
    (tmp_path / "config" / "voices" / "shared").mkdir(parents=True)
    heard = []
    for letter in "abba":
        texts = {
            "config/voices/rieng.toml": f'engine = "tone"\nshared = "s"\nsample = "{letter}"',
            "config/voices/shared/s.toml": f'[[files]]\nname = "{letter}"\nurl = "http://a/b"',
            "config/lexicon.tsv": f"x\t{letter}",
            "texts/lexicon.tsv": f"y\t{letter}",
            "texts/book.toml": f'voice = "rieng"\nauthor = "{letter}"',
            "texts/bai.toml": f'title = "{letter}"\n[takes]\n"{letter}" = 2',
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
            os.utime(tmp_path / name, (0, 0))
        job = make_job(str(source), folder=Path())
        readings = [teaching.spoken for teaching in job.lexicon]
        ((take, _),) = job.takes
        (file,) = job.voice.files
        heard.append(
            [*readings, job.meta.author, job.meta.title, take, job.voice.sample, file.name]
        )
    assert heard == [[letter] * 7 for letter in "abba"]


def test_an_online_voice_that_only_a_file_beside_the_text_chooses(
    source: Path, tmp_path: Path
) -> None:
    (source.parent / "book.toml").write_text(
        'voice = "hoaimy"\n[cast]\ndialogue = "openai"\nverse = "hue"\n', "utf-8"
    )
    assert make_job(str(source), folder=Path()).unasked_services == ("hoaimy", "openai")
    job = make_job(str(source), folder=Path(), voice="hanoi", cast={"dialogue": "openai"})
    assert job.unasked_services == ()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('voice = "hoaimy"', "utf-8")
    assert make_job(str(source), folder=Path()).unasked_services == ("openai",)


def test_a_key_of_a_million_parts(source: Path) -> None:
    for beginning in ("", "x = {", "["):
        (source.parent / "book.toml").write_text(beginning + "a." * 1_000_000 + "a = 1", "utf-8")
        with pytest.raises(UsageError, match="nested too deeply"):
            make_job(str(source), folder=Path())
    (source.parent / "book.toml").write_text(
        '[takes]\n"Rồi..................... sao?" = 2', "utf-8"
    )
    assert make_job(str(source), folder=Path()).takes


def test_lexicons_from_the_general_to_the_special(source: Path, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "lexicon.tsv").write_text("# mine\nESA\te ét a\n", "utf-8-sig")
    (source.parent / "lexicon.tsv").write_text("\nmoho\tmô hô\tcase, part\n", "utf-8")
    (source.parent / "book.toml").write_text(
        '[lexicon]\nESA = "cơ quan"\nLy = { say = "lý", case = true }\n', "utf-8"
    )
    named = tmp_path / "named.tsv"
    named.write_text("hoa\u0300\thoà\n", "utf-8")
    assert make_job(str(source), folder=Path(), lexicon=named).lexicon == (
        Teaching(written="ESA", spoken="e ét a"),
        Teaching(written="moho", spoken="mô hô", case=True, part=True),
        Teaching(written="ESA", spoken="cơ quan"),
        Teaching(written="Ly", spoken="lý", case=True),
        Teaching(written="hoà", spoken="hoà"),
    )


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("book.toml", "title = ", "book.toml:"),
        ("book.toml", "titel = 'x'", "there is no setting 'titel'; did you mean title?"),
        ("book.toml", "x = 1", "there is no setting 'x'; there are title, author, narrator"),
        ("book.toml", "speed = 0", "speed must be a number above 0, not 0"),
        ("book.toml", "speed = true", "speed must be a number above 0, not True"),
        ("book.toml", "keep = 'notes'", "keep must be a list of names, as in keep ="),
        ("book.toml", "[cast]\nverse = 3", "cast must be a table of voices by role"),
        ("book.toml", "[pauses]\nscene = 'x'", "pauses must be a table of seconds"),
        ("book.toml", "replace = [['a']]", "replace must be a list of pairs"),
        ("bai.toml", "title = 3", "bai.toml: title must be text, not 3"),
        ("book.toml", "lexicon = 3", "lexicon must be a table"),
        ("book.toml", "[lexicon]\nESA = 3", "'ESA' needs a reading"),
        ("book.toml", "[lexicon]\nESA = { say = 'a', loud = true }", "'ESA' needs a reading"),
        ("lexicon.tsv", "ESA", "lexicon.tsv, line 1: it needs what is written, a tab"),
        ("lexicon.tsv", "\nESA\ta\tloud", "line 2: there is no option 'loud'"),
        ("lexicon.tsv", "ESA\t…", "line 1: it does not tell how to say 'ESA'"),
        ("lexicon.tsv", " \ta", "line 1: it does not say what to find"),
    ],
)
def test_files_beside_the_text_that_are_not_right(
    source: Path, name: str, text: str, why: str
) -> None:
    (source.parent / name).write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        make_job(str(source), folder=Path())
    assert why in str(caught.value)


def test_lexicons_that_cannot_be_read(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the lexicon"):
        make_job(str(source), folder=Path(), lexicon=tmp_path / "nowhere.tsv")
    (source.parent / "lexicon.tsv").write_bytes(b"a\tb\xff")
    with pytest.raises(UsageError, match="is not UTF-8"):
        make_job(str(source), folder=Path())


def test_how_words_are_timed(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Một.")
    assert make_job(str(source), folder=tmp_path).voice.word_times == "align"
    (tmp_path / "book.toml").write_text('word_times = "guess"\n[cast]\ndialogue = "hue"')
    job = make_job(str(source), folder=tmp_path)
    assert {voice.word_times for voice in job.cast.voices} == {WordTimes.GUESS}
    job = make_job(str(source), folder=tmp_path, word_times="align")
    assert job.voice.word_times == "align"
    with pytest.raises(UsageError, match="no word times 'exact'") as caught:
        make_job(str(source), folder=tmp_path, word_times="exact")
    assert caught.value.remedy == "choose one of align, guess"
    assert caught.value.setting == "word_times"


def test_speed_is_on_top_of_the_voice(tmp_path: Path) -> None:
    own_voice(tmp_path, 'engine = "tone"\nspeed = 0.8\npace = 10.0\n')
    job = make_job("x", folder=Path(), voice="rieng", speed=1.5)
    assert job.voice.speed == pytest.approx(1.2)
    assert job.voice.pace == pytest.approx(15)
    with pytest.raises(UsageError, match="cannot speak at 8 times its pace"):
        make_job("x", folder=Path(), voice="rieng", speed=10)


@pytest.mark.parametrize(
    "setting",
    ['cover = "{}"', '[pictures]\n"Một" = "{}"', '[music]\nintro = "{}"'],
    ids=["cover", "pictures", "music"],
)
@pytest.mark.parametrize("way", ["absolute", "upwards", "link"])
def test_no_file_from_elsewhere_gets_into_a_book(tmp_path: Path, setting: str, way: str) -> None:
    """A book with its settings may come from a stranger, and be published."""
    secret, folder = tmp_path / "secret", tmp_path / "book"
    secret.write_bytes(b"\x89PNG...")
    folder.mkdir()
    (folder / "link").symlink_to(secret)
    name = {"absolute": str(secret), "upwards": "../secret", "link": "link"}[way]
    (folder / "book.toml").write_text(setting.format(name))
    with pytest.raises(UsageError, match="which is not in this folder"):
        read_book_files(folder / "text.txt")
