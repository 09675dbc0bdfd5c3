"""The command that serves a site to browsers and podcast clients."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiobook.cli.app import INTERRUPTED, Debug, app, notify
from audiobook.messages import localize


@app.command(epilog="Example: audiobook serve books --lan")
def serve(
    library: Annotated[
        Path,
        typer.Argument(metavar="LIBRARY", help="Folder with a site in it, or the site itself."),
    ],
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="PORT", help="Port to serve on; 0 for any free port."
        ),
    ] = 8000,
    lan: Annotated[
        bool, typer.Option("--lan", help="Serve the whole local network, not only this machine.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log each request.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Serve a site to browsers and podcast clients until Ctrl-C."""
    from audiobook.podcast import serve as serving
    from audiobook.podcast.site import find_site

    site = find_site(library)
    server = serving.make_app(site)
    with serving.listen(port, serving.ALL_INTERFACES if lan else serving.LOCALHOST) as listener:
        address = serving.browser_address(listener)
        if lan:
            notify(f"warning: anybody on your network can listen at {address}, without a password")
        print(f"{site}: {address}  {localize('(press Ctrl-C to stop)')}", flush=True)
        try:
            serving.serve(server, listener, notify if verbose else None)
        except KeyboardInterrupt as interruption:
            notify(f"audiobook: {localize('stopped')}")
            raise typer.Exit(INTERRUPTED) from interruption
