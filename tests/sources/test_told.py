"""What an import says is kept in English, and told in the language of who reads it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from so24.installation import Installation
from so24.language.reader import speaking
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import RefusedRow, SourceLine
from so24.sources.ehf.release import CEN
from so24.sources.import_reports import ImportReport, read_report
from so24.sources.inbox.notes import write_note
from so24.sources.intake import import_files
from so24.sources.reports.line_cells import LineHead, LineRow
from so24.sources.reports.packed_rows import pack_rows, unpack_rows
from so24.sources.sheets.cells.cell import EMPTY, BadCell
from so24.sources.sheets.cells.numbers import read_decimal
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.sources.ehf.bills import Sample
from tests.sources.report_files import as_report, line

pytestmark = pytest.mark.usefixtures("bokmal")

ONE = Decimal(1)
DAY = dt.date(2026, 11, 20)
HEAD = LineHead(
    "1001", "10", "", "5001", "", "NOK", "", "", "", "", "", "", "", DAY, None, None
)  # fmt: skip
LINE = SourceLine(2, "", "", "", ONE, ONE, ONE, ONE)


def kept(installation: Installation, actor: Actor, name: str, content: bytes) -> ImportReport:
    """The report of this file's import, as the store has it."""
    desk = Desk(installation, actor)
    [given] = import_files(desk, [(name, content)], department="10", new_department=True)
    _, report = read_report(desk, given.import_id)
    assert report == given
    return report


def told(row: RefusedRow) -> str:
    """Why the row is refused, as a Norwegian reads it."""
    with speaking("nb"):
        return tell(row.reason)


def test_a_refused_cell_is_told_in_bokmal_with_what_stands_in_it(
    installation: Installation, finance: Actor
) -> None:
    rows = as_report(line({"Price": "01019012345 kr"}))
    [refused] = kept(installation, finance, "lines.xlsx", rows).refused
    assert refused.reason == "must be a number, not “[personal number] kr”"
    assert told(refused).startswith("skal være et tall, ikke «[")


def test_a_refused_ehf_file_is_told_in_bokmal_with_the_rule_and_its_amounts(
    installation: Installation, finance: Actor
) -> None:
    payable = b'<cbc:PayableAmount currencyID="NOK">'
    content = Sample().content.replace(payable, payable + b"1")
    [refused] = kept(installation, finance, "a.xml", content).refused
    amounts = "3\xa0867,19", "13\xa0867,19"
    english = "total, prepaid amount and rounding come to {}, but {} is stated".format(*amounts)
    assert refused.reason == f"1001: BR-CO-16 ({CEN}): {english}"
    assert told(refused) == (
        f"1001: BR-CO-16 ({CEN}): beløp med mva., forhåndsbetalt beløp og avrunding gir "
        "{} å betale, men {} er oppgitt".format(*amounts)
    )


def test_warnings_are_told_in_bokmal_with_their_values(
    installation: Installation, finance: Actor
) -> None:
    [seller, *_] = kept(installation, finance, "a.xml", Sample().content).warnings
    assert seller.startswith("The seller is ")
    with speaking("nb"):
        assert tell(seller).startswith("Selgeren er ")


def test_the_note_beside_a_dropped_file_is_in_the_language_of_the_process(
    installation: Installation, finance: Actor
) -> None:
    report = kept(installation, finance, "lines.xlsx", as_report(line({"Price": ""})))
    past, _ = read_report(Desk(installation, finance), report.import_id)
    with speaking("nb"):
        note = write_note("lines.xlsx", "0" * 64, "", [(past, report)])
    assert "(fakturalinjer)\n1 rad avvist.\nAvvist:\n  Invoice lines, rad 2, Price: er tom" in note


def test_a_row_on_its_way_to_the_store_keeps_what_its_refusals_are_made_of() -> None:
    with pytest.raises(BadCell) as error:
        read_decimal("?", decimals=2)
    reasons = (EMPTY, error.value.words)
    refused = tuple(RefusedRow("Lines", 2, "Price", reason) for reason in reasons)
    [row] = unpack_rows(pack_rows([LineRow(HEAD, LINE, refused)]))
    assert row.refused == refused
    assert list(map(told, row.refused)) == ["er tom", "skal være et tall, ikke «?»"]
