"""The command that publishes a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiobook.cli.app import Debug, app, notify
from audiobook.cli.printing import quantity
from audiobook.messages import localize, localize_figure

if TYPE_CHECKING:
    from audiobook.podcast.publish import Plan


@app.command(epilog="Example: audiobook publish books sftp://me@example.org/srv/www/books")
def publish(
    library: Annotated[
        Path,
        typer.Argument(metavar="LIBRARY", help="Folder with a site in it, or the site itself."),
    ],
    target: Annotated[
        str,
        typer.Argument(metavar="TARGET", help="A folder, s3://…, sftp://… or webdavs://…"),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be sent and removed.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove files that no feed has named for --grace DAYS.")
    ] = False,
    grace: Annotated[
        float | None,
        typer.Option(min=0, metavar="DAYS", help="How long --prune waits; by default 14 days."),
    ] = None,
    allow_guid_change: Annotated[
        bool,
        typer.Option(
            "--allow-guid-change", help="Allow published episodes to change or disappear."
        ),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Publish even to a place with files that audiobook did not publish."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")] = False,
    debug: Debug = False,  # noqa: ARG001 (its callback acts)
) -> None:
    """Publish a site that `audiobook feed` wrote: only what changed, the feeds last.

    A site that breaks the rules of podcasts is not published. If publishing is interrupted,
    subscribers see the old feeds or the new ones, with all their files; run the command again
    to send the rest.
    """
    from audiobook.cli.progress import open_upload_progress
    from audiobook.podcast import publish as publishing
    from audiobook.podcast.site import find_site
    from audiobook.podcast.targets import open_target

    site = find_site(library)
    with open_target(target) as connection:
        plan = publishing.plan(
            site,
            connection,
            prune=prune,
            grace=publishing.GRACE if grace is None else grace,
            allow_guid_change=allow_guid_change,
            overwrite=overwrite,
        )
        if dry_run:
            _print_plan(plan)
            return
        with open_upload_progress(plan.size, quiet=quiet) as report:
            publishing.carry_out(plan, site, connection, report)
    if not quiet:
        print(f"{target}: {_plan_summary(plan)}")


def _print_plan(plan: Plan) -> None:
    for file in plan.send:
        print(f"{localize('send'):<8}{localize_figure(f'{file.size:,}'):>12}  {file.path}")
    for path in plan.remove:
        print(f"{localize('remove'):<8}{'':>12}  {path}")
    notify(f"{localize('dry run, nothing was done')}: {_plan_summary(plan)}")


def _plan_summary(plan: Plan) -> str:
    if not (plan.send or plan.remove):
        return localize("unchanged")
    sent = localize(f"{quantity(len(plan.send), 'file')} sent")
    parts = [sent, localize(f"{plan.size / 1e6:,.1f} MB")]
    if plan.remove:
        parts.append(localize(f"{quantity(len(plan.remove), 'file')} removed"))
    if plan.retired:
        retired = quantity(len(plan.retired), "file")
        parts.append(localize(f"{retired} kept that no feed names any more"))
    return ", ".join(parts)
