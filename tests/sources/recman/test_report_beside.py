"""A document from RecMan's report and from its API is one, whichever comes first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.recman.fetch import fetch_documents
from so24.store.documents.documents import Document
from so24.store.tables.transfer_tables import State
from tests.sources.acts import DATED, bring, send, stored
from tests.sources.recman.papers import invoice
from tests.sources.recman.standin import StandIn
from tests.sources.report_files import line

ROW = line(
    {
        **DATED,
        "Invoice date": "18.11.2026",
        "Quantity": Decimal(1),
        "Price": Decimal(1000),
        "Sum excl. VAT": Decimal(1000),
    }
)


@pytest.fixture
def one(ready: Installation, recman: StandIn) -> Installation:
    """A connected installation; RecMan has one invoice, the one of the report's row."""
    recman.scopes["invoice"] = {"4000": invoice()}
    return ready


def assert_whole(document: Document) -> None:
    """It has what each of both sources states alone."""
    row = document.invoice
    assert (row.kid, row.your_reference, row.due_stated) == ("0012345678903", "Bestilling 12", True)
    assert (row.net, row.total) == (Decimal(1000), Decimal(1250))
    assert not row.changed_after_export


def test_the_api_adds_what_the_report_does_not_state(one: Installation, finance: Actor) -> None:
    bring(one, finance, ROW)
    report = fetch_documents(Desk(one, finance))
    assert report.flagged == 0
    assert_whole(stored(one))


def test_the_report_takes_nothing_away_from_what_the_api_has_stated(
    one: Installation, finance: Actor
) -> None:
    fetch_documents(Desk(one, finance))
    report = bring(one, finance, ROW)
    assert (report.added, report.flagged) == (0, 0)
    assert_whole(stored(one))


def test_what_was_exported_from_the_report_is_not_flagged_by_the_api(
    one: Installation, finance: Actor
) -> None:
    bring(one, finance, ROW)
    send(one, stored(one), State.TRANSFERRED)
    report = fetch_documents(Desk(one, finance))
    assert report.flagged == 0
    assert not stored(one).invoice.changed_after_export


def test_other_amounts_of_what_was_sent_are_refused_from_another_source(
    one: Installation, finance: Actor
) -> None:
    bring(one, finance, {**ROW, "Price": Decimal(900), "Sum excl. VAT": Decimal(900)})
    send(one, stored(one), State.TRANSFERRED)
    before = stored(one).invoice
    report = fetch_documents(Desk(one, finance))
    assert "stays as it is" in report.refused[0].reason
    assert (report.flagged, stored(one).invoice) == (0, before)


def test_what_was_sent_and_is_another_firms_by_another_source_is_refused(
    one: Installation, finance: Actor
) -> None:
    bring(one, finance, {**ROW, "Company": "Zeta Transport AS"})
    send(one, stored(one), State.TRANSFERRED)
    report = fetch_documents(Desk(one, finance))
    assert (report.flagged, len(report.refused)) == (0, 1)
    for name in ("Zeta Transport AS", "Nordvik Logistikk AS"):
        assert name in report.refused[0].reason
