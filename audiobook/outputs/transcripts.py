"""Book to transcript: WebVTT, SubRip and LRC, sentence by sentence and word by word."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from audiobook.errors import UsageError
from audiobook.model import Cue, Word
from audiobook.outputs import lyrics
from audiobook.vietnamese import alignment, explain, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audiobook.model import Book

# Characters a line, as podcast players show them; a longer word is not cut.
_VTT_LINE = 65
_SRT_LINE, _SRT_LINES = 32, 2
_TOKEN = re.compile(r"\S+")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_BRACKETS = str.maketrans("[]", "()")
# SubRip has no escapes: what players take for times, tags and styles gets other signs.
_SRT_SIGNS = (
    (re.compile(r"--+>"), "→"),
    (re.compile(r"<(?=[a-zA-Z/!])"), "‹"),
    (re.compile(r"\{(?=\\|[a-zA-Z]:)"), "("),
)


class _Token(NamedTuple):
    """A word of a sentence with the marks that touch it."""

    text: str
    at: int | None
    """Ticks at which it begins to be heard: after its sentence does and after the word before;
    None where that is not known."""


class _Line(NamedTuple):
    """A sentence in ticks: it lasts at least one, and shares none with another."""

    start: int
    end: int
    tokens: list[_Token]


def render(kind: str, book: Book, cues: Iterable[Cue], *, words: bool = True) -> str:
    """Render a transcript of a book, its text as written.

    - ``vtt``: WebVTT of the W3C; a cue a sentence, names of chapters as notes.
    - ``srt``: SubRip; two short lines at a time, so that a long sentence comes in several steps.
    - ``lrc``: a line a sentence, for music players; hundredths of a second.

    Args:
        kind: one of these.
        book: the book, its chapters in time order.
        cues: every sentence in order, in samples of the book; gone through once.
        words: whether VTT and LRC tell when each word is heard, by a guess where a cue does not
            say. Simple players of LRC show these times as text.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in _RENDERERS:
        known = ", ".join(_RENDERERS)
        raise UsageError(f"there is no transcript called {kind}", f"choose from {known}")
    return _RENDERERS[kind](book, cues, words)


def spread(cue: Cue, accent: str = "north") -> tuple[Word, ...]:
    """Guess when the words of a sentence are heard, from what is said for them.

    Args:
        cue: the sentence as written.
        accent: of the voice: north, central or south.
    """
    readings = explain(cue.text, accent, respell=True)
    pieces = (say(cue.text, readings),)
    marks = alignment.guess_marks(pieces[0], cue.end - cue.start)
    spans = alignment.trace_spans(cue.text, readings, pieces)
    words = alignment.align_words(cue.text, pieces, spans, [marks])
    return tuple(Word(cue.start + word.at, word.start, word.end) for word in words)


