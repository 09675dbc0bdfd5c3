"""The commands about this installation: whether it is well, and what it does to a text."""

from __future__ import annotations

import typer

from audiobook.cli.app import Debug
from audiobook.cli.commands import new_app
from audiobook.cli.printing import print_table, table_head
from audiobook.messages import localize, message

app = new_app()


@app.command()
def doctor(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """Check that everything needed is installed and works."""
    from audiobook.app.doctor import run_checks

    worst = 0
    for result in run_checks():
        verdict = localize(message("ok") if result.is_ok else message("FAIL"))
        print(f"{verdict:<4}  {localize(result.subject)}: {localize(result.state)}")
        if not result.is_ok:
            worst = max(worst, result.exit_code)
    raise typer.Exit(worst)


@app.command()
def steps(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """List the steps that put a text in order, for --keep and --drop."""
    from audiobook.config.steps import STEPS

    rows = [table_head("STEP", "DONE", "WHAT")]
    rows += [
        (step.name, localize("yes") if step.default else localize("no"), localize(step.help))
        for step in STEPS
    ]
    print_table(rows)
