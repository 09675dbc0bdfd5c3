"""Whether cues and sound agree: what is late, missing, too short, too long or silent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from audiobook.audit.types import Drift, Finding, Severity, Silence, Speech
from audiobook.vietnamese import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from audiobook.audit.types import Contents, Line, Profile, Sound

# Sound begins after this much silence, or it only goes on: a closed t or k is shorter.
_BEFORE = 0.1
# MP3 smears sound by so much to where it was silent before.
_EARLY = 0.03
# A cue belongs to the sound that begins this near to it; farther away it is another's.
_NEAR = 0.5
# What ears notice of text that is late: seconds off that are worth a word, and too much.
_LATE, _TOO_LATE = 0.06, 0.15
# A single cue this far from the drift of its neighbours points elsewhere.
_MISPLACED = 0.25
# Where fewer cues than this begin after silence, speech runs on, and cues cannot be told so.
_USUALLY = 0.8
# Of 2,400 sentences by two voices the fastest took 0.55 times the median for a syllable, the
# slowest 1.7 times; a few syllables may be swallowed or drawn out.
_SHORTEST, _LONGEST = 0.45, 2.2
_FEWEST, _DRAWN_OUT = 4, 1.0
# No voice is silent for so long inside a sentence.
_HOLE = 1.2
# Pauses this many times the usual one between chapters are not explained by it.
_LONGER = 1.5


@dataclass(frozen=True, slots=True)
class Said:
    """Where a sentence is heard between its cue and the next one."""

    line: Line
    end: float
    """Seconds: where the next cue begins, or the book ends."""
    first: float
    """Seconds: its first sound; the cue itself when there is none."""
    last: float
    syllables: int
    onset: float | None
    """Seconds from the cue to the nearest beginning of sound; None when none is near."""

    @property
    def heard(self) -> float:
        """Seconds from its first sound to its last."""
        return self.last - self.first


def compare(contents: Contents, sound: Sound, profile: Profile) -> tuple[Speech, list[Finding]]:
    """Compare the synced text with the sound, and look for silence that nothing explains."""
    silent = sound.peaks < sound.audible
    holes = _runs(silent, sound.window)
    said = list(_said(contents.lines, silent, sound))
    pace = [one.heard / one.syllables for one in said if one.syllables >= _FEWEST and one.heard]
    usual = float(np.median(pace)) if pace else 0.0
    drift = tuple(_drift(said))
    findings = [
        *_unsynced(contents),
        *_late(drift),
        *_misplaced(said),
        *_unheard(said, usual),
        *_silences(contents, sound, holes, profile.silence),
    ]
    return Speech(drift, usual), findings


def _runs(silent: NDArray[np.bool_], window: float) -> list[Silence]:
    """Return the silences that are no mere gaps, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], silent.view(np.int8), [0]))))
    return [
        Silence(start * window, end * window)
        for start, end in edges.reshape(-1, 2).tolist()
        if (end - start) * window >= _HOLE
    ]


def _said(lines: Sequence[Line], silent: NDArray[np.bool_], sound: Sound) -> Iterator[Said]:
    """Find where each sentence is heard."""
    if not lines:
        return
    window, heard = sound.window, np.flatnonzero(~silent)
    before = max(round(_BEFORE / window), 1)
    gaps = np.diff(heard, prepend=-before - 1)
    onsets = (heard[gaps > before] * window).astype(np.float64)
    ordered = sorted(lines, key=lambda line: line.start)
    ends = [*(line.start for line in ordered[1:]), sound.seconds]
    nearest = [_nearest(onsets, line.start) for line in ordered]
    told = [onset for onset in nearest if onset is not None]
    # The first sound of the next sentence may come a little before its cue: it is not of this one.
    early = min(float(np.median(told)), 0.0) - _EARLY if told else 0.0
    bounds = np.array([line.start + early for line in ordered] + [sound.seconds]) / window
    places = np.searchsorted(heard, np.ceil(bounds).astype(np.int64))
    rows = zip(ordered, ends, nearest, pairwise(places.tolist()), strict=True)
    for line, end, onset, (first, last) in rows:
        if not any(char.isalnum() for char in line.text):
            continue
        within = heard[first:last]
        yield Said(
            line,
            end,
            float(within[0] * window) if len(within) else line.start,
            float((within[-1] + 1) * window) if len(within) else line.start,
            len(normalize(line.text, respell=True).split()),
            onset,
        )


def _nearest(onsets: NDArray[np.float64], at: float) -> float | None:
    place = int(np.searchsorted(onsets, at))
    near = [float(onset) - at for onset in onsets[max(place - 1, 0) : place + 1]]
    best = min(near, key=abs, default=None)
    return best if best is not None and abs(best) <= _NEAR else None


