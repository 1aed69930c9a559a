"""A small world for the transfer's tests: an activated installation, keys, documents, a sandbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlmodel import Session, select

from so24.installation import Installation
from so24.keys.activation import activate
from so24.keys.credentials import NewKey, add_key
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.runner import Control
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice, InvoiceLine
from so24.store.tables.key_tables import Department, KeyMode
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import Transfer
from so24.store.transfers.open_lanes import open_lanes
from so24.store.transfers.receipt_line import ReceiptLine
from so24.store.transfers.transfers import LaneName, transfers_of_run
from so24.transfer.lane.lane import work_lane
from so24.transfer.receipt import read_receipt
from so24.transfer.runs import start_run

ADMIN = Actor("ada", Role.ADMIN)
DAY = dt.date(2026, 11, 2)
CLIENT = 10000001
ORE = Decimal("0.01")


@dataclass
class World:
    """Everything that a test of the transfer needs at hand."""

    installation: Installation
    address: str

    @property
    def control(self) -> Control:
        """The hand at the sandbox's switches and books."""
        return Control(self.address)

    def add_department(self, number: str = "10") -> int:
        """A department whose documents go by a key for it."""
        with self.installation.db.writing() as session:
            row = Department(number=number, name=f"Department {number}", series=number)
            session.add(row)
            session.flush()
            assert row.id is not None
            return row.id

    def add_key(
        self,
        departments: Sequence[int],
        *,
        client: int = CLIENT,
        account: str = "oslo",
        category: int | None = 1,
        mode: KeyMode = KeyMode.INVOICE,
        name: str = "",
    ) -> int:
        """A key for these departments, tested against the sandbox."""
        new = NewKey(
            name=name or f"key {account}",
            organization_id=client,
            username=f"{account}@sandbox.example",
            password=f"sandbox-{account}",
            department_ids=tuple(departments),
            category=category,
            mode=mode,
        )
        return add_key(Desk(self.installation, ADMIN), new).id

    def add_invoices(
        self,
        department: int,
        count: int,
        *,
        first: int = 1001,
        customers: int = 3,
        products: int = 4,
        lines: int = 2,
    ) -> list[int]:
        """Documents of 25 % VAT; returns their ids in number order."""
        with self.installation.db.writing() as session:
            known = [self._customer(session, each) for each in range(customers)]
            ids = []
            for number in range(first, first + count):
                customer = known[number % customers]
                assert customer.id is not None
                rows = [
                    _line(position, f"P{(number + position) % products}")
                    for position in range(1, lines + 1)
                ]
                net = sum((line.net for line in rows), Decimal(0))
                vat = (net * Decimal("0.25")).quantize(ORE, ROUND_HALF_UP)
                invoice = Invoice(
                    tenant="recman",
                    kind=DocumentKind.INVOICE,
                    series="10" if first < 2000 else "20",
                    number=str(number),
                    department_id=department,
                    customer_id=customer.id,
                    invoice_date=DAY,
                    due_date=DAY + dt.timedelta(days=14),
                    currency="NOK",
                    net=net,
                    vat=vat,
                    total=net + vat,
                    fingerprint=f"f{number}",
                )
                session.add(invoice)
                session.flush()
                assert invoice.id is not None
                for line in rows:
                    line.invoice_id = invoice.id
                session.add_all(rows)
                ids.append(invoice.id)
            return ids

    def start(self, invoice_ids: Sequence[int]) -> str:
        """Press the button without an engine; :meth:`work` does what the engine would."""
        return start_run(Desk(self.installation, ADMIN), invoice_ids, lambda session, lane: None)

    def work(self, run_id: str) -> list[Transfer]:
        """Work every open lane of the run in this thread; returns the run's transfers."""
        with self.installation.db.reading() as session:
            lanes = [lane for lane in open_lanes(session) if lane.run_id == run_id]
        for lane in lanes:
            work_lane(self.installation, LaneName(run_id, lane.key_id), ())
        with self.installation.db.reading() as session:
            return transfers_of_run(session, run_id)

    def export(self, invoice_ids: Sequence[int]) -> list[Transfer]:
        """Press the button and work the run to its end."""
        return self.work(self.start(invoice_ids))

    def receipt(self, run_id: str) -> tuple[ReceiptLine, ...]:
        """The run's receipt lines."""
        return read_receipt(Desk(self.installation, ADMIN), run_id).lines

    @staticmethod
    def _customer(session: Session, number: int) -> Customer:
        known = session.exec(
            select(Customer).where(Customer.number == str(7000 + number))
        ).one_or_none()
        if known is None:
            known = Customer(
                tenant="recman",
                number=str(7000 + number),
                name=f"Kunde {number} AS",
                address="Storgata 1",
                postal_code="0155",
                city="Oslo",
                country="NO",
                credit_days=14,
                completed=True,
            )
            session.add(known)
            session.flush()
        return known


def _line(position: int, product: str) -> InvoiceLine:
    quantity, price = Decimal("7.5"), Decimal("349.90")
    return InvoiceLine(
        invoice_id=0,
        position=position,
        product_number=product,
        product_name=f"Product {product}",
        text=f"Work on line {position}",
        quantity=quantity,
        unit_price=price,
        net=(quantity * price).quantize(ORE, ROUND_HALF_UP),
        vat_rate=Decimal(25),
    )


def make_world(installation: Installation, address: str) -> World:
    """Activate the installation and hand over the world of the sandbox at this address."""
    activate(Desk(installation, ADMIN))
    return World(installation, address)


def booked_by_reference(world: World, client: int = CLIENT) -> dict[str, int]:
    """How many invoiced orders the sandbox's own books hold for each reference."""
    counts: dict[str, int] = {}
    for order in world.control.books()[client]["orders"]:
        if order["OrderStatus"] == "Invoiced":
            reference = order.get("ReferenceNumber") or ""
            counts[reference] = counts.get(reference, 0) + 1
    return counts


def drafts_left(world: World, client: int = CLIENT) -> int:
    """How many draft orders the sandbox's own books hold."""
    orders = world.control.books()[client]["orders"]
    return sum(order["OrderStatus"] == "Draft" for order in orders)
