"""What became of each import is kept, and read again by whoever may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from so24.errors import NotAllowed, WrongUse
from so24.installation import Installation
from so24.invoices.overview import read_overview
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import import_choices, list_imports, read_report
from so24.sources.intake import import_files
from so24.store.documents.overview import InvoiceFilter
from so24.store.people.audit import LogFilter
from so24.store.tables.document_tables import Import
from tests.sources.acts import bring
from tests.sources.ehf.bills import SELLER, Sample
from tests.sources.report_files import as_report, customer, line

EVERYTHING = LogFilter()


@pytest.fixture
def past(installation: Installation, admin: Actor, finance: Actor) -> Installation:
    """Three imports: fia's lines with a refused row, ada's customers, fia's lines again."""
    bring(installation, finance, line(), line({"Price": "?"}, number="1002"))
    bring(installation, admin, customer())
    bring(installation, finance, line({"Price": "1", "Sum excl. VAT": "7.50"}), line(number="1003"))
    for import_id, day in ((1, 2), (2, 3), (3, 4)):
        with installation.db.writing() as session:
            row = session.get_one(Import, import_id)
            row.at = dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC)
    return installation


def listed(past: Installation, analyst: Actor, wanted: LogFilter) -> list[int]:
    imports, found = list_imports(Desk(past, analyst), wanted)
    assert len(imports) == found
    return [each.import_id for each in imports]


def test_the_newest_comes_first_with_its_counts(past: Installation, analyst: Actor) -> None:
    imports, _ = list_imports(Desk(past, analyst), EVERYTHING)
    assert [(each.import_id, each.actor, each.kind, each.finished) for each in imports] == [
        (3, "fia", "invoice lines", True),
        (2, "ada", "customers", True),
        (1, "fia", "invoice lines", True),
    ]
    assert (imports[2].added, imports[2].refused) == (1, 1)


def test_every_filter_narrows_the_list(past: Installation, analyst: Actor) -> None:
    third = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
    assert listed(past, analyst, LogFilter(begins=third)) == [3, 2]
    assert listed(past, analyst, LogFilter(ends=third)) == [1]
    assert listed(past, analyst, LogFilter(actor="fia")) == [3, 1]
    assert listed(past, analyst, LogFilter(kinds=frozenset({"customers"}))) == [2]
    assert import_choices(Desk(past, analyst)) == (["ada", "fia"], ["customers", "invoice lines"])


def test_the_list_comes_in_parts(past: Installation, analyst: Actor) -> None:
    imports, found = list_imports(Desk(past, analyst), EVERYTHING, limit=1, offset=1)
    assert ([each.import_id for each in imports], found) == ([2], 3)


def test_a_report_is_read_as_it_was_given(installation: Installation, finance: Actor) -> None:
    given = bring(installation, finance, line(), line({"Price": "?"}, number="1002"))
    past, kept = read_report(Desk(installation, finance), given.import_id)
    assert kept == given
    assert kept.refused[0].column == "Price"
    assert (past.actor, past.finished) == ("fia", True)


@pytest.mark.parametrize("own", ["", SELLER])
def test_warnings_and_sellers_are_kept(
    installation: Installation, finance: Actor, own: str
) -> None:
    settings = installation.settings.model_copy(update={"sellers": own})
    [given] = import_files(
        Desk(Installation(settings, installation.db, installation.vault), finance),
        [("a.xml", Sample().content)],
        department="10",
        new_department=True,
    )
    assert (given.sellers if own else given.warnings) != ()
    assert read_report(Desk(installation, finance), given.import_id)[1] == given


def test_personal_numbers_are_not_shown(installation: Installation, finance: Actor) -> None:
    name = "kari 010190 12345.xlsx"
    rows = as_report(line({"Price": "01019012345 kr"}))
    [given] = import_files(Desk(installation, finance), [(name, rows)])
    past, kept = read_report(Desk(installation, finance), given.import_id)
    assert past.filename == kept.filename == "kari [personal number].xlsx"
    assert "01019012345" not in kept.refused[0].reason
    assert "[personal number] kr" in kept.refused[0].reason


def test_an_import_that_was_cut_off_says_so(installation: Installation, finance: Actor) -> None:
    def cut_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_files(Desk(installation, finance), [("x.xlsx", as_report(line()))], progress=cut_off)
    [past], _ = list_imports(Desk(installation, finance), EVERYTHING)
    assert not past.finished
    assert read_report(Desk(installation, finance), past.import_id)[1].refused == ()


def test_the_documents_that_are_as_they_came_with_an_import_can_be_listed(
    past: Installation, finance: Actor
) -> None:
    numbers = {
        import_id: sorted(
            row.number
            for row in read_overview(Desk(past, finance), InvoiceFilter(import_id=import_id)).rows
        )
        for import_id in (1, 2, 3)
    }
    assert numbers == {1: [], 2: [], 3: ["1001", "1003"]}


def test_an_import_that_does_not_exist_is_refused(
    installation: Installation, finance: Actor
) -> None:
    with pytest.raises(WrongUse, match="no import 7"):
        read_report(Desk(installation, finance), 7)


@pytest.mark.parametrize("who", ["admin", "finance", "analyst"])
def test_every_role_may_see_what_was_imported(
    past: Installation, who: str, request: pytest.FixtureRequest
) -> None:
    actor: Actor = request.getfixturevalue(who)
    assert list_imports(Desk(past, actor), EVERYTHING)[1] == 3
    assert read_report(Desk(past, actor), 1)[0].import_id == 1
    assert import_choices(Desk(past, actor))[0] == ["ada", "fia"]


def test_an_analyst_does_not_see_the_documents(past: Installation, analyst: Actor) -> None:
    with pytest.raises(NotAllowed):
        read_overview(Desk(past, analyst), InvoiceFilter(import_id=1))


def test_no_personal_number_is_told_or_kept_by_a_refusal(
    installation: Installation, finance: Actor
) -> None:
    rows = [customer({"Organization number": "01017012345"})]
    files = [("customers.xlsx", as_report(*rows, sheet="Customers"))]
    (report,) = import_files(Desk(installation, finance), files)
    (refused,) = report.refused
    assert "[personal number]" in refused.reason
    with installation.db.reading() as session:
        kept = session.exec(select(Import.report)).all()
    assert "01017012345" not in "".join(kept)


def test_a_report_says_how_much_is_asked(installation: Installation, finance: Actor) -> None:
    rows = [line(), line(number="#1001")]
    (report,) = import_files(Desk(installation, finance), [("x.xlsx", as_report(*rows))])
    assert (report.asked, len(report.warnings)) == (1, 1)
