"""Several voices in one book: who speaks what, and how their sound meets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiobook.app.build import build
from audiobook.app.planning import plan
from audiobook.app.readout import read_sentences
from audiobook.config import load_voice, make_job
from audiobook.engines import clips
from audiobook.errors import UsageError, VoiceError
from audiobook.model import (
    Audio,
    Cast,
    Chapter,
    Direction,
    Document,
    Kind,
    Meta,
    Paragraph,
    Passage,
    Sound,
    Utterance,
    Voice,
)
from audiobook.speech import loudness
from audiobook.stages.record import record
from audiobook.stages.script import write_passages
from audiobook.stages.speakers import people_of
from audiobook.store.recordings import recording_key
from audiobook.system import ffmpeg
from audiobook.vietnamese import Lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobook.model import Job

HANOI, SAIGON, ENGLISH = map(load_voice, ("hanoi", "saigon", "english"))
STORY = "Chị bước vào. “Anh về từ bao giờ?”, chị hỏi. Anh cười: “Mới lúc 8h05 thôi.” Rồi im."


def utterances_of(cast: Cast, *paragraphs: str | Paragraph) -> list[Utterance]:
    story = tuple(
        paragraph if isinstance(paragraph, Paragraph) else Paragraph(paragraph)
        for paragraph in paragraphs
    )
    passages = write_passages(Chapter("", story), 0, cast, lambda _voice: None, Lexicon())
    return [utterance for passage in passages for utterance in passage.utterances]


class TestScript:
    def test_a_sentence_is_cut_where_another_voice_goes_on(self) -> None:
        cast = Cast(HANOI, ((Kind.DIALOGUE, SAIGON),))
        assert [(utterance.text, utterance.role) for utterance in utterances_of(cast, STORY)] == [
            ("Chị bước vào.", Kind.PROSE),
            ("“Anh về từ bao giờ?”,", Kind.DIALOGUE),
            ("chị hỏi.", Kind.PROSE),
            ("Anh cười:", Kind.PROSE),
            ("“Mới lúc 8h05 thôi.”", Kind.DIALOGUE),
            ("Rồi im.", Kind.PROSE),
        ]

    def test_each_voice_reads_in_its_own_accent(self) -> None:
        story = "Một nghìn lẻ một đêm có 1001 đêm. Anh nói: “Có 1001 đêm thật.”"
        narrated, spoken = utterances_of(Cast(HANOI, ((Kind.DIALOGUE, SAIGON),)), story)[::2]
        assert "một nghìn không trăm linh một" in " ".join(narrated.spoken)
        assert "một ngàn không trăm lẻ một" in " ".join(spoken.spoken)

    def test_between_two_voices_in_a_sentence_stays_a_short_pause(self) -> None:
        even = replace(HANOI, pauses=replace(HANOI.pauses, variation=0))
        cast = Cast(even, ((Kind.DIALOGUE, SAIGON),))
        pauses = [utterance.pause for utterance in utterances_of(cast, STORY)]
        clause, colon, sentence = even.pauses.clause, even.pauses.colon, even.pauses.sentence
        chapter = even.pauses.chapter
        assert pauses == [sentence, clause, sentence, colon, sentence, chapter]

    def test_one_voice_alone_keeps_sentences_whole(self) -> None:
        cast = Cast(HANOI, ((Kind.HEADING, SAIGON),))
        texts = [utterance.text for utterance in utterances_of(cast, STORY)]
        assert texts == [utterance.text for utterance in utterances_of(Cast(HANOI), STORY)]
        assert len(texts) == 4

    def test_a_foreign_sentence_is_left_to_who_speaks_the_language(self) -> None:
        cast = Cast(HANOI, ((Kind.FOREIGN, ENGLISH),))
        english = "It is a truth that all the world has known for 20 years."
        first, english_sentence, last = utterances_of(cast, f"Bà đọc to. {english} Rồi bà cười.")
        assert (english_sentence.role, english_sentence.spoken) == (Kind.FOREIGN, (english,))
        assert {first.role, last.role} == {Kind.PROSE}

    def test_foreign_phrases_are_left_to_who_speaks_the_language(self) -> None:
        cast = Cast(HANOI, ((Kind.DIALOGUE, SAIGON), (Kind.FOREIGN, ENGLISH)))
        text = (
            "Cô xem Gone with the Wind. “How are you?”, bà hỏi. “Tôi đọc “I have a dream”, nhé.” "
            "Ông chào “Hello”, rồi: “C’est la vie, mon ami”."
        )
        spoken = utterances_of(cast, text)
        foreign = [one.text for one in spoken if one.role is Kind.FOREIGN]
        assert foreign == ["Gone with the Wind.", "“How are you?”,", "“I have a dream”,"]
        assert "".join(one.text for one in spoken).replace(" ", "") == text.replace(" ", "")
        assert not any(one.role is Kind.FOREIGN for one in utterances_of(Cast(HANOI), text))

    def test_each_language_has_its_own_voice(self) -> None:
        french = replace(ENGLISH, name="french", language="fr")
        text = (
            "Cô xem Gone with the Wind. Bà đọc “C’est la vie, mon ami”, cuốn (tiếng Pháp: la belle "
            "vie) ấy. Il ne sait pas où est la gare. Er hat das Buch nicht gelesen."
        )
        english_part, french_parts = "Gone with the Wind.", ["“C’est la vie, mon ami”,"]
        french_parts += ["la belle vie)", "Il ne sait pas où est la gare."]
        german = "Er hat das Buch nicht gelesen."
        own = (("foreign-fr", french),)
        rest: tuple[tuple[Kind, Voice], ...] = ((Kind.FOREIGN, ENGLISH),)
        for cast, expected in (
            (Cast(HANOI, languages=own), {"french": french_parts}),
            (Cast(HANOI, rest, languages=own), {"english": [english_part], "french": french_parts}),
            (
                Cast(HANOI, rest, languages=(("foreign-en", SAIGON), ("foreign-de", french))),
                {"saigon": [english_part], "french": [german]},
            ),
        ):
            voices: dict[str, list[str]] = {}
            for one in utterances_of(cast, text):
                voices.setdefault(cast.voice(one.role, one.voice).name, []).append(one.text)
            assert {name: voices[name] for name in voices if name != "hanoi"} == expected
            spoken = "".join(chain.from_iterable(voices.values()))
            assert sorted(spoken.replace(" ", "")) == sorted(text.replace(" ", ""))

    def test_a_voice_of_another_language_is_refused(self, tmp_path: Path) -> None:
        source = tmp_path / "x.txt"
        source.write_text("Một câu.", "utf-8")
        make = partial(make_job, str(source), folder=tmp_path, voice="hanoi")
        job = make(cast={"foreign-en": "english", "foreign-fr": "french"})
        assert [(role, one.name) for role, one in job.cast.languages] == [
            ("foreign-en", "english"),
            ("foreign-fr", "french"),
        ]
        assert {"english", "french"} < {voice.name for voice in job.cast.voices}
        with pytest.raises(UsageError, match="foreign-fr is for fr"):
            make(cast={"foreign-fr": "english"})
        with pytest.raises(UsageError, match="there is no role 'foreign-xx'"):
            make(cast={"foreign-xx": "english"})

    def test_nothing_of_a_text_is_lost(self) -> None:
        cast = Cast(HANOI, ((Kind.DIALOGUE, SAIGON),))
        for text in (STORY, "– Đi đâu? – Chị hỏi. – …", "“…” “Ừ”, “!”", "“Một. Hai.” Ba “bốn”."):
            spoken = "".join(utterance.text for utterance in utterances_of(cast, text))
            assert "".join(spoken.split()) == "".join(text.split())

    def test_headings_and_quotations_have_voices_of_their_own(self) -> None:
        cast = Cast(HANOI, ((Kind.HEADING, SAIGON), (Kind.QUOTE, ENGLISH)))
        roles = [
            cast.voice(utterance.role).name
            for utterance in utterances_of(
                cast,
                Paragraph("Chương 1", Kind.HEADING),
                "Mở đầu.",
                Paragraph("Lời người xưa.", Kind.QUOTE),
            )
        ]
        assert roles == ["saigon", "hanoi", "english"]


class _Tones:
    """An engine whose voices are tones: ``voice.model`` says at how many hertz, and how loud."""

    name, version, limit = "tones", "1", None

    def say(self, texts: Sequence[str], voice: Voice) -> list[Audio]:
        hertz, height = map(float, voice.model.split("/"))
        wave = np.sin(np.arange(voice.rate) * 2 * np.pi * hertz / voice.rate) * height
        return [Audio(wave.astype(np.int16), voice.rate) for _ in texts]


class TestSound:
    NARRATOR = Voice(name="trầm", engine="tones", model="300/2000", rate=22_050, speaks=False)
    OTHER = Voice(name="bổng", engine="tones", model="600/16000", rate=16_000, speaks=False)

    @pytest.fixture(autouse=True)
    def _tones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        engine = _Tones()
        monkeypatch.setattr(clips, "load", lambda _name: engine)

    def test_voices_of_other_rates_and_loudness_meet(self) -> None:
        roles = (Kind.PROSE, Kind.DIALOGUE) * 4
        passage = Passage(
            0, 0, tuple(Utterance(text="a", spoken=("a",), role=role, pause=0.5) for role in roles)
        )
        cast, sound = Cast(self.NARRATOR, ((Kind.DIALOGUE, self.OTHER),)), Sound()
        recording = record(passage, cast, sound)
        heard = np.frombuffer(ffmpeg.decode(recording.sound, sound.rate), np.int16)
        levels, pitches = [], []
        for cue in recording.timing.cues:
            clip = heard[cue.start + 3_000 : cue.end - 3_000]
            levels.append(loudness.measure(clip, sound.rate))
            pitches.append(np.argmax(np.abs(np.fft.rfft(clip))) * sound.rate / len(clip))
            assert cue.end - cue.start == pytest.approx(sound.rate, rel=0.01)
        assert pitches == pytest.approx([300, 600] * 4, abs=3)
        assert max(levels) - min(levels) < 0.5
        assert loudness.measure(heard, sound.rate) == pytest.approx(sound.loudness, abs=0.5)


class TestSpeakers:
    """Voices of people who speak, by role and by name."""

    TONE = load_voice("tone")
    STORY = (
        "Chị Hoa hỏi:",
        "– Bao giờ đi?",
        "Ông Tư đáp:",
        "– Mai thì đi.",
        "Nó reo:",
        "– Hay quá!",
    )

    def voices_of(self, cast: Cast) -> list[str]:
        chapter = Chapter("", tuple(map(Paragraph, self.STORY)))
        document = Document(meta=Meta(), chapters=(chapter,))
        passages = write_passages(
            chapter, 0, cast, lambda _voice: None, Lexicon(), people=people_of(document)
        )
        utterances = [utterance for passage in passages for utterance in passage.utterances]
        assert " ".join(utterance.text for utterance in utterances) == " ".join(self.STORY)
        return [
            cast.voice(utterance.role, utterance.voice).name
            for utterance in utterances
            if utterance.text.startswith("–")
        ]

    @pytest.mark.parametrize(
        ("roles", "speakers", "voices"),
        [
            ((), {"woman": SAIGON}, ["saigon", "hanoi", "hanoi"]),
            ((), {"man": SAIGON}, ["hanoi", "saigon", "hanoi"]),
            (((Kind.DIALOGUE, TONE),), {"man": SAIGON}, ["tone", "saigon", "tone"]),
            (((Kind.DIALOGUE, TONE),), {"man": HANOI}, ["tone", "hanoi", "tone"]),
            ((), {"chị Hoa": SAIGON}, ["saigon", "hanoi", "hanoi"]),
            ((), {"Hoa": SAIGON, "woman": TONE}, ["saigon", "hanoi", "hanoi"]),
            ((), {"Bà Sáu": SAIGON}, ["hanoi", "hanoi", "hanoi"]),
        ],
    )
    def test_a_name_comes_before_a_role_and_that_before_dialogue(
        self,
        roles: tuple[tuple[Kind, Voice], ...],
        speakers: dict[str, Voice],
        voices: list[str],
    ) -> None:
        assert self.voices_of(Cast(HANOI, roles, speakers=tuple(speakers.items()))) == voices

    @pytest.mark.parametrize(
        ("role", "cast", "voice"),
        [
            ("old-woman", {"woman": HANOI}, HANOI),
            ("old-woman", {"woman": HANOI, "old-woman": SAIGON}, SAIGON),
            ("girl", {"woman": HANOI, "man": SAIGON}, HANOI),
            ("boy", {"woman": HANOI, "man": SAIGON}, SAIGON),
            ("woman", {"old-woman": HANOI, "man": SAIGON}, None),
            ("", {"woman": HANOI, "man": SAIGON}, None),
        ],
    )
    def test_roles_fall_back_on_those_of_the_same_sex(
        self, role: str, cast: dict[str, Voice], voice: Voice | None
    ) -> None:
        assert Cast(HANOI, speakers=tuple(cast.items())).speaker_voice("", role) == voice

    def test_a_mark_of_the_author_wins_until_it_ends(self) -> None:
        text = "– Đi nào! Nhanh lên! – chị Hoa nói."
        marks = (Direction(0, voice="tone"), Direction(text.index("Nhanh"), voice=""))
        chapter = Chapter("", (Paragraph(text, directions=marks),))
        cast = Cast(HANOI, marked=(self.TONE,), speakers=(("woman", SAIGON),))
        people = people_of(Document(meta=Meta(), chapters=(chapter,)))
        (passage,) = write_passages(chapter, 0, cast, lambda _voice: None, Lexicon(), people=people)
        assert [
            (utterance.text, cast.voice(utterance.role, utterance.voice).name)
            for utterance in passage.utterances
        ] == [("– Đi nào!", "tone"), ("Nhanh lên!", "saigon"), ("– chị Hoa nói.", "hanoi")]

    def test_read_shows_each_speaker_in_their_accent(self, tmp_path: Path) -> None:
        source = tmp_path / "a.txt"
        source.write_text("Chị Hoa nói:\n\n– Có 1001 con.\n\nChị cười. Có 1001 con thật.", "utf-8")
        job = make_job(str(source), folder=tmp_path, voice="hanoi", cast={"woman": "saigon"})
        spoken = [sentence.spoken for sentence in read_sentences(job)]
        assert "một ngàn không trăm lẻ một" in spoken[1]
        assert "một nghìn không trăm linh một" in spoken[-1]

    def test_other_recordings_keep_their_keys(self) -> None:
        chapter = Chapter("", tuple(map(Paragraph, self.STORY)))
        people = people_of(Document(meta=Meta(), chapters=(chapter,)))
        versions = {HANOI: 1, SAIGON: 1}

        def key(cast: Cast) -> str:
            (passage,) = write_passages(
                chapter, 0, cast, lambda _voice: None, Lexicon(), people=people
            )
            return recording_key(passage, cast, Sound(), versions)

        plain = key(Cast(HANOI))
        assert key(Cast(HANOI, speakers=(("girl", SAIGON),))) == plain
        assert key(Cast(HANOI, speakers=(("woman", SAIGON),))) != plain

    def test_a_cast_of_people_is_given_by_flag_and_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Một.")
        (tmp_path / "book.toml").write_text(
            'speed = 1.1\n[cast]\nwoman = "saigon"\n"Chị Dậu" = "hue"\n'
        )
        job = make_job(str(tmp_path / "a.txt"), folder=tmp_path, voice="hanoi", cast={"man": "hue"})
        assert {name: (voice.name, voice.speed) for name, voice in job.cast.speakers} == {
            "woman": ("saigon", 1.1),
            "Chị Dậu": ("hue", 1.1),
            "man": ("hue", 1.1),
        }

    def test_a_character_who_is_not_in_the_book(self, make_job: Callable[..., Job]) -> None:
        job = make_job("Chị Hoa hỏi:\n\n– Đi không?")
        wrong = replace(job, cast=replace(job.cast, speakers=(("Bà Sáu", HANOI),)))
        for act in (build, plan):
            with pytest.raises(UsageError, match="nobody in the book is called 'Bà Sáu'"):
                act(wrong)


class TestOrders:
    def test_a_cast_is_given_by_flag_and_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Một.")
        (tmp_path / "book.toml").write_text(
            'voice = "hue"\nspeed = 1.1\npitch = 0.9\n'
            '[cast]\ndialogue = "saigon"\nheading = "saigon"\n'
        )
        job = make_job(str(tmp_path / "a.txt"), folder=tmp_path, cast={"heading": "tone"})
        cast = job.cast
        assert (cast.narrator.name, cast.narrator.speed, cast.narrator.pitch) == ("hue", 1.1, 0.9)
        assert cast.voice(Kind.DIALOGUE).name == "saigon"
        assert cast.voice(Kind.DIALOGUE).speed == 1.1
        assert cast.voice(Kind.HEADING).name == "tone"
        assert cast.voice(Kind.NOTE) == cast.narrator

    def test_the_book_has_the_highest_rate_of_its_voices(self) -> None:
        cast = {"dialogue": "google"}
        assert make_job("-", folder=Path(), voice="hanoi", cast=cast).sound.rate == 24_000

    def test_a_role_that_is_none(self) -> None:
        with pytest.raises(UsageError, match=r"no role 'hero'.*dialogue"):
            make_job("-", folder=Path(), voice="hanoi", cast={"hero": "hue"})

    def test_a_voice_that_is_none(self) -> None:
        with pytest.raises(VoiceError, match="no voice 'nobody'"):
            make_job("-", folder=Path(), voice="hanoi", cast={"dialogue": "nobody"})

    @pytest.mark.parametrize("words", ['cast = "hue"', "[cast]\ndialogue = 3", "speed = 0"])
    def test_a_file_that_is_not_right(self, tmp_path: Path, words: str) -> None:
        (tmp_path / "a.txt").write_text("Một.")
        (tmp_path / "book.toml").write_text(words)
        with pytest.raises(UsageError, match=r"book\.toml"):
            make_job(str(tmp_path / "a.txt"), folder=tmp_path)

    def test_only_passages_with_another_voice_are_recorded_again(
        self, make_job: Callable[..., Job]
    ) -> None:
        job = make_job("Chương 1\n\nChỉ có lời kể.\n\nChương 2\n\nChị hỏi: “Ai đấy?”")
        build(job)
        recorded = set(job.cache.rglob("*.recording"))
        build(replace(job, cast=replace(job.cast, roles=((Kind.DIALOGUE, HANOI),))))
        # The passage, and what each of the two voices says to be measured.
        assert len(set(job.cache.rglob("*.recording")) - recorded) == 1 + 2

    def test_pauses_come_from_flags_files_and_the_voice(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Một.")
        (tmp_path / "book.toml").write_text("[pauses]\nsentence = 1\nscene = 3.5\n")
        job = make_job(str(tmp_path / "a.txt"), folder=tmp_path, pauses={"sentence": 0.2})
        usual = load_voice("hanoi").pauses
        assert job.voice.pauses == replace(usual, sentence=0.2, scene=3.5)

    @pytest.mark.parametrize(
        "pauses", [{"sigh": 1.0}, {"scene": -1.0}, {"variation": 0.6}, {"scene": float("nan")}]
    )
    def test_pauses_that_are_none(self, pauses: dict[str, float]) -> None:
        with pytest.raises(UsageError, match="pause"):
            make_job("-", folder=Path(), voice="hanoi", pauses=pauses)
