"""Whom a stored document is made out to, and whether its customer still is that firm.

This is decided when the document comes, and again whenever its customer is called something else:
by a list, a report or a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session

from so24.firms.names import name_words
from so24.language.said import say
from so24.sources.documents.documents import SourceDocument
from so24.sources.landing.disputes import Dispute, ask_whose
from so24.sources.landing.whose import (
    Firm,
    HasBuyer,
    ask_about_customer,
    disagree,
    is_another_firm,
)
from so24.store.documents.buyers import undoubted_buyers
from so24.store.documents.intake import customers_by_number, documents_not_sent
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.ground import now


def keep_buyer(
    row: HasBuyer,
    customer: Customer,
    document: SourceDocument,
    *,
    dispute: Dispute | None = None,
    told_elsewhere: bool = False,
) -> str:
    """Keep whom the document is made out to, and ask where its customer is another firm.

    ``told_elsewhere``: another source has stated it; its word is taken back by the same source
    only. Returns the question, which is empty where nothing is asked.
    """
    known, stated = Firm.buyer_of(row), Firm.stated_by(document)
    if told_elsewhere and known.name and not disagree(Firm.of(customer), stated):
        stated = known if disagree(known, stated) else _complete(known, stated)
    if stated.name:
        if name_words(stated.name) != name_words(known.name):
            row.owner_name = row.owner_number = ""  # what was said of another name
        row.buyer_name, row.buyer_number = stated.name, stated.organization_number
    row.whose = ask_whose(row, customer, dispute)
    if not row.whose and name_words(row.buyer_name) == name_words(customer.name):
        _keep_owner(row, customer)
    _keep_owner_of_nameless(row, customer)
    return row.whose


def _keep_owner_of_nameless(row: HasBuyer, customer: Customer) -> None:
    if not row.whose and not row.buyer_name:
        _keep_owner(row, customer)


def _keep_owner(row: HasBuyer, customer: Customer) -> None:
    if not row.owner_name:
        row.owner_name, row.owner_number = customer.name, customer.organization_number


def _complete(known: Firm, other: Firm) -> Firm:
    return Firm(known.name, known.organization_number or other.organization_number)


def ask_again(session: Session, customers: Sequence[Customer]) -> list[str]:
    """Compare documents not yet sent with what their customers are called now.

    What is asked of them and of the customers follows; what is left out of exports waits for its
    return. Returns the new questions, each with its
    document's name.
    """
    for customer in customers:
        if customer.question:
            stated = Firm(customer.stated_name, customer.stated_number)
            question = ask_about_customer(customer.number, Firm.of(customer), stated)
            customer.question = question if is_another_firm(customer, stated) else ""
    by_id = {each.row_id: each for each in customers}
    rows = _waiting_or_going(session, by_id) if by_id else []
    disputes = find_disputes(session, by_id, rows)
    asked: list[str] = []
    for row in rows:
        question = ask_whose(row, by_id[row.customer_id], disputes.get(row.customer_id))
        if not question:
            _keep_owner_of_nameless(row, by_id[row.customer_id])
        if question == row.whose:
            continue
        if question:
            asked.append(tell_question(row, question))
        row.whose, row.updated_at = question, now()
    return asked


def _waiting_or_going(session: Session, customers: Mapping[int, Customer]) -> list[Invoice]:
    """What of these customers may still be sent; what is left out is asked about on its return."""
    return [row for row in documents_not_sent(session, customers) if not row.excluded]


def find_known(session: Session, tenant: str, numbers: Iterable[str]) -> frozenset[str]:
    """Those of these customers' numbers of which it is known whose they are."""
    rows = customers_by_number(session, tenant, numbers).values()
    known = _are_known(session, {row.row_id: row for row in rows})
    return frozenset(row.number for row in rows if row.row_id in known)


def _are_known(session: Session, customers: Mapping[int, Customer]) -> set[int]:
    """Customers of a list, and those that documents call so of which nothing is asked."""
    known = {each for each, row in customers.items() if row.completed}
    for customer_id, buyer in undoubted_buyers(session, customers.keys() - known):
        name = customers[customer_id].name
        if buyer and name and name_words(buyer) == name_words(name):
            known.add(customer_id)
    return known


def find_disputes(
    session: Session, customers: Mapping[int, Customer], rows: Iterable[Invoice]
) -> dict[int, Dispute]:
    """What these documents, as far as they wait, dispute about their customers, by their ids."""
    disputes: dict[int, Dispute] = {}
    for row in rows:
        if row.whose:
            told = disputes.setdefault(row.customer_id, Dispute())
            told.add(row.buyer_name, f"{row.series}-{row.number}")
    disputes = {each: told for each, told in disputes.items() if told.is_one}
    for each in _are_known(session, {each: customers[each] for each in disputes}):
        disputes[each].decided = True
    return disputes


def settle_disputes(session: Session, customers: Mapping[int, Customer]) -> list[tuple[str, str]]:
    """What follows where documents that gave a customer's number to another firm are left out.

    A customer of whom nothing is known but the names of documents that wait is called as those
    that are left agree on, and these go on. Returns each one's number and its name before.
    """
    waiting: dict[int, Dispute] = {}
    for row in _waiting_or_going(session, customers):
        if row.whose:
            told = waiting.setdefault(row.customer_id, Dispute())
            told.add(row.buyer_name, row.number)
    certain = {each for each, _ in undoubted_buyers(session, waiting)}
    renamed: list[tuple[str, str]] = []
    for each, told in waiting.items():
        customer, name = customers[each], told.last_name
        if customer.completed or each in certain or told.is_one or not name:
            continue
        if disagree(Firm.of(customer), Firm(name)):
            renamed.append((customer.number, customer.name))
            customer.name = customer.known_as = name
    ask_again(session, list(customers.values()))
    return renamed


def tell_held(row: Invoice, question: str) -> str:
    """That a document which is here waits now, for one of its number has come, which stays out."""
    document = f"{row.series}-{row.number}"
    return say(
        "{document} is held until you answer, and what came stays out: {question}",
        document=document,
        question=question,
    )


def tell_question(row: Invoice, question: str) -> str:
    """What is asked about a document, with its name."""
    document = f"{row.series}-{row.number}"
    if row.kind is DocumentKind.CREDIT_NOTE:
        return say("Credit note {document}: {question}", document=document, question=question)
    return say("Invoice {document}: {question}", document=document, question=question)
