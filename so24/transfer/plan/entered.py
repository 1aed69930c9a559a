"""A person enters which invoice in 24SevenOffice a credit note credits; what is known is said."""

from __future__ import annotations

from sqlmodel import Session

from so24.errors import WrongUse
from so24.invoices.declarations import declare_credited
from so24.keys.routing import route, scopes_of
from so24.language.said import join_said, say
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.credits import find_numbered_there, read_credited
from so24.store.keys.keys import living_keys, served_departments
from so24.store.tables.document_tables import DocumentKind, Invoice
from so24.transfer.plan.credit_notes import check_entered

_ENTER = say("Enter the number that the credited invoice has in 24SevenOffice.")


def enter_credited(desk: Desk, invoice_id: int, number: int) -> str:
    """Say which invoice in 24SevenOffice a credit note credits; returns what will be done by it.

    Raises as :func:`declare_credited`, and :class:`WrongUse` where the number is of a document that
    so24 has booked itself in the credit note's company and that it cannot credit: another firm's,
    in another currency, or itself a credit note. A number that is not known here is saved, for
    24SevenOffice alone can say what it is.
    """
    desk.require(Permission.EXPORT)
    with desk.reading(Permission.EXPORT) as session:
        known = _find_known(session, invoice_id, number)
    declare_credited(desk, invoice_id, number)
    if known is None:
        return say(
            "so24 has not booked that invoice itself: it looks it up before anything is sent."
        )
    return say(
        "That is {document} here; it is read there before anything is sent.", document=_name(known)
    )


def _find_known(session: Session, invoice_id: int, number: int) -> Invoice | None:
    """The document that the number is of, if so24 knows it; raises where it cannot be credited."""
    note = session.get(Invoice, invoice_id)
    if note is None or note.kind is not DocumentKind.CREDIT_NOTE:
        return None  # which is refused as such
    keys = scopes_of(living_keys(session), served_departments(session))
    key = route(note.department_id, keys)
    known = find_numbered_there(session, key.client_id, number) if key else None
    if key is None or known is None:
        return None
    told = say("{number} is {document} here.", number=number, document=_name(known))
    if known.kind is DocumentKind.CREDIT_NOTE:
        raise WrongUse(join_said([told, say("A credit note credits an invoice."), _ENTER]))
    session.expunge(note)  # asked about as if the number were entered, and not changed by that
    note.credited_office_id = number
    fault = check_entered(note, read_credited(session, [note])[invoice_id], key.client_id)
    if fault is not None:
        raise WrongUse(join_said([told, fault.words, _ENTER]))
    return known


def _name(invoice: Invoice) -> str:
    name = f"{invoice.series}-{invoice.number}"
    return say("{kind} {document}", kind=invoice.kind.words, document=name)
