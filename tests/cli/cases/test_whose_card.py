"""Attempts to get invoices booked on another firm's card: by lists, reports, files and answers.

One installation with the demo; each attempt has a customer of its own, so that they may come in any
order. The books are judged after each: by the card that an order lies on, not by what so24 says.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from so24.demo import DEMO_FILES
from so24.sandbox.books.seed import DEMO_WORLD, OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.cli.cases.papers import firm, row
from tests.cli.conftest import CommandLine, Said, live_environment
from tests.conftest import put_database
from tests.sources.ehf.bills import Item, Sample
from tests.sources.report_files import as_report

pytestmark = pytest.mark.slow  # seconds each

BJORKELUND = ("Bjørkelund Bygg AS", "100013576")
HAVORN = "Havørn Transport AS"


class Accountant:
    """Brings lists and reports, and looks into the books."""

    def __init__(self, so24: CommandLine) -> None:
        self.so24 = so24

    def bring_list(self, number: str, name: str, organization: str) -> Said:
        """A customers list of one row."""
        content = as_report(firm(number, name, organization), sheet="Customers")
        return self._bring("list.xlsx", content)

    def bring_lines(self, *rows: dict[str, Any]) -> Said:
        """A report of these lines."""
        return self._bring("lines.xlsx", as_report(*rows))

    def bring_bill(self, bill: Sample) -> Said:
        """An EHF file."""
        return self._bring("bill.xml", bill.content)

    def bring_demo_again(self) -> Said:
        """The demo's *Invoice lines* once more."""
        return self.so24("import", str(DEMO_FILES[1]))

    def export(self, *numbers: str) -> dict[str, str]:
        """What becomes of these documents, by number."""
        said = self.so24("export", *numbers, "--wait", "--json")
        return {each["number"]: each["state"] for each in said.json}

    def card_of(self, number: str) -> str:
        """On whose card the document is booked; empty where it is not."""
        office = self.so24.office.books()[OSLO]
        cards = {each["Id"]: each["Name"] for each in office["companies"]}
        booked = [
            cards[order["CustomerId"]]
            for order in office["orders"]
            if order["OrderStatus"] == "Invoiced"
            and order.get("ReferenceNumber", "").endswith(f"-{number}")
        ]
        assert len(booked) <= 1, "nothing is booked twice"
        return booked[0] if booked else ""

    def id_of(self, name: str) -> str:
        """The id of the card of this name."""
        companies = self.so24.office.books()[OSLO]["companies"]
        return str(next(each["Id"] for each in companies if each["Name"] == name))

    def question_of(self, number: str) -> str:
        """What waits for an answer about a document."""
        asked = self.so24("invoices", "--asked", "--json").json
        return next((each["question"] for each in asked if each["number"] == number), "")

    def document(self, number: str) -> dict[str, Any]:
        """The document as the overview has it."""
        [found] = [
            each for each in self.so24("invoices", "--json").json if each["number"] == number
        ]
        return dict(found)

    def _bring(self, name: str, content: bytes) -> Said:
        path = self.so24.folder / name
        path.write_bytes(content)
        return self.so24("import", str(path), "--department", "10")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[Accountant]:
    """The demo, of which 1011 and 1014 are transferred."""
    folder = tmp_path_factory.mktemp("whose")
    with pytest.MonkeyPatch.context() as patch, SandboxServer(world=DEMO_WORLD) as office:
        patch.chdir(folder)
        put_database(folder / "data", migrated_file)
        for name, value in live_environment(folder, office).items():
            patch.setenv(name, value)
        so24 = CommandLine(folder, Control(office.address))
        so24.well("activate")
        so24.add_key()
        so24.well("import", *map(str, DEMO_FILES))
        so24.well("export", "1011", "1014", "--wait")
        yield Accountant(so24)


def lines_of(number: str, customer: str, name: str, price: str = "1000") -> dict[str, Any]:
    """A line of an invoice of department 10."""
    return row(number, firm(customer, name), "1", price)


