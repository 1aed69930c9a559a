"""Fill the installation of the environment with many documents, to be looked at on the screens.

``python tests/benchmarks/many_documents.py COUNT ADDRESS``, with the checkout that is measured as
the working folder: its own tables are filled, whatever columns they have. The sandbox at the
address is asked whether the documents' key is right.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.identifiers import likeness
from so24.installation import open_installation
from so24.people.users import ensure_demo_users
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine
from so24.store.tables.transfer_tables import Run, State, Transfer
from tests.transfer.world import ADMIN, make_world

CUSTOMERS = 400
WRITTEN = 1_000  # one by one; all others are copies of theirs
TRANSFERRED = 10  # one in so many is
NAMES = ("Kvitsand", "Bjørkås", "Nordlys", "Ægir", "Fjellheim", "Østre", "Sørlie", "Haugen")


def fill(count: int, address: str) -> None:
    """``count`` documents of one department with a usable key, a tenth of them transferred."""
    installation = open_installation()
    ensure_demo_users(installation)
    world = make_world(installation, address)
    department = world.add_department()
    world.add_key([department])
    world.add_invoices(department, min(count, WRITTEN), customers=min(count, CUSTOMERS), lines=3)
    with installation.db.writing() as session:
        for row in session.exec(select(Customer)):
            row.name = f"{NAMES[row.row_id % len(NAMES)]} {row.row_id} AS"
        session.flush()
        for first in range(WRITTEN, count, WRITTEN):
            _copy(session, Invoice.__table__, WRITTEN, first)  # type: ignore[attr-defined]
            _copy(session, InvoiceLine.__table__, WRITTEN, first)  # type: ignore[attr-defined]
        _tell_apart(session)
        _transfer_some(session)
    installation.close()


def _copy(session: Session, table: sa.Table, count: int, by: int) -> None:
    """The rows of the first ``count`` documents once more, with ids that are greater ``by`` so."""
    invoice = table.c.invoice_id if "invoice_id" in table.c else table.c.id
    most = session.execute(sa.select(sa.func.max(table.c.id))).scalar_one()
    moved = {"id": table.c.id + most, "invoice_id": invoice + by, "fingerprint": None}
    if table.name == "invoice":
        number = sa.cast(sa.cast(table.c.number, sa.Integer) + by, sa.String)
        moved = {"id": invoice + by, "fingerprint": number, "number": number}
        moved |= dict.fromkeys(("number_folded", "number_likeness"), number)
    columns = [moved.get(each.name, each) for each in table.c]
    rows = sa.select(*columns).where(invoice <= count)
    session.execute(sa.insert(table).from_select(list(table.c.keys()), rows))


def _tell_apart(session: Session) -> None:
    """Dates, totals and KIDs of their own."""
    changes = []
    for row in session.execute(sa.select(col(Invoice.id), col(Invoice.number))).all():
        net = Decimal(row.id * 37 % 90_000) + 1000
        changes.append(
            {
                "id": row.id,
                "number_likeness": likeness(row.number),
                "net": net,
                "vat": net / 4,
                "total": net + net / 4,
                "kid": f"{row.id * 7919:010d}",
            }
        )
    session.execute(sa.update(Invoice), changes)


def _transfer_some(session: Session) -> None:
    run = Run(created_by=ADMIN.name)
    session.add(run)
    session.flush()
    ids = session.execute(
        sa.select(col(Invoice.id)).where(col(Invoice.id) % TRANSFERRED == 0)
    ).scalars()
    session.add_all(
        Transfer(
            run_id=run.id,
            invoice_id=each,
            state=State.TRANSFERRED,
            order_id=500_000 + each,
            office_invoice_id=700_000 + each,
        )
        for each in ids
    )


if __name__ == "__main__":
    fill(int(sys.argv[1]), sys.argv[2])
