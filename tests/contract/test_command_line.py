"""The whole way by command line only: live mode, key material of its own, a foreign office."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from so24.demo import DEMO_FILES
from tests.contract.conftest import APPLICATION, CLIENT, OTHER, PASSWORD, USER
from tests.contract.doorkeeper import Account, Membership
from tests.contract.peer import Peer
from tests.contract.wire import Manners

pytestmark = pytest.mark.slow

MANNERS = Manners("spare", prefix=None, payload_prefix="q", answers_with="chunks")
ACCOUNT = Account(USER, PASSWORD, (Membership(CLIENT, "Selskap AS"),))
KEY = ("keys", "add", "--name", "Hovedbok", "--username", USER, "--password-stdin",
       "--all-departments", "--category", "Tjenester")  # fmt: skip


@dataclass(frozen=True)
class Terminal:
    """A terminal with a fresh home, in a folder of its own."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``so24`` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "so24.cli", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def run_well(self, *arguments: str, stdin: str = "") -> str:
        """Run a command that must succeed; what it printed."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout


def open_terminal(folder: Path, peer: Peer) -> Terminal:
    """A live installation: its key material is what ``so24 secrets new`` prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SO24_")}
    fresh = Terminal(folder, {**kept, "HOME": str(folder)})
    printed = fresh.run_well("secrets", "new").split()
    live = {"SO24_MODE": "live", "SO24_OFFICE_URL": peer.address,
            "SO24_APPLICATION_ID": APPLICATION, "SO24_DATA_DIR": str(folder / "data")}  # fmt: skip
    return Terminal(folder, fresh.environment | live | dict(each.split("=", 1) for each in printed))


def test_from_nothing_to_the_receipt_by_command_line(tmp_path: Path) -> None:
    with Peer(ACCOUNT, APPLICATION, MANNERS) as peer:
        so24 = open_terminal(tmp_path, peer)
        assert so24.run_well("users", "add", "ada", "--role", "admin").strip()
        so24.run_well("activate")
        said = so24.run_well(*KEY, "--organization-id", str(CLIENT), stdin=f"{PASSWORD}\n")
        assert "Selskap AS" in said
        so24.run_well("import", *(str(path) for path in DEMO_FILES))

        first = so24.run("export", "--all", "--wait", "--json")
        lines = json.loads(first.stdout)
        assert first.returncode == 1, first.stderr
        assert Counter(each["state"] for each in lines) == {"transferred": 58, "blocked": 4}
        assert len({each["invoice_id"] for each in lines if each["invoice_id"]}) == 58
        assert len(peer.books.companies[CLIENT].orders) == 58
        assert PASSWORD not in first.stdout + first.stderr

        peer.calls.clear()
        second = so24.run("export", "--all", "--wait", "--json")
        assert [each["state"] for each in json.loads(second.stdout)] == [
            each["state"] for each in lines
        ]
        assert not peer.calls

        so24.run_well("history", "verify")
        period = ("--from", "2026-01-01", "--to", "2026-12-31")
        ledger = json.loads(so24.run("reconcile", *period, "--json").stdout)
        assert Counter(each["verdict"] for each in ledger) == {"agrees": 58}


@pytest.mark.long
def test_a_key_of_another_company_is_not_saved_and_no_write_is_made(tmp_path: Path) -> None:
    with Peer(ACCOUNT, APPLICATION, MANNERS) as peer:
        so24 = open_terminal(tmp_path, peer)
        address = f"{OTHER}@voucher.24sevenoffice.com"
        done = so24.run(*KEY, "--organization-id", address, stdin=PASSWORD)
        assert done.returncode == 2
        assert f"Selskap AS ({CLIENT})" in done.stderr
        so24.run_well("activate")
        so24.run_well("import", *(str(path) for path in DEMO_FILES))
        export = so24.run("export", "--all", "--wait", "--json")
        assert export.returncode == 1
        states = Counter(each["state"] for each in json.loads(export.stdout))
        assert states == {"login": 61, "blocked": 1}
        assert peer.writes == 0
