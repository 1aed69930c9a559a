"""Only a System Administrator switches the integration; everybody may know how it stands."""

from __future__ import annotations

import pytest

from so24.errors import NotActivated, NotAllowed
from so24.installation import Installation
from so24.keys import activation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.people.audit import latest_events
from so24.transfer.plan.plan import plan_in


def test_a_fresh_installation_is_not_activated(installation: Installation) -> None:
    assert not activation.activation(installation).active
    with (
        installation.db.reading() as session,
        pytest.raises(NotActivated, match="System Administrator"),
    ):
        plan_in(installation, session, [])


def test_activation_keeps_who_when_and_the_price(installation: Installation, admin: Actor) -> None:
    status = activation.activate(Desk(installation, admin))
    assert (status.active, status.changed_by, status.price) == (True, "ada", "NOK 990 per month")
    assert status.changed_at is not None
    with installation.db.reading() as session:
        plan_in(installation, session, [])


def test_activating_twice_changes_and_records_nothing_more(
    installation: Installation, admin: Actor
) -> None:
    first = activation.activate(Desk(installation, admin))
    assert activation.activate(Desk(installation, admin)) == first
    activation.deactivate(Desk(installation, admin))
    with installation.db.reading() as session:
        actions = [event.action for event in latest_events(session)]
    assert actions == ["integration deactivated", "integration activated"]
    assert not activation.activation(installation).active


def test_nobody_else_may_switch_it(
    installation: Installation, finance: Actor, analyst: Actor
) -> None:
    for actor in (finance, analyst):
        with pytest.raises(NotAllowed, match="Ask a System Administrator"):
            activation.activate(Desk(installation, actor))
        with pytest.raises(NotAllowed):
            activation.deactivate(Desk(installation, actor))
    assert activation.activation(installation).changed_at is None
