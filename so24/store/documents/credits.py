"""The invoices that credit notes credit, and the other credit notes of these invoices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from so24.reasons import Reason
from so24.store.database.dialects import among
from so24.store.documents.credit_statements import statements_of
from so24.store.documents.documents import values_by_id
from so24.store.documents.intake import invoices_by_bare_number
from so24.store.tables.document_tables import (
    CreditStatement,
    Customer,
    DocumentKind,
    Invoice,
    InvoiceLine,
)
from so24.store.tables.transfer_tables import LIVE, CustomerLink, OrderLink, State, Transfer
from so24.store.transfers.transfer_list import standing_transfers

_BOOKED = (Reason.BOOKED_DIFFERS, Reason.NUMBER_DIFFERS)
_CREDIT_NOTE = DocumentKind.CREDIT_NOTE
_NO_STATEMENT = CreditStatement(tenant="", number="", customer_number="", credited_number="")


@dataclass(frozen=True)
class Original:
    """An invoice that a credit note may credit, with the transfer that tells how it stands.

    ``cards`` are those that its customer is linked to, by organization.
    """

    invoice: Invoice
    transfer: Transfer | None
    customer: Customer | None = None
    cards: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sibling:
    """Another credit note, booked or on its way: to which company, and what it may credit."""

    note: Invoice
    organization_id: int | None
    originals: tuple[Original, ...] = ()


@dataclass(frozen=True)
class Credited:
    """All that the store knows of what a credit note credits.

    ``originals`` have the stated number but for leading zeros, in any series, or the number in
    24SevenOffice that a person has entered. ``siblings`` go before it: they are booked, or came
    into transfer earlier. ``stated_total`` is what the *Credit notes* report says, negative, with
    or without VAT. ``customer`` is the credit note's own, with its ``cards`` by organization.
    ``disputed`` are the invoices that the report names where it names several.
    """

    originals: tuple[Original, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    stated_total: Decimal | None = None
    customer: Customer | None = None
    cards: Mapping[int, int] = field(default_factory=dict)
    disputed: str = ""


class SiblingPool:
    """Credit notes, of which those near a certain one are asked for."""

    def __init__(self) -> None:
        self._of_customers: dict[int, list[Sibling]] = defaultdict(list)
        self._of_numbers: dict[str, list[Sibling]] = defaultdict(list)
        self._entered: list[Sibling] = []

    def add(self, sibling: Sibling) -> None:
        """Take one in."""
        self._of_customers[sibling.note.customer_id].append(sibling)
        self._of_numbers[bare_number(sibling.note)].append(sibling)
        if sibling.note.credited_office_id is not None:
            self._entered.append(sibling)

    def near(self, note: Invoice) -> Iterator[Sibling]:
        """Those that may credit the same invoice as this one, itself left out.

        Two customers may be one firm, and share the invoices that they name; of a number that was
        entered nobody knows whose invoice it is.
        """
        if note.credited_office_id is None:
            named = self._of_numbers[bare_number(note)]
            found = [self._of_customers[note.customer_id], named, self._entered]
        else:
            found = [*self._of_customers.values()]
        near = {each.note.row_id: each for some in found for each in some}
        yield from (each for number, each in near.items() if number != note.row_id)


def read_credited(session: Session, credit_notes: Sequence[Invoice]) -> dict[int, Credited]:
    """What each of these credit notes credits as far as the store knows, by the note's id."""
    if not credit_notes:
        return {}
    tenant = credit_notes[0].tenant
    customers = customer_numbers(session, [row.customer_id for row in credit_notes])
    known = _read_originals(session, tenant, credit_notes)
    owners = {each.invoice.customer_id for found in known.values() for each in found}
    alike = _same_companies(session, _same_firms(session, tenant, {*customers, *owners}))
    going = _going_credit_notes(session, tenant, alike)
    known |= _read_originals(session, tenant, [row for row, _ in going])
    siblings = SiblingPool()
    transfers = {row.id: transfer for row, transfer in going}
    for row, transfer in going:
        siblings.add(Sibling(row, transfer.organization_id, known[row.row_id]))
    stated = statements_of(session, tenant, [row.number for row in credit_notes])
    statements = {
        note.row_id: stated.get((note.number, customers[note.customer_id])) or _NO_STATEMENT
        for note in credit_notes
    }
    buyers = _read_customers(session, customers)
    cards = _cards_of(session, customers)
    return {
        note.row_id: Credited(
            known[note.row_id],
            tuple(
                each
                for each in siblings.near(note)
                if _is_before(transfers[each.note.id], transfers.get(note.id))
            ),
            statements[note.row_id].total,
            buyers[note.customer_id],
            cards.get(note.customer_id, {}),
            statements[note.row_id].disputed,
        )
        for note in credit_notes
    }


