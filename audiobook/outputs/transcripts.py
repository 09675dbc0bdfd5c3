"""Renders transcripts of a book: WebVTT, SubRip and LRC, with the times of sentences and words."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.model import Cue, Word
from audiobook.outputs import lyrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audiobook.model import Book

# Characters of a line in podcast players; a longer word is not cut.
_VTT_LINE = 65
_SRT_LINE, _SRT_LINES = 32, 2
_TOKEN = re.compile(r"\S+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_BRACKETS = str.maketrans("[]", "()")
# SubRip has no escapes: signs that players take for times, tags and styles are replaced.
_SRT_SIGNS = (
    (re.compile(r"--+>"), "→"),
    (re.compile(r"<(?=[a-zA-Z/!])"), "‹"),
    (re.compile(r"\{(?=\\|[a-zA-Z]:)"), "("),
)


class _Token(NamedTuple):
    """A word of a sentence with its punctuation."""

    text: str
    at: int | None
    """Tick at which it begins, after the start of its sentence and that of the word before; None
    where that is not known."""


class _TimedSentence(NamedTuple):
    """A sentence with its times in ticks; it lasts at least one, and overlaps no other sentence."""

    start: int
    end: int
    tokens: list[_Token]


def render(kind: str, book: Book, cues: Iterable[Cue], *, words: bool = True) -> str:
    """Return a transcript of a book, with its text as written.

    - ``vtt``: WebVTT of the W3C, a cue for each sentence, without notes, at which parsers of
      podcast clients stop.
    - ``srt``: SubRip, two short lines at a time, so that a long sentence takes several steps.
    - ``lrc``: LRC for music players, a line for each sentence, in hundredths of a second.

    Args:
        kind: one of these.
        book: the book, its chapters in time order.
        cues: every sentence in order, in samples of the book; read once.
        words: whether VTT and LRC hold the time of each word, guessed where a cue does not have
            it. Simple players of LRC show these times as text.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in _RENDERERS:
        kinds = ", ".join(_RENDERERS)
        raise UsageError(
            message("there is no transcript called {kind}", kind=kind),
            message("choose from {names}", names=kinds),
        )
    return _RENDERERS[kind](book, cues, words)


def guess_word_times(cue: Cue, accent: str = "north") -> tuple[Word, ...]:
    """Return guessed times of the words of a sentence, by the length of what is said for them.

    Args:
        cue: the sentence as written.
        accent: of the voice: north, central or south.
    """
    from audiobook.vietnamese import alignment, explain, say

    readings = explain(cue.text, accent, respell=True)
    pieces = (say(cue.text, readings),)
    marks = alignment.guess_marks(pieces[0], cue.end - cue.start)
    spans = alignment.trace_spans(cue.text, readings, pieces)
    words = alignment.align_words(cue.text, pieces, spans, [marks])
    return tuple(Word(cue.start + word.at, word.start, word.end) for word in words)


def _render_vtt(book: Book, cues: Iterable[Cue], words: bool) -> str:
    blocks = ["WEBVTT"]
    for sentence in _timed_sentences(book, cues, 1000):
        text = "\n".join(
            " ".join(_vtt_word(token, words) for token in row)
            for row in _wrap(sentence.tokens, _VTT_LINE)
        )
        blocks.append(
            f"{_timestamp(sentence.start, '.')} --> {_timestamp(sentence.end, '.')}\n{text}"
        )
    return "\n\n".join(blocks) + "\n"


def _vtt_word(token: _Token, words: bool) -> str:
    time = f"<{_timestamp(token.at, '.')}>" if words and token.at is not None else ""
    return time + _escape_vtt(token.text)


def _escape_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render_srt(book: Book, cues: Iterable[Cue], _words: bool) -> str:
    blocks: list[str] = []
    for sentence in _timed_sentences(book, cues, 1000):
        rows = _wrap(sentence.tokens, _SRT_LINE, _SRT_LINES)
        for start, end, shown in _steps(sentence, rows):
            text = "\n".join(" ".join(token.text for token in row) for row in shown)
            for sign, plain in _SRT_SIGNS:
                text = sign.sub(plain, text)
            blocks.append(
                f"{len(blocks) + 1}\n{_timestamp(start, ',')} --> {_timestamp(end, ',')}\n{text}"
            )
    return "\n\n".join(blocks) + "\n"


