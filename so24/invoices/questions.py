"""A person's answers: is it the same document, the same firm, and is a list right about a customer?

What asks stands in :mod:`so24.sources.landing.wording` and in
:mod:`so24.sources.landing.disputes`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.language.said import change_part, join_said, say, say_count
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.landing.buyers import ask_again, settle_disputes
from so24.sources.landing.disputes import ask_whose
from so24.sources.landing.whose import SAME_FIRM, Firm, is_said
from so24.sources.landing.wording import DATE_NEVER_CHANGES, SAME_OR_ANOTHER
from so24.store.documents.buyers import SAID_TO_BE_ITS_CUSTOMERS
from so24.store.documents.documents import documents_by_ids, exclude, questioned_customers
from so24.store.documents.intake import customers_of, exported_ids
from so24.store.tables.document_tables import Asks, Customer, Invoice
from so24.store.tables.ground import now
from so24.store.transfers.open_lanes import count_open
from so24.store.transfers.transfers import live_transfers


@dataclass(frozen=True)
class ListQuestion:
    """A customer whose number a list gives to another party, and the question about it.

    ``known`` and ``stated`` are both firms in words: the customer's, and the list's.
    """

    number: str
    name: str
    question: str
    known: str
    stated: str


@dataclass(frozen=True)
class AskedDocument:
    """A document about which something is asked, and the two firms where that is whose it is."""

    invoice_id: int
    number: str
    made_out_to: str
    customer_number: str
    customer: str
    question: str


def list_asked(desk: Desk, invoice_ids: Collection[int], asks: Asks) -> list[AskedDocument]:
    """Of these documents those of which the first question is about this, as :class:`Asks` says."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        found = documents_by_ids(session, invoice_ids).values()
        rows = [row for row in found if row.asks is asks]
        owners = customers_of(session, rows)
        return [_describe_asked(row, owners[row.customer_id]) for row in rows]


def _describe_asked(row: Invoice, owner: Customer) -> AskedDocument:
    return AskedDocument(
        row.row_id,
        f"{row.series}-{row.number}",
        row.buyer_name or row.owner_name,
        owner.number,
        owner.name,
        row.questions[0],
    )


def answer_questions(desk: Desk, invoice_ids: Collection[int], *, same: bool) -> int:
    """Say of documents that look like another one, or came again with another date, what they are.

    ``same``: a look-alike is left out of exports, and what came with another date is a correction,
    which the next import brings. Else both are documents of their own; one with another date needs
    another number, for this one is taken. Of several questions about one document the first is
    answered, which is the one that is shown. Whose a document is, is another question: see
    :func:`answer_whose`. Returns how many were asked about.
    """
    with desk.writing(Permission.IMPORT) as session:
        found = documents_by_ids(session, invoice_ids).values()
        rows = [row for row in found if row.asks in (Asks.DOCUMENT, Asks.DATE)]
        sent = exported_ids(session, (row.row_id for row in rows))
        for row in rows:
            question = row.questions[0]
            if row.resembles:
                row.resembles = ""
                if same:
                    answer = say("It is the same document.")
                    exclude(row, change_part(question, SAME_OR_ANOTHER, answer))
            else:
                row.redated, row.redated_apart = "", not same
                if same and row.id in sent:
                    row.changed_after_export = True
                    row.change = change_part(question, DATE_NEVER_CHANGES, "")
            row.updated_at = now()
            # in English: the audit trail
            action = "said to be the same document" if same else "said to be another document"
            desk.record(session, action, row.full_name, question)
    return len(rows)


def answer_whose(desk: Desk, invoice_ids: Collection[int], *, same: bool) -> int:
    """Say of documents made out to another firm than their customer is whether both are one.

    ``same``: it is the customer's, as long as that stays the firm that it is now. Else it is
    another firm's, and left out of exports; others of the customer that waited only because it
    contradicted them go on. Returns how many were asked about.
    """
    with desk.writing(Permission.IMPORT) as session:
        found = documents_by_ids(session, invoice_ids).values()
        rows = [row for row in found if row.whose and not row.excluded]
        owners = customers_of(session, rows)
        for row in rows:
            question, owner = row.whose, owners[row.customer_id]
            if same:
                if not row.buyer_name:  # what it came in as stays known, and can be taken back
                    row.buyer_name, row.buyer_number = row.owner_name, row.owner_number
                row.whose = ""
                row.owner_name, row.owner_number = owner.name, owner.organization_number
            else:
                statement = change_part(question, SAME_FIRM, "")
                exclude(row, join_said([say("It is another firm's."), statement]))
            row.updated_at = now()
            # in English: the audit trail
            action = SAID_TO_BE_ITS_CUSTOMERS if same else "said to be another firm's"
            desk.record(session, action, row.full_name, question)
        if not same and rows:
            for number, before in settle_disputes(session, owners):
                desk.record(
                    session,
                    "customer renamed by an answer",
                    number,
                    say("was {before}", before=before),
                )
    return len(rows)


def take_back_whose(desk: Desk, invoice_ids: Collection[int]) -> int:
    """Forget of documents that a person has said they are their customer's, and ask anew.

    Those in transfer or transferred stay as they are. Returns how many were taken back.
    """
    with desk.writing(Permission.IMPORT) as session:
        found = documents_by_ids(session, invoice_ids)
        live = live_transfers(session, found)
        rows = [row for row in found.values() if is_said(row) and row.id not in live]
        owners = customers_of(session, rows)
        for row in rows:
            row.owner_name = row.owner_number = ""
            row.whose = ask_whose(row, owners[row.customer_id])
            row.updated_at = now()
            desk.record(session, "taken back that it is its customer's", row.full_name, row.whose)
    return len(rows)


def open_customer_questions(desk: Desk) -> list[ListQuestion]:
    """What is asked about customers, in the order of their numbers as texts."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        rows = questioned_customers(session, desk.settings.tenant)
        return [
            ListQuestion(
                row.number,
                row.name,
                row.question,
                Firm.of(row).words,
                Firm(row.stated_name, row.stated_number).words,
            )
            for row in rows
        ]


def answer_customer_question(desk: Desk, number: str, *, right: bool) -> int:
    """Say whether what a list states of a customer is right, so that name and number change.

    The next import brings the rest; what is wrong is not asked about again. The customer's
    documents that are not sent yet are compared with the firm that it is now: returns how many of
    them are made out to another one, and wait. Raises
    :class:`WrongUse` for a customer about whom nothing is asked, and while an invoice of the
    customer is in transfer: it would be another firm's half-way.
    """
    with desk.writing(Permission.IMPORT) as session:
        rows = questioned_customers(session, desk.settings.tenant)
        row = next((each for each in rows if each.number == tidy_identifier(number)), None)
        if row is None:
            raise WrongUse(say("Nothing is asked about customer {customer}.", customer=number))
        if right:
            count = count_open(session, customer_id=row.row_id)
            if count:
                raise WrongUse(
                    say_count(
                        "{number} document of customer {customer} in transfer; answer when that "
                        "has ended.",
                        "{number} documents of customer {customer} in transfer; answer when that "
                        "has ended.",
                        count,
                        customer=number,
                    )
                )
            row.name = row.known_as = row.stated_name
            # the number that is here is that of the firm which the customer is not
            row.organization_number = row.stated_number
        question, row.question = row.question, ""
        asked = ask_again(session, [row])
        # in English: the audit trail
        action = "list believed about customer" if right else "list not believed about customer"
        desk.record(session, action, number, question)
    return len(asked)
