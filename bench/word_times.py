"""Measures how far off the times of words are that nobody tells: guessed, or found in the sound.

``python word_times.py [SOURCE...]`` has voices say sentences of the sources, or of ``tests/data``,
and compares several ways with the truth: by how many milliseconds the beginnings of words are off,
all but the first of each sentence. Four truths are known exactly:

- ``sano``: the lengths that the network gives its own phonemes;
- ``sano, lower``: the same sound played slower, so that it is lower and longer;
- ``sano, spliced``: words said alone, cut where they become audible, and joined with short gaps;
- ``saigon``: the times of eSpeak NG itself. It resembles the voice that it is compared with, of
  another region, more than any other voice does.

``--recogniser`` adds the times of a Whisper model: of the text that is known, and of the words that
it recognises by itself, of which only those count that it recognises rightly.
"""

from __future__ import annotations

import argparse
import difflib
import random
import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import soxr

import audiobook
from audiobook.config import load_voice
from audiobook.model import Audio, Mark, Voice
from audiobook.speech.speak import speak
from audiobook.speech.word_times import with_word_times
from audiobook.vietnamese import normalize, split_sentences
from audiobook.vietnamese.alignment import guess_marks

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "vietnamese"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

FEWEST, LONGEST = 4, 180
"""Words of a sentence at least, and characters at most."""
LOWER = 0.82
PAUSE, GAP = 0.25, 0.03
"""Seconds between spliced words: after a comma, and elsewhere."""
AUDIBLE = 10 ** (-35 / 20)
NEAR, STEP = 0.08, 0.005
"""Seconds from a guess in which the softest place is looked for, in steps."""
HEARD_RATE = 16_000


class Sample(NamedTuple):
    """A sentence said by a voice, with the true times of its words in the clip."""

    text: str
    clip: Audio
    voice: Voice


def take_texts(sources: Sequence[str], count: int, choice: random.Random) -> list[str]:
    """Return sentences as they are said, equally many of each source."""
    if not sources:
        paragraphs = corpus.load_paragraphs()
        sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
        return list(_spoken(sentences, count, choice))
    texts: dict[str, None] = {}
    for source in sources:
        sentences = [
            sentence
            for chapter in audiobook.read(source).chapters
            for paragraph in chapter.paragraphs
            for sentence in split_sentences(paragraph.text)
        ]
        texts |= _spoken(sentences, count, choice)
    return list(texts)


def _spoken(sentences: Sequence[str], count: int, choice: random.Random) -> dict[str, None]:
    spoken = dict.fromkeys(normalize(sentence, respell=True) for sentence in sentences)
    fitting = [text for text in spoken if len(text) <= LONGEST and len(text.split()) >= FEWEST]
    return dict.fromkeys(choice.sample(fitting, min(count, len(fitting))))


# --- truths --------------------------------------------------------------------------------------


def say(texts: Sequence[str], voice: Voice) -> list[Sample]:
    """Return the texts said by a voice, of which all words are told."""
    clips = [speak([text], voice)[0] for text in texts]
    samples = [Sample(text, clip, voice) for text, clip in zip(texts, clips, strict=True)]
    return [sample for sample in samples if sample.clip.marks]


def lower(sample: Sample) -> Sample:
    """Return a sample played slower."""
    clip = sample.clip
    samples = np.asarray(soxr.resample(clip.samples, clip.rate, clip.rate / LOWER), np.int16)
    marks = tuple(Mark(round(mark.sample / LOWER), mark.position) for mark in clip.marks)
    return sample._replace(clip=Audio(samples, clip.rate, marks))


def splice(sample: Sample) -> Sample:
    """Return a sample made of words said alone."""
    parts: list[NDArray[np.int16]] = []
    marks: list[Mark] = []
    length, rate = 0, sample.clip.rate
    for match in re.finditer(r"\S*\w\S*", sample.text):
        (word,) = speak([match[0].strip(".,;:!?…()“”\"'-")], sample.voice)
        loudness = np.abs(word.samples.astype(np.int32))
        audible = np.flatnonzero(loudness > loudness.max() * AUDIBLE)
        sound = word.samples[audible[0] : audible[-1] + 1]
        pause = PAUSE if match[0][-1] in ",;:" else GAP
        marks.append(Mark(length, match.start()))
        parts += (sound, np.zeros(round(pause * rate), np.int16))
        length += len(sound) + len(parts[-1])
    return sample._replace(clip=Audio(np.concatenate(parts[:-1]), rate, tuple(marks)))


# --- ways ----------------------------------------------------------------------------------------


def guess(sample: Sample) -> Sequence[Mark]:
    """Return the times that are guessed by the lengths of the words."""
    return guess_marks(sample.text, len(sample.clip.samples))


