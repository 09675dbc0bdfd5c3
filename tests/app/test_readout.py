"""What a build would say and how long it would be, as a program asks for it."""

from __future__ import annotations

from pathlib import Path

from audiobook.app import readout
from audiobook.app.chapters import measure_chapters
from audiobook.app.omissions import count_all_words, find_large_omissions
from audiobook.config import make_job
from audiobook.messages import message
from audiobook.model import Change, LeftOut

TEXT = "Chương 1\n\nLan mua 3 quyển sách. Cô vui.\n\nChương 2\n\nTrời mưa.\n"


def test_sentences_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    job = make_job(str(path), folder=tmp_path, voice="tone")
    sentences = list(readout.read_sentences(job))
    assert [(sentence.chapter, sentence.written) for sentence in sentences][1:3] == [
        (1, "Lan mua 3 quyển sách."),
        (1, "Cô vui."),
    ]
    assert sentences[1].spoken == "Lan mua ba quyển sách."
    assert len(list(readout.read_lines(job))) == len(TEXT.splitlines())
    chapters = measure_chapters(job)
    assert [(chapter.number, chapter.title) for chapter in chapters] == [
        (1, "Chương 1"),
        (2, "Chương 2"),
    ]
    assert chapters[0].words > chapters[1].words and chapters[0].seconds > chapters[1].seconds


def test_large_omissions() -> None:
    def share_of(piece: LeftOut) -> list[float]:
        change = Change(step=message("notes"), count=1, example="", left_out=(piece,))
        return [omission.share for omission in find_large_omissions([change], 96)]

    assert share_of(LeftOut(text="một hai ba")) == [3 / 99]
    assert share_of(LeftOut(text="một hai")) == []
    assert share_of(LeftOut(text="một hai ba bốn", is_beside=True)) == []
    assert (
        count_all_words(
            [
                Change(
                    step=message("notes"), count=1, example="", left_out=(LeftOut(text="một hai"),)
                )
            ],
            96,
        )
        == 98
    )