@pytest.mark.slow
def test_a_list_without_a_number_paves_no_way_for_another_firm(books: Accountant) -> None:
    assert books.bring_list("5005", "Bygg Transport AS", "").code == 0
    told = books.bring_list("5005", *BJORKELUND)
    assert told.code == 1
    assert "100054280" in told.err
    assert books.export("1003", "1010") == {"1003": "blocked", "1010": "blocked"}
    assert "Customer 5005" in books.question_of("1003")
    books.so24.well("customers", "answer", "5005", "--wrong")
    assert books.bring_list("5005", HAVORN, "100054280").code == 0
    assert books.export("1003", "1010") == {"1003": "transferred", "1010": "transferred"}
    assert {books.card_of("1003"), books.card_of("1010")} == {HAVORN}


UNREADABLE = {"8011": "100000009", "8012": "000000000", "8013": "1,00E+08", "8014": "999999999"}


@pytest.mark.parametrize(("customer", "unreadable"), UNREADABLE.items())
def test_nor_does_a_list_with_a_number_that_is_none(
    books: Accountant, customer: str, unreadable: str
) -> None:
    books.bring_list(customer, "Lyng Transport AS", "100600005")
    books.bring_lines(lines_of(f"9{customer}", customer, "Lyng Transport AS"))
    books.bring_list(customer, "Bygg Transport AS", unreadable)
    assert "(100600005) here, and" in books.bring_list(customer, *BJORKELUND).err
    assert books.export(f"9{customer}") == {f"9{customer}": "blocked"}


def test_names_do_not_walk_from_firm_to_firm_a_word_at_a_time(books: Accountant) -> None:
    books.bring_list("8001", "Lyng Transport AS", "")
    books.bring_lines(lines_of("8101", "8001", "Lyng Transport AS"))
    assert books.bring_list("8001", "Bygg Transport AS", "").code == 0
    assert books.bring_list("8001", *BJORKELUND).code == 1
    assert books.export("8101") == {"8101": "blocked"}
    assert books.card_of("8101") == ""


def test_a_number_that_another_firm_has_taken_over_does_not_take_its_documents_along(
    books: Accountant,
) -> None:
    books.bring_list("8002", "Lyng Transport AS", "")
    books.bring_lines(lines_of("8102", "8002", "Lyng Transport AS"))
    books.bring_list("8002", "Bygg Transport AS", "100013576")
    told = books.bring_list("8002", *BJORKELUND)
    assert (told.code, "8102" in told.err) == (1, True)
    assert books.export("8102") == {"8102": "blocked"}
    assert "“Lyng Transport AS”" in books.question_of("8102")
    assert "Bjørkelund" in books.question_of("8102")


def test_believing_a_list_holds_what_is_made_out_to_the_old_firm(books: Accountant) -> None:
    books.bring_list("5004", *BJORKELUND)
    said = books.so24("customers", "answer", "5004", "--right")
    assert (said.code, "4 documents of the customer" in said.err) == (1, True)
    assert books.export("1016", "1023") == {"1016": "blocked", "1023": "blocked"}
    question = books.question_of("1016")
    assert "Solvang Barnehager AS" in question
    assert "Bjørkelund Bygg AS" in question
    again = books.bring_demo_again()
    assert (again.code, "Invoice 10-1016: It is made out to" in again.err) == (1, True)
    assert (
        "1 of 1 were asked about: another firm"
        in books.so24.well("answer", "1016", "--another-firm").err
    )
    assert books.document("1016")["excluded"]
    books.so24.well("include", "1016")
    assert books.question_of("1016") == question, "taken in again it is asked about anew"
    books.so24.well("answer", "1023", "--same-firm")
    assert books.question_of("1023") == ""
    assert "10-1023" not in books.bring_demo_again().err, "a person has said it"
    assert (books.card_of("1016"), books.card_of("1030")) == ("", "")


