"""What the command line says of a key that only a person can mend, and of what waits for it."""

from __future__ import annotations

import pytest

from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from tests.cli.conftest import CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture
def waiting(so24: CommandLine, office: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The run of a document that lost its draft's answer just before its key was refused."""
    monkeypatch.setenv("SO24_LOGIN_PAUSE_SECONDS", "0")
    so24.get_ready("1001")
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update account set password = 'changed'")
    office.faults.arm(
        Fault("lost_after", "SaveInvoices", only="draft"), Fault("expire", "GetIdentity", nth=2)
    )
    said = so24("export", "--all", "--wait", "--json")
    assert said.code == 1
    return str(said.json[0]["run"])


def test_an_export_does_not_wait_for_what_waits_for_a_person(
    so24: CommandLine, waiting: str
) -> None:
    for arguments in (("export", "--all", "--wait"), ("receipt", "--latest")):
        said = so24(*arguments)
        assert said.code == 1
        assert "Replace the key's password under Credentials" in said.out
        assert "(System Administrator)" in said.out
        assert "1 in transfer, 1 of them wait for their key" in said.err
    [line] = so24("receipt", waiting, "--json").json
    assert line["state"] == "in_transfer"
    assert so24.office.calls()["operations"]["Login"] == 2, "of the key's own test, and one refused"


def test_check_and_the_list_of_keys_say_who_mends_the_key(so24: CommandLine, waiting: str) -> None:
    found = [each for each in so24("check", "--json").json if each["subject"] == "keys"]
    assert [each["standing"] for each in found] == ["warning", "note"]
    assert "“Oslo” (oslo@sandbox.example) could not log in" in found[0]["words"]
    assert "a System Administrator replaces its password" in found[0]["words"]
    assert found[1]["words"] == "0 of 1 keys are usable"
    said = so24.well("keys", "list")
    assert "parked" in said.out
    assert "could not log in" in said.err
    [key] = so24.well("keys", "list", "--json").json
    assert "could not log in" in key["parked"]
    assert key["state"] == "usable"


def test_with_a_new_password_the_document_goes_on_by_itself(
    so24: CommandLine, waiting: str
) -> None:
    so24.well("keys", "set", "Oslo", "--password-stdin", stdin="changed")
    [done] = so24.well("export", "--all", "--wait", "--json").json
    assert (done["state"], done["run"]) == ("transferred", waiting)
    [key] = so24.well("keys", "list", "--json").json
    assert key["parked"] == ""
