"""The seven rules that hold at every quiet point, judged by the sandbox's own books and the store.

Each rule is a function that returns a sentence for every breach, none where the rule holds. They
take an open installation and, where they need it, the books as ``Control.books()`` tells them:
clients by id. ``by_hand`` names orders (client, order id) that a person made inside the sandbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from sqlmodel import select

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.store.history.verification import verify_history
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.key_tables import Key
from so24.store.tables.people_tables import Role
from so24.store.tables.transfer_tables import OPEN, Run, State, Transfer, TransferEvent
from so24.store.transfers.tallies import recent_runs
from so24.transfer.order.mapping import customer_reference
from so24.transfer.order.what_is_there import BOOKED, DRAFT, FOR_APPROVAL, INACTIVE
from so24.transfer.receipt import read_receipt
from so24.transfer.tally import Tally
from tests.crash.knowledge import (
    Books,
    Knowledge,
    SeenOrder,
    compare_transferred,
    read_knowledge,
    read_orders,
    read_records,
)
from tests.crash.traces import database_text, engine_jobs
from tests.transfer.claims import broken_claims

ByHand = Collection[tuple[int, int]]

_AUDITOR = Actor("ada", Role.ADMIN)
_GONE = frozenset({INACTIVE})
_LEFT_DRAFT = BOOKED | {FOR_APPROVAL}


def i1_booked_once(installation: Installation, books: Books, by_hand: ByHand = ()) -> list[str]:
    """I1: at most one invoiced order per document, and no unreported draft beside it.

    Orders ``by_hand`` do not count. An order for approval counts as invoiced.
    """
    known = read_knowledge(installation)
    orders: dict[int, list[SeenOrder]] = defaultdict(list)
    for order in read_orders(books, known):
        if (order.client, order.id) not in by_hand:
            for document in order.documents:
                orders[document].append(order)
    return [
        breach for document, mine in orders.items() for breach in _judge_one(document, mine, known)
    ]


def _judge_one(document: int, orders: list[SeenOrder], known: Knowledge) -> Iterator[str]:
    booked = [order for order in orders if order.status in _LEFT_DRAFT]
    if len(booked) > 1:
        names = ", ".join(order.name for order in booked)
        yield f"I1: document {document} is booked {len(booked)} times: {names}"
    for order in orders:
        if order.status != DRAFT:
            continue
        bound = known.is_bound(order, document) and not booked
        if not bound and not known.is_reported(order, document):
            beside = f" beside {booked[0].name}" if booked else ""
            yield f"I1: document {document} has an unreported {order.name}{beside}"


def i2_transferred_is_there(installation: Installation, books: Books) -> list[str]:
    """I2: what is called transferred is in the sandbox as such, with equal totals."""
    orders = {(order.client, order.id): order for order in read_orders(books, Knowledge())}
    with installation.db.reading() as session:
        rows = session.exec(
            select(Transfer, Invoice)
            .where(Transfer.invoice_id == Invoice.id)
            .where(Transfer.state == State.TRANSFERRED)
        ).all()
    breaches = []
    for transfer, invoice in rows:
        order = orders.get((transfer.organization_id or 0, transfer.order_id or 0))
        problem = compare_transferred(transfer, invoice, order)
        if problem:
            breaches.append(f"I2: document {invoice.id} ({invoice.number}) {problem}")
    return breaches


def i3_everything_is_known(
    installation: Installation, books: Books, by_hand: ByHand = ()
) -> list[str]:
    """I3: no order and no customer of ours is in the sandbox that the store does not know.

    Of an inactive order the store must know the document; of any other the order itself, and of
    an invoiced one the invoice, too.
    """
    known = read_knowledge(installation)
    breaches = []
    for order in read_orders(books, known):
        if (order.client, order.id) in by_hand:
            continue
        if not order.documents:
            breaches.append(f"I3: {order.name} belongs to no document")
        elif order.status not in _GONE and not known.names(order):
            breaches.append(f"I3: nothing in the store names {order.name}")
        elif order.status in BOOKED and not any(
            known.is_invoiced(order, document) for document in order.documents
        ):
            breaches.append(f"I3: nothing in the store says that {order.name} is invoiced")
    with installation.db.reading() as session:
        customers = {customer_reference(each) for each in session.exec(select(Customer))}
    for client, company in read_records(books, "companies"):
        card = str(company.get("ExternalId") or "")
        if card.startswith("RM-") and card not in customers:
            breaches.append(f"I3: company {company['Id']} of client {client} is no customer")
    return breaches


def i4_nothing_is_stuck(installation: Installation) -> list[str]:
    """I4: no transfer is open, and no job waits, runs or has ended in an error."""
    with installation.db.reading() as session:
        rows = session.exec(select(Transfer)).all()
    breaches = [
        f"I4: transfer {row.id} of document {row.invoice_id} is still {row.state.value}"
        for row in rows
        if row.state in OPEN
    ]
    allowed = ("SUCCESS", "CANCELLED")
    return breaches + [
        f"I4: job {job.id} is {job.status}"
        for job in engine_jobs(installation)
        if job.status not in allowed
    ]


def i5_counts_equal_rows(installation: Installation) -> list[str]:
    """I5: a run's counts, on the receipt and in the list of runs, equal its rows."""
    with installation.db.reading() as session:
        runs = session.exec(select(Run)).all()
        pairs = session.exec(
            select(Transfer, Invoice).where(Transfer.invoice_id == Invoice.id)
        ).all()
        listed = {row.run_id: row for row in recent_runs(session, limit=len(runs) + 1)}
    breaches = []
    for run in runs:
        mine = [(row, document) for row, document in pairs if row.run_id == run.id]
        expected = _count(mine)
        told = read_receipt(Desk(installation, _AUDITOR), run.id).tally
        if _sums_of(told) != _sums_of(expected):
            breaches.append(f"I5: the receipt of run {run.id} says {told}, its rows {expected}")
        line = listed[run.id]
        counted = (line.documents, line.open, line.transferred)
        if counted != (expected.documents, expected.open, expected.transferred):
            breaches.append(f"I5: the list says {counted} of run {run.id}, its rows {expected}")
    return breaches


