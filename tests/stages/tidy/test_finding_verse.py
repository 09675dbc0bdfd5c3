"""Lines of verse become paragraphs of their kind, whatever the source made of them."""

from __future__ import annotations

import pytest

from audiobook.model import Kind, StanzaEnd
from audiobook.stages.readers.plain import divide_blocks
from audiobook.stages.tidy import tidy

PROSE = "Bà ngồi bên hiên, tay đưa võng, khe khẽ ru đứa cháu nhỏ đang thiu thiu ngủ trong lòng."
STANZAS = [
    ["Chiều nay mưa ở bên sông,", "Con đò nằm đợi mà lòng ngẩn ngơ."],
    ["Bến xưa ai đứng mong chờ,", "Nghe con nước lớn vỗ bờ cỏ may."],
]
LINES = [line for stanza in STANZAS for line in stanza]


def kinds(text: str) -> list[tuple[str, Kind]]:
    (chapter,) = tidy(divide_blocks(text)).chapters
    return [(paragraph.text, paragraph.kind) for paragraph in chapter.paragraphs]


VERSE = [(line, Kind.VERSE) for line in LINES]
BEFORE, AFTER = (PROSE, Kind.PROSE), ("Cháu ngủ rồi.", Kind.PROSE)


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join((PROSE, "\n".join(LINES), AFTER[0])),
        "\n\n".join((PROSE, *LINES, AFTER[0])),
        "\n".join((PROSE, *LINES, AFTER[0])),
        "\n\n".join((PROSE, *map("\n".join, STANZAS), AFTER[0])),
        "\n\n".join((PROSE, " ".join(LINES), AFTER[0])),
        "\n\n".join((PROSE, "\n".join((" ".join(LINES[:3]), LINES[3])), AFTER[0])),
    ],
)
def test_verse_however_its_lines_are_laid_out(text: str) -> None:
    assert kinds(text) == [BEFORE, *VERSE, AFTER]


def test_stanzas_end_where_blocks_do() -> None:
    (chapter,) = tidy(divide_blocks("\n\n".join(map("\n".join, STANZAS)))).chapters
    assert [isinstance(line, StanzaEnd) for line in chapter.paragraphs] == [False, True] * 2


def test_a_quotation_of_verse_keeps_what_announces_it() -> None:
    assert kinds(f"Bà ru: {' '.join(LINES)} (Ca dao)") == [
        ("Bà ru:", Kind.PROSE),
        *VERSE,
        ("(Ca dao)", Kind.PROSE),
    ]


def test_wrapped_prose_is_still_joined() -> None:
    words = (PROSE + " ") * 8
    wrapped, line = [], ""
    for word in words.split():
        if len(line) + len(word) > 59:
            wrapped.append(line)
            line = ""
        line = f"{line} {word}".strip()
    text = "\n".join((*wrapped, line))
    assert kinds("\n\n".join((text, "\n".join(LINES)))) == [
        (" ".join(words.split()), Kind.PROSE),
        *VERSE,
    ]