def _steps(
    sentence: _TimedSentence, rows: list[list[_Token]]
) -> Iterator[tuple[int, int, list[list[_Token]]]]:
    """Yield start, end and rows of each step of a sentence; a step begins with its first word."""
    steps = [rows[row : row + _SRT_LINES] for row in range(0, len(rows), _SRT_LINES)]
    if sentence.end - sentence.start < len(steps):
        steps = [rows]
    start = sentence.start
    for number, step in enumerate(steps, 1):
        following = chain.from_iterable(chain.from_iterable(steps[number:]))
        next_time = next((token.at for token in following if token.at is not None), sentence.end)
        end = min(max(next_time, start + 1), sentence.end - (len(steps) - number))
        yield start, end, step
        start = end


def _render_lrc(book: Book, cues: Iterable[Cue], words: bool) -> str:
    seconds = round(book.seconds)
    tags = {
        "ti": book.meta.title,
        "ar": book.meta.author,
        "al": book.meta.title,
        "length": f"{seconds // 60:02}:{seconds % 60:02}",
    }
    rows = [
        f"[{name}:{_on_one_line(value).translate(_BRACKETS)}]"
        for name, value in tags.items()
        if value
    ]
    for sentence in _timed_sentences(book, cues, 100):
        first, *others = (
            token._replace(text=lyrics.without_times(token.text)) for token in sentence.tokens
        )
        if words:
            text = " ".join(
                token.text if token.at is None else f"<{_lrc_time(token.at)}>{token.text}"
                for token in (_Token(first.text, sentence.start), *others)
            )
            text += f" <{_lrc_time(sentence.end)}>"
        else:
            text = " ".join(token.text for token in (first, *others))
            if text.startswith("["):
                text = f" {text}"  # or players would take it for a time
        rows.append(f"[{_lrc_time(sentence.start)}]{text}")
    return "\n".join(rows) + "\n"


_RENDERERS: dict[str, Callable[[Book, Iterable[Cue], bool], str]] = {
    "vtt": _render_vtt,
    "srt": _render_srt,
    "lrc": _render_lrc,
}
KINDS = tuple(_RENDERERS)
"""The kinds that `render` can make, each the ending of its files."""


def _timed_sentences(book: Book, cues: Iterable[Cue], unit: int) -> Iterator[_TimedSentence]:
    """Yield the sentences with times in ticks, of which ``unit`` are a second.

    A sentence that cannot be said has no length: it stays until the next one.
    """
    free = 0
    end_of_book = Cue(book.samples, book.samples, "")
    for cue, following in pairwise(chain(cues, (end_of_book,))):
        start = max(_ticks(cue.start, book.rate, unit), free)
        next_start = _ticks(following.start, book.rate, unit)
        end = next_start
        if cue.end > cue.start:
            end = min(_ticks(cue.end, book.rate, unit), next_start)
        free = end = max(end, start + 1)
        if tokens := list(_tokens(cue, start, end, book.rate, unit)):
            yield _TimedSentence(start, end, tokens)


def _tokens(cue: Cue, start: int, end: int, rate: int, unit: int) -> Iterator[_Token]:
    ticks = {word.start: _ticks(word.at, rate, unit) for word in cue.words or guess_word_times(cue)}
    latest = start
    for match in _TOKEN.finditer(cue.text):
        if text := _CONTROLS.sub("", match[0]):
            tick = ticks.get(match.start(), 0)
            yield _Token(text, tick if latest < tick < end else None)
            latest = max(latest, min(tick, end))


def _wrap(tokens: list[_Token], longest: int, multiple: int = 1) -> list[list[_Token]]:
    """Break a sentence into rows of at most ``longest`` characters, about equally long.

    Args:
        tokens: its words.
        longest: most characters of a row; a longer word stands alone.
        multiple: how many rows are shown at a time.
    """
    rows = _fill_rows(tokens, longest)
    row_limit = -(-len(rows) // multiple) * multiple
    if len(rows) == 1:
        return rows
    characters = sum(len(token.text) + 1 for token in tokens)
    for width in range(characters // row_limit, longest):
        if len(narrower := _fill_rows(tokens, width)) <= row_limit:
            return narrower
    return rows


def _fill_rows(tokens: list[_Token], width: int) -> list[list[_Token]]:
    rows: list[list[_Token]] = [[]]
    length = 0
    for token in tokens:
        length += len(token.text) + 1
        if length - 1 > width and rows[-1]:
            rows.append([])
            length = len(token.text) + 1
        rows[-1].append(token)
    return rows


def _on_one_line(text: str) -> str:
    """Return a text on one line, without control characters."""
    return " ".join(_CONTROLS.sub("", text).split())


def _ticks(samples: int, rate: int, unit: int) -> int:
    return (samples * unit * 2 + rate) // (rate * 2)


def _timestamp(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{thousandths:03}"


def _lrc_time(hundredths: int) -> str:
    seconds, remainder = divmod(hundredths, 100)
    return f"{seconds // 60:02}:{seconds % 60:02}.{remainder:02}"
