"""Which planned documents do not get RecMan's numbers by what so24 has booked, without any look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlmodel import Session

from so24.store.keys.keys import key_of_lane
from so24.store.links.links import bindings
from so24.store.tables.key_tables import Key, Numbers
from so24.store.tables.transfer_tables import State
from so24.store.transfers.numbers import expected_number
from so24.transfer.order.number_agreement import Numbered, NumberRefusal, agree, read_number
from so24.transfer.plan.plan import Plan


def foresee_numbers(session: Session, plan: Plan) -> Iterator[tuple[int, NumberRefusal]]:
    """The documents, by their ids, that are not the next one of their company's series.

    The keys of one company share its series. A document with an order of ours counts as booked
    under its own number: it may be so already, which only a look can tell.
    """
    keys: dict[int, Key] = {}
    companies: dict[int, dict[int, Key]] = defaultdict(dict)  # the documents' keys by company
    for new in plan.transfers:
        if new.state is not State.QUEUED or new.key_id is None or new.organization_id is None:
            continue
        key = keys.get(new.key_id) or keys.setdefault(new.key_id, key_of_lane(session, new.key_id))
        if key.numbers is Numbers.SAME:
            companies[new.organization_id][new.invoice_id] = key
    for organization_id, sharing in companies.items():
        yield from _foresee_company(session, plan, organization_id, sharing)


def _foresee_company(
    session: Session, plan: Plan, organization_id: int, sharing: dict[int, Key]
) -> Iterator[tuple[int, NumberRefusal]]:
    newest = max(sharing.values(), key=lambda key: key.numbered_after)
    expected = expected_number(session, newest)
    if expected is None:
        return
    bound = bindings(session, organization_id, sharing)
    numbered = [_number(plan, each, has_order=each in bound) for each in sharing]
    refused = agree(expected, numbered, {}).refused
    yield from ((each, refused[each]) for each in sharing if each in refused)


def _number(plan: Plan, invoice_id: int, *, has_order: bool) -> Numbered:
    invoice = plan.documents[invoice_id].invoice
    booked_as = read_number(invoice.number) if has_order else None
    return Numbered(
        invoice_id, invoice.full_name, invoice.series, invoice.kind.value, invoice.number, booked_as
    )
