"""``so24 payments``: what is paid is read and told; what could not be read ends with 1."""

from __future__ import annotations

from decimal import Decimal

import pytest

from so24.cli.commands.now.payments import show_payments
from so24.sandbox.books.seed import OSLO, STRAY
from so24.store.payments.stated import PaymentSum
from so24.store.tables.payment_tables import PaymentState
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line

pytestmark = pytest.mark.slow  # seconds each


@pytest.fixture
def booked(so24: CommandLine) -> CommandLine:
    """One invoice that is booked."""
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(line()))
    so24.well("export", "--all", "--wait")
    return so24


def test_nothing_is_known_before_it_is_read(booked: CommandLine) -> None:
    [unread] = booked.well("payments", "--known", "--json").json["not_known_to_be_paid"]
    assert (unread["state"], unread["count"]) == ("unread", 1)
    assert "not read yet" in booked.well("payments", "--known").out


def test_it_reads_by_itself_and_says_what_is_not_paid(booked: CommandLine) -> None:
    said = booked.well("payments")
    assert "not read yet" not in said.out
    [company] = booked.well("payments", "--known", "--json").json["readings"]
    assert company["read_at"]
    assert company["begun_at"] is None
    found = booked.well("today", "--json").json["payments"]
    assert (found["not_paid"]["documents"], found["not_read"]["documents"]) == (1, 0)
    assert "1 invoice is not paid" in booked.well("today").out
    [order] = booked.office.books()[OSLO]["orders"]
    booked.office.edit("pay_order", OSLO, order_id=order["OrderId"])
    said = booked.well("payments")
    assert "Nothing is known to be unpaid." in said.out


def test_what_could_not_be_read_says_why_and_ends_with_1(booked: CommandLine) -> None:
    booked.office.edit("set_maintenance", OSLO, on=True)
    said = booked("payments")
    assert said.code == 1
    assert "The last attempt came to nothing" in said.err


def test_a_company_without_invoices_has_nothing_to_read(booked: CommandLine) -> None:
    booked.well(
        "keys", "add", "--name", "Stray", "--organization-id", str(STRAY), "--department", "30",
        "--username", "stray@sandbox.example", "--password-stdin", stdin="sandbox-stray",
    )  # fmt: skip
    said = booked.well("payments")
    [stray] = [line for line in said.err.splitlines() if f"({STRAY})" in line]
    assert stray.endswith("so24 has transferred no invoice to it, so there is nothing to read.")
    [nordlys] = [line for line in said.err.splitlines() if f"({OSLO})" in line]
    assert ": read " in nordlys


def test_what_is_overdue_is_among_what_is_not_paid(capsys: pytest.CaptureFixture[str]) -> None:
    sums = [
        PaymentSum(PaymentState.NOT_PAID, "NOK", 7, Decimal(700)),
        PaymentSum(PaymentState.OVERDUE, "NOK", 40, Decimal(4000)),
    ]
    show_payments([], sums, ())
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["not", "paid", "47", "4", "700,00", "NOK"] in rows
    assert ["of", "these", "overdue", "40", "4", "000,00", "NOK"] in rows
