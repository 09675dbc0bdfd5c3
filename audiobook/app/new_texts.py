"""Looks for new and edited texts in a folder that is followed."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiobook.app.texts import walk_texts
from audiobook.errors import SourceError
from audiobook.follow import texts
from audiobook.follow.choosing import Choice, digest, free_stem
from audiobook.follow.model import Article, Followed, Stage
from audiobook.messages import message
from audiobook.system import files

if TYPE_CHECKING:
    from audiobook.follow.choosing import Bounds
    from audiobook.follow.state import FollowState

# Seconds for which a file must not have been written to, and how long that is waited for.
_SETTLED, _LONGEST_WAIT = 1.0, 60.0


class _TextFile(NamedTuple):
    path: Path
    key: str
    """By which it is known: the folder and its path there."""
    signature: str
    """Its size and time, which tell that it was not written to."""
    changed: float
    """Seconds since 1970."""


def look_at_folder(
    state: FollowState, source: str, bounds: Bounds, now: float, library: Path
) -> Choice:
    """Return which texts of a folder are new or edited, and put them into the state.

    Texts are known by their places and by their bytes: one that was moved is the same article.

    Args:
        state: what is known; it is changed.
        source: the folder; those below it are included, but not the articles in the library.
        bounds: which texts are taken when the folder is first followed.
        now: the time in seconds since 1970.
        library: the folder that the books go to.

    Raises:
        SourceError: a file or a folder cannot be read.
    """
    folder = Path(source).resolve()
    name = str(folder)
    followed = state.sources.get(name)
    passed_over = set(followed.passed_over) if followed else set()
    new: list[Article] = []
    edited: list[Article] = []
    passed_count = 0
    text_files = _settled_texts(folder, (library / texts.FOLDER).resolve())
    for position, file in reversed([*enumerate(text_files)]):
        known = state.find([file.key])
        if known and known.etag == file.signature:
            continue
        content = _digest_of(file.path)
        if known is None and (same := state.find_text(content)):
            moved = (
                same if files.is_file(library / same.file) else replace(same, file=str(file.path))
            )
            state.put(replace(moved, keys=(*same.keys, file.key)))
            continue
        if known:
            if content != known.text:
                known = replace(
                    known, text=content, edition=content, listed=content, stage=Stage.SAVED
                )
                edited.append(known)
            state.put(replace(known, etag=file.signature, file=str(file.path)))
            continue
        was_passed_over = file.key in passed_over
        is_within = bounds.hold(position, file.changed)
        is_wanted = is_within and (bounds.is_given or not was_passed_over)
        if not is_wanted and (was_passed_over or followed is None):
            passed_over.add(file.key)
            passed_count += not was_passed_over
            continue
        passed_over.discard(file.key)
        new.append(
            Article(
                stem=free_stem(state, file.path.stem, library),
                source=name,
                keys=(file.key,),
                listed=content,
                title=file.path.stem,
                moment=file.changed,
                stage=Stage.SAVED,
                file=str(file.path),
                text=content,
                edition=content,
                etag=file.signature,
                taken=now,
            )
        )
        state.put(new[-1])
    state.sources[name] = replace(followed or Followed(), passed_over=tuple(sorted(passed_over)))
    return Choice(new=tuple(new), edited=tuple(edited), passed_over=passed_count)


def _settled_texts(folder: Path, articles: Path) -> list[_TextFile]:
    """Return the texts of a folder, the newest first, once nothing writes to them any more."""
    deadline = time.monotonic() + _LONGEST_WAIT
    while True:
        text_files = sorted(_texts_of(folder, articles), key=lambda file: -file.changed)
        age = time.time() - text_files[0].changed if text_files else _SETTLED
        if not 0 <= age < _SETTLED or time.monotonic() > deadline:
            return text_files
        time.sleep(_SETTLED - age)


def _texts_of(folder: Path, articles: Path) -> list[_TextFile]:
    def refuse(problem: OSError) -> None:
        raise _unreadable(problem) from problem

    text_files = []
    for path in walk_texts(folder, refuse):
        if path.is_relative_to(articles):
            continue
        try:
            status = path.stat()
        except OSError:
            continue  # it is gone again
        key = digest("file", str(folder), path.relative_to(folder).as_posix())
        signature = f"{status.st_size}-{status.st_mtime_ns}"
        text_files.append(_TextFile(path, key, signature, status.st_mtime))
    return text_files


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError as problem:
        raise _unreadable(problem) from problem


def _unreadable(problem: OSError) -> SourceError:
    return SourceError(
        message("cannot read {path}: {reason}", path=problem.filename, reason=problem)
    )