def test_one_invoice_number_with_two_firms_names_does_not_come_in(books: Accountant) -> None:
    told = books.bring_lines(
        lines_of("8103", "5001", "Nordvik Logistikk AS"), lines_of("8103", "5001", HAVORN)
    )
    assert told.code == 1
    assert "“Nordvik Logistikk AS” in row 2 and “Havørn Transport AS” in row 3" in told.err
    assert "no document with the number 8103" in books.so24.refused("export", "8103")


def test_a_file_that_contradicts_an_exported_invoice_is_refused_with_both_amounts(
    books: Accountant,
) -> None:
    before = books.document("1014")
    told = books.bring_bill(Sample(number="1014", items=[Item("1", "30000")]))
    assert told.code == 1
    assert "37\xa0500,00" in told.err
    assert "stays as it is" in told.err
    assert f"{Decimal(before['total']):,.2f}".replace(",", "\xa0").replace(".", ",") in told.err
    assert books.document("1014") == before


def test_what_the_same_source_changes_after_the_export_is_told_with_both_amounts(
    books: Accountant,
) -> None:
    books.bring_lines(lines_of("8104", "5001", "Nordvik Logistikk AS"))
    books.export("8104")
    told = books.bring_lines(lines_of("8104", "5001", "Nordvik Logistikk AS", "2000"))
    shown = books.so24("imports", told.out.splitlines()[1].split()[0])
    listed = books.so24("invoices", "--check", "--search", "@no=8104")
    assert (told.code, listed.code) == (1, 1)
    for text in (told.err, shown.err, listed.out, books.document("8104")["change"]):
        assert "NOK 1 250,00" in text.replace("\xa0", " ")
        assert "NOK 2 500,00" in text.replace("\xa0", " ")
    assert books.bring_lines(lines_of("8104", "5001", "Nordvik Logistikk AS")).code == 0
    assert books.document("8104")["change"] == ""


def test_a_question_that_is_no_longer_true_is_decided_again(books: Accountant) -> None:
    books.bring_lines(lines_of("8105", "5008", HAVORN))
    assert "that of “Fagerlia Helse AS”" in books.question_of("8105")
    assert books.question_of("1006") == ""
    books.bring_list("5008", HAVORN, "100054280")
    books.so24("customers", "answer", "5008", "--right")
    assert books.question_of("8105") == ""
    assert "“Fagerlia Helse AS”" in books.question_of("1006")


def test_what_waits_for_a_lists_question_is_counted_and_names_its_own_answer(
    books: Accountant,
) -> None:
    books.bring_list("5007", *BJORKELUND)
    assert "Customer 5007" in books.question_of("1012")
    for arguments in (("answer", "1012", "--another"), ("answer", "1012", "--same-firm")):
        said = books.so24(*arguments)
        assert (said.code, "0 of 1 were asked about" in said.err) == (1, True)
        assert (
            "so24 customers answer 5007 --right or so24 customers answer 5007 --wrong" in said.err
        )
    assert books.so24("release", "1012", "--kind", "invoice").code == 1
    dry_run = books.so24("export", "1012", "--dry-run")
    assert (dry_run.code, "1 waiting for an answer" in dry_run.err) == (1, True)
    said = books.so24("export", "1012", "--wait")
    wanted = "so24 customers answer 5007 --right or so24 customers answer 5007 --wrong"
    assert wanted in said.err
    assert "so24 " not in said.out, "what a receipt on a screen says as well"
    books.so24.well("customers", "answer", "5007", "--wrong")
    assert books.question_of("1012") == ""


