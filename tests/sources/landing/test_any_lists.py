"""Whatever lists come in a row: a document never becomes another firm's without a question."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from so24.firms.names import share_a_word
from so24.installation import Installation
from so24.invoices.questions import answer_customer_question, open_customer_questions
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.documents import Document
from tests.sources.acts import bring, stored
from tests.sources.report_files import as_report, customer, line

CUSTOMERS = count(7001)
WORDS = ("Havørn", "Bygg", "Transport", "Bjørkelund", "Lyng")
NUMBERS = ("", "100000008", "100013576", "100054280")
NO_NUMBERS = ("100000009", "000000000", "999999999", "123456789", "1,00E+08", "ukjent")
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True).map(
    lambda words: f"{' '.join(words)} AS"
)
MADE_OUT_TO = st.one_of(st.just(""), NAMES)
STATED = st.tuples(NAMES, st.sampled_from(NUMBERS + NO_NUMBERS))
Firm = tuple[str, str]  # name and organization number, as a list states them
WALK = [("Havørn Transport AS", ""), ("Bygg Transport AS", ""), ("Bjørkelund Bygg AS", "100013576")]


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=STATED, named=MADE_OUT_TO, lists=st.lists(STATED, min_size=1, max_size=4))
@example(first=("Havørn Transport AS", "100054280"), named="Havørn Transport AS", lists=WALK)
@example(first=("Havørn Transport AS", ""), named="Havørn Transport AS", lists=WALK)
@example(first=("Havørn Transport AS", "100054280"), named="", lists=WALK)
@example(first=("Bygg Transport AS", "100013576"), named="Havørn Transport AS", lists=WALK[2:])
def test_no_chain_of_lists_gives_a_document_to_another_firm(
    installation: Installation, finance: Actor, first: Firm, named: str, lists: list[Firm]
) -> None:
    assert_no_chain_gives_it_away(installation, finance, first, named, lists)


@pytest.mark.long
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=STATED, named=MADE_OUT_TO, lists=st.lists(STATED, min_size=1, max_size=7))
def test_no_long_chain_does(
    installation: Installation, finance: Actor, first: Firm, named: str, lists: list[Firm]
) -> None:
    assert_no_chain_gives_it_away(installation, finance, first, named, lists)


def assert_no_chain_gives_it_away(
    installation: Installation, finance: Actor, first: Firm, named: str, lists: list[Firm]
) -> None:
    """The document comes after the first list; then the others come, and once more the report."""
    number = str(next(CUSTOMERS))
    bring_list(installation, finance, number, first)
    paper = line({"Customer no.": number, "Company": named}, number=number)
    bring(installation, finance, paper)
    owner = stored(installation, number).customer
    known, named = owner.organization_number, named or owner.name
    for each in lists:
        bring_list(installation, finance, number, each)
        assert_is_its_own(stored(installation, number), named, known)
    desk = Desk(installation, finance)
    if any(each.number == number for each in open_customer_questions(desk)):
        answer_customer_question(desk, number, right=True)
        assert_is_its_own(stored(installation, number), named, known)
    bring(installation, finance, paper)
    assert_is_its_own(stored(installation, number), named, known)


def assert_is_its_own(document: Document, named: str, known: str) -> None:
    """It is held, or its customer is the firm that it names."""
    owner, invoice = document.customer, document.invoice
    asked = bool(owner.question or invoice.whose)
    same_number = bool(known) and owner.organization_number == known
    assert asked or same_number or share_a_word(named, owner.name), (owner.name, invoice.whose)
    assert invoice.buyer_name in (named, "")


def bring_list(installation: Installation, finance: Actor, number: str, stated: Firm) -> None:
    """A customers list that gives the number to this firm."""
    name, organization = stated
    changes = {"Customer no.": number, "Company": name, "Organization number": organization}
    files = [("customers.xlsx", as_report(customer(changes), sheet="Customers"))]
    import_files(Desk(installation, finance), files)
