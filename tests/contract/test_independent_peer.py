"""Live mode against a 24SevenOffice that so24 did not bring along."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from so24.errors import LoginRefused, WrongCompany
from so24.invoices.declarations import declare_credited
from so24.keys.change import change_key
from so24.keys.key_settings import CREDIT_NOTES
from so24.people.desk import Desk
from tests.contract.conftest import ADMIN, CLIENT, OTHER, Begin
from tests.contract.wire import Manners

pytestmark = pytest.mark.slow

SPARE = Manners(
    "says as little as the schema allows",
    prefix=None,
    payload_prefix="q1",
    answers_with="chunks",
    upper_guids=True,
)
FULL = Manners(
    "fills all with .NET minimum values",
    prefix="soap",
    offset=dt.timezone(dt.timedelta(hours=2)),
    sentinels=True,
    spare=False,
    ignores_active=True,
    pages_of_nothing=1,
)
ODD = Manners(
    "old, loose and backwards",
    answers_with="close",
    lawful=False,
    spare=False,
    turns_answers_round=True,
    encoding="utf-16",
    lost_session="",
)
SENT = 58  # of the demo's documents; one customer is incomplete, live keys hold credit notes back


@pytest.mark.parametrize(
    "manners",
    [ODD, *(pytest.param(each, marks=pytest.mark.long) for each in (SPARE, FULL))],
    ids=lambda each: each.name,
)
def test_every_document_arrives_once_as_issued_whatever_the_manners(
    begin: Begin, manners: Manners
) -> None:
    live = begin(manners)
    live.add_key()
    lines = live.export(live.load_documents())
    assert Counter(line.state.public_name for line in lines) == {"transferred": SENT, "blocked": 4}
    assert len(live.orders()) == SENT
    assert {(order["OrderStatus"], order["Distributor"]) for order in live.orders()} == {
        ("Invoiced", "Manual")
    }
    theirs = {order["ReferenceNumber"]: order["OrderTotalIncVat"] for order in live.orders()}
    ours = {f"RM-{line.series}-{line.number}": line.total for line in lines if line.order_id}
    assert theirs == ours
    assert live.peer.complaints == []


def test_credit_notes_name_what_their_invoices_have_become(begin: Begin) -> None:
    live = begin(FULL)
    key = live.add_key()
    change_key(Desk(live.installation, ADMIN), key.id, CREDIT_NOTES.to(True))
    ids = live.load_documents()
    lines = live.export(ids)
    assert Counter(line.state.public_name for line in lines) == {
        "transferred": SENT + 2,
        "blocked": 2,
    }
    booked = {order["ReferenceNumber"]: order for order in live.orders()}
    [waiting] = (line for line in lines if line.number == "9002")
    declare_credited(
        Desk(live.installation, ADMIN), waiting.invoice_id, booked["RM-10-1004"]["InvoiceId"]
    )
    assert live.export([waiting.invoice_id])[0].state.public_name == "transferred"
    booked = {order["ReferenceNumber"]: order for order in live.orders()}
    for note, invoice in (
        ("RC-10-9001", "RM-10-1016"),
        ("RC-20-9101", "RM-20-2004"),
        ("RC-10-9002", "RM-10-1004"),
    ):
        assert booked[note]["ReferenceInvoiceId"] == booked[invoice]["InvoiceId"]
        assert booked[note]["ReferenceOrderId"] == booked[invoice]["OrderId"]
        assert booked[note]["OrderTotalIncVat"] < 0
    assert live.peer.complaints == []


def test_a_second_export_makes_no_call(begin: Begin) -> None:
    live = begin(SPARE)
    live.add_key()
    ids = live.load_documents()
    live.export(ids)
    live.peer.calls.clear()
    again = live.export(ids)
    assert Counter(line.state.public_name for line in again) == {"exists": SENT, "blocked": 4}
    assert not live.peer.calls


def test_an_account_of_another_company_is_refused_and_writes_nothing(begin: Begin) -> None:
    live = begin(SPARE, OTHER)
    with pytest.raises(WrongCompany, match="Selskap 770012 AS"):
        live.add_key()
    assert live.peer.writes == 0


def test_an_account_that_loses_its_company_later_writes_nothing(begin: Begin) -> None:
    live = begin(SPARE, OTHER, CLIENT)
    live.add_key()
    ids = live.load_documents()
    door = live.peer.books.door
    door.sessions.clear()
    door.account = replace(door.account, memberships=door.account.memberships[:1])
    lines = live.export(ids)
    assert Counter(line.state.public_name for line in lines) == {"login": SENT, "blocked": 4}
    assert live.peer.writes == 0


def test_the_right_company_of_two_is_chosen_again_after_a_new_login(begin: Begin) -> None:
    live = begin(FULL, OTHER, CLIENT)
    assert live.add_key().trial.switched
    live.peer.books.door.sessions.clear()
    live.export(live.load_one())
    assert len(live.orders()) == 1
    assert live.orders(OTHER) == []
    assert live.peer.calls["Login"] == 2


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Ingen tilgang",
        pytest.param("Session is not authenticated", marks=pytest.mark.long),
        pytest.param("No valid session", marks=pytest.mark.long),
    ],
)
def test_a_lost_session_is_renewed_whatever_its_words(begin: Begin, words: str) -> None:
    live = begin(Manners("forgetful", lost_session=words))
    live.add_key()
    live.peer.books.door.sessions.clear()
    live.export(live.load_one())
    assert len(live.orders()) == 1
    assert live.peer.calls["Login"] == 2


@pytest.mark.parametrize(
    "moments",
    [
        ["SaveCompanies"],
        ["SaveInvoices", "GetInvoices", "SaveInvoices"],
        pytest.param(["SaveProducts"], marks=pytest.mark.long),
        pytest.param(["GetInvoices"], marks=pytest.mark.long),
        pytest.param(["SaveInvoices"], marks=pytest.mark.long),
    ],
    ids=" ".join,
)
def test_a_session_that_ends_in_the_middle_does_not_end_a_document(
    begin: Begin, moments: list[str]
) -> None:
    live = begin(SPARE)
    live.add_key()
    live.peer.books.door.forgets_at = [*moments]
    [line] = live.export(live.load_one())
    assert line.state.public_name == "transferred"
    assert len(live.orders()) == 1
    assert live.peer.calls["Login"] == 1 + len(moments)


@pytest.mark.parametrize(
    "refusal",
    ["empty", "absent", "Authentication failed", "The user is not authenticated", "Ukjent bruker"],
)
def test_a_refused_login_is_one_whatever_its_form(begin: Begin, refusal: str) -> None:
    live = begin(Manners("strict", login_refusal=refusal))
    with pytest.raises(LoginRefused):
        live.add_key(password="wrong")
    assert live.peer.calls["Login"] == 1
    assert live.peer.writes == 0


def test_an_inactive_customer_is_not_taken_although_the_list_shows_it(begin: Begin) -> None:
    live = begin(FULL)
    live.add_key()
    old = {"Id": 17, "ExternalId": "RM-5001", "Name": "Nedlagt AS", "Active": False}
    live.peer.books.companies[CLIENT].customers[17] = old
    live.export(live.load_one())
    [order] = live.orders()
    assert order["CustomerId"] != 17
