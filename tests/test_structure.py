"""How the package is written, where neither ruff nor mypy looks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = sorted((ROOT / "audiobook").rglob("*.py"))
MOST_POSITIONAL = 4


def dataclasses_with_many_fields(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield each dataclass with more fields than may be given by position: name, and if kw_only."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        lines = [line for line in node.body if isinstance(line, ast.AnnAssign)]
        types = [ast.unparse(line.annotation) for line in lines]
        by_position = types[: types.index("KW_ONLY")] if "KW_ONLY" in types else types
        fields = [name for name in by_position if "ClassVar" not in name]
        for decorator in map(ast.unparse, node.decorator_list):
            if decorator.startswith("dataclass") and len(fields) > MOST_POSITIONAL:
                yield node.name, "kw_only=True" in decorator


@pytest.mark.parametrize(
    ("decorator", "fields", "found"),
    [
        ("@dataclass", 4, []),
        ("@dataclass", 5, [("Point", False)]),
        ("@dataclass(frozen=True)", 5, [("Point", False)]),
        ("@dataclass(frozen=True, kw_only=True)", 5, [("Point", True)]),
    ],
)
def test_fields_are_counted(decorator: str, fields: int, found: list[tuple[str, bool]]) -> None:
    lines = [f"    x{number}: int" for number in range(fields)]
    tree = ast.parse("\n".join([decorator, "class Point:", "    most: ClassVar[int] = 9", *lines]))
    assert list(dataclasses_with_many_fields(tree)) == found


@pytest.mark.parametrize(("fields", "found"), [(4, []), (5, [("Point", False)])])
def test_fields_given_by_name_alone_are_not_counted(
    fields: int, found: list[tuple[str, bool]]
) -> None:
    lines = [f"    x{number}: int" for number in range(fields)]
    by_name = ["    _: KW_ONLY", "    name: str", "    place: str"]
    tree = ast.parse("\n".join(["@dataclass", "class Point:", *lines, *by_name]))
    assert list(dataclasses_with_many_fields(tree)) == found


def test_many_fields_are_given_by_name() -> None:
    positional = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name, kw_only in dataclasses_with_many_fields(ast.parse(path.read_text("utf-8")))
        if not kw_only
    ]
    assert not positional
