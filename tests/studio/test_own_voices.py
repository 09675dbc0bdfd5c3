"""Voices on their page: heard, chosen, cloned with permission only."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from studios import opened

from audiobook.config import chosen_voice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from studios import Answer, Served


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Served]:
    with opened(tmp_path / "books") as served:
        yield served


def test_a_voice_is_heard_and_chosen(studio: Served) -> None:
    heard = studio.change("/voices/saigon/hear", text="Xin chào.")
    assert heard.status == 200
    sound = studio.ask(heard.json["address"])
    assert (sound.status, sound.headers["content-type"]) == (200, "audio/mpeg")
    part = studio.ask(heard.json["address"], range="bytes=0-99")
    assert (part.status, part.body) == (206, sound.body[:100])
    assert part.headers["content-range"] == f"bytes 0-99/{len(sound.body)}"
    assert studio.ask(heard.json["address"], range="bytes=999999999-").status == 416
    assert studio.change("/voices/saigon/default").status == 200
    assert chosen_voice() == "saigon"
    for name in ("nobody", quote("../hanoi", safe="")):
        assert studio.change(f"/voices/{name}/hear").status in (404, 422)


def test_nothing_is_cloned_without_permission(studio: Served, tmp_path: Path) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", ""))
        clip.writeframes(bytes(16_000))

    def clone(query: str) -> Answer:
        return studio.ask(
            f"/voices/clone?{query}", "POST", file.getvalue(), x_audiobook_token=studio.token
        )

    for query in ("name=giong-toi", "name=..%2Fx&agreed=yes", "name=hanoi&agreed=yes"):
        assert clone(query).status == 422
    assert "allows it" in clone("name=giong-toi").json["problem"]
    assert not list((tmp_path / "config").rglob("giong-toi*"))
