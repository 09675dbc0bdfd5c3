"""What can go wrong with a request to a server of voices, and whether asking again may help."""

from __future__ import annotations

import ssl
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from audiobook.errors import EngineError
from audiobook.messages import message
from audiobook.system import connection

if TYPE_CHECKING:
    from audiobook.messages import Message


class TemporaryError(Exception):
    """The service may well answer if it is asked again.

    Args:
        reason: what happened, without secrets.
        complaint: whether the service complains of too many requests, as with 429 and 503.
        wait: seconds that it asks to wait; None if it does not say.
    """

    def __init__(self, reason: str, *, complaint: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.complaint = complaint
        self.wait = wait


class UnreachableError(TemporaryError):
    """No connection came about: no network, no such host, nobody who listens.

    Nothing was sent, so the service refused nothing, and the shared pace does not change.
    """


class NoSoundError(EngineError):
    """The service answered without sound; asking again a few times may help.

    Args:
        service: name of the server.
        text: what it was asked to say.
    """

    def __init__(self, service: str, text: str) -> None:
        super().__init__(
            message("{service} sent no sound for {text!r}", service=service, text=text[:80]),
            message("try again later"),
        )


def refusal_error(
    service: str, status: int, reason: str, retry_after: str | None, remedies: dict[int, Message]
) -> Exception:
    """Return the error for a refusal: a `TemporaryError` where another try may help.

    Args:
        service: name of the server.
        status: status code of HTTP.
        reason: the explanation of the server.
        retry_after: the header of that name.
        remedies: what to do about a permanent status, by its code; 0 for any other.
    """
    description = f"{status} {reason}".strip()
    if status in (408, 425, 429) or status >= 500:
        wait = seconds_to_wait(retry_after)
        return TemporaryError(
            description, complaint=status in (429, 503) or wait is not None, wait=wait
        )
    return EngineError(
        message("{service} refused ({reason})", service=service, reason=description),
        remedies.get(status, remedies[0]),
    )


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Return the seconds from now in a Retry-After header (RFC 9110, 10.2.3); None without one."""
    header = (retry_after or "").strip()
    if header.isascii() and header.isdecimal():
        return float(header[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def connection_error(
    service: str, problem: Exception, *, never_connected: bool = False
) -> Exception:
    """Return the error for a request that failed without an answer.

    Args:
        service: name of the server.
        problem: what the library raised.
        never_connected: whether the library says that no connection came about; errors of the
            system that say so are recognised without it.
    """
    cause = root_cause(problem)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return EngineError(
            message(
                "another server answers in place of {service}: {reason}",
                service=service,
                reason=cause.verify_message,
            ),
            message(
                "if your network does that on purpose, name the file of its certificate in "
                "SSL_CERT_FILE"
            ),
        )
    is_unreachable = never_connected or connection.is_unreachable(cause)
    kind = UnreachableError if is_unreachable else TemporaryError
    return kind(message("no connection to {host} ({reason})", host=service, reason=cause))


def root_cause(problem: BaseException) -> BaseException:
    """Return the first exception in a chain of contexts."""
    while (earlier := problem.__context__) is not None:
        problem = earlier
    return problem
