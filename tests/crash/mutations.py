"""Ways to break the protocol on purpose, to see that the rules notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from so24.office.values import Order
from so24.store.links import links
from so24.store.links.links import Binding, bindings
from so24.store.tables.transfer_tables import OrderLink, State
from so24.store.transfers import transfers
from so24.store.transfers.transfers import Move
from so24.transfer.lane import bind, lane
from so24.transfer.lane import invoice as invoicing
from so24.transfer.lane.lane_document import LaneDocument
from so24.transfer.lane.lane_pass import LanePass
from so24.transfer.order.what_is_there import Match, Presence


def _look_at_nothing(lane_pass: LanePass) -> None:
    for doc in lane_pass.documents:
        doc.match = Match(Presence.ABSENT)


def _read_back(lane_pass: LanePass, documents: Sequence[LaneDocument]) -> dict[int, Order]:
    """Read the bound orders by their ids, and see nothing beside them."""
    ids = [doc.order_id for doc in documents if doc.order_id]
    return {order.order_id: order for order in lane_pass.office.orders(ids)}


def _bind_the_newest(
    session: Session, organization_id: int, orders: Mapping[int, int]
) -> dict[int, Binding]:
    links.bind_orders(session, organization_id, orders)
    for document, order_id in orders.items():
        session.execute(
            sa.update(OrderLink)
            .where(
                col(OrderLink.organization_id) == organization_id,
                col(OrderLink.invoice_id) == document,
            )
            .values(order_id=order_id)
        )
    return bindings(session, organization_id, orders)


def _leave_alone(_: LanePass) -> None:
    """Invoice nothing."""


def _believe(_: LanePass, _doc: LaneDocument, order: Order) -> Move:
    values = {"order_id": order.order_id, "office_total": order.total}
    return Move(State.TRANSFERRED, values=values)


def skip_look_up() -> None:
    """A lane that is run again sends what it has no binding for, without looking."""
    lane.look_up = _look_at_nothing  # type: ignore[attr-defined] # broken on purpose
    bind.look_again = _read_back  # type: ignore[attr-defined] # broken on purpose


def bind_each_its_own() -> None:
    """Whoever comes with an order takes it, without a look at what is there or bound."""
    lane.look_up = _look_at_nothing  # type: ignore[attr-defined] # broken on purpose
    bind.look_again = _read_back  # type: ignore[attr-defined] # broken on purpose
    transfers.bind_orders = _bind_the_newest  # type: ignore[attr-defined] # on purpose


def call_drafts_transferred() -> None:
    """No order is invoiced, and each is called transferred as it stands."""
    lane.invoice_orders = _leave_alone  # type: ignore[assignment, attr-defined] # on purpose
    invoicing._confirm = _believe  # type: ignore[assignment] # on purpose


MUTATIONS: Mapping[str, Callable[[], None]] = {
    each.__name__: each for each in (skip_look_up, bind_each_its_own, call_drafts_transferred)
}