def _same_firms(session: Session, tenant: str, customer_ids: Collection[int]) -> set[int]:
    """These customers, and those with an organization number of theirs."""
    numbers = {row.organization_number for row in _read_customers(session, customer_ids).values()}
    wanted = among(Customer.organization_number, numbers - {""})
    same = select(Customer.id).where(Customer.tenant == tenant, wanted)
    return {*customer_ids, *(each for each in session.exec(same) if each is not None)}


def _same_companies(session: Session, customer_ids: Collection[int]) -> set[int]:
    """These customers, and those that are linked to the same companies in 24SevenOffice."""
    found = set(customer_ids)
    other, own = aliased(CustomerLink), CustomerLink
    same = sa.and_(
        col(other.organization_id) == col(own.organization_id),
        col(other.company_id) == col(own.company_id),
    )
    wanted = select(other.customer_id).join(own, same).where(among(own.customer_id, customer_ids))
    return {*found, *session.exec(wanted)}


def _is_before(other: Transfer, own: Transfer | None) -> bool:
    """Whether the other one counts: of two on their way the later one must leave room."""
    if own is None or not (own.state.is_live and other.state.is_open):
        return True
    return other.row_id < own.row_id


def _read_originals(
    session: Session, tenant: str, notes: Iterable[Invoice]
) -> dict[int, tuple[Original, ...]]:
    """The invoices that each of these credit notes may credit, by the note's id."""
    notes = list(notes)
    numbers = {row.credited_number for row in notes if row.credited_office_id is None} - {""}
    entered = {row.credited_office_id for row in notes} - {None}
    found = invoices_by_bare_number(session, tenant, numbers) if numbers else {}
    for row in _known_by_office_number(session, tenant, entered):
        found.setdefault(row.number.lstrip("0"), []).append(row)
    rows = {row.id: row for each in found.values() for row in each}
    invoices = [row for row in rows.values() if row.kind is DocumentKind.INVOICE]
    transfers = standing_transfers(session, [row.row_id for row in invoices])
    by_number: dict[str, list[Original]] = defaultdict(list)
    by_entered: dict[int, list[Original]] = defaultdict(list)
    owners = _read_customers(session, (row.customer_id for row in invoices))
    cards = _cards_of(session, owners)
    for row in invoices:
        owner = row.customer_id
        transfer = transfers.get(row.row_id)
        original = Original(row, transfer, owners[owner], cards.get(owner, {}))
        by_number[row.number.lstrip("0")].append(original)
        if original.transfer and original.transfer.office_invoice_id:
            by_entered[original.transfer.office_invoice_id].append(original)
    return {
        note.row_id: tuple(
            by_entered[note.credited_office_id]
            if note.credited_office_id is not None
            else by_number[bare_number(note)]
            if note.credited_number
            else ()
        )
        for note in notes
    }


def bare_number(credit_note: Invoice) -> str:
    """The number of the credited invoice without its leading zeros."""
    return credit_note.credited_number.lstrip("0")


