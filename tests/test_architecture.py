"""The walls of the house: who may import whom, and what a page may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "so24").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
LONGEST_PAGE = 120

FLOORS = {
    # the higher may import the lower, never the other way round
    **dict.fromkeys(("ui", "cli", "background", "demo"), 4),
    **dict.fromkeys(("transfer", "ledger", "invoices", "customer_cards", "sources"), 3),
    "kept": 3,
    "today": 3,
    "metrics": 3,
    "evidence": 3,
    "alerts": 3,
    **dict.fromkeys(("keys", "people", "sandbox", "installation"), 3),
    **dict.fromkeys(("office", "store"), 2),
    **dict.fromkeys(
        ("settings", "addresses", "vault", "reasons", "states", "stated_total", "calls"), 1
    ),
    **dict.fromkeys(
        (
            "errors",
            "amounts",
            "language",
            "log_lines",
            "dates",
            "firms",
            "identifiers",
            "letters",
            "crashpoints",
        ),
        0,
    ),
}
# the way of an invoice: each folder of transfer may import those before it, never those behind
ALONG_THE_WAY = ("order", "checks", "plan", "lane", "preview", "", "schedules", "jobs")
MOST_MODULES = 16
SHORTEST_DRAWING = 30
PASSIVE = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def test_only_the_user_interface_imports_streamlit() -> None:
    guests = {"streamlit", "streamlit_authenticator", "extra_streamlit_components"}
    strangers = [
        f"{where}: {name}"
        for where, name in all_imports(SOURCES)
        if name.split(".")[0] in guests and not where.startswith("so24/ui/")
    ]
    assert strangers == []


def test_sql_is_spoken_only_in_the_store() -> None:
    handed_on = "sqlmodel.Session"  # a service may take a session and hand it to the store
    strangers = {
        where
        for where, name in all_imports([*SOURCES, *PAGES, ROOT / "app.py"])
        if name.split(".")[0] in {"sqlalchemy", "sqlmodel"}
        and name != handed_on
        and not where.startswith("so24/store/")
    }
    assert strangers == set()


def test_only_the_gateway_knows_zeep() -> None:
    strangers = [
        f"{where}: {name}"
        for where, name in all_imports([*SOURCES, *PAGES])
        if name.split(".")[0] == "zeep" and not where.startswith("so24/office/")
    ]
    assert strangers == []


def test_three_modules_know_the_engine() -> None:
    knowing = {
        where for where, name in all_imports([*SOURCES, *PAGES]) if name.split(".")[0] == "dbos"
    }
    assert knowing == {
        f"so24/transfer/jobs/{name}.py" for name in ("engine", "queue_worker", "workflows")
    }


def test_nothing_points_back() -> None:
    backwards = [
        f"{where} imports {name}"
        for where, name in all_imports(SOURCES)
        if name.startswith("so24.") and points_back(where, name)
    ]
    assert backwards == []


def test_every_module_stands_on_a_floor() -> None:
    rooms = {path.relative_to(ROOT / "so24").with_suffix("").parts[0] for path in SOURCES}
    assert rooms - {"__init__"} == set(FLOORS)


def test_within_transfer_nothing_points_back_along_the_way_of_an_invoice() -> None:
    backwards = [
        f"{where} imports {name}"
        for where, name in imported_modules()
        if where.startswith("so24.transfer.") and name.startswith("so24.transfer.")
        if place_on_the_way(name) > place_on_the_way(where)
    ]
    assert backwards == []


def test_no_circle_stands_between_folders() -> None:
    arrows: dict[str, set[str]] = {}
    for where, name in imported_modules():
        here, there = folder_of(where), folder_of(name)
        if here != there:
            arrows.setdefault(here, set()).add(there)
    while leaves := [each for each, to in arrows.items() if not to & arrows.keys()]:
        for leaf in leaves:
            del arrows[leaf]
    circles = [each for each in arrows if each in reached_from(each, arrows)]
    assert circles == []


def test_every_folder_draws_its_way_in_its_docstring() -> None:
    silent = [
        path.parent.name
        for path in SOURCES
        if path.name == "__init__.py"
        and "migrations" not in path.parts
        and len(ast.get_docstring(parsed(path)) or "") < SHORTEST_DRAWING
    ]
    assert silent == []


def test_no_folder_is_a_heap() -> None:
    counted = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    heaps = {
        folder.relative_to(ROOT).as_posix(): count
        for folder, count in counted.items()
        if count > MOST_MODULES and folder.name != "versions"
    }
    assert heaps == {}


def test_no_two_public_classes_have_one_name() -> None:
    named: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert {name: where for name, where in named.items() if len(where) > 1} == {}


def test_the_sandbox_and_the_gateway_share_the_interface_description_and_no_code() -> None:
    shared = [
        f"{where}: {name}"
        for where, name in all_imports(SOURCES)
        if (where.startswith("so24/sandbox/") and name.startswith("so24.office."))
        or (where.startswith("so24/office/") and name.startswith("so24.sandbox."))
        if not name.startswith("so24.office.interface.")
    ]
    assert shared == []


@pytest.mark.slow
def test_the_rooms_below_the_user_interface_load_without_streamlit() -> None:
    modules = [
        module_name(path)
        for path in SOURCES
        if "ui" not in path.relative_to(ROOT).parts
        and "migrations" not in path.parts
        and path.name != "__main__.py"
    ]
    script = (
        f"import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"sys.exit('streamlit was loaded' if 'streamlit' in sys.modules else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_line_prints_by_the_functions_that_make_text_harmless() -> None:
    printing = ROOT / "so24/cli/terminal/printing.py"
    loose = re.compile(r"typer\.(echo|secho)|\bprint\(|stdout\.write")
    for path in (ROOT / "so24/cli").rglob("*.py"):
        if path != printing:
            assert not loose.search(path.read_text()), path


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.name))
def test_a_page_is_short_and_only_guards_asks_and_draws(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert len(lines) <= LONGEST_PAGE
    allowed = {*sys.stdlib_module_names, "pandas", "streamlit", "so24"}
    imported = {name for _, name in all_imports([page])}
    assert {name.split(".")[0] for name in imported} <= allowed
    assert not any(name.startswith(("so24.office", "so24.sandbox")) for name in imported)
    queries = (
        "so24.store.database.engine",
        "so24.store.people.people.",
        "so24.store.people.audit",
        "so24.store.tables.ground",
    )
    assert not any(name.startswith(queries) for name in imported)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.name))
def test_a_page_asks_who_is_there_before_anything_else(page: Path) -> None:
    tree = parsed(page)
    ours = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and is_ours(node)
        for alias in node.names
    } | {"st"}
    acts = [node for node in tree.body if not isinstance(node, PASSIVE) and calls(node, ours)]
    assert "require_page(" in ast.unparse(acts[0])


def is_ours(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether something of so24 is imported."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("so24")


def calls(node: ast.stmt, names: set[str]) -> bool:
    """Whether the statement calls one of these names, or something of it."""
    called = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    return any(ast.unparse(function).split(".")[0] in names for function in called)


def all_imports(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Every imported name with the file that imports it, wherever in the file it stands."""
    for path in paths:
        for name in imported_by(path):
            yield path.relative_to(ROOT).as_posix(), name


