"""Keeps ``cover.jpg`` beside the files of a book, where library programs and cars look for it.

A remark in the JPEG (its COM segment, ITU-T T.81, B.2.4.5) says which order made it, and holds a
digest of it: a picture of somebody else's, or one that was changed since, is left alone.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

from audiobook.messages import message
from audiobook.outputs.cover.encoding import encode
from audiobook.outputs.cover.opening import LARGEST_FILE, open_picture, upright_rgb
from audiobook.system import files

if TYPE_CHECKING:
    from pathlib import Path

NAME = "cover.jpg"
_COMMENT = b"\xff\xfe"
_DIGEST_BYTES = 8
_REMARK = re.compile(rb"audiobook ([0-9a-f]{16}) ([!-~]*)")


def write(folder: Path, picture: bytes, order: str, *, overwrite: bool = False) -> None:
    """Write the cover of a book into the folder of its files, unless another picture is there.

    Args:
        folder: where the files are.
        picture: the cover, as `fit` or `draw` returns it.
        order: one word, the fingerprint of all that the book was made from.
        overwrite: whether a picture of somebody else's is replaced.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / NAME
    if overwrite or _order_of(path) is not None:
        with files.whole(path) as file:
            file.write(_sign(_baseline(picture), order))


def remove(folder: Path) -> None:
    """Remove the cover that `write` left in a folder, if nobody has changed it.

    Raises:
        OutputError: it cannot be removed.
    """
    if _order_of(folder / NAME):
        files.remove(folder / NAME)


def is_current(folder: Path, order: str, *, overwrite: bool = False) -> bool:
    """Whether `write` would change nothing: see there; an empty order stands for no cover."""
    written = _order_of(folder / NAME)
    return written == order or (written is None and not overwrite)


def _order_of(path: Path) -> str | None:
    """Return the order that made a picture: empty without a file, None if we did not make it."""
    if not os.path.lexists(path):
        return ""
    try:
        if not files.is_file(path) or path.stat().st_size > LARGEST_FILE:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    place = _place_of_remark(data)
    end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
    remark = _REMARK.fullmatch(data[place + 4 : end])
    if not remark:
        return None
    order = remark[2].decode("ascii")
    return order if _sign(data[:place] + data[end:], order) == data else None


def _sign(picture: bytes, order: str) -> bytes:
    """Return a JPEG with a remark that this program wrote it."""
    digest = hashlib.blake2b(picture + order.encode("ascii"), digest_size=_DIGEST_BYTES)
    remark = f"audiobook {digest.hexdigest()} {order}".encode("ascii")
    place = _place_of_remark(picture)
    return picture[:place] + _COMMENT + (len(remark) + 2).to_bytes(2) + remark + picture[place:]


def _place_of_remark(picture: bytes) -> int:
    """Return the place behind the first segment of an application, which JFIF puts first."""
    is_application = picture[2:3] == b"\xff" and 0xE0 <= int.from_bytes(picture[3:4]) <= 0xEF
    return 4 + int.from_bytes(picture[4:6]) if is_application else 2


def _baseline(picture: bytes) -> bytes:
    """Return a cover as a JPEG that every stereo shows: progressive ones are encoded again."""
    image = open_picture(picture, message("the cover"))
    if image.format == "JPEG" and "progressive" not in image.info:
        return picture
    return encode(upright_rgb(image))
