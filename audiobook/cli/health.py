"""The commands about this installation: whether it is well, and what it does to a text."""

from __future__ import annotations

import typer

from audiobook.cli.app import Debug, app
from audiobook.cli.printing import heads, print_table
from audiobook.messages import told


@app.command()
def doctor(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Check that everything needed is here and works."""
    from audiobook.app.doctor import run_checks

    worst = 0
    for finding in run_checks():
        well = told("ok" if finding.is_ok else "FAIL")
        print(f"{well:<4}  {told(finding.subject)}: {told(finding.state)}")
        if not finding.is_ok:
            worst = max(worst, finding.exit_code)
    raise typer.Exit(worst)


@app.command()
def steps(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """List what is done to put a text in order, for --keep and --drop."""
    from audiobook.config import STEPS

    rows = [heads("STEP", "DONE", "WHAT")]
    rows += [
        (step.name, told("yes") if step.default else told("no"), told(step.help)) for step in STEPS
    ]
    print_table(rows)
