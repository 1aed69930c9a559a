"""Which documents do not get RecMan's numbers by what so24 has booked, without any look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from so24.store.transfers.numbers import expected_number
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.lane.same_numbers import has_same_numbers
from so24.transfer.order.number_agreement import Numbered, agree, read_number
from so24.transfer.preview.forecast import Forecast, forecast_refused


def foresee_numbers(session: Session, lanes: Iterable[LanePass]) -> Iterator[Forecast]:
    """The documents that are not the next one of their company's series.

    The keys of one company share its series. A document with an order of ours counts as booked
    under its own number: it may be so already, which only a look can tell.
    """
    companies: dict[int, list[LanePass]] = defaultdict(list)
    for lane in lanes:
        if has_same_numbers(lane):
            companies[lane.organization_id].append(lane)
    for sharing in companies.values():
        yield from _foresee_company(session, sharing)


def _foresee_company(session: Session, lanes: Sequence[LanePass]) -> Iterator[Forecast]:
    newest = max((lane.key for lane in lanes), key=lambda key: key.numbered_after)
    expected = expected_number(session, newest)
    if expected is None:
        return
    agreement = agree(expected, (_number(doc) for lane in lanes for doc in lane.documents), {})
    for lane in lanes:
        for doc in lane.documents:
            if refusal := agreement.refused.get(doc.id):
                yield forecast_refused(doc.id, refusal.reason, refusal.words)


def _number(doc: LaneDocument) -> Numbered:
    invoice = doc.invoice
    booked_as = read_number(invoice.number) if doc.binding is not None else None
    return Numbered(
        doc.id, invoice.full_name, invoice.series, invoice.kind.value, invoice.number, booked_as
    )
