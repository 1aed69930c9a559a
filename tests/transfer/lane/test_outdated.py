"""A draft of an earlier run is invoiced only if it is what would be sent now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from so24.keys.change import change_key
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import FIELDS, OFFICE_DEPARTMENTS, TAX_CODES
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.sandbox.wire.faults import Fault
from so24.store.keys.keys import replace_department_map
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine
from so24.store.tables.transfer_tables import OrderLink, State, Transfer, TransferEvent
from so24.transfer.preview.forecast import LookResult, Outcome
from so24.transfer.preview.preview import look_up, preview_run
from tests.transfer.world import ADMIN, CLIENT, World

pytestmark = pytest.mark.slow

NOT_TODAY = Fault("fault", "SaveInvoices", only="invoicing", times=0, text="Not today")


class Papers:
    """One document whose draft stays, because 24SevenOffice refuses to invoice it at first."""

    def __init__(self, world: World, sandbox: SandboxServer) -> None:
        self.world, self.sandbox = world, sandbox
        self.department = world.add_department()
        self.key = world.add_key([self.department])
        (self.id,) = world.add_invoices(self.department, 1)
        self.edit(our_reference="Kari Nordmann", project_number="P-101", note="Thank you")

    def edit(self, table: type[Any] = Invoice, **changes: object) -> None:
        """Let every row of a table say this."""
        with self.world.installation.db.writing() as session:
            for row in session.exec(select(table)).all():
                for name, value in changes.items():
                    setattr(row, name, value)

    def carry(self, *fields: KeyField) -> None:
        """Let the key carry exactly these."""
        change_key(Desk(self.world.installation, ADMIN), self.key, FIELDS.to(fields))

    def map_department(self, theirs: int) -> None:
        """Let the department be this one of 24SevenOffice."""
        mapped = {self.department: theirs}
        change_key(Desk(self.world.installation, ADMIN), self.key, OFFICE_DEPARTMENTS.to(mapped))

    def leave_a_draft(self) -> None:
        """Export, and have the invoicing refused."""
        self.sandbox.faults.arm(NOT_TODAY)
        assert self.export().reason == "refused_invoicing"
        self.sandbox.faults.clear()

    def export(self) -> Transfer:
        """Press the button; the transfer at its end."""
        (transfer,) = self.world.export([self.id])
        return transfer

    def look(self) -> LookResult:
        """A look at what an export would do."""
        [lane] = preview_run(Desk(self.world.installation, ADMIN), [self.id]).lanes
        return look_up(Desk(self.world.installation, ADMIN), lane)

    def orders(self) -> list[dict[str, Any]]:
        """The orders in the sandbox's own books."""
        return list(self.world.control.books()[CLIENT]["orders"])


@pytest.fixture
def papers(world: World, sandbox: SandboxServer) -> Papers:
    papers = Papers(world, sandbox)
    papers.carry(KeyField.OUR_REFERENCE, KeyField.PROJECT, KeyField.KID)
    papers.map_department(2)
    return papers


