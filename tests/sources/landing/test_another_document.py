"""What arrives under a stored document's number, but is evidently another one, replaces nothing.

RecMan's own corrections before the export still do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from so24.amounts import GROUP
from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import ImportReport
from so24.sources.intake import import_files
from so24.store.tables.transfer_tables import State
from tests.sources.acts import DATED, bring, counts, send, stored
from tests.sources.ehf.bills import BUYER, Item, Sample
from tests.sources.report_files import line

OTHER = "923609016"  # an organization number that nobody else has here
ANOTHER = {"Customer no.": "5002", "Company": "Fjordbygg AS"}


def of_another(customer: str = "5002", **more: Any) -> Sample:
    """A file of the same number whose buyer is another customer."""
    names = {">Nordvik Logistikk AS<": ">Fjordbygg AS<"}
    numbers = {f"NO{BUYER}MVA": f"NO{OTHER}MVA", f'schemeID="0192">{BUYER}</cbc:C':
               f'schemeID="0192">{OTHER}</cbc:C', f'schemeID="0192">{BUYER}</cbc:E':
               f'schemeID="0192">{OTHER}</cbc:E'}  # fmt: skip
    return Sample(customer=customer, changes=names | numbers, **more)


def bring_ehf(installation: Installation, actor: Actor, sample: Sample) -> ImportReport:
    files = [("a.xml", sample.content)]
    (report,) = import_files(Desk(installation, actor), files, department="10", new_department=True)
    return report


def reason_of(report: ImportReport) -> str:
    (refused,) = report.refused
    return refused.reason.replace(GROUP, " ")


@pytest.mark.parametrize("amounts", [{}, {"items": [Item(quantity="1")]}])
@pytest.mark.parametrize("customer", ["5002", ""])
def test_another_customers_document_from_another_source_is_refused_with_both_named(
    installation: Installation, finance: Actor, customer: str, amounts: dict[str, Any]
) -> None:
    bring(installation, finance, line(DATED))
    known = Sample()
    bring_ehf(installation, finance, known)  # the customer gets its organization number
    before = stored(installation)
    reason = reason_of(bring_ehf(installation, finance, of_another(customer, **amounts)))
    assert stored(installation) == before
    for words in ("10-1001", "5001 Nordvik Logistikk AS", "20.11.2026", "3 867,19",
                  f"{customer or OTHER} Fjordbygg AS", "exclude"):  # fmt: skip
        assert words in reason


@pytest.mark.parametrize("exported", [False, True])
@pytest.mark.parametrize("amounts", [{}, {"Quantity": 1, "Sum excl. VAT": "412,50"}])
def test_another_customers_document_from_the_same_source_is_refused(
    installation: Installation, finance: Actor, amounts: dict[str, Any], exported: bool
) -> None:
    bring(installation, finance, line(DATED))
    if exported:
        send(installation, stored(installation), State.TRANSFERRED)
    before = stored(installation)
    report = bring(installation, finance, line({**DATED, **ANOTHER, **amounts}))
    assert "5002 Fjordbygg AS" in reason_of(report)
    assert ("in 24SevenOffice already" in reason_of(report)) is exported
    assert (stored(installation), counts(report)) == (before, (0, 0, 0, 0))


def test_two_files_that_differ_in_nothing_but_a_buyer_without_number_are_two_documents(
    installation: Installation, finance: Actor
) -> None:
    bring_ehf(installation, finance, Sample(customer=""))
    report = bring_ehf(installation, finance, of_another(""))
    assert "is here already as another document" in reason_of(report)
    files = [("a.xml", Sample(number="1002", customer="").content),
             ("b.xml", of_another("", number="1002").content)]  # fmt: skip
    (both,) = import_files(Desk(installation, finance), files, department="10", new_department=True)
    assert len(both.refused) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"Customer no.": "6001"},  # renumbered
        {"Company": "Nordvik Gruppen AS"},  # renamed
        {"Price": "400", "Sum excl. VAT": "3000"},
        {"Article": "Helgevakt uke 48"},
    ],
)
def test_a_correction_of_the_same_customers_document_is_an_update(
    installation: Installation, finance: Actor, change: dict[str, Any]
) -> None:
    bring(installation, finance, line(DATED))
    report = bring(installation, finance, line({**DATED, **change}))
    assert (counts(report), report.refused) in (((0, 1, 0, 0), ()), ((0, 0, 1, 0), ()))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"Quantity": 8, "Sum excl. VAT": 3300}, ("3 867,19", "4 125,00")),
        ({"VAT %": 15}, ("VAT 773,44", "VAT 464,06", "3 867,19", "3 557,81")),
        ({"Currency": "SEK"}, ("NOK 3 867,19", "SEK 3 867,19")),
        ({"Invoice date": "21.11.2026"}, ("20.11.2026", "21.11.2026")),
    ],
)
@pytest.mark.parametrize("file_first", [True, False])
def test_two_sources_that_contradict_each_other_are_told_and_neither_wins(
    installation: Installation,
    finance: Actor,
    file_first: bool,
    rows: dict[str, Any],
    words: tuple[str, ...],
) -> None:
    row = line({**DATED, **rows})
    acts: list[Callable[[], ImportReport]] = [
        lambda: bring_ehf(installation, finance, Sample()),
        lambda: bring(installation, finance, row),
    ]
    first, second = acts if file_first else acts[::-1]
    first()
    before = stored(installation)
    reason = reason_of(second())
    after = stored(installation)
    assert (after.invoice, after.lines) == (before.invoice, before.lines)
    assert all(each in reason for each in words)
    assert reason_of(second()) == reason  # and again, as long as nobody has mended it


def test_lines_that_are_split_otherwise_are_no_contradiction(
    installation: Installation, finance: Actor
) -> None:
    bring_ehf(installation, finance, Sample())
    half = {"Quantity": "3.75", "Sum excl. VAT": "1546.875"}
    rows = [line({**half, "Sum excl. VAT": each}) for each in ("1546.87", "1546.88")]
    assert counts(bring(installation, finance, *rows)) == (0, 0, 1, 0)
    assert len(stored(installation).lines) == 1


def test_a_person_may_let_the_other_document_take_the_place_of_a_wrong_one(
    installation: Installation, finance: Actor
) -> None:
    bring_ehf(installation, finance, of_another())
    row = line({"Quantity": 8, "Sum excl. VAT": 3300})
    wrong = stored(installation)
    assert reason_of(bring(installation, finance, row))
    set_excluded(Desk(installation, finance), [wrong.invoice_id], "came in by a wrong file")
    assert counts(bring(installation, finance, row)) == (0, 1, 0, 0)
    right = stored(installation)
    assert (right.customer.number, right.invoice.net) == ("5001", Decimal(3300))
    assert (right.invoice.excluded, right.invoice.excluded_reason) == (False, "")
    assert (right.invoice.kid, right.invoice.due_stated, right.invoice.note) == ("", False, "")
    assert right.invoice.invoice_date == dt.date(2026, 11, 18)


def test_an_excluded_document_stays_excluded_when_it_is_only_corrected(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    set_excluded(Desk(installation, finance), [stored(installation).invoice_id], "a test")
    changed = line({"Price": "400", "Sum excl. VAT": "3000"})
    assert counts(bring(installation, finance, changed)) == (0, 1, 0, 0)
    assert stored(installation).invoice.excluded