def _known_by_office_number(
    session: Session, tenant: str, numbers: Collection[int | None]
) -> list[Invoice]:
    """Our documents that a transfer has found to have these numbers in 24SevenOffice."""
    found = select(Transfer.invoice_id).where(among(Transfer.office_invoice_id, numbers))
    wanted = select(Invoice).where(Invoice.tenant == tenant, col(Invoice.id).in_(found))
    return list(session.exec(wanted))


def find_numbered_there(session: Session, organization_id: int, number: int) -> Invoice | None:
    """The document of ours that so24 has booked in this company under this number."""
    booked = (
        select(Invoice)
        .join(Transfer, col(Transfer.invoice_id) == col(Invoice.id))
        .where(
            Transfer.organization_id == organization_id,
            Transfer.office_invoice_id == number,
            Transfer.state == State.TRANSFERRED,
        )
    )
    return session.exec(booked).first()


def _read_customers(session: Session, ids: Iterable[int]) -> dict[int, Customer]:
    rows = session.exec(select(Customer).where(among(Customer.id, set(ids))))
    return {row.row_id: row for row in rows}


def _cards_of(session: Session, customer_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The cards that these customers are linked to: by customer, then by organization."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    wanted = among(CustomerLink.customer_id, set(customer_ids))
    for link in session.exec(select(CustomerLink).where(wanted)):
        if link.company_id is not None:
            found[link.customer_id][link.organization_id] = link.company_id
    return dict(found)


def _going_credit_notes(
    session: Session, tenant: str, customer_ids: Iterable[int]
) -> list[tuple[Invoice, Transfer]]:
    """These customers' credit notes that 24SevenOffice has or may get, with the transfer.

    One that was found there counts, unless a person has said that it is another document; so does
    one whose order was to be invoiced and may be yet, unless it is excluded.
    """
    there = sa.and_(col(Transfer.state) == State.EXISTS, col(Transfer.order_id).is_not(None))
    differs = col(Transfer.state) == State.DIFFERS
    booked = sa.and_(differs, col(Transfer.reason).in_(_BOOKED))
    asked = sa.and_(
        col(Invoice.excluded).is_(False),
        select(OrderLink.invoice_id)
        .where(
            col(OrderLink.organization_id) == col(Transfer.organization_id),
            col(OrderLink.invoice_id) == col(Transfer.invoice_id),
            col(OrderLink.invoicing_at).is_not(None),
        )
        .exists(),
    )
    going = sa.or_(col(Transfer.state).in_(LIVE), there, booked, asked)
    found: dict[int | None, tuple[Invoice, Transfer]] = {}
    rows = session.exec(
        select(Invoice, Transfer)
        .join(Transfer, col(Transfer.invoice_id) == col(Invoice.id))
        .where(
            Invoice.tenant == tenant,
            Invoice.kind == _CREDIT_NOTE,
            among(Invoice.customer_id, customer_ids),
            going,
        )
        .order_by(col(Transfer.state).in_(LIVE), col(Transfer.id))
    )
    for row, transfer in rows:
        declared = row.other_orders.split(",")
        if transfer.state is not State.EXISTS or str(transfer.order_id) not in declared:
            found[row.id] = row, transfer
    return list(found.values())


def turn_signs(session: Session, rows: Collection[Invoice]) -> None:
    """Give these stored documents and their lines the opposite sign; unit prices stay."""
    for row in rows:
        row.net, row.vat, row.total = -row.net, -row.vat, -row.total
        row.stated_vat = None if row.stated_vat is None else -row.stated_vat
        row.stated_total = None if row.stated_total is None else -row.stated_total
    line = InvoiceLine
    turned = {"quantity": -col(line.quantity), "net": -col(line.net), "vat": -col(line.vat)}
    ids = (row.row_id for row in rows)
    session.execute(sa.update(line).where(among(line.invoice_id, ids)).values(turned))


def customer_numbers(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The numbers of these customers, by id."""
    return values_by_id(session, Customer.id, col(Customer.number), ids)
