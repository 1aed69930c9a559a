"""Departments: added, named, given a series that stands once a document was exported."""

from __future__ import annotations

import pytest

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.keys import credentials, departments, upkeep
from so24.keys.credentials import NewKey
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.tables.document_tables import Invoice
from so24.store.tables.transfer_tables import State
from tests.keys.documents import put_invoice, put_transfer
from tests.sources.dresses import DRESSES, HARMLESS


@pytest.fixture
def ten(installation: Installation, admin: Actor) -> int:
    """Department 10 Oslo."""
    return departments.add_department(Desk(installation, admin), "10", "Oslo")


def test_departments_are_listed_by_number_with_their_series(
    installation: Installation, admin: Actor
) -> None:
    for number in ("100", "20", "3"):
        departments.add_department(Desk(installation, admin), number)
    views = departments.list_departments(Desk(installation, admin))
    assert [(view.number, view.series, view.active, view.locked) for view in views] == [
        ("3", "3", True, False),
        ("20", "20", True, False),
        ("100", "100", True, False),
    ]


@pytest.mark.both
def test_a_number_exists_once(installation: Installation, admin: Actor, ten: int) -> None:
    with pytest.raises(WrongUse, match="Department 10 exists already"):
        departments.add_department(Desk(installation, admin), " 10 ")


@pytest.mark.parametrize("number", ["", " ", "1 0", "x" * 21, "<b>"])
def test_a_number_that_cannot_be_gets_a_sentence(
    installation: Installation, admin: Actor, number: str
) -> None:
    with pytest.raises(WrongUse, match="A department number has 1 to 20"):
        departments.add_department(Desk(installation, admin), number)


@pytest.mark.both
def test_a_new_series_moves_the_documents_that_were_never_exported(
    installation: Installation, admin: Actor, ten: int
) -> None:
    invoice_id = put_invoice(installation, ten, "OSL-501")
    put_transfer(installation, invoice_id, State.LOGIN)
    departments.change_series(Desk(installation, admin), ten, "OSL")
    with installation.db.reading() as session:
        invoice = session.get(Invoice, invoice_id)
    assert invoice is not None
    assert (invoice.series, invoice.number_likeness) == ("OSL", "501")
    (view,) = departments.list_departments(Desk(installation, admin))
    assert (view.series, view.locked) == ("OSL", False)


def test_the_series_is_locked_once_a_document_was_exported(
    installation: Installation, admin: Actor, ten: int
) -> None:
    put_transfer(installation, put_invoice(installation, ten, "501"), State.TRANSFERRED)
    (view,) = departments.list_departments(Desk(installation, admin))
    assert view.locked
    with pytest.raises(WrongUse, match="series of department 10 is locked"):
        departments.change_series(Desk(installation, admin), ten, "OSL")
    departments.change_series(Desk(installation, admin), ten, "10")


def test_a_series_that_holds_the_same_number_already_is_refused_as_a_whole(
    installation: Installation, admin: Actor, ten: int
) -> None:
    twenty = departments.add_department(Desk(installation, admin), "20")
    put_invoice(installation, ten, "501", "10")
    put_invoice(installation, twenty, "501", "20")
    with pytest.raises(WrongUse, match="Series 10 already holds a document"):
        departments.change_series(Desk(installation, admin), twenty, "10")
    views = departments.list_departments(Desk(installation, admin))
    assert [view.series for view in views] == ["10", "20"]


@pytest.mark.both
def test_departments_are_found_by_number_or_by_name(
    installation: Installation, admin: Actor, ten: int
) -> None:
    twenty = departments.add_department(Desk(installation, admin), "20", "Bergen")
    found = departments.find_departments(Desk(installation, admin), ["bergen", "10", "30", "20"])
    assert found == departments.Found(ids=(twenty, ten), new_numbers=("30",))
    with pytest.raises(WrongUse, match=r"no department “Brgen”\. Departments: 10 Oslo, 20 Bergen"):
        departments.find_departments(Desk(installation, admin), ["Brgen"])
    departments.add_department(Desk(installation, admin), "21", "Bergen")
    with pytest.raises(WrongUse, match=r"give the number \(20, 21\)"):
        departments.find_departments(Desk(installation, admin), ["Bergen"])


