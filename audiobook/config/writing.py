"""Changes single settings of book.toml and entries of lexicons, and leaves all else as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
from typing import TYPE_CHECKING, Any

from audiobook.config.lexicons import teach
from audiobook.config.toml import load_toml
from audiobook.errors import UsageError
from audiobook.messages import message, reason
from audiobook.system import files
from audiobook.vietnamese import clean_letters

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

Setting = str | int | float | list[str] | list[list[str]] | Mapping[str, str | int | float]
"""What a setting may be; an empty one is taken out of the file."""

_UNCHANGEABLE = message("it is written in a way that only an editor can change")


def write_settings(path: Path, settings: Mapping[str, Setting]) -> None:
    """Set settings in a file like book.toml; remarks and other settings stay as they are.

    Args:
        path: the file, which need not be there yet.
        settings: the new values by name; one that is empty leaves the file.

    Raises:
        UsageError: the file is not TOML, and would be lost.
        OutputError: it cannot be written.
    """
    try:
        before = load_toml(path) if path.is_file() else {}
        text = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
        after = _changed_text(text, settings)
        _check_changed(before, tomllib.loads(after), settings)
    except (OSError, ValueError) as problem:
        raise UsageError(
            message("{path}: {problem}", path=path, problem=reason(problem)),
            message("fix the file"),
        ) from problem
    files.rewrite(path, after.encode())


def write_reading(path: Path, written: str, spoken: str, *, case: bool | None = None) -> None:
    """Teach a lexicon file how something is read, in place of what it taught of it before.

    A reading for which capitals count and one for which they do not stand side by side.

    Args:
        path: the lexicon, which need not be there yet.
        written: the word or phrase.
        spoken: how it is said; empty to forget it.
        case: whether capitals count; None if they do not, or to forget both readings.

    Raises:
        UsageError: it is not a reading, or the file cannot be read.
        OutputError: the file cannot be written.
    """
    try:
        if spoken:
            teach(written, spoken, case=bool(case))
            if _is_remark(_cell(written)):
                raise ValueError(message("a line that begins with # and a space is a remark"))
        lines = path.read_text("utf-8-sig").splitlines() if path.is_file() else []
    except (OSError, ValueError) as problem:
        raise UsageError(
            message("{path}: {problem}", path=path, problem=reason(problem)),
            message("write another reading"),
        ) from problem
    cases = {False, True} if case is None and not spoken else {bool(case)}
    old = [line for line in lines if _is_reading_of(line, written, cases)]
    kept = [line for line in lines if line not in old]
    if spoken:
        is_part = any("part" in _options(line) for line in old)
        options = [name for name, on in (("case", case), ("part", is_part)) if on]
        cells = [_cell(written), _cell(spoken), *([",".join(options)] if options else [])]
        kept.append("\t".join(cells))
    files.rewrite(path, "".join(f"{line}\n" for line in kept).encode())


def _is_reading_of(line: str, written: str, cases: Collection[bool]) -> bool:
    cells = line.split("\t")
    return (
        len(cells) > 1
        and not _is_remark(line)
        and clean_letters(cells[0]) == clean_letters(_cell(written))
        and ("case" in _options(line)) in cases
    )


def _is_remark(line: str) -> bool:
    return line.startswith("# ")


def _options(line: str) -> list[str]:
    """Return the options of a line of a lexicon."""
    return "".join(line.split("\t")[2:3]).replace(",", " ").split()


def _cell(text: str) -> str:
    return " ".join(text.split())


def _changed_text(text: str, settings: Mapping[str, Setting]) -> str:
    """Return the text of a TOML file with other settings, and its remarks, quotes and order."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        for name, value in settings.items():
            if _is_empty(value) and _ends_in_remark(document.get(name)):
                _change(document, name, {})
            elif _is_empty(value):
                document.pop(name, None)
            elif name not in document:
                document[name] = value
            else:
                _change(document, name, value)
        return tomlkit.dumps(document)
    except (TOMLKitError, LookupError) as problem:
        raise ValueError(_UNCHANGEABLE) from problem


def _check_changed(
    before: Mapping[str, Any], after: Mapping[str, Any], settings: Mapping[str, Setting]
) -> None:
    """Check that the settings have changed and nothing else has.

    Args:
        before: what stood in the file.
        after: what would stand in it.
        settings: what was to be changed.

    Raises:
        ValueError: something else has.
    """
    changed = {name: value for name, value in settings.items() if not _is_empty(value)}
    kept = {name: value for name, value in before.items() if name not in settings}
    # Of a table that is taken out, the head may stay, because of the remarks that follow it.
    present = {name: value for name, value in after.items() if name in kept or value != {}}
    if present != kept | changed:
        raise ValueError(_UNCHANGEABLE)


def _ends_in_remark(item: object) -> bool:
    """Return whether remarks follow the last entry of a table: they are about what comes next."""
    from tomlkit.items import Comment, Table

    if not isinstance(item, Table):
        return False
    last_entry = max((place for place, (key, _) in enumerate(item.value.body) if key), default=-1)
    return any(isinstance(value, Comment) for _, value in item.value.body[last_entry + 1 :])


def _is_empty(value: Setting) -> bool:
    return value in ("", [], {})


def _change(table: MutableMapping[str, Any], name: str, value: object) -> None:
    """Set a value in a table; of a list or a table only what is different, so that remarks stay."""
    current = table[name]
    if current == value:
        return
    if isinstance(current, MutableMapping) and isinstance(value, Mapping):
        for key, entry in value.items():
            if key in current:
                _change(current, key, entry)
            else:
                current[key] = entry
        # Each is looked up anew, because a table whose lines stand apart is not one any more.
        for key in [key for key in current if key not in value]:
            del table[name][key]
    elif isinstance(current, MutableSequence) and isinstance(value, Sequence):
        for position in reversed(range(len(current))):
            if current[position] not in value:
                del current[position]
        for entry in value:
            if entry not in current:
                current.append(entry)
        if current != value:  # in another order
            table[name] = value
    else:
        table[name] = value
