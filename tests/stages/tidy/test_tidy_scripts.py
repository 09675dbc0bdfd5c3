"""Lines of Han characters that the text reads itself, and scripts that Vietnamese cannot say."""

from __future__ import annotations

import pytest

from audiobook.model import Document
from audiobook.stages.readers.plain import divide_blocks
from audiobook.stages.tidy import tidy


def _texts(document: Document) -> list[str]:
    return [paragraph.text for chapter in document.chapters for paragraph in chapter.paragraphs]


@pytest.mark.parametrize(
    "lines",
    [
        # The reading below, under a label, or above.
        ["Bài thơ mở đầu.", "月落烏啼霜滿天。", "Phiên âm: Nguyệt lạc ô đề sương mãn thiên."],
        ["Bài thơ mở đầu.", "Nguyệt lạc ô đề sương mãn thiên.", "月落烏啼霜滿天。"],
        # A whole stanza, then its reading.
        [
            "Bài thơ mở đầu.",
            "月落烏啼霜滿天,",
            "江楓漁火對愁眠。",
            "Nguyệt lạc ô đề sương mãn thiên,",
            "Giang phong ngư hoả đối sầu miên.",
        ],
    ],
)
def test_lines_that_other_lines_read_are_left_out_and_listed(lines: list[str]) -> None:
    tidied = tidy(divide_blocks("\n\n".join(lines)))

    assert _texts(tidied) == [line for line in lines if "月" not in line and "江" not in line]
    [change] = [change for change in tidied.changes if change.name == "read-han"]
    left_out = [piece.text for piece in change.left_out]
    assert left_out == [line for line in lines if line not in _texts(tidied)]


def test_lines_that_nothing_reads_stay() -> None:
    lines = ["Trên bia có câu.", "月落烏啼霜滿天。", "Trăng lặn, quạ kêu, sương đầy trời."]
    assert _texts(tidy(divide_blocks("\n\n".join(lines)))) == lines


def test_scripts_without_a_reading_are_left_out_and_listed() -> None:
    text = "Phim Totoro (となりのトトロ) chiếu ở Seoul, 서울, và 東京."
    tidied = tidy(divide_blocks(text))

    assert _texts(tidied) == ["Phim Totoro chiếu ở Seoul, và 東京."]
    [change] = tidied.changes
    assert change.name == "other-scripts"
    assert "".join(piece.text for piece in change.left_out).count("トトロ") == 1
    assert _texts(tidy(divide_blocks(text), keep=("other-scripts",))) == [text]
