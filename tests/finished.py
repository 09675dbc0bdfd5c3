"""One good book, and ways to spoil it."""

from __future__ import annotations

import shutil
import struct
import subprocess
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mutagen.id3 import ID3
from PIL import Image

from audiobook.app.build import build
from audiobook.audit import Audit, Finding
from audiobook.config import load_voice
from audiobook.model import Cast, Job, Meta, Sound
from audiobook.system import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RATE = 22_050
_SCALE = 0.95
# Titles from short to long: mutagen sorts chapters so when it saves a tag again.
TEXT = """# Một

Câu đầu tiên của cuốn sách nói về con sông nhỏ chảy qua làng. Câu thứ hai kể rằng nước sông \
rất trong và mát. Câu thứ ba thì ngắn hơn nhiều.

# Chương hai

Người lái đò già vẫn ngồi trên bến cũ mỗi buổi chiều. Ông nhìn những con thuyền đi qua trước \
mặt mình. Không ai biết ông đang chờ người nào.

# Chương ba cuối cùng

Mùa mưa năm ấy nước dâng lên tới tận chân đê lớn. Cả làng thức suốt đêm để giữ lấy con đê. \
Sáng hôm sau trời lại nắng.
"""


def png(width: int, height: int) -> bytes:
    """The beginning of a picture, which tells its size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + bytes(40)


def picture() -> bytes:
    """A small file that is fit to be a cover."""
    file = BytesIO()
    Image.new("RGB", (1400, 1400), "navy").save(file, "PNG")
    return file.getvalue()


def good_book(folder: Path, form: str = "mp3") -> Path:
    """Build a book with no problems found."""
    source = folder / "book.txt"
    source.write_text(TEXT, "utf-8")
    meta = Meta(
        title="Bến đò",
        author="Nguyễn An",
        narrator="Tone",
        date="2026",
        cover=picture(),
    )
    cast = Cast(load_voice("tone"))
    sound = Sound(rate=RATE, format=form)
    job = Job(
        source=str(source),
        folder=folder,
        cast=cast,
        sound=sound,
        meta=meta,
        workers=1,
        cache=folder / "cache",
        format=form,
    )
    return build(job).path


def samples_of(book: Path) -> NDArray[np.int16]:
    with ffmpeg.stream(book, RATE) as stream:
        return np.concatenate(list(stream.blocks))


def tagged(book: Path, path: Path, edit: Callable[[ID3], object]) -> Path:
    """Copy a book, its tag changed."""
    shutil.copy(book, path)
    tag = ID3(path)
    edit(tag)
    tag.save(path, v2_version=3)
    return path


def sounding(
    book: Path, path: Path, samples: NDArray[Any], *options: str, codec: str = "libmp3lame"
) -> Path:
    """Copy a book, with other sound."""
    command = [ffmpeg.find(), "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "1"]
    command += ["-i", "-", "-c:a", codec, *(options or ("-b:a", "64k")), str(path)]
    # LAME turns sound down before it encodes.
    gain = 1 / _SCALE if codec == "libmp3lame" else 1
    data = (samples * gain).clip(-32768, 32767).astype(np.int16).tobytes()
    subprocess.run(command, input=data, check=True)
    if codec == "libmp3lame":
        ID3(book).save(path, v2_version=3)
    return path


def finding_of(audit: Audit, rule: str) -> Finding:
    """The first finding of a rule."""
    rules = [finding.rule for finding in audit.findings]
    assert rule in rules, rules
    return audit.findings[rules.index(rule)]
