"""What would happen if the button were pressed: which documents go by which key, and which do not.

Planned from the store alone, in a moment; :mod:`so24.transfer.preview.look` looks closer. Nothing
is written; a run plans again when it starts, and refuses where :class:`Preview.seen` holds no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.reasons import STATUS_WORDS
from so24.store.documents import overview
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer
from so24.transfer.lane.credited_orders import find_waiting, way_to_original
from so24.transfer.lane.customers import matched_number
from so24.transfer.lane.lane_document import Item
from so24.transfer.lane.products import product_names
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.preview.confirmation import Seen, see
from so24.transfer.preview.forecast import FINE
from so24.transfer.preview.look import look_at_lane
from so24.transfer.preview.look_result import Creation, LookedUp
from so24.transfer.preview.read_only_pass import Rehearsal, RehearsedPlan, rehearse_plan
from so24.transfer.preview.request_count import (
    MissingCustomer,
    Task,
    Terms,
    count_requests,
    reckon_seconds,
)
from so24.transfer.runs import plan_in

USUAL_ROUND_TRIP = 0.25  # seconds, until 24SevenOffice's own has been measured
LOGIN_AND_PROOF = 2


@dataclass(frozen=True)
class PreviewLane:
    """What goes by one key: its documents in the order of the run, and their sums by currency.

    ``customers`` and ``products`` have no link yet: they are looked for, and created where they
    are missing. ``requests`` counts them as missing, so it is the most that a run without trouble
    makes; ``seconds`` go with a usual round trip. ``credit_notes`` are all that the run sends to
    the company, by whichever key, in its order.
    """

    key_id: int
    key: str
    company: str
    client_id: int
    invoice_ids: tuple[int, ...]
    sums: dict[str, Decimal]
    customers: tuple[Creation, ...]
    products: tuple[Creation, ...]
    requests: int
    seconds: float
    credit_notes: tuple[int, ...]

    @property
    def documents(self) -> int:
        """How many documents go."""
        return len(self.invoice_ids)


@dataclass(frozen=True)
class PreviewBlocked:
    """A document that will not go, with the state it would get and the reason."""

    document: InvoiceRow
    state: State
    status: str
    why: str


@dataclass(frozen=True)
class Preview:
    """The whole selection, told apart; ``rows`` are all its documents by id."""

    lanes: tuple[PreviewLane, ...]
    blocked: tuple[PreviewBlocked, ...]
    rows: dict[int, InvoiceRow]
    seen: Seen

    @property
    def going(self) -> int:
        """How many documents would go."""
        return sum(lane.documents for lane in self.lanes)

    @property
    def company_sums(self) -> dict[str, dict[str, Decimal]]:
        """What goes to each company, by currency; several keys may go to one."""
        ids: dict[str, list[int]] = defaultdict(list)
        for lane in self.lanes:
            ids[lane.company].extend(lane.invoice_ids)
        return {
            company: sum_totals(self.rows[each] for each in ids[company]) for company in sorted(ids)
        }


def preview_run(installation: Installation, actor: Actor, invoice_ids: Collection[int]) -> Preview:
    """Plan the selection without doing anything; raises as ``plan_selection``."""
    require(actor, Permission.EXPORT)
    with installation.db.reading() as session:
        planned = plan_in(installation, session, invoice_ids)
        chosen = InvoiceFilter(ids=frozenset(invoice_ids))
        listed = overview.list_invoices(session, chosen) if invoice_ids else ()
        rows = {row.id: row for row in listed}
        plan = rehearse_plan(installation, session, planned)
    notes = _order_notes(plan)
    lanes = [_preview_lane(each, rows, notes[each.organization_id]) for each in plan.lanes]
    blocked = [
        _block(each, rows[each.invoice_id]) for each in planned if each.state is not State.QUEUED
    ]
    lanes.sort(key=lambda lane: lane.key)
    return Preview(tuple(lanes), tuple(blocked), rows, see(plan))


def look_up(installation: Installation, actor: Actor, lane: PreviewLane) -> LookedUp:
    """Look at the lane's documents in its company; as :func:`look_at_lane`."""
    return look_at_lane(installation, actor, lane.key_id, lane.invoice_ids, lane.credit_notes)


