"""Keeps ``cover.jpg`` beside the files of a book, where library programs and cars look for it.

A remark in the JPEG (its COM segment, ITU-T T.81, B.2.4.5) says which orders made it, and holds a
digest of it: a picture of somebody else's, or one that was changed since, is left alone. A book in
several formats has one such picture, and each format is an order.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from audiobook.messages import message
from audiobook.outputs.cover.encoding import encode
from audiobook.outputs.cover.opening import LARGEST_FILE, open_picture, upright_rgb
from audiobook.system import files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "cover.jpg"
_COMMENT = b"\xff\xfe"
_DIGEST_BYTES = 8
_SEPARATOR = ","
_MOST_ORDERS = 8
"""More than there are formats; older ones are forgotten, so that the remark does not grow."""
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
    written = _read(path)
    if written is None and not overwrite:
        return
    baseline, orders = _baseline(picture), [order]
    if written and written.picture == baseline:
        others = [other for other in written.orders if other != order]
        orders = [*others, order][-_MOST_ORDERS:]
    with files.whole(path) as file:
        file.write(_sign(baseline, orders))


def remove(folder: Path) -> None:
    """Remove the cover that `write` left in a folder, if nobody has changed it.

    Raises:
        OutputError: it cannot be removed.
    """
    written = _read(folder / NAME)
    if written and written.orders:
        files.remove(folder / NAME)


def is_current(folder: Path, order: str, *, overwrite: bool = False) -> bool:
    """Whether `write` would change nothing: see there; an empty order stands for no cover."""
    written = _read(folder / NAME)
    if written is None:
        return not overwrite
    return order in written.orders if order else not written.orders


class _Written(NamedTuple):
    """What `write` left in a folder."""

    picture: bytes
    """Without the remark."""
    orders: Sequence[str]
    """No order where there is no file."""


def _read(path: Path) -> _Written | None:
    """Return the cover that we wrote; None if the file that is there is not ours."""
    if not os.path.lexists(path):
        return _Written(b"", ())
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
    written = _Written(data[:place] + data[end:], remark[2].decode("ascii").split(_SEPARATOR))
    return written if _sign(*written) == data else None


def _sign(picture: bytes, orders: Sequence[str]) -> bytes:
    """Return a JPEG with a remark that this program wrote it."""
    order = _SEPARATOR.join(orders)
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
