"""What a person has confirmed is what happens: a change in between stops the run at its start."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlmodel import select

from so24.errors import ChangedMeanwhile
from so24.invoices.decisions import set_excluded
from so24.keys.change import change_key
from so24.keys.key_settings import MODE
from so24.keys.upkeep import disable_key
from so24.people.desk import Desk
from so24.store.links.product_links import LinkedProduct, link_products
from so24.store.tables.document_tables import Invoice, InvoiceLine
from so24.store.tables.key_tables import Key, KeyMode
from so24.store.tables.people_tables import AuditEvent
from so24.store.tables.transfer_tables import Run
from so24.transfer.preview.confirmation import (
    Confirmation,
    ShownPreview,
    read_shown,
    require_unchanged,
    write_kept,
)
from so24.transfer.preview.preview import preview_run
from so24.transfer.runs import start_run
from tests.transfer.world import ADMIN, CLIENT, World, booked_by_reference

GOES_NO_MORE = "What happens was “will be sent”, is now"


@pytest.fixture
def ids(world: World) -> list[int]:
    """Three documents of a department with a key."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 3)


def see(world: World, ids: list[int]) -> ShownPreview:
    """What a preview shows now."""
    return preview_run(Desk(world.installation, ADMIN), ids).shown


def confirm(world: World, ids: list[int], seen: ShownPreview) -> str:
    """Press *Send* below that preview."""
    expected = Confirmation(seen, tuple(ids))
    return start_run(
        Desk(world.installation, ADMIN), ids, lambda session, lane: None, expected=expected
    )


def test_what_is_as_it_was_shown_is_sent(world: World, ids: list[int]) -> None:
    world.work(confirm(world, ids, see(world, ids)))
    assert len(booked_by_reference(world)) == 3


@pytest.mark.both
def test_the_same_store_has_the_same_fingerprint_and_it_can_be_kept(
    world: World, ids: list[int]
) -> None:
    seen = see(world, ids)
    assert seen.fingerprint == see(world, ids[::-1]).fingerprint
    kept = read_shown(write_kept(seen), seen.fingerprint)
    assert [(each.number, each.made_hash, each.details) for each in kept.documents] == [
        (each.number, each.made_hash, each.details) for each in seen.documents
    ]
    require_unchanged(kept, seen)
    assert seen.fingerprint != see(world, ids[:2]).fingerprint


def edit_a_line(world: World, ids: list[int]) -> None:
    with world.installation.db.writing() as session:
        line = session.exec(select(InvoiceLine).where(InvoiceLine.invoice_id == ids[1])).first()
        assert line is not None
        line.quantity, line.net = 2 * line.quantity, 2 * line.net
        invoice = session.get_one(Invoice, ids[1])
        invoice.net, invoice.vat = Decimal("7872.75"), Decimal("1968.19")
        invoice.total = invoice.net + invoice.vat


def edit_a_text(world: World, ids: list[int]) -> None:
    with world.installation.db.writing() as session:
        line = session.exec(select(InvoiceLine).where(InvoiceLine.invoice_id == ids[1])).first()
        assert line is not None
        line.text = "Something else"


def exclude_one(world: World, ids: list[int]) -> None:
    set_excluded(Desk(world.installation, ADMIN), ids[1:2], "sent by hand")


def send_one_elsewhere(world: World, ids: list[int]) -> None:
    world.start(ids[1:2])


def disable_the_key(world: World, ids: list[int]) -> None:
    with world.installation.db.reading() as session:
        key = session.exec(select(Key)).one()
    assert key.id is not None
    disable_key(Desk(world.installation, ADMIN), key.id)


def link_a_product(world: World, ids: list[int]) -> None:
    with world.installation.db.writing() as session:
        link_products(session, CLIENT, {"P0": LinkedProduct(4711)})


def change_the_mode(world: World, ids: list[int]) -> None:
    with world.installation.db.reading() as session:
        key = session.exec(select(Key)).one()
    assert key.id is not None
    change_key(Desk(world.installation, ADMIN), key.id, MODE.to(KeyMode.APPROVAL))


CHANGES: dict[Callable[[World, list[int]], None], str] = {
    edit_a_line: "10-1002: Total was “6 560,63 NOK”, is now “9 840,94 NOK”.",
    edit_a_text: "10-1002: Line 1 was “P3 “Work on line 1”, 7,5 × 349,9, 25 % VAT”, is",
    exclude_one: f"10-1002: {GOES_NO_MORE} “Excluded from export. sent by hand”.",
    send_one_elsewhere: f"10-1002: {GOES_NO_MORE} “In transfer by another run.",
    disable_the_key: f"10-1001: {GOES_NO_MORE} “The key of this department is disabled.",
    link_a_product: "P1 “Product P1” not linked yet”, is now “P0 is product 4711, P1",
    change_the_mode: "10-1001: Rules was “invoiced, tolerance 0,00, category",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_in_between_is_told_and_nothing_is_begun(
    world: World, ids: list[int], change: Callable[[World, list[int]], None]
) -> None:
    seen = see(world, ids)
    change(world, ids)
    with world.installation.db.reading() as session:
        runs = len(session.exec(select(Run)).all())
    world.control.reset_calls()
    with pytest.raises(ChangedMeanwhile, match="Nothing was sent") as refused:
        confirm(world, ids, seen)
    told = "\n".join(str(each) for each in refused.value.differences).replace("\u00a0", " ")
    assert CHANGES[change] in told
    with world.installation.db.reading() as session:
        assert len(session.exec(select(Run)).all()) == runs
    assert world.control.calls()["requests"] == 0
    if change in (edit_a_line, edit_a_text, link_a_product, change_the_mode):
        confirm(world, ids, see(world, ids))  # looked at once more, it goes


def test_only_what_differs_is_told(world: World, ids: list[int]) -> None:
    seen = see(world, ids)
    edit_a_line(world, ids)
    with pytest.raises(ChangedMeanwhile, match="1 document is") as refused:
        confirm(world, ids, seen)
    assert {each.what for each in refused.value.differences} == {"Total", "Net and VAT", "Line 1"}


def test_a_document_more_or_less_is_a_difference(world: World, ids: list[int]) -> None:
    seen = see(world, ids[:2])
    with pytest.raises(ChangedMeanwhile) as refused:
        confirm(world, ids[1:], seen)
    told = [str(each) for each in refused.value.differences]
    assert told == [
        "10-1001: Selection was “selected”, is now “not selected”.",
        "10-1003: Selection was “not selected”, is now “selected”.",
    ]


def test_the_audit_trail_names_the_preview(world: World, ids: list[int]) -> None:
    seen = see(world, ids)
    confirm(world, ids, seen)
    with world.installation.db.reading() as session:
        details = [row.detail for row in session.exec(select(AuditEvent))]
    assert any(seen.fingerprint[:16] in detail for detail in details)