@cache
def imported_by(path: Path) -> tuple[str, ...]:
    """Every name that a file imports."""
    names: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


@cache
def parsed(path: Path) -> ast.Module:
    """The tree of a file, read once for all tests of it; nobody changes it."""
    return ast.parse(path.read_text())


def imported_modules() -> Iterator[tuple[str, str]]:
    """Every module of so24 with each module of so24 that it imports."""
    modules = {module_name(path): path for path in SOURCES if "migrations" not in path.parts}
    for where, path in modules.items():
        for _, name in all_imports([path]):
            found = name if name in modules else name.rpartition(".")[0]
            if found in modules and found != where:
                yield where, found


def folder_of(module: str) -> str:
    """The folder of a module; the modules at the top of so24 stand each for itself."""
    path = ROOT.joinpath(*module.split("."))
    folder = module if path.is_dir() else module.rpartition(".")[0]
    return module if folder == "so24" else folder


def place_on_the_way(module: str) -> int:
    """Where a module of transfer stands along the way of an invoice."""
    parts = folder_of(module).split(".")
    return ALONG_THE_WAY.index(parts[2] if len(parts) > 2 else "")


def reached_from(start: str, arrows: dict[str, set[str]]) -> set[str]:
    """All that can be reached along the arrows."""
    found: set[str] = set()
    open_ends = [start]
    while open_ends:
        for each in arrows.get(open_ends.pop(), set()) - found:
            found.add(each)
            open_ends.append(each)
    return found


def points_back(where: str, name: str) -> bool:
    """Whether an import goes up in the house."""
    importer = where.removeprefix("so24/").removesuffix(".py").replace("/", ".")
    imported = name.removeprefix("so24.")
    here, there = FLOORS.get(importer.split(".")[0]), FLOORS.get(imported.split(".")[0])
    return here is not None and there is not None and there > here


def module_name(path: Path) -> str:
    """The dotted name of a module of so24."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
