"""Code of programs, distinguished from verse and mail that are preformatted too."""

from __future__ import annotations

from audiobook.vietnamese import lazy_re as re

# Signs that programs have and prose has not, in the lines that end or begin so.
_CODE_LINE = re.compile(
    r"[{};]\s*$|^\s*(?:[#$@]|//|/\*|<[/!a-z])"
    r"|[\w\])]\s?(?:=|==|!=|\+=|:=|=>|->|::)\s?[\w\"'\[({]|\w\([^ )][^)]*\)|\w\(\)"
    r"|^\s*(?:def|class|import|from|return|if|for|while|else|try|end)\b.*[:({]?$"
)
_MOST_PROSE = 0.5


def looks_like_code(text: str) -> bool:
    r"""Whether most lines of a text look like those of a program.

    >>> looks_like_code("for x in y:\n    print(x)"), looks_like_code("Trăm năm\ntrong cõi")
    (True, False)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    coded = sum(_CODE_LINE.search(line[:200]) is not None for line in lines)
    return coded > len(lines) * _MOST_PROSE
