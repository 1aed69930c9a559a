"""Whom a stored document is made out to, and whether its customer still is that firm.

This is decided when the document comes, and again whenever its customer is called something else:
by a list, a report or a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from so24.company_names import name_words
from so24.sources.documents.documents import SourceDocument
from so24.sources.landing.whose import (
    Firm,
    HasBuyer,
    ask_about_customer,
    ask_whose,
    disagree,
    is_another_firm,
)
from so24.store.documents.intake import documents_not_sent
from so24.store.tables.document_tables import Customer, Invoice
from so24.store.tables.ground import now


def keep_buyer(
    row: HasBuyer,
    customer: Customer,
    document: SourceDocument,
    *,
    disputed: bool = False,
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
    row.whose = ask_whose(row, customer, disputed=disputed)
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

    What is asked of them and of the customers follows. Returns the new questions, each with its
    document's name.
    """
    for customer in customers:
        if customer.question:
            stated = Firm(customer.stated_name, customer.stated_number)
            question = ask_about_customer(customer.number, Firm.of(customer), stated)
            customer.question = question if is_another_firm(customer, stated) else ""
    by_id = {each.row_id: each for each in customers}
    asked: list[str] = []
    for row in documents_not_sent(session, by_id) if by_id else ():
        question = ask_whose(row, by_id[row.customer_id])
        if not question:
            _keep_owner_of_nameless(row, by_id[row.customer_id])
        if question == row.whose:
            continue
        if question:
            asked.append(tell_question(row, question))
        row.whose, row.updated_at = question, now()
    return asked


def tell_question(row: Invoice, question: str) -> str:
    """What is asked about a document, with its name."""
    name = row.full_name
    return f"{name[:1].upper()}{name[1:]}: {question}"
