"""The Marketplace: the administrator presses the button with the price, the others look."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from so24.installation import Installation
from so24.keys.activation import activate, activation
from so24.keys.upkeep import disable_key
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.people_tables import Role
from tests.pages.conftest import OpenApp
from tests.transfer.world import World

PRICED = "Activate · NOK 990 per month"


def test_the_administrator_activates_by_the_button_that_carries_the_price(
    app: OpenApp, installation: Installation
) -> None:
    at = app(Role.ADMIN, "activation")
    assert not at.exception
    assert at.button(key="marketplace_activate").label == PRICED
    at.button(key="marketplace_activate").click().run()
    assert not activation(installation).active
    assert any("It costs NOK 990 per month." in each.value for each in at.markdown)
    at.button(key="so24_confirm_yes").click().run()
    assert not at.exception
    status = activation(installation)
    assert (status.active, status.changed_by) == (True, "ada")
    assert any("Activated on" in caption.value and "ada" in caption.value for caption in at.caption)
    assert PRICED not in [button.label for button in at.button]


def test_the_next_step_is_a_key_only_while_none_is_usable(
    app: OpenApp, economy: World, admin: Actor
) -> None:
    assert next_steps(app(Role.ADMIN, "activation"))
    key_id = economy.add_key([economy.add_department()])
    assert not next_steps(app(Role.ADMIN, "activation"))
    disable_key(Desk(economy.installation, admin), key_id)
    assert next_steps(app(Role.ADMIN, "activation"))


def next_steps(at: AppTest) -> list[str]:
    """The links that lead on from the Marketplace."""
    assert not at.exception
    links = (each.proto.label for each in at.get("page_link"))
    return [label for label in links if label.startswith("Next:")]


def test_deactivation_asks_first(app: OpenApp, installation: Installation, admin: Actor) -> None:
    activate(Desk(installation, admin))
    at = app(Role.ADMIN, "activation")
    next(button for button in at.button if button.label == "Deactivate").click().run()
    assert activation(installation).active
    at.button(key="so24_confirm_yes").click().run()
    assert not activation(installation).active
    assert at.button(key="marketplace_activate").label == PRICED


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_others_see_the_card_and_a_button_that_says_why_it_is_disabled(
    app: OpenApp, installation: Installation, role: Role
) -> None:
    at = app(role, "activation")
    assert not at.exception
    assert [heading.value for heading in at.header] == ["24SevenOffice"]
    button = at.button(key="marketplace_activate")
    assert button.label == PRICED
    assert button.disabled
    reason = "Only a System Administrator activates or deactivates the integration."
    assert button.help == reason
    assert reason in [caption.value for caption in at.caption]
    button.proto.disabled = False  # a forged press, as no browser of ours sends it
    button.click().run()
    assert not activation(installation).active


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ANALYST])
def test_others_cannot_deactivate(
    app: OpenApp, installation: Installation, admin: Actor, role: Role
) -> None:
    activate(Desk(installation, admin))
    at = app(role, "activation")
    assert "Deactivate" not in [button.label for button in at.button]
    assert any("ada" in caption.value for caption in at.caption)
