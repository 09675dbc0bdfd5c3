"""The commands about voices, and about the health of this installation."""

from __future__ import annotations

import typer

from audiobook.cli.app import Debug, app
from audiobook.cli.printing import print_table


@app.command()
def voices(debug: Debug = False) -> None:  # noqa: ARG001 (its callback acts)
    """List the voices, and what is missing for those that cannot be used yet."""
    from audiobook import engines, settings
    from audiobook.errors import VoiceError

    rows = [("VOICE", "ENGINE", "ACCENT", "NETWORK", "USABLE", "DESCRIPTION")]
    default = settings.default_voice()
    for name in settings.voice_names():
        try:
            voice = settings.load_voice(name)
        except VoiceError as problem:
            rows.append((name, "", "", "", "no", str(problem)))
            continue
        usable, said = "yes", voice.description + (" (default)" if name == default else "")
        try:
            engines.load(voice.engine)
        except VoiceError as problem:
            usable, said = "no", str(problem)
        network = "yes" if voice.network else "no"
        rows.append((name, voice.engine, voice.accent, network, usable, said))
    print_table(rows)


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
