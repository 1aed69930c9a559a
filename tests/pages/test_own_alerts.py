"""What one wants to be told of, on the account page."""

from __future__ import annotations

import pytest

from so24.alerts.choices import list_choices
from so24.alerts.message import TITLES
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp
from tests.pages.test_account import open_account
from tests.pages.test_users import press


def test_the_form_offers_only_the_ways_that_this_installation_has(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_account(app)
    assert at.button_group(key="alert_channel").options == ["Webhook (Teams, Slack)"]
    assert any("has no mail server" in each.value for each in at.caption)
    monkeypatch.setattr(installation.settings, "smtp_host", "127.0.0.1")
    at = open_account(app)
    assert at.button_group(key="alert_channel").options == ["E-mail", "Webhook (Teams, Slack)"]
    assert not any("has no mail server" in each.value for each in at.caption)


def test_what_is_chosen_is_kept_and_shown_by_the_words_of_the_message(
    app: OpenApp, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation.settings, "smtp_host", "127.0.0.1")
    at = open_account(app)
    at.text_input(key="alert_address").input("fia@example.com")
    press(at, "Tell me")
    [choice] = list_choices(Desk(installation, Actor("fia", Role.FINANCE)))
    assert choice.shown == "fia@example.com"
    told = next(each.value for each in at.caption if TITLES[choice.kinds[0]] in each.value)
    assert all(words in told for words in TITLES.values())
