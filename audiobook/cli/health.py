"""The commands about this installation: whether it is well, and what it does to a text."""

from __future__ import annotations

import typer

from audiobook.cli.app import Debug, app
from audiobook.cli.printing import print_table


@app.command()
def doctor(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Check that everything needed is here and works."""
    from audiobook.doctor import examine

    worst = 0
    for finding in examine():
        print(f"{'ok  ' if finding.well else 'FAIL'}  {finding.thing}: {finding.state}")
        if not finding.well:
            worst = max(worst, finding.exit_code)
    raise typer.Exit(worst)


@app.command()
def steps(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """List what is done to put a text in order, for --keep and --drop."""
    from audiobook.settings import STEPS

    rows = [("STEP", "DONE", "WHAT")]
    rows += [(step.name, "yes" if step.default else "no", step.help) for step in STEPS]
    print_table(rows)