def after_looks(preview: Preview, looks: Mapping[int, LookedUp]) -> Preview:
    """The preview with what the looks, by key, have found not to go moved to what is blocked."""
    found = [each for look in looks.values() for each in look.prospects]
    staying = {each.invoice_id: each for each in found if each.outcome not in FINE}
    lanes = []
    for lane in preview.lanes:
        going = tuple(each for each in lane.invoice_ids if each not in staying)
        sums = sum_totals(preview.rows[each] for each in going)
        lanes.append(replace(lane, invoice_ids=going, sums=sums))
    blocked = [
        PreviewBlocked(preview.rows[each], its.state, STATUS_WORDS[its.state], its.sentence)
        for each, its in staying.items()
    ]
    return replace(preview, lanes=tuple(lanes), blocked=(*blocked, *preview.blocked))


def sum_totals(rows: Iterable[InvoiceRow]) -> dict[str, Decimal]:
    """The sum of the totals by currency, in the order of the currencies' names."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.total
    return dict(sorted(sums.items()))


def _order_notes(plan: RehearsedPlan) -> dict[int | None, list[int]]:
    """The credit notes that go, by company, in the order of the run."""
    notes: dict[int | None, list[int]] = defaultdict(list)
    for each in plan.planned:
        kind = plan.documents[each.invoice_id].invoice.kind
        if each.state is State.QUEUED and kind is DocumentKind.CREDIT_NOTE:
            notes[each.organization_id].append(each.invoice_id)
    return notes


def _preview_lane(
    rehearsal: Rehearsal, rows: Mapping[int, InvoiceRow], notes: Iterable[int]
) -> PreviewLane:
    key, settings = rehearsal.key, rehearsal.installation.settings
    ids = tuple(item.id for item in rehearsal.items)
    requests = _most_requests(rehearsal)
    pace = settings.pace_per_second, settings.pace_burst
    return PreviewLane(
        key_id=rehearsal.key_id,
        key=key.name,
        company=f"{key.client_name} ({key.client_id})".strip(),
        client_id=key.client_id,
        invoice_ids=ids,
        sums=sum_totals(rows[each] for each in ids),
        customers=tuple(_unlinked_customers(rehearsal)),
        products=tuple(_unlinked_products(rehearsal)),
        requests=requests,
        seconds=reckon_seconds(requests, USUAL_ROUND_TRIP, *pace),
        credit_notes=tuple(notes),
    )


def _most_requests(rehearsal: Rehearsal) -> int:
    settings = rehearsal.installation.settings
    terms = Terms(
        settings.chunk_size,
        settings.batch_size,
        opening=1 if rehearsal.key.session_sealed else LOGIN_AND_PROOF,
        created_products=frozenset(each.number for each in _unlinked_products(rehearsal)),
    )
    waiting = find_waiting(rehearsal.items)
    tasks = [_task(item, rehearsal, waits=item in waiting) for item in rehearsal.items]
    return count_requests(tasks, terms)


def _task(item: Item, rehearsal: Rehearsal, *, waits: bool) -> Task:
    invoice, customer = item.document.invoice, item.document.customer
    missing = MissingCustomer(invoice.customer_id, by_number=bool(matched_number(customer)))
    return Task(
        missing if item.company_id is None else None,
        frozenset(product_names([item])) - rehearsal.products.keys(),
        drafted=item.binding is None,
        lists=wanted_lists(item.document, rehearsal.key_lists.fields),
        original=way_to_original(invoice),
        waits=waits,
    )


def _unlinked_customers(rehearsal: Rehearsal) -> Iterator[Creation]:
    unlinked = {
        item.document.customer.number: item.document.customer.name
        for item in rehearsal.items
        if item.company_id is None
    }
    for number, name in sorted(unlinked.items()):
        yield Creation(number, name)


def _unlinked_products(rehearsal: Rehearsal) -> Iterator[Creation]:
    key = rehearsal.key
    category = "" if key.category_id is None else key.category_name or str(key.category_id)
    for number, name in sorted(product_names(rehearsal.items).items()):
        if number not in rehearsal.products:
            yield Creation(number, name or number, category)


def _block(planned: NewTransfer, row: InvoiceRow) -> PreviewBlocked:
    card = planned.reason.card
    parts = [card.sentence, planned.words, card.remedy]
    why = " ".join(part for part in parts if part)
    return PreviewBlocked(row, planned.state, STATUS_WORDS[planned.state], why)
