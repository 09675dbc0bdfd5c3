"""How to install a library that is missing, with the versions that our own metadata asks for."""

from __future__ import annotations

import re

from audiobook.messages import Message, verbatim

DISTRIBUTION = "audiobook-vi"
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,.-]+\])?[^;\s]*")


def install_hint(*libraries: str) -> Message:
    """Return the command that installs libraries, which works however audiobook was installed.

    Without our metadata, as in a checkout that is not installed, the versions are left out.

    >>> install_hint("piper-tts")
    "pip install 'piper-tts<2,>=1.8'"
    """
    words = map(requirement_of, libraries)
    return verbatim("pip install " + " ".join(f"'{word}'" for word in words))


def requirement_of(library: str) -> str:
    """Return a library with the versions that our metadata asks for, as pip takes it."""
    wanted = {
        match["name"].lower(): match[0] for match in map(_REQUIREMENT.match, _lines()) if match
    }
    return wanted.get(library.lower(), library)


def libraries_of(extra: str) -> list[str]:
    """Return the names of the libraries of an extra; none where there is no such extra."""
    marker = re.compile(rf"extra == ['\"]{re.escape(extra)}['\"]")
    matches = (_REQUIREMENT.match(line) for line in _lines() if marker.search(line))
    return [match["name"] for match in matches if match]


def _lines() -> list[str]:
    """Return what our metadata requires, as `piper-tts<2,>=1.8; extra == "piper"`."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        return requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []
