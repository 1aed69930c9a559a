"""How the *Credit notes* report lands: what it states reaches its credit notes, early or late.

The report has no departments: a credit note is known by its number and its customer's. What it
states is kept, so that it reaches its credit note whichever of the two comes first.

An invoice that the report calls a credit note is held until a person has decided. A report whose
sheet states no kind and whose sums have no sign gives a credit note away by nothing else; and no
sign is guessed even where the amounts are the same, because an invoice of another number series
may have the number too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session

from so24.amounts import format_amount
from so24.language.said import join_said, say
from so24.sources.documents.documents import Counts, RefusedRow, SourceCredit
from so24.sources.landing.far_dates import is_far
from so24.store.documents.credit_statements import (
    credit_notes_of,
    named_statements,
    statements_of,
)
from so24.store.documents.credits import customer_numbers
from so24.store.documents.intake import (
    credit_days_of,
    due_date,
    exported_ids,
    invoices_by_bare_number,
)
from so24.store.tables.document_tables import CreditStatement, DocumentKind, Invoice
from so24.store.tables.ground import now

_DISPUTED_LENGTH = 200


def land_credits(
    session: Session, tenant: str, credit_notes: Sequence[SourceCredit], counts: Counts
) -> None:
    """Keep what the report states, and give it to the credit notes that are here already.

    A row is refused where its number fits several credit notes of the customer, or one that was
    exported and credits another invoice. What came as an invoice and is named here is held.
    """
    numbers = [each.number for each in credit_notes]
    stated = statements_of(session, tenant, numbers)
    here = credit_notes_of(session, tenant, numbers)
    rows = [row for found in here.values() for row in found]
    exported = exported_ids(session, [row.row_id for row in rows])
    news: list[CreditStatement] = []
    for credit in credit_notes:
        key = (credit.number, credit.customer_number)
        if reason := _refusal(credit, here.get(key, []), exported):
            counts.refused.append(RefusedRow(credit.sheet, credit.row, "", reason))
            continue
        wanted = _statement(tenant, credit)
        statement = stated.get(key)
        if statement is None:
            session.add(wanted)
            news.append(wanted)
            counts.added += 1
        elif _take(statement, wanted):
            news.append(statement)
            counts.updated += 1
        else:
            counts.unchanged += 1
    session.flush()
    link_credit_notes(session, tenant, [row for row in rows if row.id not in exported])
    doubtful = invoices_named_by(session, tenant, news)
    sent = exported_ids(session, [row.row_id for row in doubtful])
    counts.flagged += hold_named(session, tenant, doubtful, sent)


def link_credit_notes(session: Session, tenant: str, rows: Collection[Invoice]) -> None:
    """Give these stored documents, none of them exported, what the report states of them.

    A credit note takes the invoice that it credits, and its date in the place of an assumed one.
    Where several are called the same, or the currency is another, it takes nothing.
    """
    notes = [row for row in rows if row.kind is DocumentKind.CREDIT_NOTE and not row.held]
    if not notes:
        return
    numbers = [row.number for row in notes]
    stated = statements_of(session, tenant, numbers)
    here = credit_notes_of(session, tenant, numbers)
    customers = customer_numbers(session, [row.customer_id for row in notes])
    days = credit_days_of(session, [row.customer_id for row in notes])
    for row in notes:
        key = (row.number, customers[row.customer_id])
        statement = stated.get(key)
        alone = len(here.get(key, [])) == 1
        if statement and alone and statement.currency in ("", row.currency):
            _link(row, statement, days.get(row.customer_id))


def _link(row: Invoice, statement: CreditStatement, credit_days: int | None) -> None:
    row.credited_number = statement.credited_number
    if row.date_assumed and statement.credit_date is not None:
        row.invoice_date = statement.credit_date
        row.date_assumed = is_far(statement.credit_date)
        if not row.due_stated:
            row.due_date = due_date(row.invoice_date, credit_days)
    row.updated_at = now()


def _refusal(credit: SourceCredit, rows: Sequence[Invoice], exported: Collection[int]) -> str:
    if len(rows) > 1:
        names = ", ".join(sorted(f"{row.series}-{row.number}" for row in rows))
        return say(
            "customer {customer} has several credit notes {document} ({names}); say of each in the "
            "invoice overview which invoice it credits",
            customer=credit.customer_number,
            document=credit.number,
            names=names,
        )
    for row in rows:
        if row.credited_number != credit.credited_number and row.id in exported:
            return _tell_credited(credit.number, row.credited_number)
        if credit.currency and credit.currency != row.currency:
            return say(
                "credit note {document} is in {currency}, here it is in {other}",
                document=credit.number,
                currency=row.currency,
                other=credit.currency,
            )
    return ""


def _tell_credited(number: str, credited: str) -> str:
    """Why a credit note that was exported cannot credit another invoice any more."""
    if not credited:
        return say(
            "credit note {document} was exported as a credit note of another invoice already",
            document=number,
        )
    return say(
        "credit note {document} was exported as a credit note of {invoice} already",
        document=number,
        invoice=credited,
    )


def _statement(tenant: str, credit: SourceCredit) -> CreditStatement:
    return CreditStatement(
        tenant=tenant,
        number=credit.number,
        customer_number=credit.customer_number,
        credited_number=credit.credited_number,
        credit_date=credit.credit_date,
        total=credit.total,
        currency=credit.currency,
        disputed=", ".join(credit.disputed)[:_DISPUTED_LENGTH],
    )


def _take(statement: CreditStatement, wanted: CreditStatement) -> bool:
    """Let a stored statement say what the report says now; whether that is something new."""
    changed = False
    for name in ("credited_number", "credit_date", "total", "currency", "disputed"):
        value = getattr(wanted, name)
        changed = changed or getattr(statement, name) != value
        setattr(statement, name, value)
    return changed


def hold_named(
    session: Session, tenant: str, rows: Iterable[Invoice], exported: Collection[int] = ()
) -> int:
    """Hold those of these stored documents that came as invoices and are named as credit notes.

    Those among ``exported`` are flagged as well; returns how many were. What a person has released
    as an invoice is held again only by something new: the caller says which rows are looked at.
    """
    invoices = [row for row in rows if row.kind is DocumentKind.INVOICE and not row.held]
    if not invoices:
        return 0
    named = named_statements(session, tenant, [row.number for row in invoices])
    customers = customer_numbers(session, [row.customer_id for row in invoices])
    flagged = 0
    for row in invoices:
        statement = named.get((row.number.lstrip("0"), customers[row.customer_id]))
        if statement is None:
            continue
        sent = row.id in exported
        row.held = _ask(row, statement, sent=sent)
        row.changed_after_export = row.changed_after_export or sent
        row.updated_at = now()
        flagged += sent
    return flagged


def invoices_named_by(
    session: Session, tenant: str, statements: Iterable[CreditStatement]
) -> list[Invoice]:
    """The stored invoices with number and customer of a credit note that the report states."""
    named = {(each.number.lstrip("0"), each.customer_number) for each in statements}
    if not named:
        return []
    found = invoices_by_bare_number(session, tenant, [number for number, _ in named])
    rows = [row for each in found.values() for row in each if row.kind is DocumentKind.INVOICE]
    customers = customer_numbers(session, [row.customer_id for row in rows])
    return [row for row in rows if (row.number.lstrip("0"), customers[row.customer_id]) in named]


def _ask(row: Invoice, statement: CreditStatement, *, sent: bool) -> str:
    same = statement.total is not None and -statement.total in (row.total, row.net)
    came = _tell_sent(row, same=same) if sent else _tell_landed(row, same=same)
    correct = say("Correct it by hand if it is one.")
    question = correct if sent else say("Is it an invoice or a credit note?")
    return join_said([_tell_named(statement), came, question])


def _tell_named(statement: CreditStatement) -> str:
    credited = statement.credited_number or statement.disputed
    if statement.total is None:
        return say(
            "RecMan's Credit notes report names it as a credit note of invoice {invoice}.",
            invoice=credited,
        )
    return say(
        "RecMan's Credit notes report names it as a credit note of invoice {invoice} with {total}.",
        invoice=credited,
        total=format_amount(statement.total),
    )


def _tell_sent(row: Invoice, *, same: bool) -> str:
    amount = format_amount(row.total, row.currency)
    if same:
        return say(
            "It was sent as an invoice of {amount}, the same amount but for the sign.",
            amount=amount,
        )
    return say("It was sent as an invoice of {amount}.", amount=amount)


def _tell_landed(row: Invoice, *, same: bool) -> str:
    amount = format_amount(row.total, row.currency)
    if same:
        return say(
            "Its lines came as an invoice of {amount}, the same amount but for the sign.",
            amount=amount,
        )
    return say("Its lines came as an invoice of {amount}.", amount=amount)
