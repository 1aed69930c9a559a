"""RecMan's report *Credit notes*, which says what each credit note credits, and when it was issued.

What it states is kept, so that it reaches its credit note whichever of the two comes first. The
report has no departments: a credit note is known by its number and its customer's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import partial

from sqlmodel import Session

from so24.sources.documents.documents import Counts, RefusedRow, SourceCredit
from so24.sources.landing.doubtful_invoices import hold_named, invoices_named_by
from so24.sources.sheets.numbers import read_date, read_decimal, read_text
from so24.sources.sheets.tables import Row, Table
from so24.store.documents.credit_statements import credit_notes_of, customer_numbers, statements_of
from so24.store.documents.intake import credit_days_of, due_date, exported_ids
from so24.store.tables.document_tables import CreditStatement, DocumentKind, Invoice
from so24.store.tables.ground import now
from so24.store.tables.types import MONEY_SCALE

_read_money = partial(read_decimal, decimals=MONEY_SCALE)


def read_credits(tables: Iterable[Table]) -> tuple[list[SourceCredit], list[RefusedRow]]:
    """All rows of the sheets, and every row that was refused.

    A credit note that stands twice with different contents is refused the second time.
    """
    read: dict[tuple[str, str], SourceCredit] = {}
    refused: list[RefusedRow] = []
    for table in tables:
        for row in table.rows():
            credit = _read_credit(row)
            key = (credit.number, credit.customer_number)
            known = read.setdefault(key, credit) if not row.refused else credit
            if _content(known) != _content(credit):
                row.refuse("number", f"stands twice with different contents: {credit.number}")
            refused.extend(row.refused)
    return list(read.values()), refused


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
    exported = exported_ids(session, [row.id for row in rows if row.id is not None])
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
    sent = exported_ids(session, [row.id for row in doubtful if row.id is not None])
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
        row.invoice_date, row.date_assumed = statement.credit_date, False
        if not row.due_stated:
            row.due_date = due_date(row.invoice_date, credit_days)
    row.updated_at = now()


def _refusal(credit: SourceCredit, rows: Sequence[Invoice], exported: Collection[int]) -> str:
    if len(rows) > 1:
        names = ", ".join(sorted(f"{row.series}-{row.number}" for row in rows))
        return (
            f"customer {credit.customer_number} has several credit notes {credit.number} "
            f"({names}); say of each in the invoice overview which invoice it credits"
        )
    for row in rows:
        if row.credited_number != credit.credited_number and row.id in exported:
            return (
                f"credit note {credit.number} was exported as a credit note of "
                f"{row.credited_number or 'another invoice'} already"
            )
        if credit.currency and credit.currency != row.currency:
            return (
                f"credit note {credit.number} is in {row.currency}, here it is in {credit.currency}"
            )
    return ""


def _statement(tenant: str, credit: SourceCredit) -> CreditStatement:
    return CreditStatement(
        tenant=tenant,
        number=credit.number,
        customer_number=credit.customer_number,
        credited_number=credit.credited_number,
        credit_date=credit.credit_date,
        total=credit.total,
        currency=credit.currency,
    )


def _take(statement: CreditStatement, wanted: CreditStatement) -> bool:
    """Let a stored statement say what the report says now; whether that is something new."""
    changed = False
    for name in ("credited_number", "credit_date", "total", "currency"):
        value = getattr(wanted, name)
        changed = changed or getattr(statement, name) != value
        setattr(statement, name, value)
    return changed


def _read_credit(row: Row) -> SourceCredit:
    for name in ("number", "credited_number", "customer_number"):
        if not read_text(row.cell(name)):
            row.refuse(name, "is empty")
    total = row.read_given("total", _read_money)
    return SourceCredit(
        sheet=row.table.sheet.name,
        row=row.number,
        number=row.text("number"),
        customer_number=row.text("customer_number"),
        credited_number=row.text("credited_number"),
        credit_date=row.read_given("credit_date", read_date),
        total=None if total is None else _negative(total),
        currency=row.text("currency").upper(),
    )


def _negative(total: Decimal) -> Decimal:
    """The report may state what is credited with either sign."""
    return -abs(total)


def _content(credit: SourceCredit) -> tuple[object, ...]:
    return (credit.credited_number, credit.credit_date, credit.total, credit.currency)
