"""Users and the activation by the command line."""

from __future__ import annotations

import getpass

import pytest

from so24.installation import open_installation
from so24.store.people.audit import TrailFilter, latest_events
from so24.store.people.people import known_user
from tests.cli.conftest import CommandLine

GOOD = "correct horse battery"


def test_a_new_user_gets_a_one_time_password_which_is_all_that_is_printed(
    so24: CommandLine,
) -> None:
    said = so24.well("users", "add", "Kari", "--role", "finance")
    assert len(said.out.strip().split("-")) == 4
    assert said.out.strip() not in said.err
    [user] = so24.well("users", "list", "--json").json
    assert (user["name"], user["role"], user["state"]) == ("kari", "finance", "one-time password")
    assert not any("password" in name or "hash" in name for name in user)


def test_in_the_sandbox_a_password_from_standard_input_is_taken_and_never_printed(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SO24_MODE", "sandbox")
    said = so24.well("users", "add", "kari", "--role", "admin", "--password-stdin", stdin=GOOD)
    assert GOOD not in said.out + said.err
    said = so24.well("users", "reset", "kari", "--password-stdin", stdin=f"another {GOOD}\n")
    assert said.out == ""
    assert GOOD not in said.err
    assert "at least 12" in so24.refused(
        "users", "add", "ola", "--role", "finance", "--password-stdin", stdin="short"
    )
    assert "easily guessed" in so24.refused(
        "users", "add", "ola", "--role", "finance", "--password-stdin", stdin="Passord12345"
    )
    assert "Standard input" in so24.refused(
        "users", "add", "ola", "--role", "finance", "--password-stdin", stdin=""
    )


def test_in_live_mode_nobody_chooses_a_password_for_somebody_else(so24: CommandLine) -> None:
    given = ("--role", "admin", "--password-stdin")
    assert "Nobody chooses" in so24.refused("users", "add", "kari", *given, stdin=GOOD)
    said = so24.well("users", "add", "kari", "--role", "admin")
    assert "ends in 72 hours" in said.err
    reset = ("users", "reset", "kari", "--password-stdin")
    assert "Nobody chooses" in so24.refused(*reset, stdin=GOOD)


def test_a_user_can_be_disabled_enabled_and_given_another_role(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "analyst")
    so24.well("users", "disable", "kari")
    assert so24.well("users", "list", "--json").json[0]["state"] == "deactivated"
    so24.well("users", "enable", "kari")
    so24.well("users", "role", "kari", "finance")
    assert "Finance" in so24.well("users", "list").out


def test_a_users_language_is_set_and_left_to_the_browser_again(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "analyst")
    assert "bokmål" in so24.well("users", "language", "kari", "nb").err
    assert "browser" in so24.well("users", "language", "kari", "browser").err
    with open_installation().db.reading() as session:
        assert known_user(session, "kari").language is None
        kinds = [event.action for event in latest_events(session, TrailFilter())]
    assert kinds.count("language chosen") == 2


def test_a_second_factor_is_taken_away_by_the_command_line(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "admin")
    assert "has no second factor" in so24.refused("users", "second-factor", "reset", "kari")
    installation = open_installation()
    with installation.db.writing() as session:
        known_user(session, "kari").second_factor_sealed = installation.vault.seal("x")
    installation.close()
    assert so24.well("users", "list", "--json").json[0]["second_factor"] is True
    assert "without a second factor" in so24.well("users", "second-factor", "reset", "kari").err
    assert so24.well("users", "list", "--json").json[0]["second_factor"] is False


def test_a_user_is_linked_to_the_company_login_and_unlinked(
    so24: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    so24.well("users", "add", "kari", "--role", "admin")
    link = ("users", "company-login", "link", "kari")
    assert "SO24_OIDC_ISSUER" in so24.refused(*link, "--email", "kari@example.com")
    for name, value in (("ISSUER", "https://login.example.com"), ("CLIENT_ID", "so24")):
        monkeypatch.setenv(f"SO24_OIDC_{name}", value)
    monkeypatch.setenv("SO24_OIDC_CLIENT_SECRET", "hidden")
    assert "either" in so24.refused(*link)
    so24.well(*link, "--email", "Kari@example.com")
    assert "waits for kari@example.com" in so24.well("users", "list").out
    password = ("users", "company-login", "password", "kari")
    assert "locked out" in so24.refused(*password, "--off")
    so24.well("users", "company-login", "unlink", "kari")
    so24.well(*link, "--subject", "subject-of-kari")
    assert "company login only" in so24.well(*password, "--off").err
    [user] = so24.well("users", "list", "--json").json
    assert (user["company_login"], user["company_only"]) == ("is linked", True)
    assert "turned off" in so24.refused("users", "reset", "kari")
    so24.well(*password, "--on")
    so24.well("users", "reset", "kari")
    assert "no company identity" not in so24.well("users", "company-login", "unlink", "kari").err
    assert "no company identity" in so24.refused("users", "company-login", "unlink", "kari")


def test_what_cannot_be_done_with_a_user_is_one_sentence(so24: CommandLine) -> None:
    so24.well("users", "add", "kari", "--role", "admin")
    assert "already" in so24.refused("users", "add", "kari", "--role", "admin")
    assert "last active System Administrator" in so24.refused("users", "disable", "kari")
    assert "nobody" in so24.refused("users", "disable", "nobody")


def test_wrong_usage_has_exit_code_2_and_no_traceback(so24: CommandLine) -> None:
    for arguments in (
        ["users", "add", "kari"],
        ["users", "add", "kari", "--role", "king"],
        ["fly"],
    ):
        said = so24(*arguments)
        assert said.code == 2
        assert "Traceback" not in said.err


def test_commands_are_audited_as_the_operating_systems_user(so24: CommandLine) -> None:
    so24.well("activate")
    so24.well("users", "add", "kari", "--role", "admin")
    installation = open_installation()
    with installation.db.reading() as session:
        events = latest_events(session)
    installation.close()
    assert {event.actor for event in events} == {f"os:{getpass.getuser()}"}
    assert {event.action for event in events} == {"user added", "integration activated"}


def test_the_integration_is_switched_on_and_off(so24: CommandLine) -> None:
    assert "activated" in so24.well("activate").err
    assert "no new run begins" in so24.well("deactivate").err
