"""Details go when their time is over; nothing is sent again for that, and the history is whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.errors import WrongUse
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.kept.purge import (
    find_overdue_details,
    forget_customer,
    purge_overdue_details,
)
from so24.people.desk import Desk
from so24.sources.import_reports import read_report
from so24.sources.intake import import_files
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Customer, Import, Invoice, InvoiceLine
from so24.store.tables.original_tables import DocumentImport, ImportOriginal
from so24.store.tables.schema import METADATA
from so24.store.tables.transfer_tables import CustomerLink, Transfer
from so24.store.upkeep import details
from so24.store.upkeep.about import is_text
from so24.store.upkeep.details import KeepingLimits, OldDetails
from so24.transfer.day_heads import check_history, publish_head
from tests.kept.conftest import OVER, REPORT, live_on
from tests.sources.report_files import as_report, line
from tests.transfer.world import World

# texts that stay, by table: identity, hashes, states, who did it, what the history says
STAYS = {
    "invoice": {
        "tenant", "kind", "series", "number", "number_folded", "number_likeness", "currency",
        "credited_number", "fingerprint", "pending_fingerprint", "other_orders",
    },
    "invoice_line": {"product_number", "vat_category"},
    "customer": {"tenant", "number"},
    "transfer": {
        "run_id", "state", "reason", "words", "note", "made_hash", "confirmed_hash",
        "payload_hash",
    },
    "import_run": {"actor", "content_hash", "kind"},
    "import_original": set(),
    "document_import": set(),
}  # fmt: skip
BLANKED = {
    "invoice": set(details.BLANK_DOCUMENT),
    "invoice_line": set(details.BLANK_LINE),
    "customer": set(details.BLANK_CUSTOMER),
    "transfer": set(details.BLANK_TRANSFER),
    "import_run": set(details.BLANK_IMPORT),
    "import_original": {"name"},
    "document_import": {"place"},
}


def purge(desk: Desk) -> OldDetails:
    """Purge what is overdue."""
    return purge_overdue_details(desk, find_overdue_details(desk)).old


def rows(installation: Installation, table: Any) -> list[Any]:
    """All rows of a table, in their order."""
    with installation.db.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key.columns)))


@pytest.mark.parametrize("table", STAYS)
def test_of_each_text_it_is_said_whether_it_goes_or_stays(table: str) -> None:
    texts = {each.name for each in METADATA.tables[table].columns if is_text(each)}
    assert texts - BLANKED[table] == STAYS[table]
    assert not BLANKED[table] & STAYS[table]


@pytest.mark.both
def test_details_go_and_what_keeps_a_document_from_being_sent_again_stays(over: Desk) -> None:
    before = rows(over.installation, Invoice)
    assert purge(over) == OldDetails((1, 2), (1,), (1,))
    after = rows(over.installation, Invoice)
    for name in Invoice.model_fields.keys() - details.BLANK_DOCUMENT.keys() - {"purged_at"}:
        assert [getattr(each, name) for each in after] == [getattr(each, name) for each in before]
    assert before[0].our_reference
    for each in after:
        assert {name: getattr(each, name) for name in details.BLANK_DOCUMENT} == dict(
            details.BLANK_DOCUMENT
        )
        assert each.purged_at is not None
    assert {each.text for each in rows(over.installation, InvoiceLine)} == {""}
    [transfer] = rows(over.installation, Transfer)
    assert (transfer.state.value, transfer.card, bool(transfer.payload_hash)) == (
        "transferred", "", True,
    )  # fmt: skip
    assert purge(over) == OldDetails()


def test_a_customer_keeps_the_number_alone_and_the_link_to_its_card_goes(over: Desk) -> None:
    assert rows(over.installation, CustomerLink)
    purge(over)
    known, other = rows(over.installation, Customer)
    blank = {name: getattr(known, name) for name in details.BLANK_CUSTOMER}
    assert (known.number, blank) == ("5001", dict(details.BLANK_CUSTOMER))
    assert other.name == "Elin Ås"  # no document of hers has come, so that she has no time
    assert rows(over.installation, CustomerLink) == []


def test_the_reports_of_imports_and_the_names_of_their_files_go(over: Desk) -> None:
    assert read_report(over, 1)[1].refused
    purge(over)
    past, report = read_report(over, 1)
    assert (past.filename, past.added, past.finished) == ("purged", 4, True)
    assert (report.refused, report.warnings) == ((), ())
    assert {each.name for each in rows(over.installation, ImportOriginal)} == {"purged"}
    assert {each.place for each in rows(over.installation, DocumentImport)} == {"purged"}


def test_an_import_whose_file_is_kept_still_keeps_its_name_by_which_it_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_on(monkeypatch, OVER)
    assert purge(desk) == OldDetails((1, 2), (1,), ())


@pytest.mark.both
def test_history_anchors_and_the_heads_of_days_are_whole_after_a_purge(over: Desk) -> None:
    publish_head(over.installation)
    assert check_history(over).breaks == ()
    purge(over)
    verdict = check_history(over)
    assert (verdict.breaks, verdict.chains, verdict.days) == ((), 1, 1)
    publish_head(over.installation)
    assert check_history(over).breaks == ()


def test_nothing_that_was_purged_is_ever_sent(world: World, over: Desk) -> None:
    purge(over)
    saves = world.control.calls()["operations"]["SaveInvoices"]
    states = [each.state.value for each in world.export([1, 2])]
    assert states == ["exists", "blocked"]
    with pytest.raises(WrongUse, match="It stays left out, for its details are purged"):
        set_excluded(over, [2], None)
    before = rows(over.installation, Invoice)
    for again in (REPORT, as_report(line({"Invoice date": "19.11.2026"}, number="1002"))):
        report = import_files(over, [("again.xlsx", again)])[0]
        assert any("its details are purged" in each.reason for each in report.refused)
    assert rows(over.installation, Invoice) == before
    assert [each.state.value for each in world.export([1, 2])] == ["exists", "blocked"]
    assert world.control.calls()["operations"]["SaveInvoices"] == saves


def test_until_the_last_day_everything_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    live_on(monkeypatch, OVER - dt.timedelta(days=1))
    assert not find_overdue_details(desk)


@pytest.mark.made_up
def test_what_is_later_or_under_way_waits_and_so_does_its_customer(over: Desk) -> None:
    limits = KeepingLimits(
        dt.date(2027, 1, 1), dt.datetime(2027, 1, 1, tzinfo=dt.UTC), dt.datetime.now(dt.UTC)
    )
    for statement in (
        "update invoice set invoice_date = '2027-01-01' where id = 1",
        "update invoice set created_at = '2027-06-01 12:00:00' where id = 1",
        "update transfer set created_at = '2027-06-01 12:00:00'",
        "update transfer set state = 'unknown'",
        "update transfer set look_again_at = '2026-12-01 12:00:00'",
    ):
        with Session(over.installation.db.engine) as session:
            session.execute(sa.text(statement))
            found = details.find_old_details(session, limits)
            session.rollback()
        assert (statement, found.documents, found.customers) == (statement, (2,), ())


def test_nothing_goes_that_was_not_shown_or_is_not_overdue_any_more(
    over: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = find_overdue_details(over)
    with over.installation.db.writing() as session:
        session.execute(
            sa.update(Invoice).where(col(Invoice.id) == 1).values(invoice_date=dt.date(2027, 1, 1))
        )
    assert purge_overdue_details(over, shown).old.documents == (2,)
    live_on(monkeypatch, dt.date(2033, 1, 1))
    assert purge_overdue_details(over, shown).old.documents == (1,)


def test_a_purge_is_in_the_audit_trail(over: Desk) -> None:
    purge(over)
    with over.installation.db.reading() as session:
        event = latest_events(session)[0]
    assert (event.action, event.subject, event.detail) == (
        "details purged", "until 2026", "2 documents, 1 customers, 1 imports",
    )  # fmt: skip


def test_an_import_that_brought_nothing_goes_after_its_days(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_files(desk, [("wrong.xlsx", as_report(line({"Quantity": "many"}, number="1009")))])
    day = rows(desk.installation, Import)[1].at.date()
    live_on(monkeypatch, day + dt.timedelta(days=92))
    from so24.sources.originals import retention

    retention.purge_overdue(desk, retention.find_overdue(desk))
    assert purge(desk) == OldDetails((), (), (2,))


def test_a_customer_without_documents_is_forgotten_on_request(desk: Desk) -> None:
    forget_customer(desk, "5002")
    assert [each.name for each in rows(desk.installation, Customer)] == ["Nordvik Logistikk AS", ""]


def test_a_customer_whose_documents_are_kept_is_kept(desk: Desk) -> None:
    with pytest.raises(WrongUse, match="2 documents of it have to be, for 5 years"):
        forget_customer(desk, "5001")
    with pytest.raises(WrongUse, match="There is no customer 77"):
        forget_customer(desk, "77")
