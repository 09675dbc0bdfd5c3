"""The command that serves a site to browsers and podcast clients."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import INTERRUPTED, Debug, notify
from audiobook.cli.commands import new_app
from audiobook.errors import AudiobookError, SourceError
from audiobook.messages import localize, message

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from audiobook.podcast.serving.listeners import Listeners

app = new_app()


@app.command(epilog="Example: audiobook serve books --lan")
def serve(
    library: Annotated[
        Path,
        typer.Argument(metavar="LIBRARY", help="Folder of books, or a site as it is."),
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
    host: Annotated[
        list[str] | None,
        typer.Option(
            "--host",
            metavar="NAME",
            help="Also answer to this name, such as that of a proxy before it.",
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log each request.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Serve a podcast of your books to browsers and podcast clients until Ctrl-C.

    A folder of books becomes a podcast for home, whose feed holds the address at which it is
    asked for. What `audiobook feed` made for the web is left alone: name its folder to serve it as
    it is.
    """
    from audiobook.podcast import serving

    place, server, known = _open(library, host or [])
    is_private = known is not None and known.is_private
    with serving.listen(port, serving.ALL_INTERFACES if lan else serving.LOCALHOST) as open_port:
        address = serving.browser_address(open_port)
        if lan and not is_private:
            notify(
                message(
                    "warning: anybody on your network can listen at {address}, without a password",
                    address=address,
                )
            )
        print(f"{place}: {address}  {localize('(press Ctrl-C to stop)')}", flush=True)
        if known is not None and is_private:
            print(_table_of(known, address), flush=True)
        elif sys.stdout.isatty():
            _show_the_way(address, lan=lan)
        try:
            shown = known.without_token if known is not None else str
            serving.serve(server, open_port, notify if verbose else None, shown)
        except KeyboardInterrupt as interruption:
            notify(message("audiobook: stopped"))
            raise typer.Exit(INTERRUPTED) from interruption


@app.command(epilog="Example: audiobook listeners books --add Lan")
def listeners(
    library: Annotated[Path, typer.Argument(metavar="LIBRARY", help="Folder of books.")],
    add: Annotated[
        str, typer.Option("--add", metavar="NAME", help="Give a listener an address of their own.")
    ] = "",
    remove: Annotated[
        str, typer.Option("--remove", metavar="NAME", help="Take the address of a listener away.")
    ] = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Let everybody listen again; all addresses end.")
    ] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Show who may hear a private podcast, or change that.

    Once it has a listener, `audiobook serve LIBRARY` answers only at the addresses of its
    listeners, which nobody can guess, and asks directories and search engines to leave it out.
    Changes count at once.
    """
    from audiobook.app import home
    from audiobook.podcast.library import read_library

    if not library.is_dir():
        raise SourceError(
            message("{path} is not a folder", path=library), message("name a folder of books")
        )
    known = home.listeners_of(library)
    if everybody:
        known.let_everybody()
    if add:
        known.add(add)
    if remove:
        known.remove(remove)
    if known.is_private:
        url = read_library(library).url
        print(_table_of(known, f"{url}/"))
        if not url and known.tokens():
            notify(message("these follow the address at which `audiobook serve` answers"))
    else:
        notify(message("everybody may hear it: make it private with --add NAME"))


def _table_of(known: Listeners, address: str) -> str:
    from audiobook.podcast.pages import LIBRARY_FEED

    lines = [f"{name}: {address}{token}/{LIBRARY_FEED}" for name, token in known.tokens().items()]
    return "\n".join(lines) or localize(message("nobody may hear it: add a listener"))


def _open(library: Path, names: list[str]) -> tuple[Path, ASGIApp, Listeners | None]:
    """Return what is served, the application that serves it, and who may hear it while not all may.

    What is served is a folder of books or a site.
    """
    from audiobook.app import home
    from audiobook.app.texts import is_site
    from audiobook.podcast import serving, site, state

    if not is_site(library) and home.has_books(library):
        home_site = home.write_site(library, notify)
        for note in home_site.written.notes:
            notify(message("audiobook: {note}", note=note))
        for problem in home_site.broken:
            notify(message("audiobook: left out: {problem}", problem=problem))
        known = home.listeners_of(library)
        server = serving.make_app(
            home_site.written.folder, names=names, root=home_site.root, listeners=known
        )
        return library, server, known
    place = site.find_site(library)
    with suppress(AudiobookError, ValueError):  # a damaged state is told by those who need it
        names += serving.name_in(state.read(place).url)
    return place, serving.make_app(place, names=names), None


def _show_the_way(address: str, *, lan: bool) -> None:
    """Print how a phone gets to the podcast."""
    from rich.console import Console
    from rich.text import Text

    from audiobook.podcast.codes import text_code
    from audiobook.podcast.pages import LIBRARY_FEED, LIBRARY_SUBSCRIBE
    from audiobook.podcast.serving.hosts import lasting_address

    if not lan:
        print(localize(message("to hear it on a phone in your network: add --lan")))
        return
    feed = f"{address}{LIBRARY_FEED}"
    # A camera opens pages: this one has a button for each podcast program.
    code = text_code(f"{address}{LIBRARY_SUBSCRIBE}")
    console = Console()
    is_shown = console.width > len(code.partition("\n")[0]) and console.encoding == "utf-8"
    if is_shown:
        console.print(Text(code, style="#ffffff on #000000"))
    way = (
        message(
            "Scan the code with a phone in the same network: a page opens with a button for each "
            "podcast program. Or enter this address in one: {feed}",
            feed=feed,
        )
        if is_shown
        else message(
            "On a phone in the same network, enter this address in a podcast program such as "
            "AntennaPod: {feed}",
            feed=feed,
        )
    )
    lines = [way, message("Or listen in the browser of the phone: {address}", address=address)]
    if lasting := lasting_address(feed):
        lines.append(
            message(
                "The router may give this machine another address one day; this one stays: {feed}",
                feed=lasting,
            )
        )
    print("\n".join(map(localize, lines)), flush=True)
