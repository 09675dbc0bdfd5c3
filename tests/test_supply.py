"""What the project relies on: named with its licence, and nothing that others could not use."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NOTICES = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
FOR_DEVELOPERS = {"all", "dev", "docs", "release"}


def wanted() -> dict[str, set[str]]:
    """Return the packages that the program needs, and the extras that bring them."""
    found: dict[str, set[str]] = {}
    groups = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
    for extra in groups.keys() - FOR_DEVELOPERS:
        for line in groups[extra]:
            found.setdefault(Requirement(line).name, set()).add(extra)
    return found


def test_the_notices_name_all_of_it() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|[^|]+\| ([^|]+) \|$", NOTICES, re.MULTILINE)
    named = {name: set(re.findall(r"\[(\w+)\]", when)) or {""} for name, _, when in rows[1:]}
    assert named == wanted()
    assert list(named) == sorted(named, key=str.lower)


def test_the_notices_say_what_the_packages_say() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| ([^|]+?)(?:;[^|]*)? \|", NOTICES, re.MULTILINE)
    for name, licence in rows[1:]:
        try:
            (said,) = distribution(name).metadata.get_all("License-Expression", [""])
        except PackageNotFoundError:  # of another Python
            continue
        if said and " " not in said:
            assert licence == said, name


def test_every_lower_bound_is_named() -> None:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for line in {line for group in groups for line in group}:
        requirement = Requirement(line)
        if requirement.name != PROJECT["name"] and not requirement.name.startswith("types-"):
            assert ">=" in str(requirement.specifier), line


def test_no_licence_shuts_somebody_out() -> None:
    """Of all that is installed with it, however far down."""
    seen: set[str] = set()
    todo = list(wanted())
    while todo:
        name = todo.pop()
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        try:
            package = distribution(name)
        except PackageNotFoundError:  # of another system or Python
            continue
        fields = ("License-Expression", "License", "Classifier")
        lines = [line for name in fields for line in package.metadata.get_all(name, [])]
        told = [line.split("\n")[0] for line in lines if "License" in line or " :: " not in line]
        assert not re.search("AGPL|Affero|NonCommercial|-NC-", " ".join(told)), (name, told)
        for line in package.requires or ():
            requirement = Requirement(line)
            if not (requirement.marker and "extra" in str(requirement.marker)):
                todo.append(requirement.name)
    assert len(seen) > 60