def valleys(sample: Sample) -> Sequence[Mark]:
    """Return guessed times, each moved to the softest place nearby."""
    samples, rate = sample.clip.samples.astype(np.float64), sample.clip.rate
    step = round(STEP * rate)
    powers = (samples[: len(samples) // step * step].reshape(-1, step) ** 2).sum(axis=1)
    powers = np.convolve(powers, np.ones(4), "same")
    near = round(NEAR / STEP)

    def softest(sample: int) -> int:
        first = max(sample // step - near, 0)
        return int(first + powers[first : sample // step + near].argmin()) * step

    return [Mark(softest(mark.sample), mark.position) for mark in guess(sample)]


def align(sample: Sample) -> Sequence[Mark]:
    """Return the times that builds find."""
    stranger = replace(sample.voice, engine="command", accent="north")
    return with_word_times(replace(sample.clip, marks=()), sample.text, stranger).marks


class Recogniser:
    """A Whisper model that tells when words are heard."""

    def __init__(self, folder: str) -> None:
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        self._model: Any = WhisperModel(
            folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
        )
        self._tokenizer = Tokenizer(
            self._model.hf_tokenizer, True, task="transcribe", language="vi"
        )

    def known(self, sample: Sample) -> Sequence[Mark]:
        """Return the times of the words of the text, by the attention of the model to them."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(_heard_samples(sample))
        encoded = self._model.encode(pad_or_trim(features, 3_000))
        tokens = self._tokenizer.encode(f" {sample.text}")
        (words,) = self._model.find_alignment(
            self._tokenizer, [tokens], encoded, features.shape[-1], 7
        )
        starts, position = {}, -1
        for word in words:
            starts[max(position + word["word"].startswith(" "), 0)] = word["start"]
            position += len(word["word"])
        rate = sample.clip.rate
        return [Mark(round(start * rate), position) for position, start in starts.items()]

    def recognised(self, sample: Sample) -> Sequence[Mark]:
        """Return the times of the words that it recognises rightly."""
        segments, _ = self._model.transcribe(
            _heard_samples(sample),
            language="vi",
            temperature=0.0,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        heard = [word for segment in segments for word in segment.words]
        words = list(re.finditer(r"\S+", sample.text))
        blocks = difflib.SequenceMatcher(
            None, [_key(word[0]) for word in words], [_key(word.word) for word in heard], False
        ).get_matching_blocks()
        rate = sample.clip.rate
        return [
            Mark(round(heard[block.b + number].start * rate), words[block.a + number].start())
            for block in blocks
            for number in range(block.size)
        ]


def _key(word: str) -> str:
    return "".join(filter(str.isalnum, word.lower()))


def _heard_samples(sample: Sample) -> NDArray[np.float32]:
    samples = sample.clip.samples.astype(np.float32) / 32_768
    return np.asarray(soxr.resample(samples, sample.clip.rate, HEARD_RATE), np.float32)


# --- measuring -----------------------------------------------------------------------------------


def measure(samples: Sequence[Sample], way: Callable[[Sample], Sequence[Mark]]) -> str:
    """Return how far off a way is, in milliseconds, and what it costs.

    Also told is by how much most of its times are late, and how far off they are without that.
    """
    off: list[float] = []
    start = time.process_time()
    for sample in samples:
        found = {mark.position: mark.sample for mark in way(sample)}
        off += [
            (found[mark.position] - mark.sample) / sample.clip.rate * 1000
            for mark in sample.clip.marks[1:]
            if mark.position in found
        ]
    cost = time.process_time() - start
    hours = sum(len(sample.clip.samples) / sample.clip.rate for sample in samples) / 3600
    errors, offset = np.abs(off), float(np.median(off))
    evened = np.abs(np.subtract(off, offset))
    return (
        f"{len(off):>7}{errors.mean():>7.0f}{np.median(errors):>8.0f}"
        f"{np.percentile(errors, 90):>6.0f}{offset:>+8.0f}{evened.mean():>8.0f}"
        f"{cost / hours:>12.0f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sources", nargs="*", help="books to take sentences from")
    parser.add_argument("--recogniser", help="the folder of a Whisper model for CTranslate2")
    parser.add_argument("--count", type=int, default=40, help="sentences of each source")
    parser.add_argument("--seed", type=int, default=1, help="what the choices depend on")
    options = parser.parse_args()
    texts = take_texts(options.sources, options.count, random.Random(options.seed))
    sano = say(texts, load_voice("sano"))
    truths = {
        "sano": sano,
        "sano, lower": [lower(sample) for sample in sano],
        "sano, spliced": [splice(sample) for sample in sano],
        "saigon": say(texts, load_voice("saigon")),
    }
    ways = {"guess": guess, "valleys": valleys, "align": align}
    if options.recogniser:
        recogniser = Recogniser(options.recogniser)
        ways |= {"whisper, text known": recogniser.known, "whisper alone": recogniser.recognised}
    print(f"{'ms':<36}words   mean  median  90 %      by  evened  CPU s/hour")
    for truth, samples in truths.items():
        for name, way in ways.items():
            print(f"{truth:<14}{name:<20}{measure(samples, way)}", flush=True)


if __name__ == "__main__":
    main()
