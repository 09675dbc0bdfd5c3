"""The settings of ``book.toml`` by name, each with what reads its value."""

from __future__ import annotations

from dataclasses import fields

from audiobook.config.casting import CHAPTERS
from audiobook.config.lexicons import teach
from audiobook.config.settings import (
    Reader,
    SettingError,
    cover_size,
    date,
    names,
    number,
    ratio,
    read_settings,
    readers_of,
    switch,
    table_of,
    take,
    text,
    texts,
)
from audiobook.messages import message
from audiobook.model import Meta, Music, Replacement, Teaching
from audiobook.vietnamese.letters import compose
from audiobook.vietnamese.patterns import PatternTime, check_pattern, is_pattern

META = readers_of(Meta).keys()
JOIN = "join"
_CHAPTERS = CHAPTERS.rstrip(".")


def read_join_value(key: str, value: object) -> tuple[str, ...] | None:
    """Read whether the texts of a folder are one book, or which of them come first in it."""
    if isinstance(value, bool):
        return () if value else None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingError(
            key,
            message('join must be true or a list of files, as in join = ["1.txt", "2.txt"]'),
        )
    return tuple(value)


def _read_replacements(key: str, pairs: object) -> tuple[Replacement, ...]:
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
        for pair in pairs
    ):
        raise SettingError(
            key, message('replace must be a list of pairs, as in replace = [["tbì", "thì"]]')
        )
    together = PatternTime()
    return tuple(_make_replacement(find, instead, together) for find, instead in pairs)


def _make_replacement(find: str, instead: str, together: PatternTime) -> Replacement:
    if is_pattern(find):
        check_pattern(find[1:-1], instead, case=True, together=together)
        return Replacement(find[1:-1], instead, pattern=True)
    if not find:
        raise ValueError(message("replace has a pair with nothing to find"))
    return Replacement(compose(find), instead)


def _read_lexicon_table(key: str, table: object) -> tuple[Teaching, ...]:
    if not isinstance(table, dict):
        raise SettingError(key, message("lexicon must be a table"))
    teachings = []
    together = PatternTime()
    for written, reading in table.items():
        options = dict(reading) if isinstance(reading, dict) else {"say": reading}
        spoken = options.pop("say", None)
        if not isinstance(spoken, str) or set(options) - {"case", "part"}:
            raise SettingError(
                key,
                message(
                    '{written!r} needs a reading, or {{ say = "…", case = true, part = true }}',
                    written=written,
                ),
            )
        teachings.append(teach(written, spoken, together=together, **options))
    return tuple(teachings)


_read_roles = table_of(
    text, message('cast must be a table of voices by role, as in dialogue = "saigon"')
)
_read_chapters = table_of(
    text, message('cast.chapters must be a table of voices by chapter, as in "1-5" = "saigon"')
)


def _read_cast(key: str, table: object) -> object:
    """Read the voices of a cast; the lines of its chapters stand among the others."""
    if not isinstance(table, dict):
        return _read_roles(key, table)
    roles = {name: voice for name, voice in table.items() if name != _CHAPTERS}
    chapters = _read_chapters(f"{key}.{_CHAPTERS}", table.get(_CHAPTERS, {}))
    return _read_roles(key, roles) | {CHAPTERS + name: chapters[name] for name in chapters}


def _read_music(key: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise SettingError(
            key, message('music must be a table of files, as in intro = "mo-dau.mp3"')
        )
    names = [field.name for field in fields(Music)]
    music: dict[str, str] = read_settings(table, dict.fromkeys(names, text))
    return music


def _read_volume(key: str, value: object) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return text(key, f"{value:g}" if is_number else value)


READERS: dict[str, Reader] = {
    **readers_of(Meta),
    "date": date,
    "volume": _read_volume,
    "voice": text,
    "cast": _read_cast,
    "fallback": text,
    "speed": ratio,
    "pitch": ratio,
    "pauses": table_of(number, message("pauses must be a table of seconds, as in sentence = 0.5")),
    "word_times": text,
    "cover": text,
    "cover_size": cover_size,
    "pictures": table_of(
        text, message('pictures must be a table of files by chapter, as in "Chương 1" = "1.jpg"')
    ),
    "lexicon": _read_lexicon_table,
    "keep": names,
    "drop": names,
    "replace": _read_replacements,
    "keep_text": texts,
    "leave_out": texts,
    "titles": table_of(
        text, message('titles must be a table of titles by chapter, as in "CHƯƠNG l" = "Chương 1"')
    ),
    "takes": table_of(
        take, message('takes must be a table of numbers from 1, as in "Trời mưa." = 2')
    ),
    "spelled": texts,
    "format": text,
    "layout": text,
    JOIN: read_join_value,
    "ocr": switch,
    "music": _read_music,
    "opening": text,
    "closing": text,
}
