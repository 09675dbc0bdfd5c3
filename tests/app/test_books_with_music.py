"""Music before, between and after chapters: what stands where, and that speech does not move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3

from audiobook.app.build import build
from audiobook.app.converting import Conversion, convert
from audiobook.app.music import with_music
from audiobook.app.planning import plan
from audiobook.audit import Severity, audit
from audiobook.errors import UsageError
from audiobook.model import Book, Job, Music, Progress, Selection, Sound
from audiobook.podcast.volumes import read_volume, with_cover_and_cues
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from audiobook.model import Event

STORY = "\n\n".join(
    f"Chương {number}\n\nĐò sang sông. Nước lên rồi nước lại xuống." for number in (1, 2, 3)
)
LOW = 110
"""Hertz of the music; the voice of tones is never below 200."""


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Music:
    folder = tmp_path_factory.mktemp("music")
    paths = {}
    for name, seconds in (("intro", 4.0), ("outro", 3.0), ("between", 2.0)):
        time = np.arange(int(seconds * 22_050)) / 22_050
        paths[name] = folder / f"{name}.wav"
        soundfile.write(paths[name], 0.2 * np.sin(2 * np.pi * LOW * time), 22_050)
    return Music(**paths, credits="“Sóng” của An, CC BY 4.0")


@pytest.fixture
def job(make_job: Callable[..., Job], recorded: Callable[[Job], Job]) -> Job:
    return recorded(make_job(STORY))


def sound_of(path: Path, rate: int = 22_050) -> NDArray[np.int16]:
    return np.frombuffer(ffmpeg.decode(path.read_bytes(), rate), np.int16)


def music_in(path: Path) -> list[tuple[float, float]]:
    """Return where music is heard in a file, in seconds."""
    samples = sound_of(path).astype(float)
    hop = 2_205
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    spectra = np.abs(np.fft.rfft(frames * np.hanning(hop), axis=1))
    low, high = spectra[:, 8:15].max(axis=1), spectra[:, 18:].max(axis=1)
    plays = np.concatenate(([False], (low > 3 * high) & (low > 20_000), [False]))
    edges = np.flatnonzero(np.diff(plays.astype(int)))
    return [(begin / 10, end / 10) for begin, end in edges.reshape(-1, 2)]


def starts(book: Book) -> list[float]:
    return [chapter.start / book.rate for chapter in book.chapters]


def cues_of(path: Path) -> list[tuple[str, float]]:
    return [(text, time / 1000) for text, time in ID3(path).getall("SYLT")[0].text]


@pytest.mark.parametrize("form", ["mp3", "m4b", "opus"])
def test_speech_stands_where_its_cues_say(
    make_job: Callable[..., Job], music: Music, form: str
) -> None:
    job = make_job(STORY)
    sound = Sound(rate=22_050, bitrate=48, format=form)
    book = build(replace(job, music=music, format=form, sound=sound, transcripts=("srt",)))
    samples = np.abs(sound_of(book.path).astype(int))
    assert len(samples) == pytest.approx(book.samples, abs=book.rate * 0.05)
    lines = book.path.with_suffix(".srt").read_text("utf-8").splitlines()
    times = [line.partition(" --> ")[0] for line in lines if " --> " in line]
    assert len(times) == book.sentences == 9
    for time in times:
        hours, minutes, seconds = time.replace(",", ".").split(":")
        at = round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * book.rate)
        # Nothing is heard right before a sentence, and the voice of tones within 30 ms.
        assert samples[at - book.rate // 10 : at - book.rate // 50].max() < 200
        assert samples[at : at + book.rate * 3 // 100].max() > 1_000


def test_the_book_has_it_at_its_ends_and_between_its_chapters(job: Job, music: Music) -> None:
    plain = build(job)
    book = build(replace(job, music=music, folder=job.folder / "music"))
    assert not music_in(plain.path)
    played = music_in(book.path)
    first, second, third = starts(book)
    assert first == 0
    assert len(played) == 4
    assert played[0][0] < 0.3
    for (_, end), start in zip(played[1:3], (second, third), strict=True):
        # It ends the chapter before: whoever goes to a chapter hears its first word.
        assert 0.5 < start - end < 1.6
    assert played[3][1] > book.seconds - 1.5
    assert [text for text, _ in cues_of(book.path)] == [text for text, _ in cues_of(plain.path)]
    moves = [
        late - early
        for (_, early), (_, late) in zip(cues_of(plain.path), cues_of(book.path), strict=True)
    ]
    # All sentences of a chapter move by the same: the music before them.
    assert moves == pytest.approx([moves[0]] * 3 + [moves[3]] * 3 + [moves[6]] * 3, abs=0.002)


def test_a_check_knows_where_it_plays(job: Job, music: Music) -> None:
    book = build(replace(job, music=music))
    checked = audit(book.path)
    assert len(checked.contents.music) == len(book.music) == 4
    wrong = [finding for finding in checked.findings if finding.severity is not Severity.NOTE]
    assert [finding.rule for finding in wrong if finding.at is not None] == []
    assert checked.sound.level.loudness == pytest.approx(-16, abs=0.3)
    again = build(replace(job, music=music))  # read from the file
    assert again.music == book.music


def test_the_sentence_before_it_ends_where_it_begins(job: Job, music: Music) -> None:
    book = build(replace(job, music=music))
    volume = with_cover_and_cues(read_volume(book.path))
    assert len(volume.cues) == book.sentences
    for start, end in book.music:
        assert not any(cue.start < end and cue.end > start for cue in volume.cues)


def test_a_converted_book_says_where_it_plays(job: Job, music: Music) -> None:
    book = build(replace(job, music=music))
    path = book.path.with_suffix(".opus")
    convert(Conversion(source=book.path, path=path, format="opus", cache=job.cache))
    seconds = [(start / book.rate, end / book.rate) for start, end in book.music]
    told = audit(path).contents.music
    assert [place for run in told for place in run] == pytest.approx(
        [place for run in seconds for place in run], abs=0.01
    )


def test_another_file_is_bound_anew_and_no_speech_recorded(job: Job, music: Music) -> None:
    events: list[Event] = []
    with_intro = replace(job, music=Music(intro=music.intro))
    first = build(with_intro, events.append)
    digest = first.path.read_bytes()
    assert events
    assert all(event.remembered for event in events if isinstance(event, Progress))
    events.clear()
    build(with_intro, events.append)
    assert not events  # it is up to date
    assert music.intro
    assert music.outro
    copy = job.folder / "copy.wav"
    copy.write_bytes(music.intro.read_bytes())
    build(replace(job, music=Music(intro=copy)), events.append)
    assert not events  # the same sound, wherever it lies
    copy.write_bytes(music.outro.read_bytes())
    build(replace(job, music=Music(intro=copy)), events.append)
    assert all(event.remembered for event in events if isinstance(event, Progress))
    assert first.path.read_bytes() != digest


@pytest.mark.parametrize(
    ("chapters", "pieces", "credited"), [((1, 2), 2, True), ((2, 2), 0, False), ((2, 3), 2, True)]
)
def test_some_chapters_have_only_their_own(
    job: Job, music: Music, chapters: tuple[int, int], pieces: int, *, credited: bool
) -> None:
    book = build(replace(job, music=music, selection=Selection((chapters,))))
    assert len(music_in(book.path)) == pieces
    assert bool(ID3(book.path).getall("COMM")) is credited


def test_files_of_chapters_hold_what_belongs_to_them(job: Job, music: Music) -> None:
    book = build(replace(job, music=music, split=True))
    parts = sorted((book.path.parent / book.path.stem).glob("*.mp3"))
    assert [len(music_in(part)) for part in parts] == [2, 1, 1]
    ends = [part_music[-1][1] for part_music in map(music_in, parts)]
    assert all(end > 2 for end in ends)


def test_whose_it_is_stands_in_the_description(job: Job, music: Music) -> None:
    meta = replace(job.meta, description="Chuyện bến sông.", language="vi")
    book = build(replace(job, music=music, meta=meta))
    (comment,) = ID3(book.path).getall("COMM")
    assert comment.text == ["Chuyện bến sông.\n\nNhạc: “Sóng” của An, CC BY 4.0"]


def test_what_cannot_be_played_is_told_before_anything_is_recorded(
    make_job: Callable[..., Job], tmp_path: Path
) -> None:
    broken = tmp_path / "a.mp3"
    broken.write_text("Không phải nhạc.")
    events: list[Event] = []
    job = make_job(STORY)
    with pytest.raises(UsageError, match=r"a\.mp3") as caught:
        build(replace(job, music=Music(outro=broken)), events.append)
    assert caught.value.setting == "music.outro"
    assert not events
    assert not list(job.cache.glob("??/*.recording"))
    with pytest.raises(UsageError, match="missing"):
        build(replace(job, music=Music(intro=tmp_path / "missing.mp3")))


def test_a_dry_run_counts_it_and_tells_what_cannot_be_played(
    make_job: Callable[..., Job], music: Music, tmp_path: Path
) -> None:
    job = replace(make_job(STORY), music=music)
    at_first = plan(job)
    assert at_first.recorded == 0
    book = build(job)
    assert at_first.seconds == pytest.approx(book.seconds, rel=0.05)
    real = [(chapter.end - chapter.start) / book.rate for chapter in book.chapters]
    assert [chapter.seconds for chapter in plan(job).chapters] == pytest.approx(real, abs=0.06)
    with pytest.raises(UsageError, match="missing"):
        plan(replace(job, music=Music(intro=tmp_path / "missing.mp3")))


def test_entries_stay_in_order() -> None:
    assert with_music(["a", "b", "c"], [(0, "I"), (2, "B"), (3, "O")]) == list("IabBcO")
    assert with_music(["a"], []) == ["a"]


def test_the_length_that_is_expected_counts_music(job: Job, music: Music) -> None:
    without = plan(job)
    with_music = replace(job, music=music)
    expected = plan(with_music)
    added = [
        after.seconds - before.seconds
        for before, after in zip(without.chapters, expected.chapters, strict=True)
    ]
    # The music, and the silence after it.
    assert added == pytest.approx([4 + 1 + 2 + 1, 2 + 1, 1 + 3 + 0.5], abs=0.1)
    book = build(with_music)
    assert expected.seconds == pytest.approx(book.seconds, abs=0.3)
    # Recordings hold 1,105 samples of the encoder's delay more than is heard.
    assert plan(with_music).seconds == pytest.approx(book.seconds + 1105 / 22_050, abs=0.01)
