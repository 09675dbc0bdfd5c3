"""Hears doubted sentences once more, after another: alone, short ones are understood badly.

Of Sano, Whisper base finds a logarithm more for sentences that were said, and half a one less for
what was said in the place of others (30 sentences of 2 to 8 syllables, 2026-11-30).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audiobook.audit.listening_back.clips import cut_clips
from audiobook.audit.listening_back.recogniser import HOME, RATE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from audiobook.audit.listening_back.judging import HeardSentence
    from audiobook.audit.listening_back.recogniser import Recogniser
    from audiobook.audit.types import SyncedSentence

_PAUSE = np.zeros(round(0.3 * RATE), np.float32)
# Seconds of speech in each of both sentences at most: models hear 30 seconds at once.
_LONGEST = 12.0
_FEWEST = 5
"""Syllables of the sentence before."""


def hear_in_context(
    path: Path,
    cues: Sequence[SyncedSentence],
    sentences: Mapping[int, HeardSentence],
    unlike: Collection[int],
    doubted: Collection[int],
    recogniser: Recogniser,
) -> dict[int, HeardSentence]:
    """Return sentences with what speaks for them after the nearest one that is not doubted.

    Args:
        path: the book, which is decoded once.
        cues: its synced text, in the order that it is heard.
        sentences: what was heard of it, by their places.
        unlike: the places of sentences to hear; those before which there is none are left out.
        doubted: the places of all that are doubted.
        recogniser: writes down what it hears.

    Raises:
        SourceError: the sound cannot be decoded.
        EngineError: the recogniser failed.
    """
    short = (number for number in unlike if sentences[number].seconds <= _LONGEST)
    nearest = {number: _lead(sentences, number, doubted) for number in short}
    leads = {number: place for number, place in nearest.items() if place is not None}
    results: dict[int, HeardSentence] = {}
    before = np.empty(0, np.float32)
    for clip in cut_clips(path, cues, {*leads, *leads.values()}) if leads else ():
        if clip.number not in leads:  # the lead of those that follow, up to the next
            before = clip.samples
            continue
        lead, sentence = sentences[leads[clip.number]], sentences[clip.number]
        samples = np.concatenate((before, _PAUSE, clip.samples))
        heard = recogniser.hear(samples, HOME, f"{lead.expected} {sentence.expected}")
        support = heard.support[len(lead.support) :]
        results[clip.number] = replace(sentence, context_support=support)
    return results


def _lead(
    sentences: Mapping[int, HeardSentence], number: int, doubted: Collection[int]
) -> int | None:
    """Return the nearest sentence before one that may be heard before it."""
    for earlier in range(number - 1, -1, -1):
        lead = sentences.get(earlier)
        if not lead or earlier in doubted or not lead.support:
            continue
        if lead.syllables >= _FEWEST and lead.seconds <= _LONGEST:
            return earlier
    return None