def _drift(said: Sequence[Said]) -> Iterator[Drift]:
    third = len(said) / 3
    for number, where in enumerate(("beginning", "middle", "end")):
        run = said[round(number * third) : round((number + 1) * third)]
        offsets = [one.onset for one in run if one.onset is not None]
        if offsets:
            yield Drift(where, float(np.median(offsets)), len(offsets))


def _unsynced(contents: Contents) -> Iterator[Finding]:
    if not contents.lines:
        yield Finding(
            "synced-text",
            Severity.NOTE,
            "no synced text: speech that is missing and cues that drift cannot be told",
            "none",
            "SYLT" if contents.format == "mp3" else "SYNCEDLYRICS",
        )
    elif any(one.start > two.start for one, two in pairwise(contents.lines)):
        yield Finding(
            "synced-text",
            Severity.ERROR,
            "the sentences of the synced text stand in another order than they are heard",
            remedy="build the book again",
        )


def _late(drift: Sequence[Drift]) -> Iterator[Finding]:
    for one in drift:
        if abs(one.seconds) >= _LATE:
            yield Finding(
                "cue-drift",
                Severity.ERROR if abs(one.seconds) >= _TOO_LATE else Severity.WARNING,
                f"at the {one.where} of the book, text is shown "
                f"{'before' if one.seconds > 0 else 'after'} it is heard",
                f"{one.seconds * 1000:+.0f} ms",
                f"within {_LATE * 1000:.0f} ms",
                "build the book again; an editor that cuts sound does not move its text",
            )


def _misplaced(said: Sequence[Said]) -> Iterator[Finding]:
    told = [one.onset for one in said if one.onset is not None]
    if len(told) < _USUALLY * len(said):
        return
    usual = float(np.median(told)) if told else 0.0
    for one in said:
        if one.first == one.last:
            continue  # nothing is heard at all, which is told elsewhere
        if one.onset is None or abs(one.onset - usual) > _MISPLACED:
            yield Finding(
                "cue-place",
                Severity.WARNING,
                f"no sound begins where this sentence does: {_quoted(one.line.text)}",
                "none near" if one.onset is None else f"{one.onset * 1000:+.0f} ms",
                f"within {_MISPLACED * 1000:.0f} ms",
                "build the book again",
                at=one.line.start,
            )


def _unheard(said: Sequence[Said], usual: float) -> Iterator[Finding]:
    for one in said:
        expected = usual * one.syllables
        wanted = f"about {expected:.1f} s for {one.syllables} syllables"
        if one.first == one.last:
            rule, what = "speech-missing", "nothing is heard of this sentence"
        elif one.syllables >= _FEWEST and one.heard < _SHORTEST * expected:
            rule, what = "speech-short", "too short for its words"
        elif one.syllables and one.heard > _LONGEST * expected + _DRAWN_OUT:
            rule, what = "speech-long", "too long for its words"
        else:
            continue
        yield Finding(
            rule,
            Severity.WARNING if rule == "speech-long" else Severity.ERROR,
            f"{what}: {_quoted(one.line.text)}",
            f"{one.heard:.1f} s",
            wanted,
            "listen there; fix the sentence or choose another voice, and build again",
            at=one.line.start,
        )


def _silences(
    contents: Contents, sound: Sound, holes: Sequence[Silence], most: float
) -> Iterator[Finding]:
    between = [
        hole.end - hole.start
        for hole in holes
        if any(hole.start <= part.start <= hole.end for part in contents.parts[1:])
    ]
    most = max([most, _LONGER * float(np.median(between))] if between else [most])
    starts = np.array(sorted(line.start for line in contents.lines))
    for hole in holes:
        length = hole.end - hole.start
        place = int(np.searchsorted(starts, hole.start, side="right"))
        until = starts[place] if place < len(starts) else sound.seconds
        # Sound goes on behind it before the next sentence begins.
        inside = place > 0 and hole.end < until - _BEFORE
        if inside:
            what, wanted = "silence inside a sentence", f"at most {_HOLE:g} s"
        elif length > most:
            what, wanted = "a long silence that no pause explains", f"at most {most:.1f} s"
        else:
            continue
        yield Finding(
            "silence",
            Severity.ERROR if inside else Severity.WARNING,
            what,
            f"{length:.1f} s",
            wanted,
            "listen there; build the book again",
            at=hole.start,
        )


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text}”" if len(text) <= 60 else f"“{text[:60].rstrip()}…”"