def _vtt(book: Book, cues: Iterable[Cue], words: bool) -> str:
    blocks = ["WEBVTT"]
    chapters = [(_ticks(one.start, book.rate, 1000), one.title) for one in book.chapters]
    for line in _lines(book, cues, 1000):
        while chapters and chapters[0][0] <= line.start:
            _, title = chapters.pop(0)
            blocks.append(_escaped(f"NOTE {_plain(title)}".rstrip()))
        text = "\n".join(
            " ".join(_timed(token, words) for token in row)
            for row in _wrapped(line.tokens, _VTT_LINE)
        )
        blocks.append(f"{_clock(line.start, '.')} --> {_clock(line.end, '.')}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _timed(token: _Token, words: bool) -> str:
    time = f"<{_clock(token.at, '.')}>" if words and token.at is not None else ""
    return time + _escaped(token.text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _srt(book: Book, cues: Iterable[Cue], _words: bool) -> str:
    blocks: list[str] = []
    for line in _lines(book, cues, 1000):
        rows = _wrapped(line.tokens, _SRT_LINE, _SRT_LINES)
        for start, end, shown in _steps(line, rows):
            text = "\n".join(" ".join(token.text for token in row) for row in shown)
            for sign, plain in _SRT_SIGNS:
                text = sign.sub(plain, text)
            blocks.append(f"{len(blocks) + 1}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{text}")
    return "\n\n".join(blocks) + "\n"


def _steps(line: _Line, rows: list[list[_Token]]) -> Iterator[tuple[int, int, list[list[_Token]]]]:
    """Show a sentence a few rows at a time, each when its first word is heard."""
    steps = [rows[at : at + _SRT_LINES] for at in range(0, len(rows), _SRT_LINES)]
    if line.end - line.start < len(steps):
        steps = [rows]
    start = line.start
    for number, step in enumerate(steps, 1):
        following = chain.from_iterable(chain.from_iterable(steps[number:]))
        heard = next((token.at for token in following if token.at is not None), line.end)
        end = min(max(heard, start + 1), line.end - (len(steps) - number))
        yield start, end, step
        start = end


def _lrc(book: Book, cues: Iterable[Cue], words: bool) -> str:
    seconds = round(book.seconds)
    tags = {
        "ti": book.meta.title,
        "ar": book.meta.author,
        "al": book.meta.title,
        "length": f"{seconds // 60:02}:{seconds % 60:02}",
    }
    rows = [
        f"[{name}:{_plain(value).translate(_BRACKETS)}]" for name, value in tags.items() if value
    ]
    for line in _lines(book, cues, 100):
        first, *rest = (token._replace(text=lyrics.untimed(token.text)) for token in line.tokens)
        if words:
            text = " ".join(
                token.text if token.at is None else f"<{_minutes(token.at)}>{token.text}"
                for token in (_Token(first.text, line.start), *rest)
            )
            text += f" <{_minutes(line.end)}>"
        else:
            text = " ".join(token.text for token in (first, *rest))
            text = f" {text}" if text.startswith("[") else text  # or it would pass for a time
        rows.append(f"[{_minutes(line.start)}]{text}")
    return "\n".join(rows) + "\n"


_RENDERERS: dict[str, Callable[[Book, Iterable[Cue], bool], str]] = {
    "vtt": _vtt,
    "srt": _srt,
    "lrc": _lrc,
}
KINDS = tuple(_RENDERERS)
"""What `render` knows, each the ending of its file's name."""


def _lines(book: Book, cues: Iterable[Cue], unit: int) -> Iterator[_Line]:
    """Yield the sentences in ticks, ``unit`` a second, each rounded from counted samples.

    A sentence that nobody can say has no length: it stays until the next one.
    """
    free = 0
    end_of_book = Cue(book.samples, book.samples, "")
    for cue, following in pairwise(chain(cues, (end_of_book,))):
        start = max(_ticks(cue.start, book.rate, unit), free)
        until = _ticks(following.start, book.rate, unit)
        end = min(_ticks(cue.end, book.rate, unit), until) if cue.end > cue.start else until
        free = end = max(end, start + 1)
        if tokens := list(_tokens(cue, start, end, book.rate, unit)):
            yield _Line(start, end, tokens)


def _tokens(cue: Cue, start: int, end: int, rate: int, unit: int) -> Iterator[_Token]:
    heard = {word.start: _ticks(word.at, rate, unit) for word in cue.words or spread(cue)}
    latest = start
    for match in _TOKEN.finditer(cue.text):
        if text := _CONTROLS.sub("", match[0]):
            at = heard.get(match.start(), 0)
            yield _Token(text, at if latest < at < end else None)
            latest = max(latest, min(at, end))


def _wrapped(tokens: list[_Token], longest: int, multiple: int = 1) -> list[list[_Token]]:
    """Break a sentence into rows of at most ``longest`` characters, about equally long.

    Args:
        tokens: its words.
        longest: characters of a row; a longer word stands alone.
        multiple: how many rows are shown at once.
    """
    rows = _filled(tokens, longest)
    most = -(-len(rows) // multiple) * multiple
    if len(rows) == 1:
        return rows
    characters = sum(len(token.text) + 1 for token in tokens)
    for width in range(characters // most, longest):
        if len(narrower := _filled(tokens, width)) <= most:
            return narrower
    return rows


def _filled(tokens: list[_Token], width: int) -> list[list[_Token]]:
    rows: list[list[_Token]] = [[]]
    length = 0
    for token in tokens:
        length += len(token.text) + 1
        if length - 1 > width and rows[-1]:
            rows.append([])
            length = len(token.text) + 1
        rows[-1].append(token)
    return rows


def _plain(text: str) -> str:
    """Put a text on one line."""
    return " ".join(_CONTROLS.sub("", text).split())


def _ticks(samples: int, rate: int, unit: int) -> int:
    return (samples * unit * 2 + rate) // (rate * 2)


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _minutes(hundredths: int) -> str:
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 60:02}:{seconds % 60:02}.{rest:02}"
