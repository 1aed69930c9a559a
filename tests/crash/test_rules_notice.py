"""The rules can be broken: with a broken protocol or false books each of them says so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from so24.sandbox.runner import Control
from so24.store.tables.transfer_tables import State, Transfer, TransferEvent
from so24.store.transfers import transfer_list
from so24.transfer import receipt
from tests.crash.ground import Ground, prepare_ground
from tests.crash.invariants import copy_history, find_breaches
from tests.crash.plan import read_strike
from tests.crash.striking import carry_out
from tests.transfer.world import CLIENT, World


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The scene on SQLite, built once for these tests."""
    return prepare_ground(tmp_path_factory.mktemp("rules") / "ground")


@pytest.fixture
def exported(world: World) -> World:
    """Three documents that have been transferred."""
    department = world.add_department()
    world.add_key([department])
    world.export(world.add_invoices(department, 3))
    return world


def breaches_of(world: World, **more: object) -> str:
    """What the rules say, in one text."""
    books = world.control.books()
    return "\n".join(find_breaches(world.installation, books, **more))  # type: ignore[arg-type] # by name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mutation", "line", "breach"),
    [
        ("skip_look_up", "sqlite/after draft answer/kill/7/0", "I1: document"),
        ("bind_each_its_own", "sqlite/after invoicing answer/kill/7/0", "is booked 2 times"),
        ("call_drafts_transferred", "sqlite/after confirm/exception/7/0", "I2: document"),
    ],
)
def test_a_broken_protocol_is_noticed_by_the_matrix(
    ground: Ground, tmp_path: Path, mutation: str, line: str, breach: str
) -> None:
    outcome = carry_out(ground, read_strike(line), tmp_path / "strike", mutation)
    assert outcome.reached
    assert any(breach in each for each in outcome.breaches), outcome.breaches


def test_nothing_is_said_where_all_rules_hold(exported: World) -> None:
    before = copy_history(exported.installation)
    assert breaches_of(exported, before=before, texts={"the log": "all is well"}) == ""


def test_a_second_booking_and_a_forgotten_draft_are_noticed(exported: World) -> None:
    again = book_by_hand(exported.control, "RM-10-1001", "Invoiced")
    draft = book_by_hand(exported.control, "RM-10-1002", "Draft")
    said = breaches_of(exported)
    assert "I1: document 1 is booked 2 times" in said
    assert f"I1: document 2 has an unreported order {draft}" in said
    by_hand = [(CLIENT, again), (CLIENT, draft)]
    assert breaches_of(exported, by_hand=by_hand) == ""


def test_a_total_that_is_not_the_booked_one_is_noticed(exported: World) -> None:
    with exported.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(office_total=Decimal(1)))
    assert breaches_of(exported).count("I2: document") == 3


def test_an_order_of_an_unknown_document_is_noticed(exported: World) -> None:
    book_by_hand(exported.control, "RM-10-9999", "Invoiced")
    assert "I3: order" in breaches_of(exported)


def test_an_open_transfer_is_noticed(exported: World) -> None:
    with exported.installation.db.writing() as session:
        session.execute(sa.update(Transfer).where(Transfer.id == 1).values(state=State.PREPARING))  # type: ignore[arg-type] # a column
    said = breaches_of(exported)
    assert "I4: transfer 1 of document 1 is still preparing" in said
    assert "I6: transfer 1 is preparing, its history transferred" in said


def test_a_receipt_that_misses_a_row_is_noticed(
    exported: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        receipt, "list_transfers", lambda *given: transfer_list.list_transfers(*given)[1:]
    )
    assert "I5: the receipt of run" in breaches_of(exported)


def test_a_lost_event_and_a_changed_one_are_noticed(exported: World) -> None:
    before = copy_history(exported.installation)
    with exported.installation.db.writing() as session:
        session.execute(sa.delete(TransferEvent).where(TransferEvent.id == 1))  # type: ignore[arg-type] # a column
        session.execute(sa.update(TransferEvent).where(TransferEvent.id == 3).values(words="x"))  # type: ignore[arg-type] # a column
    said = breaches_of(exported, before=before)
    assert said.count("I6: the history has lost or changed") == 2
    assert "is missing" in said
    assert "was changed" in said


def test_a_secret_in_the_database_or_in_a_log_is_noticed(exported: World) -> None:
    with exported.installation.db.writing() as session:
        session.execute(sa.update(Transfer).values(words="the password is sandbox-oslo"))
    said = breaches_of(exported, texts={"the log": "login with sandbox-oslo"})
    assert "I7: a secret that begins with sa… is in the database" in said
    assert "I7: a secret that begins with sa… is in the log" in said


def book_by_hand(control: Control, reference: str, status: str) -> int:
    """An order that nobody has sent; its id."""
    company = control.books()[CLIENT]["companies"][0]["Id"]
    rows = [{"product_number": "P1", "name": "By hand", "quantity": "1", "price": "100"}]
    answer = control.edit(
        "create_order", CLIENT,
        customer_id=company, rows=rows, reference=reference, status=status,
    )  # fmt: skip
    return int(answer["OrderId"])
