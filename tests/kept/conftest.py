"""A document that was sent, others that were not, and the day on which their time is over."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.kept import purge
from so24.people.desk import Desk
from so24.sources.intake import import_files
from so24.sources.originals import retention
from tests.sources.report_files import as_grid, as_workbook, customer, line
from tests.transfer.world import ADMIN, World

REPORT = as_workbook(
    {
        "Lines": as_grid(
            [
                line({"Invoice date": "18.11.2026"}, number="1001"),
                line({"Invoice date": "18.11.2026"}, number="1002"),
                line({"Invoice date": "", "Customer no.": "", "Company": ""}, number="1003"),
            ]
        ),
        "Customers": as_grid(
            [customer(), customer({"Customer no.": "5002", "Company": "Elin Ås"})]
        ),
    }
)
OVER = dt.date(2032, 1, 1)  # five years after the end of 2026


@pytest.fixture
def imported(world: World) -> Desk:
    """A report of two invoices and a row that was refused."""
    found = Desk(world.installation, ADMIN)
    import_files(found, [("report.xlsx", REPORT)])
    return found


@pytest.fixture
def desk(world: World, imported: Desk) -> Desk:
    """The first of the two invoices is transferred."""
    world.add_key([1])
    assert [each.state.value for each in world.export([1])] == ["transferred"]
    return imported


def live_on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Let this be today, for whatever is kept."""
    monkeypatch.setattr(purge, "today", lambda: day)
    monkeypatch.setattr(retention, "today", lambda: day)


@pytest.fixture
def over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk on the day after the last day, with the originals purged."""
    live_on(monkeypatch, OVER)
    retention.purge_overdue(desk, retention.find_overdue(desk))
    return desk
