"""The recipes of the guide for clusters: what they hand to Dask and to the program is taken."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("distributed")
import yaml
from dask.config import collect_yaml, get
from distributed.cli import dask_scheduler, dask_worker
from pages import DOCS, parse

from audiobook.workers.cluster import CALM

if TYPE_CHECKING:
    from pathlib import Path

    import click

GUIDE = (DOCS / "guide" / "many.md").read_text("utf-8")
SETTINGS, TLS, KUBERNETES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}


def check(words: list[str]) -> None:
    """Make sure that a command of Dask takes its arguments."""
    command: click.Command = COMMANDS[words[1]]
    command.make_context(words[1], words[2:], resilient_parsing=False)


def settings_in(text: str, folder: Path) -> dict[str, Any]:
    """Return the settings that Dask reads from a file."""
    (folder / "audiobook.yaml").write_text(text, "utf-8")
    (settings,) = collect_yaml([str(folder)])
    return dict(settings)


def test_the_settings_are_those_of_a_cluster_of_its_own(tmp_path: Path) -> None:
    settings = settings_in(SETTINGS, tmp_path)
    assert {name: get(name, config=settings) for name in CALM} == CALM


def test_the_settings_are_known_to_dask(tmp_path: Path) -> None:
    for name in CALM:
        assert get(name, default=None) is not None, name
    tls = settings_in(TLS, tmp_path)
    for role in ("scheduler", "worker", "client"):
        assert {"cert", "key"} <= set(get(f"distributed.comm.tls.{role}", config=tls))


def test_the_commands_of_dask_are_taken() -> None:
    joined = GUIDE.replace("\\\n", " ")
    commands = re.findall(r"dask (?:scheduler|worker) [-\w./: ]*", joined)
    assert len(commands) > 3
    for command in commands:
        check(shlex.split(command))


def test_the_containers_run_what_there_is() -> None:
    resources = list(yaml.safe_load_all(KUBERNETES))
    assert [resource["kind"] for resource in resources] == [
        "Deployment",
        "Service",
        "Deployment",
        "PersistentVolumeClaim",
        "Job",
    ]
    for resource in resources:
        pod = resource["spec"].get("template", {}).get("spec", {})
        for container in pod.get("containers", ()):
            if container["args"][0] == "dask":
                check(container["args"])
            else:
                assert parse(container["args"][1:])["cluster"] == "tcp://scheduler:8786"
    service = next(one for one in resources if one["kind"] == "Service")
    scheduler = resources[0]["spec"]["template"]
    assert service["spec"]["selector"] == scheduler["metadata"]["labels"]
