"""The administrator's part: a proven key, fields confirmed by a sample, calls that are counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from so24.errors import BudgetSpent, NotAllowed, RecManRefused, WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.recman import client
from so24.sources.recman.connection import (
    ConnectionView,
    confirm_map,
    connect,
    disconnect,
    leave_out_before,
    map_fields,
    try_connection,
    view_connection,
)
from so24.store.keys.keys import calls_on, connection_row, take_call
from so24.store.upkeep.upkeep import sealed_values
from tests.keys.traces import audited, everything_kept
from tests.sources.recman.papers import invoice, line
from tests.sources.recman.standin import KEY, StandIn


def seen(installation: Installation, actor: Actor) -> ConnectionView:
    """The connection, which must be there."""
    view = view_connection(Desk(installation, actor))
    assert view is not None
    return view


def sealed(installation: Installation) -> str:
    """The sealed key as it is kept."""
    with installation.db.reading() as session:
        row = connection_row(session)
    assert row is not None
    return row.key_sealed


def test_a_key_is_proven_before_it_is_kept(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    with pytest.raises(RecManRefused):
        connect(Desk(near, admin), "not-the-right-key")
    assert view_connection(Desk(near, admin)) is None
    view = connect(Desk(near, admin), KEY)
    assert view.missing == ()
    assert [each["scope"] for each in recman.asked][1:] == [
        "invoice", "company", "project", "department", "user", "corporation",
    ]  # fmt: skip
    assert near.vault.unseal(sealed(near)) == KEY
    assert ("ada", "RecMan connected", "RecMan") in audited(near)


def test_invoices_are_read_as_recman_gives_them_and_registers_no_further_than_needed(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    asked = {each["scope"]: each.get("fields") for each in recman.asked}
    assert asked["invoice"] is None
    assert asked["user"] == "firstName,lastName"


def test_a_field_that_is_refused_is_said_and_the_rest_is_read(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    recman.unknown_fields.add("companyNumber")
    view = connect(Desk(near, admin), KEY)
    company = view.findings["company"]
    assert "Unknown field: companyNumber" in company.remark
    assert company.asked == ()
    assert "companyNumber" in company.members  # RecMan's own set has it here
    confirm_map(Desk(near, admin))


def test_a_register_that_is_refused_is_said_and_its_fields_are_missing(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    recman.refused_scopes |= {"department", "company"}
    view = connect(Desk(near, admin), KEY)
    assert "Invalid scope" in view.findings["department"].remark
    assert [each for each in view.missing if "company.number" in each]
    assert not [each for each in view.missing if "department" in each]  # ids instead of numbers


def test_another_key_keeps_the_map_that_was_made(
    near: Installation, recman: StandIn, admin: Actor
) -> None:
    connect(Desk(near, admin), KEY)
    map_fields(Desk(near, admin), {"line.text": "productName"})
    leave_out_before(Desk(near, admin), dt.date(2026, 11, 1))
    confirm_map(Desk(near, admin))
    recman.key = "another-key-4712"
    before = sealed(near)
    view = connect(Desk(near, admin), "another-key-4712")
    assert view.field_map["line.text"] == "lines.*.productName"
    assert view.since == dt.date(2026, 11, 1)
    assert view.confirmed_at is None
    assert sealed(near) != before


def test_a_test_renews_what_is_known_and_leaves_the_map(
    ready: Installation, recman: StandIn, admin: Actor
) -> None:
    for row in recman.scopes["invoice"].values():
        row["extra"] = row.pop("kid")
    view = try_connection(Desk(ready, admin))
    assert view.field_map["kid"] == "kid"
    assert view.missing == ("RecMan does not give the member “kid” any more",)
    assert "extra" in view.findings["invoice"].members
    with pytest.raises(WrongUse, match="Map these first: RecMan does not give the member “kid”"):
        confirm_map(Desk(ready, admin))
    assert map_fields(Desk(ready, admin), {"kid": "extra"}).missing == ()
    confirm_map(Desk(ready, admin))


@pytest.mark.parametrize(
    ("bad", "of", "credible"), [(1, 3, False), (1, 19, False), (1, 20, True), (2, 39, False)]
)
def test_a_sample_reconciles_but_for_one_in_twenty(
    near: Installation, recman: StandIn, admin: Actor, bad: int, of: int, credible: bool
) -> None:
    recman.scopes["invoice"] = {
        str(number): invoice(str(number), **({"total": "1.00"} if number < bad else {}))
        for number in range(of)
    }
    connect(Desk(near, admin), KEY)
    if credible:
        assert confirm_map(Desk(near, admin)).words.startswith(
            f"{of - bad} of {of} invoices reconcile."
        )
        assert seen(near, admin).sample == f"{of - bad} of {of} invoices reconcile."
    else:
        with pytest.raises(WrongUse, match=r"Invoice 0: its net and VAT add up to 1.250,00"):
            confirm_map(Desk(near, admin))
        assert seen(near, admin).confirmed_at is None


@pytest.mark.parametrize(
    "rows", [[], [invoice("1001", line(net="0.00"))], [invoice("1001", lines={})]]
)
def test_a_sample_that_tells_nothing_confirms_nothing(
    near: Installation, recman: StandIn, admin: Actor, rows: list[dict[str, Any]]
) -> None:
    connect(Desk(near, admin), KEY)
    recman.scopes["invoice"] = {str(place): row for place, row in enumerate(rows)}
    with pytest.raises(WrongUse, match="The field map is not confirmed"):
        confirm_map(Desk(near, admin))


def test_a_map_that_changes_while_the_sample_is_read_is_not_confirmed(
    near: Installation, admin: Actor, recman: StandIn
) -> None:
    connect(Desk(near, admin), KEY)
    answer = recman.answer

    def change_meanwhile(path: str, query: dict[str, str]) -> Any:
        map_fields(Desk(near, admin), {"kid": ""})
        return answer(path, query)

    recman.answer = change_meanwhile  # type: ignore[method-assign] # a colleague is quicker
    with pytest.raises(WrongUse, match="Somebody changed the connection"):
        confirm_map(Desk(near, admin))
    assert seen(near, admin).confirmed_at is None


def test_a_disconnected_key_is_wiped(ready: Installation, admin: Actor) -> None:
    disconnect(Desk(ready, admin))
    assert view_connection(Desk(ready, admin)) is None
    with ready.db.reading() as session:
        assert list(sealed_values(session)) == []
    assert ("ada", "RecMan disconnected", "RecMan") in audited(ready)
    with pytest.raises(WrongUse, match="not connected"):
        disconnect(Desk(ready, admin))


@pytest.mark.parametrize("who", ["finance", "analyst"])
def test_only_an_administrator_manages_the_connection(
    ready: Installation, request: pytest.FixtureRequest, recman: StandIn, who: str
) -> None:
    actor = request.getfixturevalue(who)
    made = len(recman.asked)
    for act in (view_connection, try_connection, confirm_map, disconnect):
        with pytest.raises(NotAllowed):
            act(Desk(ready, actor))
    with pytest.raises(NotAllowed):
        connect(Desk(ready, actor), KEY)
    with pytest.raises(NotAllowed):
        map_fields(Desk(ready, actor), {"kid": ""})
    with pytest.raises(NotAllowed):
        leave_out_before(Desk(ready, actor), None)
    assert len(recman.asked) == made


def test_the_budget_ends_calls_until_midnight_in_oslo(
    ready: Installation, recman: StandIn, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = dt.datetime(2026, 11, 22, 22, 59, tzinfo=dt.UTC)
    monkeypatch.setattr(client, "now", lambda: late)
    with ready.db.writing() as session:
        while take_call(session, dt.date(2026, 11, 22), most=client.MOST_CALLS):
            pass
    made = len(recman.asked)
    with pytest.raises(BudgetSpent, match=r"anew at midnight: 23\.11\.2026 00:00, time of Oslo"):
        try_connection(Desk(ready, admin))
    assert len(recman.asked) == made
    monkeypatch.setattr(client, "now", lambda: late + dt.timedelta(minutes=1))
    try_connection(Desk(ready, admin))
    with ready.db.reading() as session:
        assert calls_on(session, dt.date(2026, 11, 22)) == 180
        assert calls_on(session, dt.date(2026, 11, 23)) == 6


def test_a_failed_call_is_counted_too(near: Installation, recman: StandIn, admin: Actor) -> None:
    with pytest.raises(RecManRefused):
        connect(Desk(near, admin), "not-the-right-key")
    assert client.read_budget(near).used == len(recman.asked) == 1


def test_a_key_is_not_sent_to_another_address(ready: Installation, admin: Actor) -> None:
    settings = ready.settings.model_copy(update={"recman_url": "https://api.recman.no"})
    moved = replace(ready, settings=settings)
    with pytest.raises(WrongUse, match=r"SO24_RECMAN_URL is https://api\.recman\.no"):
        try_connection(Desk(moved, admin))


def test_nothing_that_is_kept_shows_a_value(ready: Installation, admin: Actor) -> None:
    with ready.db.reading() as session:
        row = connection_row(session)
    assert row is not None
    for value in ("Nordvik", "1000.00", "Bestilling", "0012345678903", "901"):
        assert value not in row.findings + row.field_map + row.sample
    assert b"Nordvik" not in everything_kept(ready)
