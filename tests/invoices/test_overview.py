"""The invoice overview's filters by standing, on real rows."""

from __future__ import annotations

import pytest

from so24.errors import NotAllowed
from so24.invoices.overview import read_overview
from so24.people.roles import Actor
from so24.store.documents.overview import InvoiceFilter
from so24.store.tables.transfer_tables import OPEN, State
from tests.transfer.world import ADMIN, World

pytestmark = pytest.mark.both


@pytest.fixture
def standing(world: World) -> World:
    """1001 transferred at the second try, 1002 queued, 1003 without a key, 1004 untouched."""
    department, keyless = world.add_department(), world.add_department("30")
    first, second, _ = world.add_invoices(department, 3, first=1001)
    third = world.add_invoices(keyless, 1, first=2003)
    world.export([first, *third])  # no key yet: both end as login
    world.add_key([department])
    world.export([first])
    world.start([second])
    return world


def numbers(world: World, wanted: InvoiceFilter) -> set[str]:
    page = read_overview(world.installation, ADMIN, wanted)
    assert page.found == len(page.rows)
    return {row.number for row in page.rows}


def test_unsent_means_nothing_live(standing: World) -> None:
    assert numbers(standing, InvoiceFilter(unsent=True)) == {"1003", "2003"}


def test_a_document_stands_as_its_live_transfer_does(standing: World) -> None:
    transferred = InvoiceFilter(states=frozenset({State.TRANSFERRED}))
    assert numbers(standing, transferred) == {"1001"}
    assert numbers(standing, InvoiceFilter(states=frozenset(OPEN))) == {"1002"}


def test_an_error_that_was_overcome_is_no_problem_any_more(standing: World) -> None:
    assert numbers(standing, InvoiceFilter(states=frozenset({State.LOGIN}))) == {"2003"}


def test_a_page_knows_how_many_there_are_in_all(standing: World) -> None:
    page = read_overview(standing.installation, ADMIN, InvoiceFilter(limit=2, offset=2))
    assert (len(page.rows), page.found) == (2, 4)


def test_an_analyst_sees_no_invoices(standing: World, analyst: Actor) -> None:
    with pytest.raises(NotAllowed, match="see invoices"):
        read_overview(standing.installation, analyst, InvoiceFilter())
