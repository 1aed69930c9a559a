"""Amounts that are not what quantity, price and VAT rate give: told on every page of the way."""

from __future__ import annotations

from typing import Any

from so24.sandbox.books.seed import OSLO
from tests.cli.conftest import CommandLine
from tests.sources.report_files import line

PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")
ROUNDED: dict[str, Any] = {"Quantity": 1, "Price": "0.10", "Sum excl. VAT": "0.10", "VAT": "0.03",
           "Sum incl. VAT": "0.13"}  # fmt: skip
DISCOUNTED: dict[str, Any] = {"Quantity": 10, "Price": 100, "Sum excl. VAT": 900, "VAT": 225,
              "Sum incl. VAT": 1125}  # fmt: skip


def get_ready(so24: CommandLine, *rows: dict[str, Any]) -> None:
    so24.well("activate")
    so24.add_key()
    so24.well("import", so24.write_report(*(line(row) for row in rows)))


def test_vat_rounded_on_each_line_is_told_by_check_preview_receipt_and_reconcile(
    so24: CommandLine,
) -> None:
    get_ready(so24, *[ROUNDED] * 20)
    [found] = so24.well("invoices", "--check", "--json").json
    assert (found["severity"], found["check"]) == ("warning", "totals_rounded")
    assert "Total is 2,60 as it came in, its lines give 2,50." in found["finding"]
    words = "The source states 2,60\u00a0NOK as its total, 0,10\u00a0NOK more."
    [dry] = so24("export", "1001", "--dry-run", "--json").json["documents"]
    assert words in dry["reason"]
    [sent] = so24.well("export", "1001", "--wait", "--json").json
    assert (sent["total"], sent["stated_total"]) == ("2.50", "2.60")
    assert words in sent["reason"]
    [there] = so24.well("reconcile", *PERIOD, "--json").json
    assert (there["verdict"], there["office_total"], there["stated_total"]) == (
        "agrees", "2.50", "2.60",
    )  # fmt: skip
    assert f"RM-10-1001: {words}" in so24.well("reconcile", *PERIOD).err


def test_a_discounted_line_goes_with_its_quantity_and_the_price_that_was_billed(
    so24: CommandLine,
) -> None:
    get_ready(so24, DISCOUNTED)
    [found] = so24.well("invoices", "--check", "--json").json
    assert (found["severity"], found["check"]) == ("warning", "line_discounted")
    so24.well("export", "1001", "--wait")
    [order] = so24.office.books()[OSLO]["orders"]
    [row] = order["InvoiceRows"]["InvoiceRow"]
    assert (float(row["Quantity"]), float(row["Price"])) == (10, 90)
    assert float(order["OrderTotalIncVat"]) == 1125
