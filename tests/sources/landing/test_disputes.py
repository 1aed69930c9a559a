"""A file that gives one customer number to two firms: which of its documents wait, and until when.

What is known of the customer decides; where nothing is, all wait until a person has answered.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.invoices.questions import answer_whose
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import Parties
from so24.sources.landing.disputes import CustomerNames, Dispute
from so24.store.tables.document_tables import Customer
from tests.sources.acts import bring, stored
from tests.sources.landing.test_whose import bring_list
from tests.sources.report_files import customer, line

RIGHT, WRONG, BOTH = "Nordvik Logistikk AS", "Zeta Transport AS", "Nordvik Transport AS"
KNOWN = ["a list", "an earlier import"]


def lines(*names: str) -> list[dict[str, Any]]:
    """Documents of one customer number, 2001 and on, made out to these."""
    return [line({"Company": name}, number=str(2001 + at)) for at, name in enumerate(names)]


def question(installation: Installation, number: str) -> str:
    """What is asked about whose the document is."""
    return stored(installation, number).invoice.whose


def make_known(installation: Installation, actor: Actor, how: str) -> None:
    """Have it known that the number is Nordvik's."""
    if how == "a list":
        bring_list(installation, actor, customer())
    else:
        bring(installation, actor, line())


def answer(installation: Installation, actor: Actor, number: str, *, same: bool) -> None:
    """A person's answer about one document."""
    answer_whose(Desk(installation, actor), [stored(installation, number).invoice_id], same=same)


def name_of_customer(installation: Installation) -> str:
    with installation.db.reading() as session:
        return session.exec(select(Customer).where(Customer.number == "5001")).one().name


@pytest.mark.parametrize("how", KNOWN)
@pytest.mark.parametrize("names", [(RIGHT, WRONG), (WRONG, RIGHT)])
def test_where_the_customer_is_known_only_the_document_of_another_firm_waits(
    installation: Installation, finance: Actor, how: str, names: tuple[str, str]
) -> None:
    make_known(installation, finance, how)
    for _ in range(2):
        report = bring(installation, finance, *lines(*names))
        [told] = report.warnings
        assert f"made out to “{WRONG}”" in told
        held = [bool(question(installation, number)) for number in ("2001", "2002")]
        assert held == [name == WRONG for name in names]


@pytest.mark.parametrize("how", KNOWN)
def test_a_name_that_agrees_with_both_firms_waits_where_the_file_contradicts_itself(
    installation: Installation, finance: Actor, how: str
) -> None:
    make_known(installation, finance, how)
    bring(installation, finance, *lines(BOTH, RIGHT, WRONG, "Nordvik Logistikk avd. Oslo"))
    held = [bool(question(installation, str(number))) for number in range(2001, 2005)]
    assert held == [True, False, True, False]
    answer(installation, finance, "2003", same=False)
    assert not question(installation, "2001"), "nothing contradicts it any more"


@pytest.mark.parametrize("names", [(RIGHT, WRONG), (WRONG, RIGHT)])
def test_where_nothing_is_known_all_wait_and_each_question_names_both_firms_and_documents(
    installation: Installation, finance: Actor, names: tuple[str, str]
) -> None:
    for _ in range(2):  # what the file says is not known the better for being said again
        report = bring(installation, finance, *lines(*names))
        assert len(report.warnings) == 2
    for own, other in (("2001", "2002"), ("2002", "2001")):
        asked = question(installation, own)
        assert other in asked
        assert asked.count(RIGHT) == asked.count(WRONG) == 1


@pytest.mark.parametrize("names", [(RIGHT, WRONG, RIGHT), (WRONG, RIGHT, RIGHT)])
def test_once_the_contradicting_document_is_another_firms_the_others_go_on(
    installation: Installation, finance: Actor, names: tuple[str, ...]
) -> None:
    bring(installation, finance, *lines(*names))
    wrong = str(2001 + names.index(WRONG))
    answer(installation, finance, wrong, same=False)
    assert name_of_customer(installation) == RIGHT
    others = [each for each in ("2001", "2002", "2003") if each != wrong]
    assert not any(question(installation, each) for each in others)
    again = bring(installation, finance, *lines(*names))
    assert again.warnings == (), "and so they do when the file comes again"
    assert not any(question(installation, each) for each in others)


def test_while_two_names_are_left_nothing_goes_on(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, *lines(RIGHT, WRONG, "Havørn Bakeri AS"))
    answer(installation, finance, "2002", same=False)
    assert "Havørn Bakeri AS" in question(installation, "2001")
    assert RIGHT in question(installation, "2003")
    assert WRONG not in question(installation, "2001"), "that one is left out"


def test_a_document_that_was_another_firms_is_asked_about_anew_when_it_is_taken_in_again(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, *lines(RIGHT, WRONG))
    ids = [stored(installation, number).invoice_id for number in ("2001", "2002")]
    answer_whose(Desk(installation, finance), ids, same=False)
    set_excluded(Desk(installation, finance), ids[1:], None)
    assert question(installation, "2002"), "nobody has said whose the number is"


def test_a_customer_of_whom_documents_are_sure_is_not_called_otherwise_by_an_answer(
    installation: Installation, finance: Actor
) -> None:
    make_known(installation, finance, "an earlier import")
    bring(installation, finance, *lines(WRONG, "Havørn Bakeri AS"))
    answer(installation, finance, "2002", same=False)
    assert name_of_customer(installation) == RIGHT
    assert WRONG in question(installation, "2001")


def test_no_question_names_one_firm_twice(installation: Installation, finance: Actor) -> None:
    bring_list(installation, finance, customer({"Organization number": "100000008"}))
    bring(installation, finance, *lines(RIGHT, WRONG, RIGHT.upper(), "Nordvik Logistikk"))
    for number in ("2001", "2002", "2003", "2004"):
        asked = question(installation, number)
        assert asked.casefold().count("nordvik") <= 1


def test_names_that_only_pairwise_share_a_word_contradict_each_other() -> None:
    chain = ("Lyng Transport", "Lyng Havørn", "Transport Havørn")
    for names, disputed in ((chain[:2], False), (chain, True), ((RIGHT, "", "—"), False)):
        parties = [Parties("10", "", "5001", name) for name in names]
        assert (CustomerNames.of_file(parties).disputes.keys() == {"5001"}) is disputed


def test_however_many_names_a_number_has_the_question_stays_short() -> None:
    dispute = Dispute()
    for at in range(10_000):
        dispute.add(f"Firm{at}", str(at))
        dispute.add("Nordvik", f"N{at}")
    rival = dispute.rival_of("Firm1")
    assert dispute.is_one
    assert rival is not None
    assert rival.documents in ("0 is", "N0, N1, N2 and 9997 more are")
