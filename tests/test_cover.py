from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest
from PIL import Image

from audiobook import cover, formats
from audiobook.build import build
from audiobook.cover import drawing, lettering
from audiobook.cover.encoding import MOST
from audiobook.cover.palettes import PALETTES
from audiobook.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobook.model import Job

TITLES = (
    "Tắt đèn",
    "Ế",
    "LUẬN LÝ HỌC",
    "Mặc dù là một thành viên của chương trình Trạm không gian quốc tế nhưng vẫn đi thuê tàu",
    "Pneumonoultramicroscopicsilicovolcanoconiosis",
    "",
)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def saved(image: Image.Image, form: str = "PNG", **words: object) -> bytes:
    file = BytesIO()
    image.save(file, form, **words)
    return file.getvalue()


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG 2.2's relative luminance."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))


class TestDrawn:
    @pytest.mark.parametrize("title", TITLES)
    def test_a_square_that_directories_take(self, title: str) -> None:
        data = cover.draw(title, "Ngô Tất Tố", "Hà Nội")
        image = opened(data)
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (3000, 3000))
        assert len(data) <= MOST

    def test_the_same_words_give_the_same_picture(self) -> None:
        assert cover.draw("Tắt đèn", "Ngô Tất Tố") == cover.draw("Tắt đèn", "Ngô Tất Tố")
        assert cover.draw("Tắt đèn", "Ngô Tất Tố") != cover.draw("Tắt đèn", "Nam Cao")

    @pytest.mark.parametrize("title", TITLES)
    def test_words_keep_off_the_edges_and_the_pattern(self, title: str) -> None:
        words = drawing._Words(title, "Ngô Tất Tố", "Hà Nội")
        page = Image.new("L", (drawing.SIDE, drawing.SIDE))
        from PIL import ImageDraw

        words.draw(ImageDraw.Draw(page), 255)
        left, top, right, bottom = page.getbbox() or (500, 500, 500, 500)
        assert left >= drawing.MARGIN - 2
        assert top >= drawing.MARGIN - 2
        assert right <= drawing.SIDE - drawing.MARGIN + 2
        assert bottom <= drawing.SIDE - words.pattern

    def test_every_palette_can_be_read(self) -> None:
        from PIL import ImageColor

        for palette in PALETTES:
            ground, ink = (
                luminance(ImageColor.getrgb(colour)[:3]) for colour in (palette.ground, palette.ink)
            )
            lighter, darker = max(ground, ink), min(ground, ink)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5

    @pytest.mark.parametrize(
        ("written", "drawn"),
        [
            ("Kinh Dịch (易經)", "Kinh Dịch"),
            ("Vui 😀 quá", "Vui quá"),
            ("a\u202eb\u0000c", "abc"),
            ("Ａ", "A"),
            ("Tie\u0302\u0301ng", "Tiếng"),
        ],
    )
    def test_what_the_typeface_lacks_is_left_out(self, written: str, drawn: str) -> None:
        assert lettering.letters(written, 100) == drawn

    def test_a_title_breaks_between_words(self) -> None:
        block = lettering.typeset("Một vệ tinh nhỏ cho đồng bằng lớn", 700, 2000, 1500, 600)
        assert " ".join(block.lines) == "Một vệ tinh nhỏ cho đồng bằng lớn"
        assert len(block.lines) > 1


class TestGiven:
    @pytest.mark.parametrize(
        ("size", "side"), [((720, 1080), 1400), ((4000, 2000), 3000), ((1000, 1000), 1400)]
    )
    def test_it_becomes_a_square_of_the_right_size(self, size: tuple[int, int], side: int) -> None:
        image = opened(cover.fit(saved(Image.new("RGB", size, "red"))))
        assert (image.size, image.mode) == ((side, side), "RGB")
        assert image.getpixel((side // 2, side // 2)) == pytest.approx((254, 0, 0), abs=3)

    def test_one_that_fits_is_left_alone(self) -> None:
        picture = saved(Image.new("RGB", (1500, 1500), "navy"), "JPEG")
        assert cover.fit(picture) is picture

    @pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
    def test_every_mode_becomes_rgb(self, mode: str) -> None:
        image = opened(cover.fit(saved(Image.new(mode, (1500, 1500)))))
        assert image.mode == "RGB"

    def test_cmyk_becomes_rgb(self) -> None:
        picture = saved(Image.new("CMYK", (1500, 1500)), "JPEG")
        assert opened(cover.fit(picture)).mode == "RGB"

    def test_it_stands_upright_and_tells_nothing_else(self) -> None:
        image = Image.new("RGB", (1400, 1400))
        image.paste("red", (0, 0, 1400, 300))
        exif = Image.Exif()
        exif[0x0112] = 3  # upside down
        fitted = opened(cover.fit(saved(image, "JPEG", exif=exif)))
        assert fitted.getpixel((700, 1300)) == pytest.approx((254, 0, 0), abs=8)
        assert not fitted.getexif()

    @pytest.mark.parametrize("picture", [b"", b"\xff\xd8\xff no picture", b"GIF89a" + bytes(99)])
    def test_what_is_no_picture(self, picture: bytes) -> None:
        with pytest.raises(SourceError, match="the cover is no sound JPEG or PNG"):
            cover.fit(picture)

    def test_one_that_is_cut_off(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), np.uint8)
        picture = saved(Image.fromarray(noise), "JPEG")
        with pytest.raises(SourceError, match="no sound JPEG"):
            cover.fit(picture[: len(picture) // 2])

    def test_a_bomb_is_not_opened(self) -> None:
        picture = saved(Image.new("1", (12_000, 12_000)))
        with pytest.raises(SourceError, match="12000 × 12000 pixels"):
            cover.fit(picture)


def test_each_book_has_one_unless_told_otherwise(make_job: Callable[..., Job]) -> None:
    job = replace(make_job("Chương 1\n\nMột câu."), cover=True)
    assert opened(mutagen.File(build(job).path)["APIC:"].data).size == (3000, 3000)
    bare = build(replace(job, cover=False))
    assert "APIC:" not in mutagen.File(bare.path)
    own = saved(Image.new("RGB", (1500, 1500), "navy"), "JPEG")
    given = build(replace(job, meta=replace(job.meta, cover=own)))
    assert mutagen.File(given.path)["APIC:"].data == own


@pytest.mark.parametrize("name", formats.NAMES)
def test_an_unchanged_book_is_not_drawn_again(
    make_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    job = replace(make_job("Chương 1\n\nMột câu."), cover=True)
    job = replace(job, format=name, sound=replace(job.sound, format=name))
    build(job)
    monkeypatch.setattr(cover, "draw", None)
    build(job)
