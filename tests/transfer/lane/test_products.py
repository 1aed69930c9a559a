"""Products of which there are several: the document waits, and tells what is left of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from so24.crashpoints import arm
from so24.reasons import Reason
from so24.store.tables.transfer_tables import ProductLink, State
from tests.transfer.world import CLIENT, World


class Struck(Exception):
    """The process ends here."""


def strike(point: str, _key: int | None) -> None:
    if point == "after draft result":
        raise Struck


def test_a_document_whose_product_is_there_twice_names_the_draft_that_was_made_before(
    world: World,
) -> None:
    department = world.add_department()
    world.add_key([department])
    run = world.start(world.add_invoices(department, 1))
    arm(strike)
    try:
        with pytest.raises(Struck):
            world.work(run)
    finally:
        arm(None)
    with world.installation.db.writing() as session:
        session.execute(sa.delete(ProductLink))
    [product, *_] = world.control.books()[CLIENT]["products"]
    world.control.edit("edit_product", CLIENT, Name="Again", No=product["No"], CategoryId=1)
    [transfer] = world.work(run)
    [order] = world.control.books()[CLIENT]["orders"]
    assert (transfer.state, transfer.reason) == (State.BLOCKED, Reason.AMBIGUOUS_PRODUCT)
    assert transfer.order_id == order["OrderId"]
    assert f"Draft order {transfer.order_id} stays in 24SevenOffice" in transfer.words
