from __future__ import annotations

import functools
import math
import unicodedata
import zipfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import mutagen
import numpy as np
import pytest
from PIL import Image, ImageCms

from audiobook import outputs
from audiobook.app.build import build
from audiobook.app.current import find_book
from audiobook.audit.contents import read_contents as contents_of
from audiobook.config import make_job as make_order
from audiobook.errors import SourceError, UsageError
from audiobook.model import Event, Progress, Started
from audiobook.outputs import cover, pictures
from audiobook.outputs.cover import drawing, lettering, svg
from audiobook.outputs.cover.encoding import MOST, MOST_INSIDE, TRACK_MOST, side_for
from audiobook.outputs.cover.motifs import MOTIFS
from audiobook.outputs.cover.palettes import PALETTES, Palette

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobook.model import Job

pytestmark = pytest.mark.usefixtures("really_drawn")

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


def is_drawn_inside(data: bytes) -> bool:
    """Whether a picture is a drawn cover as it stands inside a file of sound."""
    image = opened(data)
    return 1400 <= image.width == image.height <= 3000 and len(data) <= MOST_INSIDE


def lightest(image: Image.Image) -> int:
    """Return how light the lightest pixel of a picture is, 0 to 255."""
    return int(np.asarray(image.convert("L")).max())


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

    @pytest.mark.parametrize("most", [MOST, MOST_INSIDE, 100_000])
    @pytest.mark.parametrize("height", drawing._HEIGHTS)
    def test_the_pattern_fills_its_part_of_a_cover_of_any_size(
        self, most: int, height: int
    ) -> None:
        side = side_for(most)
        page = Image.new("L", (side, side), 255)
        palette = Palette("white", "black", "black", ("black", "black", "black"))
        drawing._draw_pattern(page, height, MOTIFS[0], palette, b"1")
        rows = np.asarray(page)
        top = side - math.ceil(height * side / drawing.SIDE)
        assert np.all(rows[:top] == 255)
        assert np.all(rows[top:] == 0)

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
        with pytest.raises(SourceError, match="the cover is not an intact picture"):
            cover.fit(picture)

    def test_one_that_is_cut_off(self) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), np.uint8)
        picture = saved(Image.fromarray(noise), "JPEG")
        with pytest.raises(SourceError, match="not an intact picture"):
            cover.fit(picture[: len(picture) // 2])

    def test_a_bomb_is_not_opened(self) -> None:
        picture = saved(Image.new("1", (12_000, 12_000)), compress_level=1)
        with pytest.raises(SourceError, match="12000 × 12000 pixels"):
            cover.fit(picture)
        larger = saved(Image.new("1", (20_000, 20_000)), compress_level=1)
        with pytest.raises(SourceError, match="more pixels than any picture needs: make it"):
            cover.fit(larger)


class TestKinds:
    """Every kind of picture that people have becomes the same square JPEG."""

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
    def test_it_is_recognised_and_fitted(self, form: str) -> None:
        picture = saved(Image.new("RGB", (1400, 1400), "navy"), form)
        assert pictures.kind_of(picture) == form
        fitted = opened(cover.fit(picture))
        assert fitted.format in ("JPEG", "PNG")
        assert fitted.convert("RGB").getpixel((9, 9)) == pytest.approx((0, 0, 128), abs=4)

    def test_of_an_animation_the_first_frame(self) -> None:
        frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
        picture = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
        assert opened(cover.fit(picture)).getpixel((700, 700)) == pytest.approx((254, 0, 0), abs=3)

    def test_heic_is_named(self) -> None:
        with pytest.raises(SourceError, match="HEIC picture, which cannot be read: save it as"):
            cover.check(b"\0\0\0\x18ftypheic" + bytes(99))

    def test_colours_for_print_are_those_that_are_meant(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        picture = saved(Image.new("RGB", (1000, 1400), "red"), "JPEG", icc_profile=profile)
        damaged = saved(Image.new("RGB", (1000, 1400), "red"), "JPEG", icc_profile=b"none")
        for data in (picture, damaged):
            fitted = opened(cover.fit(data))
            assert fitted.getpixel((700, 700)) == pytest.approx((254, 0, 0), abs=3)
            assert "icc_profile" not in fitted.info


SVG = (
    b'<?xml version="1.0"?>\n<!-- a --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 80">'
    b'<rect width="60" height="80" fill="#000080"/>%s</svg>'
)


class TestSvg:
    def test_without_the_library_it_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(svg, "find_spec", lambda _: None)
        with pytest.raises(SourceError, match=r"SVG picture.*pip install 'resvg-py.* as PNG"):
            cover.check(SVG % b"<!-- none -->")

    def test_it_is_drawn(self) -> None:
        pytest.importorskip("resvg_py")
        fitted = opened(cover.fit(SVG % b""))
        assert fitted.getpixel((fitted.width // 2, 20)) == pytest.approx((0, 0, 128), abs=4)
        assert lightest(fitted) < 60

    @pytest.mark.parametrize(
        "typeface",
        [
            b'font-family="None" ',
            b"style=\"font-family:'None'\" ",
            b'style="font-family: None; font-size: 20px" ',
            b"",
        ],
    )
    def test_words_stay_without_their_typeface(self, typeface: bytes) -> None:
        pytest.importorskip("resvg_py")
        words = b'<text x="5" y="40" %sfill="#fff">A</text>' % typeface
        assert lightest(opened(cover.fit(SVG % words))) > 240

    def test_it_opens_no_other_file(self, tmp_path: Path) -> None:
        pytest.importorskip("resvg_py")
        (tmp_path / "a.png").write_bytes(saved(Image.new("RGB", (60, 80), "white")))
        image = f'<image width="60" height="80" href="{tmp_path}/a.png"/>'
        assert lightest(opened(cover.fit(SVG % image.encode()))) < 60

    def test_one_that_would_take_all_memory(self) -> None:
        pytest.importorskip("resvg_py")
        bomb = SVG.replace(b'viewBox="0 0 60 80"', b'width="1" height="9999999"') % b""
        with pytest.raises(SourceError, match="the cover makes resvg fail, or takes more memory"):
            cover.check(bomb)


class TestSize:
    @staticmethod
    @functools.cache
    def noise() -> bytes:
        pixels = np.random.default_rng(1).integers(0, 255, (2000, 2000, 3), np.uint8)
        return saved(Image.fromarray(pixels), "JPEG", quality=95)

    @pytest.mark.parametrize("most", [20_000, 300_000, 2_000_000])
    def test_it_keeps_the_bound_whatever_is_on_it(self, most: int) -> None:
        data = cover.fit(self.noise(), most=most)
        assert most / 4 < len(data) <= most

    def test_what_is_drawn_stays_as_large_as_directories_want_it(self) -> None:
        for title in TITLES[:2]:
            data = cover.draw(title, "Ngô Tất Tố", "Hà Nội", MOST_INSIDE)
            assert len(data) <= MOST_INSIDE
            assert 1400 <= opened(data).width <= 3000

    def test_shrinks_a_picture_of_nothing_but_noise(self) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (600, 600, 3), np.uint8)
        picture = saved(Image.fromarray(noise), "PNG")
        assert len(cover.reduce(picture)) <= TRACK_MOST

    def test_the_one_for_many_files_is_what_stereos_of_cars_show(self) -> None:
        picture = opened(data := cover.reduce(self.noise()))
        assert (picture.format, picture.size) == ("JPEG", (500, 500))
        assert "progressive" not in picture.info
        assert len(data) <= TRACK_MOST

    @pytest.mark.parametrize("form", outputs.FORMATS)
    def test_the_user_says_how_large(self, make_job: Callable[..., Job], form: str) -> None:
        def size(limit: int) -> int:
            sound = replace(job.sound, format=outputs.load(form).SOUND)
            book = build(replace(job, format=form, sound=sound, cover_size=limit))
            if form == "epub":
                return zipfile.ZipFile(book.path).getinfo("EPUB/cover.jpg").file_size
            return len(contents_of(book.path).cover_file)

        job = replace(make_job("Một câu."), cover=True)
        job = replace(job, meta=replace(job.meta, cover=self.noise()))
        limits = [0, 100, 1000]
        bounds = [500_000 if form == "epub" else MOST_INSIDE, 100_000, 1_000_000]
        sizes = [size(limit) for limit in limits]
        assert all(length <= bound for length, bound in zip(sizes, bounds, strict=True))
        assert sizes[1] < sizes[0] < sizes[2]

    def test_one_that_nobody_could_recognise_is_refused(self, make_job: Callable[..., Job]) -> None:
        icon = saved(Image.new("RGB", (99, 400), "red"))
        job = replace(make_job("Một câu."), cover=True)
        job = replace(job, meta=replace(job.meta, cover=icon))
        with pytest.raises(SourceError, match="the cover has only 99 × 400 pixels: give one of at"):
            build(job)


class TestBeside:
    """With ``--split`` the cover lies beside the files, and is nobody else's."""

    @pytest.fixture
    def job(self, make_job: Callable[..., Job]) -> Job:
        job = replace(make_job("Chương 1\n\nMột câu.\n\nChương 2\n\nHai."), cover=True, split=True)
        own = saved(Image.new("RGB", (1500, 1500), "navy"), "JPEG", progressive=True)
        return replace(job, meta=replace(job.meta, cover=own))

    def test_it_is_the_cover_of_a_book_in_each_of_its_formats(self, job: Job) -> None:
        jobs = [
            replace(job, format=form, sound=replace(job.sound, format=form))
            for form in ("mp3", "opus")
        ]
        for each in jobs:
            build(each)
        assert all(find_book(each) for each in jobs)
        other = replace(jobs[0], meta=replace(job.meta, cover=saved(Image.new("RGB", (600, 600)))))
        build(other)
        assert find_book(other)
        assert not find_book(jobs[1])

    def test_it_is_written_once_and_goes_with_its_book(self, job: Job) -> None:
        book = build(job)
        path = book.path.with_suffix("") / "cover.jpg"
        picture = opened(path.read_bytes())
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (1500, 1500))
        assert "progressive" not in picture.info
        chapter = opened(mutagen.File(path.with_name("01 - Chương 1.mp3"))["APIC:"].data)
        assert chapter.size == (500, 500)
        written = path.stat().st_ino
        build(job)
        assert path.stat().st_ino == written
        path.unlink()
        build(job)
        assert path.exists()
        other = replace(job, meta=replace(job.meta, cover=b"", title="Con đò"))
        build(other)
        assert opened(path.read_bytes()).width != 1500
        build(replace(other, cover=False))
        assert not path.exists()

    def test_a_picture_of_somebody_else_is_left_alone(self, job: Job) -> None:
        path = job.folder / "book" / "cover.jpg"
        path.parent.mkdir(parents=True)
        own = saved(Image.new("RGB", (9, 9), "red"), "JPEG")
        path.write_bytes(own)
        build(job)
        build(replace(job, cover=False))
        assert path.read_bytes() == own
        build(replace(job, overwrite=True))
        assert path.read_bytes() != own

    def test_one_of_ours_that_was_changed_is_not_ours(self, job: Job) -> None:
        path = build(job).path.with_suffix("") / "cover.jpg"
        edited = path.read_bytes()[:-2] + b"\0\xff\xd9"
        path.write_bytes(edited)
        build(replace(job, meta=replace(job.meta, title="Khác")))
        build(replace(job, cover=False))
        assert path.read_bytes() == edited


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
            lambda: b"\xff\xd8\xff no picture",
            lambda: b"\x89PNG\r\n\x1a\n",
            lambda: TestOfASource.photograph()[:3000],
            lambda: saved(Image.new("1", (12_000, 12_000)), compress_level=1),
        ],
        ids=["not-one", "empty", "its-beginning", "bomb"],
    )
    def test_else_one_is_drawn(
        self, make_job: Callable[..., Job], tmp_path: Path, picture: Callable[[], bytes]
    ) -> None:
        data, told = self.built(make_job, tmp_path, picture())
        assert "covers that cannot be used replaced by a drawn one: the picture " in told
        assert is_drawn_inside(data)

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
        with pytest.raises(SourceError, match="not an intact picture"):
            build(job)


def test_each_book_has_one_unless_told_otherwise(make_job: Callable[..., Job]) -> None:
    job = replace(make_job("Chương 1\n\nMột câu."), cover=True)
    assert is_drawn_inside(mutagen.File(build(job).path)["APIC:"].data)
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
            ('"Chương 2" = "book.txt"', "book.txt: it is not a picture"),
            ('"Chương 2" = "cut.jpg"', "the picture of Chương 2 is not an intact picture"),
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
