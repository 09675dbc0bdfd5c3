"""Writes what the documents tell of the program: its layers, and the reference of its commands.

`python bench/documents.py` writes both and prints the layers; tests compare what is there.
"""

from __future__ import annotations

import ast
import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from audiobook.cli.app import app
from audiobook.cli.helping import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
COMMANDS = ROOT / "docs" / "reference" / "commands.md"
BEGIN, END = "<!-- layers: make picture -->\n", "<!-- end of layers -->"
_NAME_WIDTH, _WIDTH = 20, 100


# --- layers -------------------------------------------------------------------------------------


def layers() -> list[list[str]]:
    """Return the modules of each layer, the highest first, as the import contract has them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def picture() -> str:
    """Return a line for each module, layer by layer: its name, and what its docstring says."""
    blocks = ["\n".join(map(_line, layer)) for layer in layers()]
    return "\n\n".join(blocks) + "\n"


def _line(module: str) -> str:
    name = module.partition(".")[2]
    about = textwrap.wrap(_first_sentence(module), _WIDTH - _NAME_WIDTH)
    return f"{name:<{_NAME_WIDTH}}" + f"\n{' ' * _NAME_WIDTH}".join(about)


def _first_sentence(module: str) -> str:
    """Return how the docstring of a module begins, without importing it."""
    path = ROOT / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    page = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(page.split("\n\n")[0].split()).rstrip(".").replace("``", "")


def with_picture(page: str) -> str:
    """Return a page with the picture between its marks renewed."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n```text\n{picture()}```\n\n{END}{rest.partition(END)[2]}"


# --- commands -----------------------------------------------------------------------------------


def commands() -> str:
    """Return the reference of all commands in Markdown."""
    head = (
        "# Commands\n\n"
        "`make picture` writes this page from the program. `audiobook COMMAND --help` prints the\n"
        "same, in Vietnamese where the locale is; `audiobook --install-completion` teaches your\n"
        "shell.\n"
    )
    return head + "".join(_sections(typer.main.get_command(app), "audiobook"))


def _sections(command: Any, name: str) -> Iterator[str]:
    """Yield the section of a command, and those of the commands below it."""
    lines = [f"\n## {name}\n"]
    lines += [f"\n{textwrap.fill(part, _WIDTH)}\n" for part in paragraphs(command.help or "")]
    listed = [line for param in command.params if (line := _describe(param))]
    yield "".join([*lines, "\n", *listed] if listed else lines)
    for below in getattr(command, "commands", {}).values():
        yield from _sections(below, f"{name} {below.name}")


def _describe(param: Any) -> str:
    """Return the line of a list that tells of an argument or an option."""
    if param.param_type_name == "argument":
        label = f"`{param.metavar or param.name.upper()}`"
    else:
        value = "" if param.is_flag else f" {param.metavar or 'N'}"
        *short, long = sorted(param.opts, key=len)
        label = ", ".join(f"`{name}`" for name in [*short, long + value])
    text = " ".join((getattr(param, "help", None) or "").split())
    if "completion" in label or not text:
        return ""
    default = param.default
    if isinstance(default, bool | type(None)) or callable(default) or not str(default):
        return f"- {label}: {text}\n"
    return f"- {label}: {text} Default: `{default}`.\n"


def main() -> None:
    """Write both, and print the layers."""
    ARCHITECTURE.write_text(with_picture(ARCHITECTURE.read_text("utf-8")), "utf-8")
    COMMANDS.write_text(commands(), "utf-8")
    print(picture(), end="")


if __name__ == "__main__":
    main()
