"""What would happen if the button were pressed: which documents go by which key, and which do not.

Planned from the store alone, in a moment; :mod:`so24.transfer.preview.look` looks closer. Nothing
is written; a run is planned when it starts, and refused where ``Preview.shown`` holds no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from so24.amounts import sum_by_currency
from so24.keys.key_categories import categories_of
from so24.keys.number_settings import tell_other_series
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.documents.documents import Document
from so24.store.keys.keys import label_company
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import FoundBy, State
from so24.transfer.lane.credited_orders import find_waiting, way_to_credited
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass, product_names
from so24.transfer.lane.products import list_unsure
from so24.transfer.lane.same_numbers import has_same_numbers
from so24.transfer.order.key_fields import wanted_lists
from so24.transfer.order.mapping import product_kinds
from so24.transfer.plan.known_numbers import foresee_numbers
from so24.transfer.plan.plan import Plan, plan_in
from so24.transfer.preview.confirmation import ShownPreview, show_plan
from so24.transfer.preview.forecast import (
    Creation,
    Forecast,
    LookResult,
    PreviewLane,
    forecast_planned,
    forecast_refused,
)
from so24.transfer.preview.look import look_at_lane
from so24.transfer.preview.read_only_pass import begin_lanes
from so24.transfer.preview.requests_and_time import (
    DocumentSteps,
    LaneSizes,
    MissingCustomer,
    count_requests,
    reckon_seconds,
)

USUAL_ROUND_TRIP = 0.25  # seconds, until 24SevenOffice's own has been measured
LOGIN_AND_PROOF = 2


class PreviewRow(NamedTuple):
    """What a list of the preview tells of a document."""

    id: int
    series: str
    number: str
    customer: str
    currency: str
    total: Decimal
    stated_total: Decimal | None

    @classmethod
    def of(cls, document: Document) -> PreviewRow:
        """The document's row."""
        invoice = document.invoice
        return cls(
            invoice.row_id,
            invoice.series,
            invoice.number,
            document.customer.name,
            invoice.currency,
            invoice.total,
            invoice.stated_total,
        )


@dataclass(frozen=True)
class Preview:
    """The whole selection, told apart; ``rows`` are all its documents by id.

    ``foreseen``: those of the lanes that will not go by what the store knows, unless a look finds
    otherwise.
    """

    lanes: tuple[PreviewLane, ...]
    blocked: tuple[Forecast, ...]
    rows: dict[int, PreviewRow]
    shown: ShownPreview
    plan: Plan
    foreseen: tuple[Forecast, ...] = ()

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


def preview_run(desk: Desk, invoice_ids: Collection[int]) -> Preview:
    """Plan the selection without doing anything; raises as ``plan_selection``."""
    with desk.reading(Permission.EXPORT) as session:
        plan = plan_in(desk.installation, session, invoice_ids)
        rows = {each: PreviewRow.of(document) for each, document in plan.documents.items()}
        passes = begin_lanes(desk.installation, session, plan)
        notes = _order_notes(plan)
        lanes = [
            replace(
                _preview_lane(desk.settings, each.lane_pass, rows, notes),
                series_doubt=tell_other_series(session, each.lane_pass.key),
            )
            for each in passes
        ]
        foreseen = tuple(
            forecast_refused(each, refusal.reason, refusal.words)
            for each, refusal in foresee_numbers(session, plan)
        )
        shown = show_plan(session, plan, passes)
    blocked = [forecast_planned(each) for each in plan.transfers if each.state is not State.QUEUED]
    lanes.sort(key=lambda lane: lane.key)
    return Preview(tuple(lanes), tuple(blocked), rows, shown, plan, foreseen)


def without_plan(preview: Preview) -> Preview:
    """The preview to be kept for a while: without the documents, of which it has the rows."""
    return replace(preview, plan=Plan((), {}, {}))


def look_up(desk: Desk, lane: PreviewLane) -> LookResult:
    """Look at the lane's documents in its company; as :func:`look_at_lane`."""
    desk.require(Permission.EXPORT)
    return look_at_lane(desk, lane.key_id, lane.invoice_ids, lane.credit_notes)


def after_looks(preview: Preview, looks: Mapping[int, LookResult]) -> Preview:
    """The preview with what the looks, by key, have found not to go moved to what is blocked.

    Of what was not looked at, so is what the store knows not to go.
    """
    found = known_forecasts(preview, looks)
    staying = {each: told for each, told in found.items() if not told.outcome.is_fine}
    lanes = []
    for lane in preview.lanes:
        going = tuple(each for each in lane.invoice_ids if each not in staying)
        sums = sum_totals(preview.rows[each] for each in going)
        lanes.append(replace(lane, invoice_ids=going, sums=sums))
    return replace(preview, lanes=tuple(lanes), blocked=(*staying.values(), *preview.blocked))


