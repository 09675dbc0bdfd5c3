"""Reads out of the source what the program may say: a template for each message."""

from __future__ import annotations

import ast
import re
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import audiobook
from audiobook.cli.helping import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(audiobook.__file__).parent
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_MOST = 64
_SINKS = {
    *("Change", "CheckResult", "Complaint", "Finding", "LintFinding", "Misprint", "Rule", "Typer"),
    *("command", "localize", "notify", "report", "say", "table_head"),
}
"""What is called with texts for the user, besides all that is called an error or a step."""
_OF_WORDS = {"localize", "table_head", "quantity", "Rule", "Option", "Argument"}
_NO_SINKS = {"AssertionError", "OSError", "KeyError"}
_ALL_SAID = {
    "audit/speech.py",
    "app/doctor.py",
    "speech/checks.py",
    "system/downloads/__init__.py",
    "system/downloads/asking.py",
    "system/downloads/download.py",
    "podcast/state.py",
    "podcast/targets.py",
    "stages/readers/epub/faults.py",
    "stages/readers/formats.py",
    "stages/readers/markup/losses.py",
    "workers/__init__.py",
    "vietnamese/proofreading/lacking.py",
    "vietnamese/proofreading/sounds.py",
    "vietnamese/proofreading/surface.py",
    "vietnamese/proofreading/weighing.py",
}
"""Files whose tables and functions name what other files complain of."""
_TOLD_KEYWORDS = {"help", "epilog", "what", "remedy", "message"}


class Module:
    """One file of ours, and what the names in it stand for."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(HOUSE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        self.nodes = list(ast.walk(tree))
        self.calls = [node for node in self.nodes if isinstance(node, ast.Call)]
        self.functions = {node.name: node for node in self.nodes if isinstance(node, _FUNCTION)}
        self._parents = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}
        self._bound: dict[tuple[ast.AST | None, str], list[ast.AST]] = {}
        for node in self.nodes:
            for name, value in _bindings(node):
                self._bound.setdefault((self.scope(node), name), []).append(value)

    def scope(self, node: ast.AST) -> ast.AST | None:
        """Return the function or class that something stands in; None for the module itself."""
        inside = self._parents.get(node)
        while inside is not None and not isinstance(inside, ast.ClassDef | _FUNCTION):
            inside = self._parents.get(inside)
        return inside

    def commands(self) -> list[tuple[int, str]]:
        """Return the lines of the functions that are commands, and what their help says."""
        return [
            (function.lineno, page)
            for function in self.functions.values()
            for decorator in function.decorator_list
            if isinstance(decorator, ast.Call) and _name(decorator) in ("command", "callback")
            if (page := ast.get_docstring(function))
        ]

    def prose(self) -> list[tuple[int, str]]:
        """Return every text of several words that is no docstring, pattern or Vietnamese."""
        inner = ast.JoinedStr | ast.FormattedValue | ast.Expr
        return [
            (node.lineno, text)
            for node in self.nodes
            if isinstance(node, ast.Constant | ast.JoinedStr)
            if not isinstance(self._parents[node], inner)
            for text in self.texts(node)
            if " " in text and not set(text) & set("\\[=\n*|ăịốượộ")
        ]

    def texts(self, node: ast.AST, within: frozenset[ast.AST] = frozenset()) -> set[str]:
        """Return the templates that an expression may come to, as far as the source tells."""
        if node in within or len(within) > 12:
            return set()
        within |= {node}

        def of(*nodes: ast.AST | None) -> set[str]:
            return {text for one in nodes if one is not None for text in self.texts(one, within)}

        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=values):
                return self._joined([self._part(value, within) for value in values])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([of(left) or {"{}"}, of(right) or {"{}"}])
            case ast.IfExp(body=body, orelse=orelse):
                return of(body, orelse)
            case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
                return of(*values)
            case ast.Dict(values=values):
                return of(*values)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return of(value)
            case ast.Subscript(value=value):
                return of(value) if isinstance(value, ast.Name | ast.Dict) else set()
            case ast.Name(id=name):
                return of(*self._meanings(name, node))
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return of(*self._of_classes(name))
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[_, *default]):
                return of(value, *default)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return of(*_returned(self.functions[name]))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)) if (
                name in self.functions
            ):
                return of(*_returned(self.functions[name]))
            case _:
                return set()

    def _part(self, node: ast.AST, within: frozenset[ast.AST]) -> set[str]:
        """Return what a part of an f-string comes to: fixed words, one of a few, or a blank."""
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        if not isinstance(node, ast.FormattedValue) or node.conversion != -1 or node.format_spec:
            return {"{}"}
        if isinstance(node.value, ast.IfExp):
            either = (node.value.body, node.value.orelse)
            return {text for one in either for text in self.texts(one, within) or {"{}"}}
        if isinstance(node.value, ast.Name) and node.value.id.isupper():
            return self.texts(node.value, within) or {"{}"}
        return {"{}"}

    def _joined(self, parts: list[set[str]]) -> set[str]:
        if prod(map(len, parts)) > _MOST:
            return set()  # tables, not texts
        return {"".join(pieces) for pieces in product(*map(sorted, parts))}

    def _meanings(self, name: str, node: ast.AST) -> list[ast.AST]:
        """Return what a name is bound to where it is used, else in the module."""
        inside = self.scope(node)
        return self._bound.get((inside, name)) or self._bound.get((None, name)) or []

    def _of_classes(self, name: str) -> list[ast.AST]:
        """Return what the bodies of classes bind a name to."""
        return [
            value
            for (scope, bound), values in self._bound.items()
            if isinstance(scope, ast.ClassDef) and bound == name
            for value in values
        ]


def _returned(function: ast.AST) -> list[ast.AST]:
    ends = (node for node in ast.walk(function) if isinstance(node, ast.Return | ast.Yield))
    return [end.value for end in ends if end.value is not None]


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the names that a statement or an argument binds, and to what."""
    match node:
        case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
            yield from _pairs(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _pairs(target, value)
        case ast.For(target=target, iter=ast.Tuple(elts=rows) | ast.List(elts=rows)):
            for row in rows:
                yield from _pairs(target, row)
        case ast.For(target=target, iter=ast.Call() as call):
            yield from _pairs(target, call)
        case ast.arguments(args=names, defaults=defaults):
            last = names[len(names) - len(defaults) :]
            yield from ((one.arg, value) for one, value in zip(last, defaults, strict=True))


def _pairs(target: ast.AST, value: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match target:
        case ast.Name(id=name):
            yield name, value
        case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple):
            for one, part in zip(targets, value.elts, strict=False):
                yield from _pairs(one, part)
        case ast.Tuple(elts=targets):
            for one in targets:
                yield from _pairs(one, value)


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Call(func=ast.Name(id="type")):
            return "Error"  # one more of the kind of another
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def modules() -> list[Module]:
    return [Module(path) for path in sorted(HOUSE.rglob("*.py"))]


def everything(house: list[Module]) -> set[str]:
    """Return every text in the source: nothing else can be said."""
    return {
        text
        for module in house
        for node in module.nodes
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)
        for text in module.texts(node)
    }


