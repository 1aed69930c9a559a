"""Key material, database and the look around."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest

from so24.vault import new_secret_key
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line


def findings(so24: CommandLine, code: int = 0) -> dict[str, dict[str, Any]]:
    """What `check` finds, by subject."""
    said = so24("check", "--json")
    assert said.code == code, said
    return {each["subject"]: each for each in said.json}


def test_fresh_secrets_need_no_settings_at_all(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SO24_SECRET_KEYS")
    monkeypatch.delenv("SO24_COOKIE_KEY")
    printed = so24.well("secrets", "new").out.splitlines()
    names = [each.partition("=")[0] for each in printed]
    assert names == ["SO24_SECRET_KEYS", "SO24_COOKIE_KEY"]
    for each in printed:
        name, _, value = each.partition("=")
        monkeypatch.setenv(name, value)
    so24.well("users", "list")


def test_fresh_secrets_go_into_a_new_file_that_nobody_else_may_read(so24: CommandLine) -> None:
    path = so24.folder / "fresh.env"
    assert so24.well("secrets", "new", "--to", str(path)).out == ""
    assert path.stat().st_mode & 0o777 == 0o600
    written = path.read_text(encoding="utf-8")
    assert [each.partition("=")[0] for each in written.splitlines()] == [
        "SO24_SECRET_KEYS",
        "SO24_COOKIE_KEY",
    ]
    assert "cannot be written" in so24.refused("secrets", "new", "--to", str(path))
    assert path.read_text(encoding="utf-8") == written


def test_a_live_installation_without_key_material_says_how_to_get_it(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SO24_SECRET_KEYS")
    assert "so24 secrets new" in so24.refused("users", "list")
    monkeypatch.setenv("SO24_SECRET_KEYS", "nonsense")
    assert "so24 secrets new" in so24.refused("users", "list")


def test_after_a_rotation_the_old_key_may_go(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.add_key()
    old, new = os.environ["SO24_SECRET_KEYS"], new_secret_key()
    monkeypatch.setenv("SO24_SECRET_KEYS", new)
    assert "SO24_SECRET_KEYS" in so24.refused("secrets", "rotate")
    assert findings(so24, 2)["keys"]
    monkeypatch.setenv("SO24_SECRET_KEYS", f"{new},{old}")
    assert "2 secrets" in so24.well("secrets", "rotate").err
    monkeypatch.setenv("SO24_SECRET_KEYS", new)
    so24.well("keys", "test", "Oslo")


@pytest.mark.slow
def test_the_database_is_upgraded_once(so24: CommandLine) -> None:
    so24.forget_database()
    assert "upgraded from nothing" in so24.well("db", "upgrade").err
    assert "up to date" in so24.well("db", "upgrade").err


def test_the_check_changes_nothing(so24: CommandLine) -> None:
    so24.forget_database()
    found = findings(so24)
    assert found["database"]["standing"] == "note"
    assert not (so24.folder / "data" / "so24.db").exists()


def test_the_check_tells_what_is_missing_and_what_is_well(so24: CommandLine) -> None:
    so24.well("import", so24.write_report(line()))
    found = findings(so24)
    assert found["24SevenOffice"]["standing"] == "ok"
    assert found["Marketplace"]["standing"] == "note"
    assert found["jobs"]["standing"] == "note"
    so24.well("activate")
    so24.add_key()
    found = findings(so24)
    assert found["Marketplace"]["standing"] == "ok"
    assert found["keys"]["words"] == "1 of 1 keys are usable"
    assert f"{so24.office.address} answers" in so24.well("check").out


def test_an_office_that_nobody_answers_for_is_a_fault(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("SO24_OFFICE_URL", f"http://127.0.0.1:{port}")
    assert findings(so24, 2)["24SevenOffice"]["standing"] == "fault"


def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("no address", "postgresql+psycopg://so24:hidden-word@127.0.0.1:1/so24"):
        monkeypatch.setenv("SO24_DATABASE_URL", address)
        sentence = so24.refused("users", "list")
        assert "SO24_DATABASE_URL" in sentence
        assert "hidden-word" not in sentence
        subject = "settings" if address == "no address" else "database"
        assert findings(so24, 2)[subject]["standing"] == "fault"


def test_a_data_folder_that_cannot_be_used_is_one_sentence(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = so24.folder / "file"
    file.touch()
    monkeypatch.setenv("SO24_DATA_DIR", str(file))
    assert "SO24_DATA_DIR" in so24.refused("users", "list")


@pytest.mark.slow
def test_the_demo_is_loaded_once_and_into_nothing_else(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_MODE", "sandbox")
    assert "The demo is loaded. " in so24.well("demo").err
    assert "loaded already" in so24.well("demo").err
    so24.well("import", so24.write_report(line(number="7001")))
    assert "this one is in use" in so24.refused("demo")


def test_the_demo_is_for_the_sandbox_only(so24: CommandLine) -> None:
    assert "sandbox mode only" in so24.refused("demo")