def _sums_of(tally: Tally) -> tuple[object, ...]:
    """What a receipt and its rows must agree upon; what is settled since was an ending, too."""
    ended = tally.errors + tally.cancelled + tally.settled + tally.sendable + tally.elsewhere
    return tally.documents, tally.transferred, tally.open, ended, dict(tally.amounts)


def _count(rows: list[tuple[Transfer, Invoice]]) -> Tally:
    states = [row.state for row, _ in rows]
    amounts: dict[str, Decimal] = {}
    for row, document in rows:
        if row.state is State.TRANSFERRED:
            sum_so_far = amounts.get(document.currency, Decimal(0))
            amounts[document.currency] = sum_so_far + document.total
    opened = sum(state in OPEN for state in states)
    transferred, cancelled = states.count(State.TRANSFERRED), states.count(State.CANCELLED)
    errors = len(states) - opened - transferred - cancelled
    return Tally(len(states), transferred, opened, errors, cancelled, amounts)


def copy_history(installation: Installation) -> frozenset[str]:
    """The history as it stands now, to be compared by :func:`i6_history_only_grew` later.

    Which anchor guards an event is noted after the event, and is no part of what it tells.
    """
    with installation.db.reading() as session:
        events = session.exec(select(TransferEvent))
        return frozenset(repr(event.model_dump(exclude={"anchor_id"})) for event in events)


def i6_history_only_grew(
    installation: Installation, before: frozenset[str] = frozenset()
) -> list[str]:
    """I6: every event of ``before`` is still there as it was, all chains verify, all say the truth.

    The newest event of every transfer tells how it stands.
    """
    lost = before - copy_history(installation)
    breaches = [f"I6: the history has lost or changed {event}" for event in sorted(lost)]
    breaches += [f"I6: untrue of {each}" for each in broken_claims(installation)]
    with installation.db.reading() as session:
        breaches += [f"I6: {each}" for each in verify_history(session).breaks]
        newest: dict[int, TransferEvent] = {}
        for event in session.exec(select(TransferEvent).order_by(TransferEvent.sequence)):  # type: ignore[arg-type] # a column
            newest[event.transfer_id] = event
        for row in session.exec(select(Transfer)):
            event_state = newest[row.id].state if row.id in newest else "nothing"
            if event_state != row.state.value:
                breaches.append(f"I6: transfer {row.id} is {row.state}, its history {event_state}")
    return breaches


def secrets_of(installation: Installation) -> set[str]:
    """The secrets that the installation holds now: passwords, sessions, its own keys."""
    settings, vault = installation.settings, installation.vault
    found = set(settings.secret_keys.get_secret_value().split(","))
    found.add(settings.cookie_key.get_secret_value())
    with installation.db.reading() as session:
        keys = session.exec(select(Key)).all()
    for key in keys:
        found |= {
            vault.unseal(sealed) for sealed in (key.password_sealed, key.session_sealed) if sealed
        }
    return {secret.strip() for secret in found if secret.strip()}


def i7_no_secret_in_clear(
    installation: Installation, secrets: Collection[str], texts: Mapping[str, str] | None = None
) -> list[str]:
    """I7: none of the secrets is in the database or in any of the ``texts`` (logs, by name).

    Says which place holds one, never the secret.
    """
    places = {"the database": database_text(installation), **(texts or {})}
    return [
        f"I7: a secret that begins with {secret[:2]}… is in {place}"
        for place, text in places.items()
        for secret in sorted(secrets)
        if secret in text
    ]


def find_breaches(
    installation: Installation,
    books: Books,
    *,
    by_hand: ByHand = (),
    before: frozenset[str] = frozenset(),
    secrets: Collection[str] = (),
    texts: Mapping[str, str] | None = None,
) -> list[str]:
    """All seven rules at once; the secrets that the installation holds itself are added."""
    return [
        *i1_booked_once(installation, books, by_hand),
        *i2_transferred_is_there(installation, books),
        *i3_everything_is_known(installation, books, by_hand),
        *i4_nothing_is_stuck(installation),
        *i5_counts_equal_rows(installation),
        *i6_history_only_grew(installation, before),
        *i7_no_secret_in_clear(installation, {*secrets, *secrets_of(installation)}, texts),
    ]