@pytest.mark.parametrize("dress", HARMLESS)
def test_a_department_is_found_however_its_number_is_dressed(
    installation: Installation, admin: Actor, ten: int, dress: str
) -> None:
    desk, typed = Desk(installation, admin), DRESSES[dress]
    found = departments.find_departments(desk, [f" {typed('10')} ", typed("30")])
    assert found == departments.Found(ids=(ten,), new_numbers=("30",))
    departments.change_series(desk, ten, typed("30"))
    departments.rename_department(desk, ten, "Os\u200blo")
    with pytest.raises(WrongUse, match="Department 10 exists already"):
        departments.add_department(desk, typed("10"))
    (view,) = departments.list_departments(desk)
    assert (view.number, view.name, view.series) == ("10", "Oslo", "30")


@pytest.mark.parametrize("dress", [each for each in DRESSES if each not in HARMLESS])
def test_what_may_be_a_known_department_is_no_new_one(
    installation: Installation, admin: Actor, ten: int, dress: str
) -> None:
    with pytest.raises(
        WrongUse, match=r"looks like 10, which is known|^A department |no department"
    ):
        departments.find_departments(Desk(installation, admin), [DRESSES[dress]("10")])


def test_an_inactive_department_needs_no_key(
    connected: Installation, admin: Actor, oslo_key: NewKey
) -> None:
    ten = departments.add_department(Desk(connected, admin), "10", "Oslo")
    departments.add_department(Desk(connected, admin), "20", "Bergen")
    assert [view.number for view in departments.coverage(Desk(connected, admin)).uncovered] == [
        "10",
        "20",
    ]
    departments.deactivate_department(Desk(connected, admin), ten)
    assert [view.number for view in departments.coverage(Desk(connected, admin)).uncovered] == [
        "20"
    ]
    key_id = credentials.add_key(Desk(connected, admin), oslo_key).id
    assert departments.coverage(Desk(connected, admin)) == departments.Coverage((), ())
    upkeep.disable_key(Desk(connected, admin), key_id)
    departments.reactivate_department(Desk(connected, admin), ten)
    assert len(departments.coverage(Desk(connected, admin)).uncovered) == 2


def test_a_department_is_renamed_and_only_by_an_administrator(
    installation: Installation, admin: Actor, finance: Actor, ten: int
) -> None:
    departments.rename_department(Desk(installation, admin), ten, " Oslo  sentrum ")
    (view,) = departments.list_departments(Desk(installation, admin))
    assert view.label == "10 Oslo sentrum"
    with pytest.raises(NotAllowed):
        departments.rename_department(Desk(installation, finance), ten, "Mine")
    with pytest.raises(WrongUse, match="does not exist"):
        departments.rename_department(Desk(installation, admin), 999, "Nowhere")


@pytest.mark.parametrize("again", ["Ø1", "ø1"])
def test_a_number_exists_once_whatever_the_case_of_its_letters(
    installation: Installation, admin: Actor, again: str
) -> None:
    departments.add_department(Desk(installation, admin), "Ø1", "Ørsta")
    with pytest.raises(WrongUse, match=f"Department {again} exists already"):
        departments.add_department(Desk(installation, admin), again)
    (found,) = departments.find_departments(Desk(installation, admin), ["ØRSTA", "ø1"]).ids
    assert found == departments.list_departments(Desk(installation, admin))[0].id


def test_departments_are_listed_in_the_order_of_norwegian_letters(
    installation: Installation, admin: Actor
) -> None:
    for number in ("Å1", "ø1", "Æ1", "z1", "A1", "10"):
        departments.add_department(Desk(installation, admin), number)
    views = departments.list_departments(Desk(installation, admin))
    assert [view.number for view in views] == ["10", "A1", "z1", "Æ1", "ø1", "Å1"]
