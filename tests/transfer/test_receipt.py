"""The words of the receipt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.store.transfer_list import TransferRow
from so24.store.transfer_tables import State
from so24.transfer.receipt import read_lines
from tests.transfer.papers import DAY


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
    (line,) = read_lines([blocked(words, note)])
    assert line.reason is not None
    ending = f"{line.reason.remedy} ({line.reason.who})"
    assert line.explanation == f"{line.reason.title}. {told}{ending}"


def blocked(words: str, note: str) -> TransferRow:
    """An invoice without lines, with these particulars."""
    return TransferRow(
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
        reason="no_lines",
        words=words,
        note=note,
        order_id=None,
        office_invoice_id=None,
        total=Decimal("250.00"),
        office_total=None,
        currency="NOK",
        user="ada",
        updated_at=dt.datetime.combine(DAY, dt.time(), dt.UTC),
    )
