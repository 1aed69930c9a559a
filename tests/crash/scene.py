"""The scene of every strike: forty documents over three keys, queued, and nobody at work yet.

It is built once and copied for each strike; the sandbox's side is made anew. Five documents have
a problem, each another one; all others must arrive, a credit note of the first among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import select

from so24.installation import Installation, open_installation
from so24.people.desk import Desk
from so24.sandbox.books.seed import BERGEN, OSLO, STRAY
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from so24.settings import Settings
from so24.store.tables.document_tables import Customer, Invoice, InvoiceLine
from so24.store.tables.transfer_tables import State
from so24.transfer.jobs.worker import job_enqueuer
from so24.transfer.runs import start_run
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, DAY, make_world

CLIENTS = (OSLO, BERGEN, STRAY)  # in the order of the lanes' keys
TWICE, CLOSED, THERE = "8001", "8002", "8003"  # customers that are a problem
DEAR = "PX"  # a product that stands in a category with another VAT
_ACCOUNTS = ("oslo", "bergen", "stray")
_COUNTS = (14, 13, 13)
_BLOCKED, _REFUSED, _EXISTS, _DIFFERS = 1005, 2004, 3007, 1009
_LAST_CUSTOMERS = 5


@dataclass(frozen=True)
class Scene:
    """A prepared database: its settings, the run, and where each document must end."""

    settings: Settings
    run: str
    keys: tuple[int, ...]
    expected: Mapping[int, State]


def build_scene(settings: Settings) -> Scene:
    """Fill the empty database of these settings; the engine's client stays open until we exit."""
    with SandboxServer(world=None) as sandbox:
        changed = settings.model_copy(update={"office_url": sandbox.address})
        installation = open_installation(changed)
        world = make_world(installation, sandbox.address)
        keys, ids = [], []
        for place, (client, account) in enumerate(zip(CLIENTS, _ACCOUNTS, strict=True)):
            department = world.add_department(f"{place + 1}0")
            keys.append(world.add_key([department], client=client, account=account))
            ids += world.add_invoices(
                department, _COUNTS[place], first=1001 + 1000 * place, customers=_LAST_CUSTOMERS
            )
        ids += world.add_invoices(world.add_department("40"), 1, first=4001, customers=1)
        ids.append(add_credit_note(world, ids[0]))
        expected = _make_problems(installation, ids)
        run = start_run(Desk(installation, ADMIN), ids, job_enqueuer(installation))
        installation.close()
    return Scene(settings, run, tuple(keys), expected)


def _make_problems(installation: Installation, ids: Iterable[int]) -> dict[int, State]:
    """Give some documents other customers and products; where each document must end."""
    expected = dict.fromkeys(ids, State.TRANSFERRED)
    with installation.db.writing() as session:
        numbers = {int(row.number): row for row in session.exec(select(Invoice))}
        customers = {number: _customer(number) for number in (TWICE, CLOSED, THERE)}
        session.add_all(customers.values())
        session.flush()
        problems = (
            (_BLOCKED, TWICE, State.BLOCKED),
            (_REFUSED, CLOSED, State.REFUSED),
            (_EXISTS, THERE, State.EXISTS),
            (_DIFFERS, "", State.DIFFERS),
            (4001, "", State.LOGIN),
        )
        for number, customer, state in problems:
            row = numbers[number]
            expected[row.id or 0] = state
            row.customer_id = customers[customer].id or 0 if customer else row.customer_id
        dear = InvoiceLine.invoice_id == numbers[_DIFFERS].id
        for line in session.exec(select(InvoiceLine).where(dear)):
            line.product_number = DEAR
    return expected


def _customer(number: str) -> Customer:
    return Customer(
        tenant="recman", number=number, name=f"Kunde {number} AS", country="NO",
        address="Storgata 1", postal_code="0155", city="Oslo", credit_days=14, completed=True,
    )  # fmt: skip


def set_scene(control: Control, known: frozenset[str]) -> None:
    """The sandbox's side: what it has already, and what makes the problems."""
    for client in CLIENTS:
        for number in sorted(known):
            if number.isdigit():
                add_company(control, client, number)
            else:
                control.edit("edit_product", client, Name=number, No=number, CategoryId=1)
    add_company(control, OSLO, TWICE)
    add_company(control, OSLO, TWICE)
    add_company(control, BERGEN, CLOSED, BlockInvoice=True)
    control.edit("edit_product", OSLO, Name=DEAR, No=DEAR, CategoryId=2)
    control.edit("edit_product", STRAY, Name="By hand", No="H1", CategoryId=1)
    control.edit(
        "create_order", STRAY,
        customer_id=add_company(control, STRAY, THERE),
        rows=[{"product_number": "H1", "name": "By hand", "quantity": "1", "price": "100"}],
        reference=f"RM-20-{_EXISTS}", status="Invoiced", invoice_date=DAY.isoformat(),
    )  # fmt: skip


def add_company(control: Control, client: int, number: str, **fields: object) -> int:
    """A company that says to be this customer of RecMan; its id."""
    answer = control.edit(
        "edit_company", client,
        Name=f"Kunde {number} AS", Type="Business", ExternalId=f"RM-{number}", **fields,
    )  # fmt: skip
    return int(answer["Id"])