def messages(house: list[Module]) -> dict[str, str]:
    """Return the templates of what the user is told, each with a place that says it."""
    sinks = _sinks(house)
    found: dict[str, str] = {}
    for module in house:
        for line, text in _said_in(module, sinks):
            if _has_words(text):
                found.setdefault(text, f"{module.name}:{line}")
    return found


def _said_in(module: Module, sinks: dict[str, set[int]]) -> Iterator[tuple[int, str]]:
    for call in module.calls:
        name = _name(call)
        for text in {t for one in _told_arguments(call, sinks) for t in module.texts(one)}:
            if name == "quantity":
                yield from ((call.lineno, f"{{}} {thing}") for thing in (text, f"{text}s"))
            # A single word may be a name; where it is not, the call says so.
            elif " " in text or name in _OF_WORDS:
                yield from ((call.lineno, part) for part in paragraphs(text))
    for line, page in module.commands():
        yield from ((line, part) for part in paragraphs(page))
    if module.name in _ALL_SAID:
        yield from module.prose()


def _told_arguments(call: ast.Call, sinks: dict[str, set[int]]) -> list[ast.AST]:
    name = _name(call)
    if name in sinks and name != "quantity":
        places = [one for place, one in enumerate(call.args) if place in sinks[name]]
    elif name == "quantity":
        places = call.args[1:]
    elif name in _SINKS or (name.endswith(("Error", "Step")) and name not in _NO_SINKS):
        places = list(call.args)
    elif name not in {"Option", "Argument"}:
        return []
    else:
        places = []
    named = [one.value for one in call.keywords if one.arg in _TOLD_KEYWORDS]
    return [*places, *named]


def _sinks(house: list[Module]) -> dict[str, set[int]]:
    """Return the functions of ours that hand an argument on to the user, and which one."""
    sinks: dict[str, set[int]] = {}
    while True:
        grown = False
        for module in house:
            for call in module.calls:
                function = module.scope(call)
                if not isinstance(function, _FUNCTION) or function.name in ("localize", "__init__"):
                    continue
                names = [one.arg for one in function.args.args if one.arg != "self"]
                for argument in _told_arguments(call, sinks):
                    for one in _names(argument):
                        if one in names and names.index(one) not in sinks.get(function.name, ()):
                            sinks.setdefault(function.name, set()).add(names.index(one))
                            grown = True
        if not grown:
            return sinks


def _names(node: ast.AST) -> set[str]:
    """Return the bare names in an expression of which a text is put together."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.JoinedStr(values=values) | ast.BoolOp(values=values):
            return {name for value in values for name in _names(value)}
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return _names(value)
        case ast.IfExp(body=body, orelse=orelse):
            return _names(body) | _names(orelse)
    return set()


_COMMANDS = re.compile(r"(pip install '[^']*'|(audiobook |--\w|-o )[^,;(:]*(:\S*)?|Xin chào\.)")
_BARE = re.compile(r"\{\}|[^\W\d_]+/|\b(s|ms|MB|kB|GB|Hz|dB|min|dBFS|dBTP|LUFS|kbit/s|audiobook)\b")


def _has_words(text: str) -> bool:
    """Whether a text says something, and is not a name, a command or a figure with its unit."""
    words = _BARE.sub(" ", text)
    if text.endswith(" ") or _COMMANDS.fullmatch(text):
        return False
    return bool(re.search(r"[^\W\d_]{2}", words))
