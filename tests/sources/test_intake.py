"""The intake: every document lands once, its sums to the øre, and a change is seen."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from so24.errors import NotAllowed, UnreadableFile
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import REFUSED_FILE, import_files
from so24.store.documents.intake import (
    invoices_by_number,
    latest_imports,
    products_by_number,
)
from so24.store.keys.keys import all_departments
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import DocumentKind
from so24.store.tables.transfer_tables import State
from tests.sources.acts import DATED, bring, counts, send, stored
from tests.sources.report_files import (
    NUMBER,
    as_csv,
    as_grid,
    as_report,
    customer,
    line,
)

HELD_BY_OFFICE = [State.QUEUED, State.UNKNOWN, State.TRANSFERRED, State.EXISTS, State.DIFFERS]
NEVER_THERE = [State.LOGIN, State.BLOCKED, State.REFUSED, State.NOT_SENT, State.CANCELLED]


@pytest.mark.both
def test_a_report_lands_with_department_customer_products_and_totals(
    installation: Installation, finance: Actor
) -> None:
    rows = [line({"VAT": "773.44"}), line({"VAT": "773.44", "Price": 1, "Sum excl. VAT": 7.5})]
    assert counts(bring(installation, finance, *rows)) == (1, 0, 0, 0)
    document = stored(installation)
    assert (document.department.number, document.department.name) == ("10", "Oslo")
    assert document.invoice.series == document.department.series == "10"
    assert (document.customer.name, document.customer.completed) == ("Nordvik Logistikk AS", False)
    assert [each.position for each in document.lines] == [1, 2]
    assert document.invoice.net == Decimal("3101.25")
    assert document.invoice.vat == Decimal("775.31")  # 775.3125
    assert document.invoice.total == Decimal("3876.56")
    assert document.invoice.stated_vat == Decimal("1546.88")  # kept beside ours, though it differs
    assert document.invoice.stated_total is None
    with installation.db.reading() as session:
        assert products_by_number(session, "recman", ["1003"])["1003"].name == "Helgevakt"


@pytest.mark.both
def test_the_same_file_twice_changes_nothing(installation: Installation, finance: Actor) -> None:
    rows = [line(DATED), line(number="1002"), line(number="1003")]
    assert counts(bring(installation, finance, *rows)) == (3, 0, 0, 0)
    before = stored(installation)
    assert counts(bring(installation, finance, *reversed(rows))) == (0, 0, 3, 0)
    assert stored(installation) == before


def test_a_changed_document_is_updated_while_it_was_never_exported(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(), line({"Article": "Uke 48"}), line(number="1002"))
    changed = line({"Price": "400", "Sum excl. VAT": "3000"})
    assert counts(bring(installation, finance, changed, line(number="1002"))) == (0, 1, 1, 0)
    document = stored(installation)
    assert [each.net for each in document.lines] == [Decimal("3000.00")]
    assert document.invoice.total == Decimal("3750.00")


@pytest.mark.parametrize("state", HELD_BY_OFFICE)
def test_a_document_that_changed_after_its_export_is_flagged_and_stays_as_it_is(
    installation: Installation, finance: Actor, state: State
) -> None:
    bring(installation, finance, line())
    before = stored(installation)
    send(installation, before, state)
    changed = line({"Price": "400", "Sum excl. VAT": "3000"})
    assert counts(bring(installation, finance, changed)) == (0, 0, 0, 1)
    after = stored(installation)
    assert after.invoice.changed_after_export
    assert (after.lines, after.invoice.total) == (before.lines, before.invoice.total)
    assert counts(bring(installation, finance, changed)) == (0, 0, 1, 0)
    assert counts(bring(installation, finance, line())) == (0, 1, 0, 0)
    assert not stored(installation).invoice.changed_after_export


@pytest.mark.parametrize("state", NEVER_THERE)
def test_a_failed_transfer_does_not_keep_a_document_from_being_updated(
    installation: Installation, finance: Actor, state: State
) -> None:
    bring(installation, finance, line())
    send(installation, stored(installation), state)
    changed = line({"Price": "400", "Sum excl. VAT": "3000"})
    assert counts(bring(installation, finance, changed)) == (0, 1, 0, 0)


def test_a_held_document_is_released_by_a_file_that_says_its_kind(
    installation: Installation, finance: Actor
) -> None:
    unclear = line({"Sum excl. VAT": 0})
    import_files(Desk(installation, finance), [("x", as_report(unclear, sheet="S"))])
    assert stored(installation).invoice.held
    (report,) = import_files(
        Desk(installation, finance), [("x", as_report(unclear, sheet="Credit notes"))]
    )
    assert counts(report) == (0, 1, 0, 0)
    row = stored(installation).invoice
    assert (row.kind, row.held) == (DocumentKind.CREDIT_NOTE, "")
    (report,) = import_files(Desk(installation, finance), [("x", as_report(unclear, sheet="S"))])
    assert counts(report) == (0, 0, 1, 0)


def test_two_departments_of_one_series_do_not_share_a_document(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(), line({"Department no.": "20"}, number="2001"))
    with installation.db.writing() as session:
        [twenty] = [row for row in all_departments(session) if row.number == "20"]
        twenty.series = "10"
    report = bring(installation, finance, line({"Department no.": "20", "Price": 1}))
    assert counts(report) == (0, 0, 0, 0)
    assert "another department with the number series 10" in report.refused[0].reason
    assert stored(installation).department.number == "10"


def test_a_long_department_name_gets_a_number_and_series_of_its_own(
    installation: Installation, finance: Actor
) -> None:
    name = "Bemanning Østlandet avdeling for helse og omsorg "
    for end, number in (("nord", "1001"), ("sør", "1002")):
        row = line({"Department no.": "", "Department": name + end}, number=number)
        bring(installation, finance, row)
    north, south = stored(installation), stored(installation, "1002")
    assert len(north.invoice.series) == 20
    assert north.department.name == name + "nord"
    assert north.invoice.series != south.invoice.series


def test_an_import_is_kept_with_its_report_and_audited(
    installation: Installation, finance: Actor
) -> None:
    report = bring(installation, finance, line(), line({"Price": "?"}, number="1002"))
    with installation.db.reading() as session:
        (kept,) = latest_imports(session)
        (event,) = latest_events(session)
    assert (kept.id, kept.actor, kept.added, kept.refused) == (report.import_id, "fia", 1, 1)
    (refused,) = json.loads(kept.report)
    assert (refused["sheet"], refused["row"], refused["column"]) == ("Invoice lines", 3, "Price")
    assert (event.actor, event.action, event.subject) == ("fia", "import", "x.xlsx")
    assert "1 document added" in event.detail


def test_one_unreadable_file_keeps_all_of_them_out(
    installation: Installation, finance: Actor
) -> None:
    files = [("good.xlsx", as_report(line())), ("bad.xlsx", b"nothing")]
    with pytest.raises(UnreadableFile) as caught:
        import_files(Desk(installation, finance), files)
    assert str(caught.value).startswith("bad.xlsx cannot be imported. ")
    assert str(caught.value).endswith(" Nothing of the other files was imported either.")
    with installation.db.reading() as session:
        (refused,) = latest_imports(session)  # the one file, so that it can be seen why
        assert invoices_by_number(session, "recman", ["1001"]) == {}
    assert (refused.kind, refused.filename, refused.added) == (REFUSED_FILE, "bad.xlsx", 0)
    assert "Nothing of the other files" not in refused.report


def test_who_may_only_look_may_not_import(installation: Installation, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_files(Desk(installation, analyst), [])


def test_progress_is_told_for_all_files_together(
    installation: Installation, finance: Actor
) -> None:
    rows = [line(number=str(number)) for number in range(1, 1102)]
    told: list[tuple[int, int]] = []
    import_files(
        Desk(installation, finance),
        [("l.csv", as_csv(as_grid(rows), ";", "utf-8")), ("c", as_report(customer()))],
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 1102), (501, 1102), (1001, 1102), (1102, 1102)]


def test_reading_is_told_for_each_file_from_its_beginning_to_its_end(
    installation: Installation, finance: Actor
) -> None:
    rows = [line(number=str(number)) for number in range(1, 1102)]
    told: list[tuple[str, float]] = []
    import_files(
        Desk(installation, finance),
        [("l.xlsx", as_report(*rows)), ("c.xlsx", as_report(customer()))],
        reading=lambda filename, share: told.append((filename, share)),
    )
    shares = [share for filename, share in told if filename == "l.xlsx"]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert len(shares) > 5
    assert told[-1] == ("c.xlsx", 1.0)


@pytest.mark.both
def test_numbers_are_texts_and_keep_their_zeros(installation: Installation, finance: Actor) -> None:
    bring(installation, finance, line({NUMBER: "0042", "Customer no.": "007"}))
    document = stored(installation, "0042")
    assert document.customer.number == "007"
