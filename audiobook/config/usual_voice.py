"""The voice that speaks unless the user names another, and where the user chooses it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from audiobook.config.settings import SettingError, read_settings, text
from audiobook.config.toml import load_toml
from audiobook.config.voices import fetched_voices
from audiobook.errors import UsageError
from audiobook.messages import message
from audiobook.system import files
from audiobook.system.folders import config_folder

EMBEDDED_VOICE = "hanoi"
NATURAL_VOICE = "sano"
"""The voice that is offered to whoever has chosen none."""


def default_voice() -> str:
    """Return the name of the voice that speaks unless the user names one.

    It is the one set in the user's config.toml, else the largest of the voices whose files were
    fetched, else the embedded one.

    Raises:
        UsageError: config.toml is not right.
    """
    return chosen_voice() or next(iter(fetched_voices()), EMBEDDED_VOICE)


def chosen_voice() -> str:
    """Return the voice set in the user's config.toml; empty if none is.

    Raises:
        UsageError: config.toml is not right.
    """
    path = config_folder() / "config.toml"
    if not path.exists():
        return ""
    try:
        voice: str = read_settings(load_toml(path), {"voice": text}).get("voice", "")
    except SettingError as problem:
        raise UsageError(
            message("{path} is not right: {reason}", path=path, reason=problem),
            message('it may only say voice = "NAME"'),
        ) from problem
    except ValueError as problem:
        raise UsageError(
            message("{path} is not right: {reason}", path=path, reason=problem),
            message("fix or remove it"),
        ) from problem
    return voice


def is_voice_unchosen() -> bool:
    """Return whether the embedded voice speaks because the user neither chose nor fetched one."""
    return default_voice() == EMBEDDED_VOICE and not chosen_voice()


def choose_voice(name: str) -> Path:
    """Write into the user's config.toml that a voice speaks unless another is named.

    It returns the path of the file.

    Raises:
        OutputError: it cannot be written.
    """
    # A link may lead to where the user keeps such files.
    path = (config_folder() / "config.toml").resolve()
    text = path.read_text("utf-8-sig") if path.is_file() else ""
    others = re.sub(r"(?m)^\s*voice\s*=.*\n?", "", text)
    remedy = message('write voice = "{voice}" into it yourself', voice=name)
    with files.whole(path, remedy) as file:
        file.write(f"voice = {json.dumps(name, ensure_ascii=False)}\n{others}".encode())
    return path
