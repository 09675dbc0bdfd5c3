"""Counts the filler names among the local bindings of the program.

``python bench/names.py [ROOM...]`` prints their share for each room of the package. A local
binding is a parameter, or a name that a function, a comprehension or a lambda binds; each counts
once a function. Filler names tell how a thing came about instead of what it is.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[1] / "audiobook"
FILLERS = frozenset("said one found at known there whole it made given before after".split())
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def main() -> None:
    """Print, for each room and for all, the share of fillers and the commonest of them."""
    rooms = sys.argv[1:] or sorted(
        path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()
    )
    everything: Counter[str] = Counter()
    for room in rooms:
        names: Counter[str] = Counter()
        for path in python_files(PACKAGE / room):
            names.update(local_names(ast.parse(path.read_text("utf-8"))))
        if names:
            print_share(room, names)
        everything += names
    print_share("all", everything)


def python_files(place: Path) -> list[Path]:
    """Return a file itself, or the Python files of a folder, in order."""
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def local_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that each function binds, once for each."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield from set(_bound(node))


def _bound(function: ast.AST) -> Iterator[str]:
    pending = [*ast.iter_child_nodes(function)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            pending.extend(ast.iter_child_nodes(node))


def print_share(room: str, names: Counter[str]) -> None:
    """Print one line: the room, its bindings, the share of fillers, the commonest fillers."""
    fillers = Counter({name: count for name, count in names.items() if name in FILLERS})
    total, count = names.total(), fillers.total()
    commonest = ", ".join(f"{name} {times}" for name, times in fillers.most_common(4))
    print(f"{room:14}{total:6}{100 * count / max(total, 1):6.1f} %  {commonest}")


if __name__ == "__main__":
    main()
