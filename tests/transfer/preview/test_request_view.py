"""What is shown to go out is what goes out, byte for byte but for the indentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from so24.invoices.decisions import set_excluded
from so24.keys.change import change_key
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import FIELDS
from so24.people.desk import Desk
from so24.sandbox.serve import SandboxServer
from so24.store.evidence.sent_orders import forget_sent
from so24.store.keys.keys import living_keys
from so24.store.tables.document_tables import Invoice
from so24.transfer.preview.preview import look_up, preview_run
from so24.transfer.preview.request_view import NOT_KNOWN_YET, show_outgoing, show_sent
from tests.transfer.credits import add_credit_note
from tests.transfer.world import ADMIN, DAY, World


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """Where the sandbox writes down what it is sent."""
    return tmp_path / "record.jsonl"


@pytest.fixture
def sandbox(record: Path) -> Iterator[SandboxServer]:
    """A sandbox that records."""
    with SandboxServer(world=None, record=record) as server:
        yield server


@pytest.fixture
def ids(world: World) -> list[int]:
    """Six documents; each customer and product is on the first three."""
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 6)


def requests(record: Path, operation: str) -> list[bytes]:
    """The requests of this operation that the sandbox was sent."""
    exchanges = map(json.loads, record.read_text().splitlines())
    return [each["request"].encode() for each in exchanges if operation in each["soapaction"]]


def canonical(message: bytes) -> bytes:
    """The message without its indentation."""
    parser = etree.XMLParser(remove_blank_text=True)
    return bytes(etree.tostring(etree.fromstring(message, parser), method="c14n"))


def test_with_everything_linked_it_is_the_very_request(
    world: World, ids: list[int], record: Path
) -> None:
    world.export(ids[:3])
    out = show_outgoing(Desk(world.installation, ADMIN), ids[3])
    assert (out.unknown, out.later) == ((), ())
    world.export(ids[3:4])
    drafts = [each for each in requests(record, "SaveInvoices") if b">Draft<" in each]
    assert canonical(drafts[-1]) == canonical(out.xml.encode())


def test_the_rows_are_those_of_the_document(world: World, ids: list[int]) -> None:
    world.export(ids[:3])
    first, second = show_outgoing(Desk(world.installation, ADMIN), ids[3]).rows
    assert (first.product_number, first.name) == ("P1", "Work on line 1")
    assert first.product.isdigit()
    assert second.product != first.product
    assert (first.quantity, first.price) == (Decimal("7.5"), Decimal("349.90"))
    assert first.net == Decimal("2624.25")


def test_ids_that_are_not_known_yet_are_said_in_words(world: World, ids: list[int]) -> None:
    out = show_outgoing(Desk(world.installation, ADMIN), ids[0])
    assert {row.product for row in out.rows} == {NOT_KNOWN_YET}
    assert out.unknown == (
        "id of customer 7002, not known yet",
        "id of product P2, not known yet",
        "id of product P3, not known yet",
    )
    assert "«id of customer 7002, not known yet»" in out.xml
    assert "«id of product P3, not known yet»" in out.xml


def test_no_secret_is_in_it(world: World, ids: list[int]) -> None:
    world.export(ids[:3])
    xml = show_outgoing(Desk(world.installation, ADMIN), ids[3]).xml
    for secret in ("sandbox-oslo", "oslo@sandbox.example", "Header", "ASP.NET"):
        assert secret not in xml


def test_nothing_goes_out_for_a_document_that_will_not_be_sent(
    world: World, ids: list[int]
) -> None:
    set_excluded(Desk(world.installation, ADMIN), ids[:1], "sent by hand")
    out = show_outgoing(Desk(world.installation, ADMIN), ids[0])
    assert (out.rows, out.xml) == ((), "")
    assert "Nothing goes out" in out.problem


def test_a_credit_note_names_after_a_look_what_it_will_name_when_it_is_sent(
    world: World, ids: list[int], record: Path
) -> None:
    world.export(ids)
    note = add_credit_note(world, ids[0])
    before = show_outgoing(Desk(world.installation, ADMIN), note)
    assert any("that it credits" in each for each in before.later)
    [lane] = preview_run(Desk(world.installation, ADMIN), [note]).lanes
    looked = look_up(Desk(world.installation, ADMIN), lane)
    out = show_outgoing(Desk(world.installation, ADMIN), note, looked)
    assert (out.unknown, out.later) == ((), ())
    world.export([note])
    drafts = [each for each in requests(record, "SaveInvoices") if b">Draft<" in each]
    assert b"ReferenceInvoiceId" in drafts[-1]
    assert canonical(drafts[-1]) == canonical(out.xml.encode())


def test_a_credit_note_that_goes_along_with_its_invoice_is_shown_as_the_plan_of_both_says(
    world: World, ids: list[int]
) -> None:
    note = add_credit_note(world, ids[0])
    [lane] = preview_run(Desk(world.installation, ADMIN), [ids[0], note]).lanes
    assert set(lane.invoice_ids) == {ids[0], note}
    assert show_outgoing(Desk(world.installation, ADMIN), note).rows == ()  # alone it would not go
    out = show_outgoing(Desk(world.installation, ADMIN), note, None, lane.key_id)
    assert out.rows
    assert out.later == ("the order and the invoice that it credits",)


def test_what_is_read_from_the_companys_lists_is_named_until_a_look_has_read_it(
    world: World, ids: list[int], record: Path
) -> None:
    world.export(ids[:3])
    with world.installation.db.reading() as session:
        [key] = living_keys(session)
    assert key.id is not None
    change_key(
        Desk(world.installation, ADMIN), key.id, FIELDS.to([KeyField.KID, KeyField.CURRENCY])
    )
    with world.installation.db.writing() as session:
        row = session.get_one(Invoice, ids[3])
        row.currency, row.kid = "EUR", "602243"
    before = show_outgoing(Desk(world.installation, ADMIN), ids[3])
    assert any(each.startswith("the currency") for each in before.later)
    assert ">602243<" in before.xml
    [lane] = preview_run(Desk(world.installation, ADMIN), ids[3:4]).lanes
    out = show_outgoing(
        Desk(world.installation, ADMIN), ids[3], look_up(Desk(world.installation, ADMIN), lane)
    )
    assert (out.unknown, out.later) == ((), ())
    world.export(ids[3:4])
    drafts = [each for each in requests(record, "SaveInvoices") if b">Draft<" in each]
    assert b">EUR<" in drafts[-1]
    assert canonical(drafts[-1]) == canonical(out.xml.encode())


def test_what_was_sent_is_shown_as_it_was_kept_though_the_document_has_changed(
    world: World, ids: list[int]
) -> None:
    world.export(ids[:1])
    with world.installation.db.writing() as session:
        session.get_one(Invoice, ids[0]).your_reference = "changed since"
    out = show_sent(Desk(world.installation, ADMIN), ids[0])
    assert out.sent_at is not None
    assert f"invoice_date: {DAY.isoformat()}" in out.kept.splitlines()
    assert "reference: RM-10-1001" in out.kept.splitlines()
    assert "changed since" not in out.kept
    with world.installation.db.writing() as session:
        forget_sent(session, ids[:1])
    without = show_sent(Desk(world.installation, ADMIN), ids[0])
    assert (without.kept, without.sent_at) == ("", None)
    assert "RM-10-1001" in without.xml
