"""What ``so24 reconcile`` says beside its lines: companies that were not read, and drafts."""

from __future__ import annotations

import pytest

from so24.sandbox.books.seed import OSLO, STRAY
from tests.cli.conftest import CommandLine

pytestmark = pytest.mark.slow  # seconds each

PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")
EARLIER = ("--from", "2026-01-01", "--to", "2026-01-31")
UNREAD = f"Nordlys Bemanning AS ({OSLO}) was not read: no usable key reaches it."


@pytest.fixture
def so24(so24: CommandLine) -> CommandLine:
    """Invoice 1001 is booked in one company, and another company has a key as well."""
    so24.get_ready("1001")
    so24.well("export", "1001", "--wait")
    so24.well(
        "keys", "add", "--name", "Stray", "--organization-id", str(STRAY), "--department", "30",
        "--username", "stray@sandbox.example", "--password-stdin", stdin="sandbox-stray",
    )  # fmt: skip
    return so24


@pytest.mark.parametrize("ending", ["disable", "delete"])
def test_a_company_with_documents_of_the_period_but_no_usable_key_is_named(
    so24: CommandLine, ending: str
) -> None:
    assert "was not read" not in so24.well("reconcile", *PERIOD).err
    so24.well("keys", ending, "Oslo")
    said = so24("reconcile", *PERIOD, "--json")
    assert (said.code, said.json) == (1, [])
    assert f"{UNREAD} Documents of this period that were sent there: 1." in said.err
    assert "was not read" not in so24.well("reconcile", *PERIOD, "--key", "Stray").err


def test_without_documents_of_the_period_a_disabled_key_is_named_and_all_is_well(
    so24: CommandLine,
) -> None:
    so24.well("keys", "disable", "Oslo")
    assert (
        f"{UNREAD} Documents of this period that were sent there: 0."
        in so24.well("reconcile", *EARLIER).err
    )
    so24.well("keys", "delete", "Oslo")
    assert "was not read" not in so24.well("reconcile", *EARLIER).err


def test_drafts_are_told_beside_the_sum_that_leaves_them_out(so24: CommandLine) -> None:
    books = so24.office.books()[OSLO]
    row = {"product_number": "1003", "name": "Work", "quantity": "1", "price": "10"}
    so24.office.edit(
        "create_order", OSLO, customer_id=books["companies"][0]["Id"], rows=[row],
        invoice_date="2026-11-18",
    )  # fmt: skip
    said = so24.well("reconcile", *PERIOD)
    assert "1 of 1 agree." in said.err
    assert "Drafts, which do not count: 1." in said.err
