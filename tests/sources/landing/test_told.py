"""What is asked of documents, and why rows are refused, is told in the language of who reads it."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects.sqlite import dialect

from so24.installation import Installation
from so24.language.reader import speaking
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.import_reports import read_report
from so24.sources.intake import import_files
from so24.sources.landing.buyers import tell_question
from so24.sources.landing.credit_notes import hold_named
from so24.sources.landing.disputes import Dispute, ask_whose
from so24.sources.landing.identify import Held, RefusedDocument, identify
from so24.sources.landing.whose import NewBuyer
from so24.sources.landing.wording import SAME_OR_ANOTHER
from so24.store.documents.intake import invoices_by_number
from so24.store.tables.document_tables import Customer, DocumentKind
from so24.store.tables.ground import SaidWords
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.sources.acts import DATED, bring
from tests.sources.landing.test_doubtful_invoices import CREDITS, LINES, of_number
from tests.sources.landing.test_identify import LATER, arriving, stored
from tests.sources.report_files import NUMBER, as_grid, as_report, as_workbook, line, read_file

pytestmark = pytest.mark.usefixtures("bokmal")


def told(text: str) -> str:
    """The text in bokmål, after it was kept in a column of words and read again."""
    column = SaidWords()
    back = column.process_result_value(column.process_bind_param(text, dialect()), dialect())
    assert back == text
    assert back is not None
    with speaking("nb"):
        return tell(back)


def test_a_held_document_asks_in_bokmal_with_the_amounts_that_it_was_asked_with(
    installation: Installation, finance: Actor
) -> None:
    import_files(Desk(installation, finance), [LINES, CREDITS])
    with installation.db.writing() as session:
        (row,) = invoices_by_number(session, "recman", ["9001"])["10", "9001"]
        before, row.held = row.held, ""
        hold_named(session, "recman", [row])
        assert row.held == before
        asked = told(row.held)
    assert asked == (
        "RecMans rapport «Credit notes» oppgir det som kreditnota til faktura 1001 med "
        "\u22123\xa0867,19. Linjene kom inn som en faktura på 3\xa0867,19\xa0NOK, samme beløp med "
        "motsatt fortegn. Er det en faktura eller en kreditnota?"
    )


@pytest.mark.both
def test_a_look_alike_that_the_store_holds_asks_in_bokmal(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line(DATED), line(DATED, number="Faktura 1001"))
    question = of_number(installation, "Faktura 1001")[0].resembles
    assert question.endswith(SAME_OR_ANOTHER)
    with speaking("nb"):
        told_question = tell(question)
    assert told_question == (
        "Nummeret 10-Faktura 1001 ligner på nummeret til faktura 10-1001 av 20.11.2026, kunde "
        "5001, 3\xa0867,19\xa0NOK. Er det samme bilag eller et annet?"
    )


@pytest.mark.both
def test_a_refused_row_that_an_import_has_kept_is_told_in_bokmal(
    installation: Installation, finance: Actor
) -> None:
    given = bring(installation, finance, line(), line({"Currency": "kroner"}, number="1002"))
    _, report = read_report(Desk(installation, finance), given.import_id)
    (refused,) = report.refused
    with speaking("nb"):
        assert tell(refused.reason) == (
            "skal være en valuta på tre bokstaver som NOK, ikke «KRONER»"
        )


def test_another_date_is_asked_about_in_bokmal_with_who_it_is_for_inside() -> None:
    decision = identify(arriving("other", invoice_date=LATER), [stored()])
    assert isinstance(decision, Held)
    assert told(decision.question) == (
        "1001 av 20.11.2026 er kommet på nytt med datoen 20.11.2027: 5001 Nordvik Logistikk AS, "
        "20.11.2027, 125,00 NOK (netto 100,00, mva. 25,00). RecMan endrer aldri datoen på en "
        "faktura: Er det samme bilag, eller et annet med samme nummer?"
    )


def test_whose_a_document_is_is_asked_in_bokmal_with_firms_in_norwegian_marks() -> None:
    dispute = Dispute()
    for name, number in (("Delta Rør AS", "1001"), ("Nordvik AS", "1002")):
        dispute.add(name, number)
    buyer = NewBuyer(buyer_name="Delta Rør AS")
    question = ask_whose(buyer, Customer(tenant="t", number="5001", name="Nordvik AS"), dispute)
    row = stored(kind=DocumentKind.CREDIT_NOTE).row
    assert told(tell_question(row, question)) == (
        "Kreditnota 10-1001: Bilaget er utstedt til «Delta Rør AS», og 1002 er utstedt til "
        "«Nordvik AS», alle med kundenummer 5001: ingenting kjent sier hvem nummeret tilhører. "
        "Er det samme firma?"
    )


def test_a_document_that_stays_out_is_refused_in_bokmal() -> None:
    decision = identify(arriving(invoice_date=LATER, department_number="11"), [
        stored(origin="EHF", invoice_date=LATER, exported=True)
    ])  # fmt: skip
    assert isinstance(decision, RefusedDocument)
    assert told(decision.reason) == (
        "1001 finnes allerede som 10-1001 i en annen avdeling, med 125,00\xa0NOK; velg den "
        "avdelingen for filen, eller utelat det bilaget først hvis avdelingen er feil"
    )


def test_a_row_that_lacks_much_is_refused_in_bokmal_with_the_headings_as_recman_has_them() -> None:
    lacking = dict.fromkeys(line(), "") | {NUMBER: "1001", "Customer no.": "5001", "Price": "1"}
    first, *_ = read_file("lines.xlsx", as_report(line(), lacking)).refused
    assert told(first.reason) == (
        "mangler «Department no.», «Currency», «Sum excl. VAT», «Quantity» og «VAT %»: fjern raden "
        "hvis den ikke er en linje; ellers fyll dem inn"
    )


def test_rows_and_sums_that_do_not_agree_are_told_in_bokmal() -> None:
    rows = [line(), line({"Company": "Delta Rør AS"}), dict.fromkeys(line(), "")]
    grid = as_grid([*rows[:2], rows[2] | {NUMBER: "Total", "Sum excl. VAT": "1"}])
    source = read_file("lines.xlsx", as_workbook({"Invoice lines": grid}))
    firms = "«Nordvik Logistikk AS» i rad 2 og «Delta Rør AS» i rad 3"
    assert {told(each.reason) for each in source.refused} == {
        f"1001 har to firmaer med samme kundenummer: {firms}"
    }
    aside, differs = source.warnings
    assert told(aside) == (
        "Rad 4 («Total») i arket «Invoice lines» er en sum eller en bunntekst: utelatt."
    )
    assert told(differs).startswith("Rad 4 i arket «Invoice lines» («Total») oppgir 1,00 som Sum ")
    assert "Avvist, og ikke med i dette, er 1001 med " in told(differs)
