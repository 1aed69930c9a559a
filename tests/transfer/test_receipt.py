"""The words of the receipt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from so24.cli.commands.receipts import sum_up
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.receipt_line import ReceiptLine
from so24.transfer.receipt import as_record
from so24.transfer.tally import tally
from so24.ui.receipts.receipt_lines import line_cells
from tests.transfer.papers import DAY
from tests.transfer.world import CLIENT, World


@pytest.mark.parametrize(
    ("words", "note", "told"),
    [
        ("Line 2", "Line 3 too", "Line 2. Line 3 too. "),
        ("Line 2.", "", "Line 2. "),
        ("Which line?", "", "Which line? "),
        ("", "", ""),
    ],
)
def test_every_particular_ends_before_the_remedy_begins(words: str, note: str, told: str) -> None:
    line = blocked(words, note)
    assert line.card is not None
    ending = f"{line.card.remedy} ({line.card.who})"
    assert line.explanation == f"{line.card.title}. {told}{ending}"


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.TRANSFERRED, Reason.NONE), (State.TRANSFERRED, Reason.WAITS_APPROVAL),
     (State.BLOCKED, Reason.NO_LINES), (State.BLOCKED, Reason.CHANGED_AFTER_EXPORT)],
)  # fmt: skip
def test_a_line_says_once_that_its_document_changed_after_its_export(
    state: State, reason: Reason
) -> None:
    line = replace(blocked("", ""), state=state, reason=reason, changed_after_export=True)
    assert line.explanation.count("Changed in RecMan after it was exported.") == 1


@pytest.mark.parametrize("state", [State.BLOCKED, State.TRANSFERRED, State.DIFFERS])
@pytest.mark.parametrize(
    ("stated", "office", "words"),
    [
        ("250.10", "250.00", "states 250,10\u00a0NOK as its total, 0,10\u00a0NOK more."),
        ("249.99", None, "states 249,99\u00a0NOK as its total, 0,01\u00a0NOK less."),
        ("250.00", "249.90", "states 250,00\u00a0NOK as its total, 0,10\u00a0NOK more."),
        ("250.10", "250.10", ""),
        (None, "250.00", ""),
    ],
)
def test_a_line_says_that_its_source_states_another_total_than_the_ledger(
    state: State, stated: str | None, office: str | None, words: str
) -> None:
    line = replace(
        blocked("", ""), state=state,
        stated_total=None if stated is None else Decimal(stated),
        office_total=None if office is None else Decimal(office),
    )  # fmt: skip
    assert ("The source states" in line.explanation) == bool(words)
    assert words in line.explanation
    assert as_record(line)["stated_total"] == stated


def test_what_only_waits_for_approval_is_told_apart_in_the_sums() -> None:
    row = replace(blocked("", ""), state=State.TRANSFERRED)
    lines = [row, replace(row, reason=Reason.WAITS_APPROVAL)]
    assert (tally(lines).transferred, tally(lines).for_approval) == (2, 1)
    assert "1 of them wait for approval" in sum_up(lines)


def test_the_card_of_a_document_of_another_company_names_both_ways_out() -> None:
    card = Reason.OTHER_COMPANY.card
    assert "that company's key" in card.remedy
    assert "exclude the invoice" in card.remedy


def blocked(words: str, note: str) -> ReceiptLine:
    """An invoice without lines, with these particulars."""
    return ReceiptLine(
        transfer_id=1,
        invoice_id=1,
        run="r",
        kind="invoice",
        series="10",
        number="1001",
        department="10",
        customer="Fjord AS",
        key="",
        state=State.BLOCKED,
        reason=Reason.NO_LINES,
        words=words,
        note=note,
        order_id=None,
        office_invoice_id=None,
        total=Decimal("250.00"),
        office_total=None,
        currency="NOK",
        changed_after_export=False,
        user="ada",
        updated_at=dt.datetime.combine(DAY, dt.time(), dt.UTC),
    )


@pytest.mark.parametrize("with_key", [True, False])
def test_a_line_names_the_company_of_its_key_and_none_without(world: World, with_key: bool) -> None:
    department = world.add_department()
    if with_key:
        world.add_key([department])
    [line] = world.receipt(world.start(world.add_invoices(department, 1)))
    assert line.company.endswith(f"({CLIENT})") is with_key
    assert bool(line.company) is with_key
    assert line_cells(line)["Company"] == line.company
