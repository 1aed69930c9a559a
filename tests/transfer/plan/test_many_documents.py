"""More documents at once than a statement of PostgreSQL takes parameters."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import select

from so24.invoices.overview import read_overview
from so24.people.desk import Desk
from so24.store.documents.documents import decisions_of
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.document_tables import Invoice, InvoiceLine
from so24.store.tables.transfer_tables import State
from so24.transfer.export_many import read_latest
from so24.transfer.review import read_findings
from so24.transfer.runs import open_transfers, plan_selection
from tests.transfer.world import ADMIN, World

MANY = 70_000


def multiply(world: World, invoice_id: int, count: int) -> list[int]:
    """Copies of the only document with its lines, numbered on, none with another's total."""
    with world.installation.db.writing() as session:
        rows = session.get_one(Invoice, invoice_id).model_dump(exclude={"id", "number_folded"})
        lines = [
            line.model_dump(exclude={"id"}) for line in session.exec(select(InvoiceLine)).all()
        ]
        copies = range(invoice_id + 1, invoice_id + count)
        session.execute(
            sa.insert(Invoice),
            [
                {**rows, "id": each, "number": f"2{each:06}", "total": rows["total"] + each}
                for each in copies
            ],
        )
        session.execute(
            sa.insert(InvoiceLine),
            [{**line, "invoice_id": each} for each in copies for line in lines],
        )
    return [invoice_id, *copies]


def use_all(world: World, ids: list[int]) -> None:
    """Ask of all these documents at once whatever people ask of those that they have ticked."""
    at = world.installation
    planned = plan_selection(Desk(at, ADMIN), ids)
    assert len(planned) == len(ids)
    assert {each.state for each in planned} <= {State.QUEUED, State.BLOCKED}
    assert len(read_overview(Desk(at, ADMIN), InvoiceFilter(ids=frozenset(ids))).rows) == len(ids)
    assert read_latest(Desk(at, ADMIN), ids) == []
    assert open_transfers(at, ids) == 0
    with at.db.reading() as session:
        assert len(decisions_of(session, ids)) == len(ids)


@pytest.mark.long
def test_seventy_thousand_documents_are_planned_and_listed_at_once(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    [document] = world.add_invoices(department, 1)
    ids = multiply(world, document, MANY)
    use_all(world, ids)
    run = world.start(ids)
    assert open_transfers(world.installation, ids) == MANY
    assert len(world.receipt(run)) == MANY


@pytest.mark.long
def test_seventy_thousand_documents_are_checked(world: World) -> None:
    [document] = world.add_invoices(world.add_department(), 1)
    ids = multiply(world, document, MANY)
    assert len(read_findings(Desk(world.installation, ADMIN), ids)) == MANY