def known_forecasts(preview: Preview, looks: Mapping[int, LookResult]) -> dict[int, Forecast]:
    """What is known of documents of the lanes, by invoice id: by a look, else by the store."""
    foreseen = {each.invoice_id: each for each in preview.foreseen}
    return foreseen | {each.invoice_id: each for look in looks.values() for each in look.forecasts}


def sum_totals(rows: Iterable[PreviewRow]) -> dict[str, Decimal]:
    """The sum of the totals by currency, in the order of the currencies' names."""
    return dict(sorted(sum_by_currency((row.currency, row.total) for row in rows).items()))


def _order_notes(plan: Plan) -> dict[int | None, list[int]]:
    """The credit notes that go, by company, in the order of the run."""
    notes: dict[int | None, list[int]] = defaultdict(list)
    for each in plan.transfers:
        kind = plan.documents[each.invoice_id].invoice.kind
        if each.state is State.QUEUED and kind is DocumentKind.CREDIT_NOTE:
            notes[each.organization_id].append(each.invoice_id)
    return notes


def _preview_lane(
    settings: Settings,
    lane_pass: LanePass,
    rows: Mapping[int, PreviewRow],
    notes: Mapping[int | None, Sequence[int]],
) -> PreviewLane:
    key = lane_pass.key
    ids = tuple(doc.id for doc in lane_pass.documents)
    products = tuple(_unlinked_products(lane_pass))
    requests = _most_requests(settings, lane_pass, products)
    pace = settings.pace_per_second, settings.pace_burst
    return PreviewLane(
        key_id=key.row_id,
        key=key.name,
        company=label_company(key.client_name, key.client_id).strip(),
        client_id=key.client_id,
        invoice_ids=ids,
        sums=sum_totals(rows[each] for each in ids),
        customers=tuple(_unlinked_customers(lane_pass)),
        products=products,
        requests=requests,
        seconds=reckon_seconds(requests, USUAL_ROUND_TRIP, *pace),
        credit_notes=tuple(notes.get(key.client_id, ())),
    )


def _most_requests(settings: Settings, lane_pass: LanePass, unlinked: Sequence[Creation]) -> int:
    sizes = LaneSizes(
        settings.chunk_size,
        settings.batch_size,
        opening=1 if lane_pass.key.session_sealed else LOGIN_AND_PROOF,
        created_products=frozenset(each.number for each in unlinked),
        watched=lane_pass.key.companies > 1,
        same_numbers=has_same_numbers(lane_pass),
    )
    waiting = find_waiting(lane_pass.documents)
    unsure = list_unsure(lane_pass, product_names(lane_pass.documents))
    steps = [_steps_of(doc, lane_pass, unsure, waits=doc in waiting) for doc in lane_pass.documents]
    return count_requests(steps, sizes)


def _steps_of(
    doc: LaneDocument, lane_pass: LanePass, unsure: Collection[str], *, waits: bool
) -> DocumentSteps:
    missing = MissingCustomer(doc.customer_id)
    lines = doc.document.lines
    return DocumentSteps(
        missing if doc.company_id is None else None,
        doc.customer_id if doc.card and doc.card.by is FoundBy.UNKNOWN else None,
        frozenset(line.product_number for line in lines if line.product_number in unsure),
        drafted=doc.binding is None,
        lists=wanted_lists(doc.document, lane_pass.key_lists.fields),
        credited=way_to_credited(doc.invoice),
        waits=waits,
    )


def _unlinked_customers(lane_pass: LanePass) -> Iterator[Creation]:
    unlinked = {
        doc.customer.number: doc.customer for doc in lane_pass.documents if doc.company_id is None
    }
    for _, customer in sorted(unlinked.items()):
        yield Creation.of_customer(customer)


def _unlinked_products(lane_pass: LanePass) -> Iterator[Creation]:
    categories = categories_of(lane_pass.key)
    kinds = product_kinds(doc.document for doc in lane_pass.documents)
    for number, name in sorted(product_names(lane_pass.documents).items()):
        if number not in lane_pass.products:
            category = categories.for_kind(kinds[number])
            yield Creation(number, name or number, category.name if category else "")
