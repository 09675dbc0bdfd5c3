"""What a site answers: its page within bounds, or the error that says why there is none."""

from __future__ import annotations

from email.message import Message as Headers
from typing import TYPE_CHECKING

from audiobook.errors import SourceError
from audiobook.messages import NOTHING, Message, message
from audiobook.system import connection

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_LARGEST = 64 << 20  # bytes, after decompression
_CHUNK = 1 << 16
_COMPRESSIONS = {"", "identity", "gzip", "x-gzip", "deflate"}
LATER = message("try again later, or save the page in a browser and give that file")
SAVE = message("open it in a browser, save the page and give that file")


class AnswerError(SourceError):
    """A site answered that it does not give a page.

    Args:
        what: what happened.
        remedy: what to do about it.
        status: the status of the answer, such as 404.
    """

    def __init__(self, what: Message, remedy: Message = NOTHING, status: int = 0) -> None:
        super().__init__(what, remedy)
        self.status = status


def body_of(response: BaseHTTPResponse, shown: str) -> bytes:
    """Return the page that a site answers, unpacked.

    Args:
        response: the answer.
        shown: the address, as messages may show it.

    Raises:
        AnswerError: the site answers that it does not give the page.
        SourceError: it is packed in a way that was not asked for, or larger than 64 MB.
    """
    if not 200 <= response.status < 300:
        raise AnswerError(
            message("{url} answered {status}", url=shown, status=response.status),
            _remedy(response.status),
            response.status,
        )
    written = response.headers.get("Content-Encoding", "")
    if not {part.strip().lower() for part in written.split(",")} <= _COMPRESSIONS:
        raise SourceError(
            message(
                "{url} sends its page as {written}, which was not asked for",
                url=shown,
                written=written,
            ),
            SAVE,
        )
    too_large = SourceError(
        message("{url} is larger than {size} MB", url=shown, size=_LARGEST >> 20),
        message("give a smaller page"),
    )
    if (response.length_remaining or 0) > _LARGEST:
        raise too_large
    body = bytearray()
    for chunk in response.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > _LARGEST:
            raise too_large
    return bytes(body)


def charset_of(response: BaseHTTPResponse) -> str:
    """Return the encoding that an answer claims; empty where it claims none."""
    header = Headers()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    return header.get_content_charset("")


def _remedy(status: int) -> Message:
    match status:
        case 401 | 403 | 407 | 451:
            return message(
                "the page is not public: log in and open it in a browser, save the page and give "
                "that file"
            )
        case 404 | 410:
            return message("the page is gone: check the address")
        case 408 | 425 | 429:
            return LATER
        case _ if status >= 500:
            return message(
                "the site has a problem: try again later, or save the page in a browser and give "
                "that file"
            )
        case _:
            return SAVE


def connection_error(shown: str, problem: Exception) -> SourceError:
    """Return the error that says why a connection failed."""
    from urllib3.exceptions import DecodeError

    if isinstance(problem, DecodeError):
        return SourceError(message("{url} sends a page that is packed wrong", url=shown), SAVE)
    failure = connection.explain(shown, problem)
    return SourceError(failure.what, failure.remedy or LATER)
