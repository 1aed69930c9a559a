"""Whatever RecMan's invoices are: the sums in the store equal RecMan's, to the øre."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.recman.fetch import fetch_documents
from so24.store.documents.documents import load_documents
from so24.store.documents.intake import invoices_by_number
from tests.sources.recman.papers import invoice, line
from tests.sources.recman.standin import StandIn

_NUMBERS = count(20_000)

amounts = st.decimals(Decimal("-99999.99"), Decimal("9999999.99"), places=2).map(str)
lines = st.builds(line, net=amounts, rate=st.sampled_from(["25", "15", "12.00", "11.11", "0"]))
papers = st.lists(st.lists(lines, min_size=1, max_size=6), min_size=1, max_size=8)


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_lines=papers, page_size=st.integers(1, 9), as_list=st.booleans(), flat=st.booleans())
def test_the_stores_sums_are_recmans_sums(
    ready: Installation, recman: StandIn, finance: Actor,
    given_lines: list[list[dict[str, Any]]], page_size: int, as_list: bool, flat: bool,
) -> None:  # fmt: skip
    made = {str(next(_NUMBERS)): each for each in given_lines}
    recman.page_size, recman.as_list = page_size, as_list
    recman.scopes["invoice"] = {
        number: invoice(number, *each, **({"lines": each} if flat else {}))
        for number, each in made.items()
    }
    forget_calls(ready)
    report = fetch_documents(Desk(ready, finance))
    assert report.refused == ()
    assert sums(ready, made) == {
        number: tuple(Decimal(row[name]) for name in ("net", "vat", "total"))
        for number, row in recman.scopes["invoice"].items()
    }


def sums(installation: Installation, numbers: dict[str, Any]) -> dict[str, tuple[Decimal, ...]]:
    """Net, VAT and total of the stored documents by number; the net is that of their lines."""
    with installation.db.reading() as session:
        rows = [
            row for each in invoices_by_number(session, "recman", numbers).values() for row in each
        ]
        documents = load_documents(session, [row.id for row in rows if row.id is not None])
    return {
        each.invoice.number: (
            sum((one.net for one in each.lines), Decimal(0)),
            each.invoice.vat,
            each.invoice.total,
        )
        for each in documents
    }


def forget_calls(installation: Installation) -> None:
    """A day has passed."""
    with installation.db.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM recman_calls")
