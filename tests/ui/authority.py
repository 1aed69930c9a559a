"""Reads code of the user interface for authority that is brought along to where it is used later.

What a press, a timer or a dialog runs, runs without the page's guard and maybe long after it. It
must ask who acts then, and not bring along the person or the desk of the run that has drawn it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

TYPES = {"Desk", "Actor", "SignedIn"}
GIVERS = {"require_page", "acting_desk", "current_user", "recognise_user", "Desk"}
LATER_KEYWORDS = {"data", "on_click", "on_change", "on_select", "on_submit", "args", "kwargs"}
LATER_CALLS = {
    "show_download",
    "show_file",
    "download_button",
    "partial",
    "confirm",
    "fragment",
    "dialog",
}

Scope = ast.Module | ast.FunctionDef | ast.Lambda


def find_brought_along(code: str) -> list[str]:
    """Where the code brings authority along, as ``line: name``."""
    return [f"{line}: {name}" for line, name in sorted(set(_read(ast.parse(code), ())))]


def _read(scope: Scope, around: tuple[Scope, ...]) -> Iterator[tuple[int, str]]:
    scopes = (*around, scope)
    for node in _within(scope):
        if isinstance(node, ast.FunctionDef) and _is_drawn_again(node):
            for name in (*_names_of(node.args), *_brought_along(node, scopes, set())):
                if name in _authority(node) or name not in _bound_in(node):
                    yield node.lineno, name
        if isinstance(node, ast.Call):
            for part in _later_parts(node):
                for name in _brought_along(part, scopes, set()):
                    yield node.lineno, name
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            yield from _read(node, scopes)


def _later_parts(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments that are used when the run is over."""
    is_later = _last_name(call.func) in LATER_CALLS
    yield from call.args if is_later else ()
    yield from (each.value for each in call.keywords if is_later or each.arg in LATER_KEYWORDS)


def _is_drawn_again(function: ast.FunctionDef) -> bool:
    """Whether Streamlit runs the function by itself."""
    named = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    return any(_last_name(each) in ("fragment", "dialog") for each in named)


def _brought_along(part: ast.AST, scopes: tuple[Scope, ...], met: set[ast.AST]) -> Iterator[str]:
    """The authority that a part takes from around it, itself or by a function that it names."""
    met.add(part)
    own = _bound_in(part)
    used = {each.id for each in ast.walk(part) if isinstance(each, ast.Name)} - own
    for name in used:
        for scope in reversed(scopes):
            if name in _authority(scope):
                yield name
            for function in _functions_in(scope, name):
                if function not in met:
                    yield from _brought_along(function, scopes, met)


def _authority(scope: Scope) -> set[str]:
    """The names in a module or function that stand for a person or a desk."""
    found = set() if isinstance(scope, ast.Module) else _typed(scope.args)
    assigned = [pair for node in _within(scope) for pair in _assignments(node)]
    for _ in assigned:  # a name may get its value from another one
        found |= {name for name, value in assigned if _is_authority(value, found)}
    return found


def _typed(arguments: ast.arguments) -> set[str]:
    return {
        each.arg
        for each in _every(arguments)
        if each.annotation and TYPES & set(ast.unparse(each.annotation).split(" | "))
    }


def _is_authority(value: ast.expr, known: set[str]) -> bool:
    """Whether the value is a desk or a person; what they have read is neither."""
    if isinstance(value, ast.Call):
        return _last_name(value.func) in GIVERS
    if isinstance(value, ast.Attribute):
        return value.attr == "actor"
    return isinstance(value, ast.Name) and value.id in known


def _assignments(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    value = getattr(node, "value", None)
    for target in targets:
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            yield target.id, value


def _bound_in(part: ast.AST) -> set[str]:
    """The names that a part gives a value itself, which hide those around it."""
    names: set[str] = set()
    for node in ast.walk(part):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            names |= set(_names_of(node.args))
        names |= {name for name, _ in _assignments(node)}
    return names


def _functions_in(scope: Scope, name: str) -> Iterator[ast.FunctionDef]:
    for node in _within(scope):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            yield node


def _names_of(arguments: ast.arguments) -> list[str]:
    return [each.arg for each in _every(arguments)]


def _every(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).split(".")[-1]


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in the node, its functions too, but nothing that is within these."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _within(child)
