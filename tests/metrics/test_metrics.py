"""What those who run so24 read of it: true figures, and no names."""

from __future__ import annotations

import re

from sqlmodel import select

from so24.calls.tally import OfficeCall, calls_made, tally_call
from so24.installation import Installation
from so24.metrics.exposition import write_metrics
from so24.metrics.figures import read_figures
from so24.store.tables.document_tables import Customer
from so24.store.tables.key_tables import Key
from tests.transfer.world import World

_LINE = re.compile(r"^([a-z0-9_]+(?:\{[^}]*\})?) ([0-9.e+-]+)$", re.M)


def figures_of(installation: Installation) -> dict[str, float]:
    """What is exposed: each series with its value."""
    written = write_metrics(read_figures(installation)).decode()
    return {name: float(value) for name, value in _LINE.findall(written)}


def export_one(world: World) -> None:
    """Send one document by a key."""
    department = world.add_department()
    world.add_key([department])
    world.export(world.add_invoices(department, 1))


def test_documents_are_counted_in_the_state_that_they_stand_in(world: World) -> None:
    department = world.add_department()
    world.add_key([department])
    sent = world.add_invoices(department, 3)
    world.export(sent[:2])
    told = figures_of(world.installation)
    assert told['so24_documents{state="transferred"}'] == 2
    assert told['so24_documents{state="not_transferred"}'] == 1
    assert told["so24_runs_under_way"] == 0
    assert told['so24_keys{state="usable"}'] == 1


def test_calls_are_tallied_by_operation_and_outcome(world: World) -> None:
    before = calls_made().get(OfficeCall("SaveInvoices", "HTTP 200"), 0)
    export_one(world)
    assert calls_made()[OfficeCall("SaveInvoices", "HTTP 200")] > before
    tally_call("Login", "no answer")
    told = figures_of(world.installation)
    assert told['so24_office_calls_total{operation="Login",outcome="no answer"}'] >= 1


def test_no_name_is_among_the_figures(world: World) -> None:
    export_one(world)
    written = write_metrics(read_figures(world.installation)).decode()
    with world.installation.db.reading() as session:
        names = [*session.exec(select(Key.name)), *session.exec(select(Customer.name))]
    assert names
    assert [name for name in names if name in written] == []
