"""Subtitles spoken at their times, from the file to the sound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.app.preparing import prepare
from audiobook.app.scripting import write_script
from audiobook.config import load_voice, make_job
from audiobook.errors import UsageError
from audiobook.model import Cast, Event, Kind, Progress, TimedPassage
from audiobook.outputs import TIMED_FORMATS, load_sound
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from audiobook.model import Book, Job

VOICE = load_voice("tone")
RATE = VOICE.rate
SYLLABLE = 0.15
SYLLABLES = (
    "ba mưa sông đò nước lên bờ xa chiều về muộn trăng non gió nhẹ thuyền trôi xuôi dòng".split()
)
# A tone is loud so long after it begins.
LEAD = 0.0005


def stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    minutes, milliseconds = divmod(whole, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds / 1000:06.3f}".replace(".", ",")


def film(*cues: tuple[float, float, str]) -> str:
    return "".join(
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n\n"
        for number, (start, end, text) in enumerate(cues, 1)
    )


def words(number: int, first: int = 0) -> str:
    """Return so many syllables; those of subtitles in a row must differ."""
    return " ".join(SYLLABLES[(first + n) % len(SYLLABLES)] for n in range(number))


def order(folder: Path, text: str, form: str = "wav") -> Job:
    source = folder / "phim.srt"
    source.write_text(text, "utf-8")
    return make_job(
        str(source),
        folder=folder / "out",
        voice="tone",
        form=form,
        timed=True,
        without_cover=True,
        workers=2,
    )


def onsets(book: Book) -> list[float]:
    """Return when sound begins after at least a twentieth of a second of silence, in seconds."""
    data = book.path.read_bytes()
    loud = np.flatnonzero(np.abs(np.frombuffer(ffmpeg.decode(data, RATE), np.int16) * 1.0) > 900)
    silent_before = np.diff(loud, prepend=-RATE) > RATE // 20
    return [float(sample) / RATE for sample in loud[silent_before]]


def recordings(events: list[Event]) -> int:
    """Return how many passages were recorded anew."""
    return sum(isinstance(event, Progress) and not event.remembered for event in events)


# More than one passage, long silences at the beginning and between, times between frames.
STARTS = [65.0 + number * 3.567 + (130 if number > 20 else 0) for number in range(40)]
LONG = [(start, start + 2, words(1 + n % 9, n)) for n, start in enumerate(STARTS)]


@pytest.mark.parametrize("form", TIMED_FORMATS)
def test_every_subtitle_is_heard_at_its_time(form: str, tmp_path: Path) -> None:
    book = build(order(tmp_path, film(*LONG), form))
    heard = onsets(book)
    assert len(heard) == len(LONG)
    late = np.array(heard) - [start for start, *_ in LONG]
    tolerance = 0.001 if form in ("wav", "mp3") else 0.006  # others have their own pre-echo
    assert np.abs(late - np.median(late)).max() < tolerance
    assert abs(np.median(late) - LEAD) < tolerance
    frame = load_sound(form).whole_frames(1, RATE)
    end = LONG[-1][1] * RATE
    assert round(end) <= book.samples <= end + 2 * frame + load_sound(form).silent_tail(RATE)
    assert not book.misfits


def test_a_film_is_as_long_as_its_subtitles(tmp_path: Path) -> None:
    book = build(order(tmp_path, film((0.0, 0.5, "ba"), (2.0, 10.25, "ba"))))
    assert book.samples == round(10.25 * RATE)


def test_what_is_too_long_delays_only_what_follows_and_is_told(tmp_path: Path) -> None:
    cues = (
        (1.0, 2.0, words(4)),
        (2.0, 3.0, words(20, 5)),
        (3.0, 4.0, words(3, 1)),
        (9.0, 9.5, "ba"),
    )
    book = build(order(tmp_path, film(*cues)))
    (misfit,) = book.misfits
    assert (misfit.slot.number, misfit.slot.start) == (2, 2.0)
    # It is spoken 1.25 times as fast, and begins a tenth of a second earlier.
    length = 20 * SYLLABLE / 1.25
    assert misfit.seconds == pytest.approx(1.9 + length - (3.0 - 0.1), abs=0.05)
    first, second, third, fourth = onsets(book)
    assert (first, fourth) == pytest.approx((1 + LEAD, 9 + LEAD), abs=0.002)
    assert second == pytest.approx(1.9 + LEAD, abs=0.02)
    assert third == pytest.approx(second + length + 0.1, abs=0.1)


def test_speech_that_reaches_into_the_next_passage_moves_it(tmp_path: Path) -> None:
    """A passage begins at two minutes, where no gap is longer than another."""
    cues = [(n * 1.0, n + 1.0, words(12, n)) for n in range(117, 124)] + [(400.0, 401.0, "ba")]
    job = order(tmp_path, film(*cues), "mp3")
    book = build(job)
    heard = onsets(book)
    assert len(heard) == 8
    assert [misfit.slot.number for misfit in book.misfits] == [1, 2, 3, 4, 5, 6]
    begins = [117.0 + number * (12 * SYLLABLE / 1.25 + 0.1) for number in range(7)]
    assert heard[:-1] == pytest.approx(begins, abs=0.1)
    assert heard[-1] == pytest.approx(400 + LEAD, abs=0.002)
    log: list[Event] = []
    assert build(job, log.append).samples == book.samples
    assert not log  # it is up to date, although passages were moved
    book.path.unlink()
    assert onsets(build(replace(job, transcripts=("srt",)), log.append)) == heard
    assert not recordings(log)


def test_only_the_edited_passage_is_recorded_again(tmp_path: Path) -> None:
    build(order(tmp_path, film(*LONG)))
    start, end, _ = LONG[30]
    log: list[Event] = []
    build(order(tmp_path, film(*LONG[:30], (start, end, "khác"), *LONG[31:])), log.append)
    assert recordings(log) == 1


def test_a_transcript_has_the_times_that_are_heard(tmp_path: Path) -> None:
    cues = ((1.0, 1.2, words(20)), (2.0, 3.0, words(3)))
    book = build(replace(order(tmp_path, film(*cues)), transcripts=("srt",)))
    lines = book.path.with_suffix(".srt").read_text("utf-8").split("\n\n")
    assert (
        build(replace(order(tmp_path, film(*cues)), transcripts=("vtt",))).misfits == book.misfits
    )
    begins = [line.split("\n")[1].split(" --> ")[0] for line in lines]
    wanted = [stamp(onset) for onset in onsets(book)]
    assert (begins[0][:11], begins[-1][:11]) == (wanted[0][:11], wanted[-1][:11])


def test_each_voice_of_a_cast_speaks_in_its_slot(tmp_path: Path) -> None:
    other = replace(VOICE, name="other", pitch=1.5)
    job = order(tmp_path, film((1.0, 3.0, "Một hai ba.\n- Anh đi đâu đấy?"), (6.0, 7.0, "Bốn.")))
    job = replace(job, cast=Cast(VOICE, ((Kind.DIALOGUE, other),)))
    book = build(job)
    assert book.sentences == 3
    assert onsets(book)[0] == pytest.approx(1 + LEAD, abs=0.002)
    assert onsets(book)[-1] == pytest.approx(6 + LEAD, abs=0.002)


def test_a_plan_tells_what_will_not_fit_and_how_long_the_film_is(tmp_path: Path) -> None:
    text = film((1.0, 2.0, words(40)), (2.5, 3.0, "ba"), (60.0, 61.5, "ba"))
    job = order(tmp_path, text)
    expected = plan(job)
    assert [misfit.slot.number for misfit in expected.misfits] == [1]
    assert expected.seconds == 61.5
    book = build(job)
    assert plan(job).misfits == book.misfits  # what is recorded is known exactly


@pytest.mark.parametrize(
    ("form", "timed"), [("wav", False), ("epub", True)], ids=["book as wav", "film as epub"]
)
def test_formats_that_do_not_suit(form: str, timed: bool, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="choose one of"):
        make_job("-", folder=tmp_path, voice="tone", form=form, timed=timed)


def test_a_dry_run_names_the_subtitles_that_the_build_names(tmp_path: Path) -> None:
    # The first is far too long and delays the second, which has no room either.
    text = film((1.0, 2.0, words(40)), (3.0, 4.0, words(5)), (4.0, 7.0, words(3)))
    job = order(tmp_path, text)
    expected = {misfit.slot.number: misfit.seconds for misfit in plan(job).misfits}
    real = {misfit.slot.number: misfit.seconds for misfit in build(job).misfits}
    assert real
    assert expected == pytest.approx(real, abs=0.3)
    recorded = {misfit.slot.number: misfit.seconds for misfit in plan(job).misfits}
    assert recorded == pytest.approx(real, abs=0.3)  # of a passage that was moved it is an estimate


def test_a_sign_that_is_shown_for_an_hour_makes_no_recording_of_an_hour(tmp_path: Path) -> None:
    """The last one, and one that a long gap follows; the sound still ends with what is shown."""
    cues = ((1.0, 3000.0, "ba"), (2000.0, 5600.0, "mưa"))
    job = order(tmp_path, film(*cues))
    script = [passage for _, passage in write_script(prepare(job), job)]
    passages = [passage for passage in script if isinstance(passage, TimedPassage)]
    assert len(passages) == len(script)
    assert max(passage.samples for passage in passages) < 100 * RATE
    assert sum(passage.samples for passage in passages) == 5600 * RATE
