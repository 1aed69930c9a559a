"""Schedules on the pages: set under Credentials, told on *Today*."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.schedules.occasions import claim_times, end_occasion
from so24.store.tables.ground import now
from so24.store.tables.people_tables import Role
from so24.store.tables.schedule_tables import OccasionEnd
from so24.transfer.schedules.rules import Bounds
from so24.transfer.schedules.settings import set_export
from so24.transfer.schedules.standing import read_schedules
from so24.transfer.schedules.times import read_times
from tests.pages.conftest import OpenApp
from tests.transfer.world import ADMIN, World


@pytest.fixture
def key(economy: World) -> int:
    """A key with documents to send."""
    department = economy.add_department()
    economy.add_invoices(department, 2)
    return economy.add_key([department])


def part(widgets: Any, name: str) -> Any:
    """The one widget whose key begins so."""
    [found] = [each for each in widgets if (each.key or "").startswith(name)]
    return found


def texts(at: AppTest) -> str:
    return "\n".join(each.value for each in [*at.markdown, *at.caption, *at.header, *at.info])


def press(at: AppTest, label: str) -> AppTest:
    [button] = [each for each in at.button if each.label == label]
    return button.click().run()


def test_an_administrator_sets_a_schedule_changes_it_and_turns_it_off(
    economy: World, key: int, app: OpenApp
) -> None:
    at = app(Role.ADMIN, "credentials")
    assert "Nothing is done by itself." in texts(at)
    part(at.selectbox, "schedules_what").set_value(key).run()
    part(at.number_input, "schedules_documents").set_value(7)
    at = press(at, "Save schedule")
    assert not at.exception
    [view] = read_schedules(Desk(economy.installation, ADMIN))
    assert (view.name, str(view.times), view.most_documents) == ("key oslo", "Mon–Fri 06:30", 7)
    assert (view.most_amount, view.set_by, view.held) == (Decimal("500000.00"), "ada", "")
    assert part(at.number_input, "schedules_documents").value == 7  # as it is kept
    part(at.button_group, "schedules_days").set_value([]).run()
    at = press(at, "Save schedule")
    assert "Choose at least one weekday" in at.error[0].value
    at = press(at, "Turn off")
    assert not read_schedules(Desk(economy.installation, ADMIN))[0].active
    assert "Turn off" not in [each.label for each in at.button]


def test_today_tells_the_last_time_the_next_one_and_what_was_left(
    economy: World, key: int, app: OpenApp
) -> None:
    installation = economy.installation
    desk = Desk(installation, Actor("os:kari", Role.ADMIN))
    set_export(desk, key, read_times("daily 06:30"), Bounds(5, Decimal(1000)))
    moment = now()
    with installation.db.writing() as session:
        claim_times(session, 1, [moment], moment)
        end_occasion(
            session, 1, OccasionEnd.LEFT, "Nothing was sent.", moment, left={1: "The KID is wrong."}
        )
    at = app(Role.FINANCE, "start")
    assert not at.exception
    told = texts(at)
    assert "Done by itself" in told
    assert "Export by key “key oslo”" in told
    assert "1 document was left for people" in told
    assert "Next at " in told
    [left] = [each.value for each in at.dataframe if "The KID is wrong." in each.value.to_string()]
    assert list(left["Number"]) == ["10-1001"]
    analyst = app(Role.ANALYST, "start")
    assert "1 document was left for people" in texts(analyst)
    assert not analyst.dataframe  # documents are not theirs to see


def test_today_is_silent_where_nothing_is_done_by_itself(economy: World, app: OpenApp) -> None:
    assert "Done by itself" not in texts(app(Role.FINANCE, "start"))