CHANGES: dict[str, Callable[[Papers], object]] = {
    "department": lambda papers: papers.map_department(3),
    "tax codes": lambda papers: change_key(
        Desk(papers.world.installation, ADMIN), papers.key, TAX_CODES.to({"25": 3})
    ),
    "a field less": lambda papers: papers.carry(KeyField.OUR_REFERENCE),
    "KID": lambda papers: papers.edit(kid="2345676"),
    "project": lambda papers: papers.edit(project_number="P-102"),
    "our reference": lambda papers: papers.edit(our_reference="Ola Hansen"),
    "due date": lambda papers: papers.edit(due_date=dt.date(2026, 12, 24)),
    "invoice date": lambda papers: papers.edit(invoice_date=dt.date(2026, 11, 3)),
    "a later date": lambda papers: papers.edit(invoice_date=dt.date(2027, 11, 3), due_date=None),
    "text of a line": lambda papers: papers.edit(InvoiceLine, text="Quite another text"),
    "name of the customer": lambda papers: papers.edit(Customer, name="Kunde Nytt Navn AS"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_made_from_other_data_is_not_invoiced_and_the_preview_says_so(
    papers: Papers, change: str
) -> None:
    papers.leave_a_draft()
    CHANGES[change](papers)
    [prospect] = papers.look().forecasts
    assert (prospect.outcome, prospect.state) == (Outcome.OUTDATED, State.DIFFERS)
    transfer = papers.export()
    assert (transfer.state, transfer.reason) == (State.DIFFERS, "draft_outdated")
    assert transfer.order_id == prospect.order_id
    assert f"Order {transfer.order_id} (Draft) was made from other data" in transfer.words
    (order,) = papers.orders()
    assert order["OrderStatus"] == "Draft"


def test_a_draft_whose_data_are_as_before_is_invoiced(papers: Papers) -> None:
    papers.leave_a_draft()
    papers.map_department(3)
    assert papers.export().state is State.DIFFERS
    papers.map_department(2)  # back again
    papers.edit(updated_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC), import_id=None)
    [prospect] = papers.look().forecasts
    assert prospect.outcome is Outcome.GOES_ON
    assert papers.export().state is State.TRANSFERRED
    assert len(papers.orders()) == 1


def test_the_draft_deleted_there_a_new_one_is_made_from_the_data_of_now(papers: Papers) -> None:
    papers.leave_a_draft()
    papers.map_department(3)
    stale = papers.export().order_id
    papers.world.control.edit("delete_draft", CLIENT, order_id=stale)
    first, second = papers.export(), papers.export()
    assert first.reason == "order_gone"  # it had been asked for: a person looks first
    assert second.state is State.TRANSFERRED
    (order,) = papers.orders()
    assert order["DepartmentId"] == 3


def test_the_look_reckons_the_requests_of_a_run_that_stops_there(papers: Papers) -> None:
    papers.leave_a_draft()
    papers.map_department(3)
    seen = papers.look()
    papers.world.control.reset_calls()
    papers.export()
    assert papers.world.control.calls()["requests"] == seen.requests


def test_another_exchange_rate_makes_no_other_draft(papers: Papers) -> None:
    papers.carry(KeyField.CURRENCY)
    papers.edit(currency="EUR")
    papers.leave_a_draft()
    papers.world.control.edit("put_listed", CLIENT, kind="currency", number=2, Symbol="EUR",
                              Rate="12.34", Unit=1)  # fmt: skip
    assert papers.look().forecasts[0].outcome is Outcome.GOES_ON
    assert papers.export().state is State.TRANSFERRED


def test_a_list_that_is_refused_now_says_nothing_about_the_draft(papers: Papers) -> None:
    papers.leave_a_draft()
    papers.sandbox.faults.arm(Fault("fault", "GetProjectList", times=0, text="No access"))
    assert papers.export().state is State.TRANSFERRED


def lose_the_answer_for_good(papers: Papers) -> None:
    """The draft lands; its answer is lost, and then 24SevenOffice is out of reach."""
    papers.sandbox.faults.arm(Fault("lost_after", "SaveInvoices", only="draft"))
    papers.sandbox.faults.arm(Fault("html", "GetInvoices", nth=1, times=0))
    assert papers.export().state is State.UNKNOWN
    papers.sandbox.faults.clear()


def test_a_draft_whose_answer_was_lost_is_adopted_if_it_is_what_would_be_sent_now(
    papers: Papers,
) -> None:
    lose_the_answer_for_good(papers)
    run = unfinished_run(papers)
    [transfer] = papers.world.work(run)
    assert transfer.state is State.TRANSFERRED


def test_a_draft_whose_answer_was_lost_is_not_invoiced_after_a_change(papers: Papers) -> None:
    lose_the_answer_for_good(papers)
    with papers.world.installation.db.writing() as session:  # nobody may while the key is in use
        replace_department_map(session, papers.key, {papers.department: (3, "Bergen")})
    [transfer] = papers.world.work(unfinished_run(papers))
    assert (transfer.state, transfer.reason) == (State.DIFFERS, "draft_outdated")
    assert papers.orders()[0]["OrderStatus"] == "Draft"


def test_a_draft_of_which_nobody_knows_what_was_sent_is_compared_by_what_it_shows(
    papers: Papers,
) -> None:
    papers.leave_a_draft()
    with papers.world.installation.db.writing() as session:
        for table in (TransferEvent, Transfer):
            for row in session.exec(select(table)).all():
                row.payload_hash = "0" * 64  # as an older version has written it
        for link in session.exec(select(OrderLink)).all():
            session.delete(link)
    papers.map_department(3)
    assert papers.look().forecasts[0].outcome is Outcome.ADOPTED
    assert papers.export().state is State.TRANSFERRED


def unfinished_run(papers: Papers) -> str:
    """The run that is still open."""
    with papers.world.installation.db.reading() as session:
        return session.exec(select(Transfer.run_id)).one()
