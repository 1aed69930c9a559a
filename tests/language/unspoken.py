"""Finds words for people that stand in the sources without being said (``say``, ``tell``)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.make_catalogue import SPEAKING

_SENTENCE = re.compile(r"[A-Za-zÆØÅæøå]{2,}[,.:;]? [a-zæøå]{2,}")
_WORD = re.compile(r"[A-Za-z]{2,}")
_ICON_OR_CODE = re.compile(r":material/\w+:|[a-z0-9_]+|[a-z]+/[a-z.+-]+|\.\w+")
# what somebody reads who mends the program, not who uses it
_FOR_BUGS = {
    "ValueError", "TypeError", "KeyError", "RuntimeError", "AssertionError", "LookupError",
    "NotImplementedError", "AttributeError", "OSError", "SystemError", "IndexError",
}  # fmt: skip
_LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_NOT_WORDS = {"compile", "text", "DDL", "ddl", "exec_driver_sql", "execute", "Index", "strptime",
              "strftime", "CheckConstraint", "html", "cast", "getLogger"}  # fmt: skip
# what Streamlit shows of its calls: the first argument of these, and these arguments by name
_SHOWN = {
    "title", "header", "subheader", "markdown", "caption", "write", "text", "error", "warning",
    "info", "success", "toast", "button", "download_button", "form_submit_button", "link_button",
    "page_link", "checkbox", "toggle", "radio", "selectbox", "multiselect", "text_input",
    "text_area", "number_input", "date_input", "file_uploader", "expander", "metric", "badge",
    "progress", "status", "spinner", "popover", "dialog", "segmented_control", "pills", "Column",
    "TextColumn", "NumberColumn", "DateColumn", "DatetimeColumn", "CheckboxColumn", "Page",
    "add_argument_group", "menu_button",
}  # fmt: skip
_SHOWN_BY_NAME = {"help", "label", "placeholder", "title", "description", "epilog", "text"}
# icons, badges and tags around what is shown
_MARKUP = re.compile(r":material/\w+:|:[a-z-]+\[|<[^>]*>")
_EXEMPT = re.compile(r"# in English: \w+")


def unspoken_words(path: Path) -> list[str]:
    """``line: words`` of each text in this module that people may read, and that is not said.

    A line that ends with ``# in English: why`` is left out, and so is a whole module in which such
    a comment stands at the beginning of a line.
    """
    source = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    if any(_EXEMPT.match(line) for line in lines):
        return []
    found = {}
    for node in _walk(tree):
        words = _words_of(node)
        if words is None or not _reads_as_words(node, words):
            continue
        last = getattr(node, "end_lineno", node.lineno)
        if not any(_EXEMPT.search(each) for each in lines[node.lineno - 1 : last]):
            found[node.lineno] = words
    return [f"{line}: {words}" for line, words in sorted(found.items())]


def _walk(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts of a tree, but for those that are said, logged, for bugs, or documentation."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # documentation
        if isinstance(node, ast.Call) and _is_not_for_people(node):
            continue
        if isinstance(node, ast.Call):
            _mark_shown(node)
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield node
            waiting.extend(
                each.value for each in ast.walk(node) if isinstance(each, ast.FormattedValue)
            )
            continue
        waiting.extend(ast.iter_child_nodes(node))


def _is_not_for_people(call: ast.Call) -> bool:
    name = _name_of(call.func)
    if isinstance(call.func, ast.Name):
        return name in SPEAKING or name in _FOR_BUGS or name in _NOT_WORDS
    owner = _name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return (name in _LOGS and "log" in owner.lower()) or name in _NOT_WORDS - {"html", "text"}


def _mark_shown(call: ast.Call) -> None:
    """Note on the arguments of a call that they are shown, so that one word counts as well."""
    if _name_of(call.func) in _SHOWN and isinstance(call.func, ast.Attribute) and call.args:
        call.args[0].shown = True  # type: ignore[attr-defined] # a note of ours
    for each in call.keywords:
        if each.arg in _SHOWN_BY_NAME:
            each.value.shown = True  # type: ignore[attr-defined] # a note of ours


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _words_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
        )
    return None


def _reads_as_words(node: ast.expr, words: str) -> bool:
    words = _MARKUP.sub("", words)
    if getattr(node, "shown", False):
        return bool(_WORD.search(words)) and not _ICON_OR_CODE.fullmatch(words)
    return bool(_SENTENCE.search(words))
