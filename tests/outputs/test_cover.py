from __future__ import annotations

import unicodedata
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest
from PIL import Image

from audiobook import outputs
from audiobook.app.build import build
from audiobook.config import make_job as make_order
from audiobook.errors import SourceError, UsageError
from audiobook.model import Event, Progress, Started
from audiobook.outputs import cover
from audiobook.outputs.cover import drawing, lettering
from audiobook.outputs.cover.encoding import MOST
from audiobook.outputs.cover.palettes import PALETTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job

TITLES = (
    "Tắt đèn",
    "Ế",
    "LUẬN LÝ HỌC",
    "Mặc dù là một thành viên của chương trình Trạm không gian quốc tế nhưng vẫn đi thuê tàu",
    "Pneumonoultramicroscopicsilicovolcanoconiosis",
    "",
)


def write_epub(path: Path, picture: bytes) -> None:
    """Write a small EPUB with a cover."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="a.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Con đò</dc:title></metadata>'
            '<manifest><item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
            '<item id="t" href="t.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="t"/></spine></package>',
        )
        archive.writestr("c.jpg", picture)
        archive.writestr(
            "t.xhtml",
            '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Chương 1</h1>'
            "<p>Sông rộng.</p></body></html>",
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
        first, second = (drawing.draw("Tắt đèn", "Ngô Tất Tố") for _ in range(2))
        assert first == second
        assert first != drawing.draw("Tắt đèn", "Nam Cao")

    @pytest.mark.parametrize("title", TITLES)
    def test_words_keep_off_the_edges_and_the_pattern(self, title: str) -> None:
        words = drawing._CoverText(title, "Ngô Tất Tố", "Hà Nội")
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
        assert lettering.drawable_text(written, 100) == drawn

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
        with pytest.raises(SourceError, match="the cover is not an intact JPEG or PNG"):
            cover.fit(picture)

    def test_one_that_is_cut_off(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), np.uint8)
        picture = saved(Image.fromarray(noise), "JPEG")
        with pytest.raises(SourceError, match="not an intact JPEG"):
            cover.fit(picture[: len(picture) // 2])

    def test_a_bomb_is_not_opened(self) -> None:
        picture = saved(Image.new("1", (12_000, 12_000)))
        with pytest.raises(SourceError, match="12000 × 12000 pixels"):
            cover.fit(picture)


class TestOfASource:
    """A book is not lost for a picture that came with it."""

    @staticmethod
    def photograph() -> bytes:
        noise = np.random.default_rng(1).integers(0, 255, (150, 150, 3), np.uint8)
        return saved(Image.fromarray(noise).resize((1500, 1500)), "JPEG")

    @staticmethod
    def built(make_job: Callable[..., Job], tmp_path: Path, picture: bytes) -> tuple[bytes, str]:
        """Build an EPUB with this cover; return the cover of the book and what is told of it."""
        write_epub(tmp_path / "sach.epub", picture)
        job = replace(make_job("x"), source=str(tmp_path / "sach.epub"), cover=True)
        heard: list[Event] = []
        data = mutagen.File(build(job, heard.append).path)["APIC:"].data
        started = heard[0]
        assert isinstance(started, Started)
        return data, "; ".join(f"{change.step}: {change.example}" for change in started.changes)

    @pytest.mark.parametrize("lost", [13, 2000])
    def test_what_can_be_decoded_is_used(
        self, make_job: Callable[..., Job], tmp_path: Path, lost: int
    ) -> None:
        photograph = self.photograph()
        data, told = self.built(make_job, tmp_path, photograph[:-lost])
        assert "damaged pictures used as far as they can be seen: cover" in told
        shown, meant = (
            np.asarray(opened(picture).resize((30, 30)), int) for picture in (data, photograph)
        )
        assert np.abs(shown - meant)[:20].mean() < 12
        with pytest.raises(OSError, match="truncated"):  # the switch is off again
            opened(photograph[:-13]).load()

    @pytest.mark.parametrize(
        "picture",
        [
            b"\xff\xd8\xff no picture",
            b"\x89PNG\r\n\x1a\n",
            photograph()[:3000],
            saved(Image.new("1", (12_000, 12_000))),
        ],
        ids=["not-one", "empty", "its-beginning", "bomb"],
    )
    def test_else_one_is_drawn(
        self, make_job: Callable[..., Job], tmp_path: Path, picture: bytes
    ) -> None:
        data, told = self.built(make_job, tmp_path, picture)
        assert "pictures that cannot be used left out: cover: the picture " in told
        assert opened(data).size == (3000, 3000)

    def test_one_that_is_sound_is_left_alone(self) -> None:
        photograph = self.photograph()
        assert cover.restore(photograph) is photograph

    def test_nobody_hears_of_one_that_is_not_used(
        self, make_job: Callable[..., Job], tmp_path: Path
    ) -> None:
        write_epub(tmp_path / "sach.epub", b"\xff\xd8\xff no picture")
        job = replace(make_job("x"), source=str(tmp_path / "sach.epub"))
        heard: list[Event] = []
        build(job, heard.append)
        assert isinstance(heard[0], Started)
        assert heard[0].changes == ()

    def test_one_that_the_user_gave_is_refused(self, make_job: Callable[..., Job]) -> None:
        job = replace(make_job("Một câu."), cover=True)
        job = replace(job, meta=replace(job.meta, cover=self.photograph()[:-13]))
        with pytest.raises(SourceError, match="not an intact JPEG"):
            build(job)


def test_each_book_has_one_unless_told_otherwise(make_job: Callable[..., Job]) -> None:
    job = replace(make_job("Chương 1\n\nMột câu."), cover=True)
    assert opened(mutagen.File(build(job).path)["APIC:"].data).size == (3000, 3000)
    bare = build(replace(job, cover=False))
    assert "APIC:" not in mutagen.File(bare.path)
    own = saved(Image.new("RGB", (1500, 1500), "navy"), "JPEG")
    book = build(replace(job, meta=replace(job.meta, cover=own)))
    assert mutagen.File(book.path)["APIC:"].data == own


@pytest.mark.parametrize("name", outputs.SOUND_FORMATS)
def test_an_unchanged_book_is_not_drawn_again(
    make_job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    job = replace(make_job("Chương 1\n\nMột câu."), cover=True)
    job = replace(job, format=name, sound=replace(job.sound, format=name))
    build(job)
    monkeypatch.setattr(cover, "draw", None)
    build(job)


class TestOfChapters:
    TEXT = "Chương 1: Đêm\n\nMột câu.\n\nChương 2\n\nHai câu.\n\nChương 3\n\nBa câu."

    def ordered(self, make_job: Callable[..., Job], tmp_path: Path, words: str) -> Job:
        job = make_job(self.TEXT)
        (tmp_path / "wide.png").write_bytes(saved(Image.new("RGBA", (1600, 400), "#00800080")))
        (tmp_path / "small.jpg").write_bytes(saved(Image.new("RGB", (90, 120), "red"), "JPEG"))
        (tmp_path / "cut.jpg").write_bytes((tmp_path / "small.jpg").read_bytes()[:-200])
        (tmp_path / "book.toml").write_text(f"[pictures]\n{words}\n", "utf-8")
        told = make_order(job.source, folder=job.folder)
        return replace(job, pictures=told.pictures)

    def test_players_are_given_one_for_each_that_has_one(
        self, make_job: Callable[..., Job], tmp_path: Path
    ) -> None:
        # Decomposed, as some keyboards write it.
        title = unicodedata.normalize("NFD", "Chương 1: Đêm")
        job = self.ordered(make_job, tmp_path, f'"{title}" = "wide.png"\n"Chương 3" = "small.jpg"')
        path = build(job).path
        tag = mutagen.File(path).tags
        pictures = [tag[f"CHAP:chp{number}"].sub_frames.get("APIC:") for number in (1, 2, 3)]
        assert pictures[1] is None
        assert all(len(picture.data) < 10_000 for picture in pictures if picture)
        shown = [opened(picture.data) for picture in pictures if picture]
        assert [(picture.format, picture.size) for picture in shown] == [
            ("JPEG", (600, 150)),
            ("JPEG", (90, 120)),
        ]
        assert shown[0].getpixel((300, 75)) == pytest.approx((127, 191, 127), abs=3)
        eyed3 = pytest.importorskip("eyed3")
        chapters = {chapter.title: chapter for chapter in eyed3.load(path).tag.chapters}
        (read,) = chapters["Chương 1: Đêm"].sub_frames[b"APIC"]
        assert (read.mime_type, read.image_data) == ("image/jpeg", pictures[0].data)
        assert b"APIC" not in chapters["Chương 2"].sub_frames

    def test_another_picture_is_another_book_of_the_same_recordings(
        self, make_job: Callable[..., Job], tmp_path: Path
    ) -> None:
        job = self.ordered(make_job, tmp_path, '"Chương 2" = "wide.png"')
        content = build(job).path.read_bytes()
        assert build(job).path.read_bytes() == content
        other = replace(job, pictures=(("Chương 2", (tmp_path / "small.jpg").read_bytes()),))
        heard: list[Event] = []
        assert build(other, heard.append).path.read_bytes() != content
        assert all(event.remembered for event in heard if isinstance(event, Progress))

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ('"Chương 9" = "wide.png"', "picture for the chapter 'Chương 9', which is not there"),
            ('"Chương 2" = "none.jpg"', "cannot read the picture of Chương 2.*none.jpg"),
            ('"Chương 2" = "book.txt"', "book.txt is neither JPEG nor PNG"),
            ('"Chương 2" = "cut.jpg"', "the picture of Chương 2 is not an intact JPEG"),
            ('"Chương 2" = 3', "pictures must be a table of files by chapter"),
        ],
    )
    def test_what_is_not_right_is_told_before_the_work(
        self, make_job: Callable[..., Job], tmp_path: Path, words: str, said: str
    ) -> None:
        heard: list[Event] = []
        with pytest.raises((UsageError, SourceError), match=said):
            build(self.ordered(make_job, tmp_path, words), heard.append)
        assert not any(isinstance(event, Progress) for event in heard)
