"""A voice of one's own: a clip is given or recorded in the browser, and a voice made of it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audiobook.app import cloning
from audiobook.errors import UsageError
from audiobook.messages import localize, message
from audiobook.studio.answers import refusal
from audiobook.system import downloads

if TYPE_CHECKING:
    from starlette.requests import Request

_LARGEST = 32 << 20
_REGIONS, _SEXES = ("north", "central", "south"), ("female", "male")


def routes() -> list[Route]:
    """Return the routes of cloning."""
    return [Route("/voices/clone", _receive, methods=["POST"])]


async def _receive(request: Request) -> Response:
    """Take in a clip, and answer once the voice speaks: that takes a while."""
    data = bytearray()
    try:
        async for block in request.stream():
            data += block
            if len(data) > _LARGEST:
                raise UsageError(
                    message("the clip is larger than {size} MB", size=_LARGEST >> 20),
                    message("give 3 to 30 seconds"),
                )
        told = await run_in_threadpool(_clone, request, bytes(data))
    except ClientDisconnect:
        return Response(status_code=400)
    except Exception as problem:  # noqa: BLE001 (told to the page)
        return refusal(problem)
    return JSONResponse({"told": told})


def _clone(request: Request, data: bytes) -> str:
    from audiobook.app.cloning_clip import read_clip

    given = request.query_params
    name, accent, sex = (given.get(key, "") for key in ("name", "accent", "sex"))
    if given.get("agreed") != "yes":
        raise UsageError(
            message("a voice is cloned only if its speaker allows it"),
            message("ask the speaker, or clone your own voice"),
        )
    if accent not in ("", *_REGIONS) or sex not in ("", *_SEXES):
        raise UsageError(message("the page asked for something that is not known"))
    with tempfile.TemporaryDirectory() as folder:
        clip, sample = Path(folder) / "clip", Path(folder) / "sample.mp3"
        cloning.check(name, sample)
        clip.write_bytes(data)
        checked = read_clip(clip)
        if checked.findings:
            finding = checked.findings[0]
            raise UsageError(finding.what, finding.remedy)
        for voice in cloning.missing_files():
            downloads.fetch(voice, lambda *_: None)
        permission = localize(
            message(
                "the speaker agrees, as was confirmed on {date}",
                date=datetime.now(UTC).astimezone().date().isoformat(),
            )
        )
        cloning.clone(
            name,
            checked,
            sample,
            permission=permission,
            accent=accent,
            sex=sex,
        )
    return localize(message("{name} can be chosen from now on", name=name))
