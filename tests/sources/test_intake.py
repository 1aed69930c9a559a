"""The intake: every document lands once, its sums to the øre, and a change is seen."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.errors import NotAllowed, UnreadableFile
from so24.installation import Installation
from so24.people.roles import Actor
from so24.sources.intake import ImportReport, import_files
from so24.store.audit import latest_events
from so24.store.document_tables import DocumentKind, Invoice
from so24.store.documents import Document, latest_imports, load_documents
from so24.store.intake import departments_by_number, invoices_by_number, products_by_number
from so24.store.transfer_tables import State
from so24.store.transfers import NewTransfer, create_run
from tests.sources.reports import (
    NUMBER,
    as_csv,
    as_grid,
    as_report,
    as_workbook,
    customer,
    line,
)

Counts = tuple[int, int, int, int]
HELD_BY_OFFICE = [State.QUEUED, State.UNKNOWN, State.TRANSFERRED, State.EXISTS, State.DIFFERS]
NEVER_THERE = [State.LOGIN, State.BLOCKED, State.REFUSED, State.NOT_SENT, State.CANCELLED]
NO_DATE = {"Invoice date": "20.11.2026"}


def bring(installation: Installation, actor: Actor, *rows: dict[str, Any]) -> ImportReport:
    (report,) = import_files(installation, actor, [("x.xlsx", as_report(*rows))])
    return report


def counts(report: ImportReport) -> Counts:
    return report.added, report.updated, report.unchanged, report.flagged


def stored(installation: Installation, number: str = "1001") -> Document:
    """The one document with this number."""
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", [number])
        (row,) = [row for rows in found.values() for row in rows]
        assert row.id is not None
        (document,) = load_documents(session, [row.id])
    return document


def send(installation: Installation, document: Document, state: State) -> None:
    with installation.db.writing() as session:
        create_run(session, "fia", [NewTransfer(document.invoice_id, state)])


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


def test_the_same_file_twice_changes_nothing(installation: Installation, finance: Actor) -> None:
    rows = [line(NO_DATE), line(number="1002"), line(number="1003")]
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


def test_the_invoice_date_is_the_columns_else_the_one_asked_for_else_a_proposal(
    installation: Installation, finance: Actor
) -> None:
    rows = as_report(line(NO_DATE), line({"Date": "17.11.2026"}, number="1002"))
    import_files(installation, finance, [("x.xlsx", rows)])
    dated, assumed = stored(installation).invoice, stored(installation, "1002").invoice
    assert (dated.invoice_date, dated.date_assumed) == (dt.date(2026, 11, 20), False)
    assert (assumed.invoice_date, assumed.date_assumed) == (dt.date(2026, 11, 17), True)
    asked = dt.date(2026, 11, 30)
    (report,) = import_files(installation, finance, [("x.xlsx", rows)], invoice_date=asked)
    assert counts(report) == (0, 1, 1, 0)
    assert stored(installation).invoice.invoice_date == dt.date(2026, 11, 20)
    assumed = stored(installation, "1002").invoice
    assert (assumed.invoice_date, assumed.date_assumed) == (asked, False)


def test_a_document_without_any_date_is_refused(installation: Installation, finance: Actor) -> None:
    report = bring(installation, finance, line({"Date": ""}), line(number="1002"))
    assert report.added == 1
    (refused,) = report.refused
    assert (refused.row, refused.reason) == (
        2,
        "1001 has no invoice date, and no line has a date to propose",
    )


def test_the_due_date_follows_the_credit_days_whenever_the_customer_comes(
    installation: Installation, finance: Actor
) -> None:
    lines = ("lines.xlsx", as_report(line(NO_DATE)))
    customers = ("customers.xlsx", as_report(customer()))
    import_files(installation, finance, [lines])
    assert stored(installation).invoice.due_date is None
    import_files(installation, finance, [customers])
    document = stored(installation)
    assert document.invoice.due_date == dt.date(2026, 12, 4)
    assert (document.customer.completed, document.customer.postal_code) == (True, "0152")


def test_files_may_come_in_any_order(installation: Installation, finance: Actor) -> None:
    lines = ("lines.xlsx", as_report(line(NO_DATE)))
    customers = ("customers.xlsx", as_report(customer({"Credit days": 30})))
    reports = import_files(installation, finance, [lines, customers])
    assert [report.kind for report in reports] == ["invoice lines", "customers"]
    assert stored(installation).invoice.due_date == dt.date(2026, 12, 20)


def test_the_due_date_of_an_exported_document_stays(
    installation: Installation, finance: Actor
) -> None:
    import_files(
        installation, finance, [("c", as_report(customer())), ("l", as_report(line(NO_DATE)))]
    )
    send(installation, stored(installation), State.TRANSFERRED)
    (report,) = import_files(
        installation, finance, [("c", as_report(customer({"Credit days": 30})))]
    )
    assert counts(report) == (0, 1, 0, 0)
    assert stored(installation).invoice.due_date == dt.date(2026, 12, 4)


def test_a_list_without_a_column_leaves_that_detail_as_it_is(
    installation: Installation, finance: Actor
) -> None:
    import_files(installation, finance, [("c", as_report(customer())), ("l", as_report(line()))])
    short = as_workbook({"S": as_grid([customer({"City": "Moss"})], without=["Credit days"])})
    import_files(installation, finance, [("c", short)])
    known = stored(installation).customer
    assert (known.city, known.credit_days) == ("Moss", 14)
    (report,) = import_files(installation, finance, [("c", short)])
    assert counts(report) == (0, 0, 1, 0)


def test_a_held_document_is_released_by_a_file_that_says_its_kind(
    installation: Installation, finance: Actor
) -> None:
    unclear = line({"Sum excl. VAT": 0})
    import_files(installation, finance, [("x", as_report(unclear, sheet="S"))])
    assert stored(installation).invoice.held
    (report,) = import_files(
        installation, finance, [("x", as_report(unclear, sheet="Credit notes"))]
    )
    assert counts(report) == (0, 1, 0, 0)
    row = stored(installation).invoice
    assert (row.kind, row.held) == (DocumentKind.CREDIT_NOTE, "")
    (report,) = import_files(installation, finance, [("x", as_report(unclear, sheet="S"))])
    assert counts(report) == (0, 0, 1, 0)


def test_two_departments_of_one_series_do_not_share_a_document(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(), line({"Department no.": "20"}, number="2001"))
    with installation.db.writing() as session:
        departments_by_number(session, ["20"])["20"].series = "10"
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
    assert "1 added" in event.detail


def test_one_unreadable_file_keeps_all_of_them_out(
    installation: Installation, finance: Actor
) -> None:
    files = [("good.xlsx", as_report(line())), ("bad.xlsx", b"nothing")]
    with pytest.raises(UnreadableFile, match=r"bad\.xlsx cannot be imported"):
        import_files(installation, finance, files)
    with installation.db.reading() as session:
        assert latest_imports(session) == []
        assert invoices_by_number(session, "recman", ["1001"]) == {}


def test_who_may_only_look_may_not_import(installation: Installation, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        import_files(installation, analyst, [])


def test_progress_is_told_for_all_files_together(
    installation: Installation, finance: Actor
) -> None:
    rows = [line(number=str(number)) for number in range(1, 1102)]
    told: list[tuple[int, int]] = []
    import_files(
        installation,
        finance,
        [("l.csv", as_csv(as_grid(rows), ";", "utf-8")), ("c", as_report(customer()))],
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 1102), (501, 1102), (1001, 1102), (1102, 1102)]


LINES = st.tuples(
    st.decimals(Decimal("0.01"), 5000, places=2),  # quantity
    st.decimals(Decimal("0.01"), 20_000, places=3),  # price
    st.sampled_from(["25", "15", "12", "11,11", "0"]),
)
WRITINGS: dict[str, Callable[[Decimal], Any]] = {
    "english workbook": lambda amount: amount,
    "norwegian text": lambda amount: str(amount).replace(".", ","),
    "grouped text": lambda amount: f"{amount:,}".replace(",", "\u00a0").replace(".", ","),
}
SERIES = itertools.count(1)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    documents=st.lists(st.lists(LINES, min_size=1, max_size=6), min_size=1, max_size=5),
    writing=st.sampled_from(sorted(WRITINGS)),
    file_kind=st.sampled_from(["three sheets", "one sheet", "csv"]),
)
def test_the_sums_in_the_store_are_the_sources_to_the_ore(
    installation: Installation,
    finance: Actor,
    documents: list[list[tuple[Decimal, Decimal, str]]],
    writing: str,
    file_kind: str,
) -> None:
    series = f"S{next(SERIES)}"
    write = WRITINGS[writing]
    rows, expected = [], {}
    for number, parts in enumerate(documents, 1):
        ore: dict[Decimal, int] = {}
        for quantity, price, rate in parts:
            net = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
            percent = Decimal(rate.replace(",", "."))
            ore[percent] = ore.get(percent, 0) + int(net * 100)
            amounts = {"Quantity": quantity, "Price": price, "Sum excl. VAT": net}
            written = {name: write(amount) for name, amount in amounts.items()}
            if writing != "english workbook" or file_kind == "csv":
                # as text, three decimals could also be thousands
                written["Price"] = str(price).replace(".", ",") + "0"
            other = {"VAT %": rate, "Department no.": series}
            rows.append(line(written | other, number=str(number)))
        vat = sum((net * int(rate * 100) + 5000) // 10_000 for rate, net in ore.items())
        expected[str(number)] = (sum(ore.values()), vat)
    grid = as_grid(rows)
    sheets = {"Both": grid, "Invoices": grid, "Credit notes": []}
    contents = {
        "three sheets": as_workbook(sheets),
        "one sheet": as_workbook({"Invoice lines": grid}),
        "csv": as_csv(grid, ";", "utf-8"),
    }
    content = contents[file_kind]
    first, again = (import_files(installation, finance, [("f", content)])[0] for _ in range(2))
    assert first.refused == ()
    assert (counts(first), counts(again)) == (
        (len(documents), 0, 0, 0),
        (0, 0, len(documents), 0),
    )
    with installation.db.reading() as session:
        found = invoices_by_number(session, "recman", expected)
        ours: list[Invoice] = [row for (owner, _), each in found.items() if owner == series
                               for row in each]  # fmt: skip
        loaded = load_documents(session, [row.id for row in ours if row.id])
    in_store = {
        each.invoice.number: (int(each.invoice.net * 100), int(each.invoice.vat * 100))
        for each in loaded
    }
    assert in_store == expected
    for document in loaded:
        assert sum(each.net for each in document.lines) == document.invoice.net
        assert document.invoice.net + document.invoice.vat == document.invoice.total
        wanted = [
            (quantity, price) for quantity, price, _ in documents[int(document.invoice.number) - 1]
        ]
        assert [(each.quantity, each.unit_price) for each in document.lines] == wanted


def test_numbers_are_texts_and_keep_their_zeros(installation: Installation, finance: Actor) -> None:
    bring(installation, finance, line({NUMBER: "0042", "Customer no.": "007"}))
    document = stored(installation, "0042")
    assert document.customer.number == "007"