@pytest.mark.slow
def test_a_transferred_document_that_comes_again_as_another_firms_is_told(
    books: Accountant,
) -> None:
    bjorkelund = lines_of("8106", "5002", "Bjørkelund Bygg AS")
    books.bring_lines(bjorkelund)
    assert books.export("8106") == {"8106": "transferred"}
    told = books.bring_lines({**bjorkelund, "Company": HAVORN})
    assert told.code == 1
    assert "made out to “Bjørkelund Bygg AS”" in told.err
    assert HAVORN in books.document("8106")["change"]
    assert books.bring_lines(bjorkelund).code == 0
    assert not books.document("8106")["changed_after_export"]


def test_one_answer_does_not_answer_two_questions(books: Accountant) -> None:
    bergen = {"Department no.": "20", "Department": "Bergen"}
    books.bring_lines({**lines_of("8107", "5009", "Strandheim Hotell AS"), **bergen})
    books.bring_lines(
        {**lines_of("08107", "5009", "Strandheim Hotell AS", "700"), **bergen},
        {**lines_of("8108", "5009", HAVORN), **bergen},
    )
    said = books.so24("answer", "--all", "--department", "Bergen", "--same")
    assert (said.code, "1 of 1 were asked about: the same document" in said.err) == (1, True)
    assert "20-8108 waits for another answer (so24 answer 20-8108 --same-firm" in said.err
    assert books.document("08107")["excluded"]
    assert books.export("8108") == {"8108": "blocked"}
    assert books.card_of("8108") == ""
    assert "Say which question" in books.so24.refused("answer", "8108")
    assert "Say which question" in books.so24.refused("answer", "8108", "--same", "--same-firm")
    said = books.so24.well("answer", "--all", "--department", "Bergen", "--another-firm")
    assert "1 of 1 were asked about: another firm" in said.err


def test_a_document_does_not_go_to_a_card_that_shares_no_word_with_its_firm(
    books: Accountant,
) -> None:
    """The customer shares one word with the card, and another one with the document."""
    books.so24.office.edit("edit_company", OSLO, Name="Lyng Transport AS", Type="Business",
                           ExternalId="RM-8003")  # fmt: skip
    books.bring_list("8003", "Anker Transport AS", "")
    books.bring_lines(lines_of("8109", "8003", "Anker Oslo AS"))
    assert books.export("8109") == {"8109": "blocked"}
    assert books.card_of("8109") == ""
    [asked] = [
        each
        for each in books.so24("customers", "candidates", "--json").json
        if each["number"] == "8003"
    ]
    assert "“Anker Oslo AS”" in asked["words"]
    books.so24.well("customers", "link", "8003", "--new", "--why", "Rung up")
    assert books.export("8109") == {"8109": "blocked"}, "the card of its ExternalId is still there"
    books.so24.well("customers", "link", "8003", books.id_of("Lyng Transport AS"), "--why", "Asked")
    assert books.export("8109") == {"8109": "transferred"}
    assert books.card_of("8109") == "Lyng Transport AS", "a person has said it"


def test_one_wrong_row_does_not_hold_the_right_invoices_of_its_customer(books: Accountant) -> None:
    told = books.bring_lines(
        lines_of("8110", "5001", "Nordvik Logistikk AS"), lines_of("8111", "5001", HAVORN)
    )
    assert (told.code, "8110" in told.err, "8111" in told.err) == (1, False, True)
    assert books.export("8110", "8111") == {"8110": "transferred", "8111": "blocked"}
    books.so24.well("answer", "8111", "--same-firm")
    shown = books.so24("export", "8111", "--dry-run", "--look-up")
    assert f"It is made out to “{HAVORN}”, and goes to the card of customer 5001" in shown.err
    assert "said that both are one firm" in shown.err
    assert "1 of 1 are taken back" in books.so24.well("answer", "8111", "--take-back").err
    assert HAVORN in books.question_of("8111")
    again = books.so24("answer", "8111", "--take-back")
    assert (again.code, "0 of 1 are taken back" in again.err) == (1, True)
    assert "stands alone" in books.so24.refused("answer", "8111", "--take-back", "--same-firm")
    assert books.export("8111") == {"8111": "blocked"}
