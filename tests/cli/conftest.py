"""A live installation that is fed only through the command line, beside an office over HTTP."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from so24.cli.program import Program, app
from so24.language.reader import language
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.vault import new_cookie_key, new_secret_key
from tests.conftest import put_database
from tests.sources.report_files import as_grid, as_report, as_workbook, customer, line

PASSWORD = "sandbox-oslo"
KEY = ("--organization-id", str(OSLO), "--username", "oslo@sandbox.example", "--password-stdin")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer of ``--json``."""
        return json.loads(self.out)


class CommandLine:
    """Runs commands in this process, with the environment of a live installation."""

    def __init__(self, folder: Path, office: Control) -> None:
        self.folder = folder
        self.office = office

    def __call__(self, *arguments: str, stdin: str | None = None) -> Said:
        result = CliRunner().invoke(app, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    def well(self, *arguments: str, stdin: str | None = None) -> Said:
        """Run a command that must succeed."""
        said = self(*arguments, stdin=stdin)
        assert said.code == 0, said.err
        return said

    def refused(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command that must be refused with one sentence on stderr; returns it."""
        said = self(*arguments, stdin=stdin)
        assert said.code == 2, said
        assert said.out == ""
        assert "Traceback" not in said.err
        assert len(said.err.strip().splitlines()) == 1, said.err
        return said.err.strip()

    def add_key(self, *more: str, name: str = "Oslo") -> Said:
        """Add the key of the account that reaches its own company."""
        scope = () if "--department" in more else ("--all-departments",)
        category = () if "--category" in more else ("--category", "1")
        return self.well("keys", "add", "--name", name, *KEY, *scope, *category, *more,
                         stdin=PASSWORD)  # fmt: skip

    def write_report(self, *rows: dict[str, Any], name: str = "report.xlsx") -> str:
        """A report of RecMan with the customer's card, in one workbook; returns its path."""
        path = self.folder / name
        lines = as_grid({"Invoice date": "18.11.2026", **row} for row in rows)
        path.write_bytes(as_workbook({"Lines": lines, "Customers": as_grid([customer()])}))
        return str(path)

    def write_customers(self) -> str:
        """A customers list."""
        path = self.folder / "customers.xlsx"
        path.write_bytes(as_report(customer()))
        return str(path)

    def get_ready(self, *numbers: str) -> None:
        """Activate, add a key for everything, and import invoices with these numbers."""
        self.well("activate")
        self.add_key()
        self.well("import", self.write_report(*(line(number=each) for each in numbers)))

    def forget_database(self) -> None:
        """Leave an empty data folder, as before the first command."""
        (self.folder / "data" / "so24.db").unlink()

    def saves(self) -> int:
        """How many writes of orders the office has seen."""
        return int(self.office.calls()["operations"].get("SaveInvoices", 0))


@pytest.fixture(scope="session", autouse=True)
def _quiet_engine() -> None:
    """Keep the engine's logger off a command's own stderr, which is closed after it."""
    logging.getLogger("dbos").addHandler(logging.NullHandler())


@pytest.fixture(scope="session", autouse=True)
def _make_commands_once() -> Iterator[None]:
    """Let Typer make a command from its function once in a language, not at each call."""
    make = partial(Program.get_command, Program(), None)
    once = cache(lambda name, _language: make(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Program, "get_command", lambda _program, _context, name: once(name, language())
        )
        yield


VENDOR = "so24.cli.health.surroundings.OFFICE_LIVE"


def live_environment(folder: Path, office: SandboxServer) -> dict[str, str]:
    """The variables of a live installation that talks to the office and does not dawdle."""
    return {
        "SO24_MODE": "live",
        "SO24_DATA_DIR": str(folder / "data"),
        "SO24_OFFICE_URL": office.address,
        "SO24_APPLICATION_ID": str(uuid.uuid4()),
        "SO24_SECRET_KEYS": new_secret_key(),
        "SO24_COOKIE_KEY": new_cookie_key(),
        "SO24_PACE_PER_SECOND": "200",
        "SO24_PACE_BURST": "200",
        "SO24_READ_SECONDS": "5",
        "SO24_SETTLE_SECONDS": "0.5",
        "SO24_PATIENCE_SECONDS": "0.2",
    }


@pytest.fixture
def office() -> Iterator[SandboxServer]:
    """An office of its own, with the demo's companies and accounts."""
    with SandboxServer(world=None) as server:
        yield server


@pytest.fixture
def so24(
    tmp_path: Path, office: SandboxServer, monkeypatch: pytest.MonkeyPatch, migrated_file: bytes
) -> CommandLine:
    """The command line in a folder without ``.env``, with a database that nobody has used."""
    monkeypatch.chdir(tmp_path)
    put_database(tmp_path / "data", migrated_file)
    for name, value in live_environment(tmp_path, office).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(VENDOR, office.address)  # the office stands in for it
    return CommandLine(tmp_path, Control(office.address))
