"""A command line that answers at once: what a command may load, in so24 and of other people's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.main import get_group

from so24.cli.commands import COMMANDS
from so24.cli.program import app
from so24.vault import new_cookie_key, new_secret_key
from tests.recovery.processes import clean

TERMINAL = {"typer", "annotated_doc", "shellingham"}
DATABASE = {"sqlalchemy", "sqlmodel", "pydantic", "pydantic_core", "annotated_types"}
DATABASE |= {"typing_extensions", "typing_inspection", "greenlet", "psycopg", "psycopg_binary"}
SETTINGS = {"pydantic_settings", "dotenv", "stdnum", "cryptography"}

LANGUAGE = {
    "so24.language",
    "so24.language.reader",
    "so24.language.said",
    "so24.language.telling",
}
GROUND = {
    *LANGUAGE,
    "so24.amounts",
    "so24.dates",
    "so24.errors",
    "so24.identifiers",
    "so24.letters",
    "so24.reasons",
    "so24.stated_total",
    "so24.states",
}
PROGRAM = {
    *LANGUAGE,
    "so24.amounts",
    "so24.cli.commands",
    "so24.cli.program",
    "so24.cli.terminal.printing",
    "so24.dates",
    "so24.errors",
    "so24.sources.garbage",
    "so24.letters",
}
RECEIPT = {
    *PROGRAM,
    "so24.addresses",
    "so24.cli.commands.receipts",
    "so24.cli.terminal",
    "so24.installation",
    "so24.identifiers",
    "so24.keys.blockades",
    "so24.keys.key_categories",
    "so24.keys.key_fields",
    "so24.keys.routing",
    "so24.letters",
    "so24.office.address",
    "so24.office.interface.spec",
    "so24.office.values",
    "so24.firms.norwegian_numbers",
    "so24.vault",
    "so24.people.desk",
    "so24.people.roles",
    "so24.reasons",
    "so24.stated_total",
    "so24.states",
    "so24.settings",
    "so24.store",
    "so24.transfer.circumstances",
    "so24.transfer.history",
    "so24.transfer.problems",
    "so24.transfer.progress",
    "so24.transfer.receipt",
    "so24.transfer.tally",
}

RUN = """
from so24.cli.program import main
try:
    main()
finally:
    import gc, json, sys
    print("\\n" + json.dumps([sorted(sys.modules), gc.isenabled()]))
"""
LOAD_ALL = """
import importlib, json, pkgutil, sys
import so24.store
for module in pkgutil.walk_packages(so24.store.__path__, "so24.store."):
    if ".migrations" not in module.name:
        importlib.import_module(module.name)
print(json.dumps([sorted(sys.modules), True]))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a new installation."""
    return {
        **clean(),
        "SO24_DATA_DIR": str(tmp_path / "data"),
        "SO24_SECRET_KEYS": new_secret_key(),
        "SO24_COOKIE_KEY": new_cookie_key(),
    }


def python(environment: Mapping[str, str], script: str, *arguments: str) -> tuple[set[str], bool]:
    """The modules that a program has loaded at its end, and whether its collector was at work."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=dict(environment), capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules, collecting = json.loads(done.stdout.splitlines()[-1])
    return set(modules), collecting


def of_others(modules: set[str]) -> set[str]:
    """The packages among the modules that are neither Python's nor ours; hidden ones aside."""
    return {name.split(".")[0] for name in modules if not name.startswith("_")} - {
        *sys.stdlib_module_names, "so24", "cython_runtime",
    }  # fmt: skip


def of_ours(modules: set[str], allowed: set[str]) -> set[str]:
    """The modules of so24 that are not among these, nor inside them, nor folders around them."""
    return {
        name
        for name in modules
        if name.startswith("so24.")
        and not any(f"{name}.".startswith(f"{each}.") for each in allowed)
        and not any(each.startswith(f"{name}.") for each in allowed)
    }


@pytest.mark.parametrize("asked", ["--help", "-h", "--version"])
def test_the_list_of_commands_loads_no_command(environment: dict[str, str], asked: str) -> None:
    modules, _ = python(environment, RUN, asked)
    assert of_others(modules) <= TERMINAL
    assert of_ours(modules, PROGRAM) == set()


@pytest.mark.slow
def test_a_receipt_loads_the_store_and_nothing_that_sends_reads_or_serves(
    environment: dict[str, str],
) -> None:
    python(environment, RUN, "receipt", "--latest")  # the first one makes the tables
    modules, collecting = python(environment, RUN, "receipt", "--latest")
    assert of_others(modules) <= TERMINAL | DATABASE | SETTINGS
    assert of_ours(modules, RECEIPT) == set()
    assert collecting, "a command that stays, such as a worker, must be able to free memory"


def test_the_store_loads_the_database_only(environment: dict[str, str]) -> None:
    modules, _ = python(environment, LOAD_ALL)
    assert of_others(modules) <= DATABASE
    assert of_ours(modules, {"so24.store", *GROUND}) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    program = get_group(app)
    command = program.get_command(None, name)  # type: ignore[arg-type] # no context is needed
    assert command is not None
    assert command.get_short_help_str(200) == COMMANDS[name].summary
