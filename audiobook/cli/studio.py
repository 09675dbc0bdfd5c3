"""The command that opens the studio: the work on books as pages in a browser."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from audiobook.cli.app import INTERRUPTED, Debug, notify
from audiobook.cli.commands import new_app
from audiobook.errors import UsageError
from audiobook.messages import localize, message

_USUAL_PORT = 8765
# Five tries a minute find a code of eight with 7 in 100,000 in a day, one of six with 7 in 1,000.
_DIGITS = 8

app = new_app()


@app.command(epilog="Example: audiobook studio ~/Audiobooks")
def studio(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="Folder of texts and books: by default the current one if it holds some, "
            "else Audiobooks in your home folder.",
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            metavar="PORT",
            help="Port to serve on: by default 8765 if it is free.",
        ),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
    lan: Annotated[
        bool,
        typer.Option(
            "--lan", help="Also let other machines of your network in, with the code it prints."
        ),
    ] = False,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="PLACE",
            help="A place where its podcast may be published, as for `audiobook publish`.",
        ),
    ] = None,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Work on your books in the browser: choose, correct, hear, build, listen.

    What you choose there stands in book.toml and lexicon.tsv beside each text, as for the other
    commands. Builds go on when the page is closed; when this command ends, the next one resumes.
    """
    from audiobook.podcast import serving
    from audiobook.studio.app import open_studio
    from audiobook.studio.places import choose_folder
    from audiobook.studio.warming import warm_up

    place = choose_folder(folder)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}" if lan else ""
    with _listen(port, serving.ALL_INTERFACES if lan else serving.LOCALHOST) as open_port:
        here = f"http://{serving.LOCALHOST}:{open_port.getsockname()[1]}/"
        address = serving.browser_address(open_port)
        with open_studio(place, (here, address), code, target or ()) as server:
            print(f"{place}: {here}  {localize('(press Ctrl-C to stop)')}", flush=True)
            if lan:
                line = message(
                    "on your network: {address}, code {code}", address=address, code=code
                )
                print(localize(line), flush=True)
            warm_up()
            if not no_open:
                webbrowser.open(here)
            try:
                # Whoever could say to be this machine would need no code.
                serving.serve(server, open_port, believes_proxies=False)
            except KeyboardInterrupt as interruption:
                notify(message("audiobook: stopped"))
                raise typer.Exit(INTERRUPTED) from interruption


def _listen(port: int | None, host: str) -> socket.socket:
    """Open the port that the user named; else the usual one, or any where that is in use."""
    from audiobook.podcast import serving

    if port is not None:
        return serving.listen(port, host)
    try:
        return serving.listen(_USUAL_PORT, host)
    except UsageError:
        return serving.listen(0, host)
