"""RecMan's invoices as documents, by the field map; one that cannot be read costs only itself."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from so24.language.said import say
from so24.sources.documents.documents import Particulars, RefusedRow, SourceDocument, SourceLine
from so24.sources.recman import answers, targets
from so24.sources.recman.answers import RecManRow, Value
from so24.sources.recman.field_map import FieldMap
from so24.sources.recman.registers import Departments, RecManDepartment, Registers
from so24.sources.recman.row_reading import (
    RowReading,
    find_difference,
    read_fine,
    read_money,
    row_number,
)
from so24.sources.sheets.cells.cell import BadCell
from so24.store.tables.document_tables import DocumentKind

_CREDIT = re.compile("credit|kredit")
_SUSPECTED = say(
    "RecMan does not say what it is, and its total is negative: invoice or credit note?"
)
_CONTRADICTS = say("RecMan calls it an invoice, but its total is negative.")


@dataclass(frozen=True)
class ReadInvoices:
    """The documents, the ids of the companies that they name, and what was refused."""

    documents: tuple[SourceDocument, ...]
    company_ids: frozenset[str]
    refused: tuple[RefusedRow, ...]


def read_invoices(rows: Sequence[RecManRow], registers: Registers) -> ReadInvoices:
    """Read all rows of the scope ``invoice``; what cannot be read is in ``refused``."""
    departments = Departments(registers)
    readers = [_InvoiceReader(row, registers, departments) for row in rows]
    found = [(reader, reader.read_document()) for reader in readers]
    same = Counter(_identity(document) for _, document in found if document is not None)
    kept: list[SourceDocument] = []
    for reader, document in found:
        if document is not None and same[_identity(document)] > 1:
            reader.row.refuse(
                say("{number} stands more than once in RecMan's answer", number=document.number)
            )
        elif document is not None:
            kept.append(document)
    return ReadInvoices(
        tuple(kept),
        frozenset(reader.company_id for reader in readers if reader.company_id),
        tuple(refusal for reader in readers for refusal in reader.named_refusals()),
    )


def take_since(
    rows: Sequence[RecManRow], field_map: FieldMap, since: dt.date | None
) -> list[RecManRow]:
    """The invoices dated from this day on, and those whose date cannot be read."""
    if since is None:
        return list(rows)
    dates = [
        RowReading.of(targets.INVOICE, row, field_map).read("date", answers.read_date, None)
        for row in rows
    ]
    return [row for row, date in zip(rows, dates, strict=True) if date is None or date >= since]


def _identity(document: SourceDocument) -> tuple[DocumentKind, str, str]:
    return document.kind, document.department_number, document.number


class _InvoiceReader:
    """Reads one invoice."""

    def __init__(self, row: RecManRow, registers: Registers, departments: Departments) -> None:
        self.row = RowReading.of(targets.INVOICE, row, registers.field_map)
        self.registers = registers
        self.departments = departments
        self.number = ""
        self.company_id = ""
        self.left_out: list[RefusedRow] = []

    def named_refusals(self) -> list[RefusedRow]:
        """The refusals, each naming the document, for RecMan shows no ids."""
        refused = list(dict.fromkeys((*self.row.refused, *self.left_out)))
        if not self.number:
            return refused
        return [
            replace(
                each,
                reason=say("{reason} (document {number})", reason=each.reason, number=self.number),
            )
            for each in refused
        ]

    def read_document(self) -> SourceDocument | None:
        """The document; None where anything of it was refused."""
        row = self.row
        row.read("number", answers.read_name, "")
        self.number = row.identifier("number")
        project = self.registers.find(targets.PROJECT, row.id("project"))
        project_number = self._read_project_number(project)
        customer_number, customer_name = self._read_customer()
        department = self._read_department(project)
        lines = self._read_lines()
        net, more = row.amount("net"), self._read_particulars()
        kind, held = self._read_kind(more.total or Decimal(0))
        document = SourceDocument(
            sheet=row.sheet,
            kind=kind,
            held=held,
            number=self.number,
            department_number=department.number,
            department_name=department.name,
            customer_number=customer_number,
            customer_name=customer_name,
            currency=row.read("currency", _read_currency, ""),
            invoice_date=row.read("date", answers.read_day, None),
            our_reference=self._read_our_reference(project),
            project_number=project_number,
            project_name=project.text("project.name") if project else "",
            lines=lines,
            particulars=more,
        )
        row.refused.extend(project.refused if project else ())
        if row.refused:
            return None
        return document if self._holds_together(net, document) else None

    def _read_project_number(self, project: RowReading | None) -> str:
        """What cannot be its number is left out, and told; the document comes in without it."""
        number = project.identifier("project.number") if project else ""
        refused = project.refused if project else []
        self.left_out = [
            replace(
                each, reason=say("{reason}; it is left out of the document", reason=each.reason)
            )
            for each in refused
        ]
        refused.clear()
        return number

    def _holds_together(self, net: Decimal, document: SourceDocument) -> bool:
        vat, total = document.particulars.vat, document.particulars.total
        if vat is None or total is None:
            raise TypeError("VAT and total were read, or the document was refused")
        if difference := find_difference(document.lines, net, vat, total):
            self.row.refuse(difference)
        return not difference

    def _read_particulars(self) -> Particulars:
        row = self.row
        return Particulars(
            due_date=row.read("due_date", answers.read_date, None),
            delivery_date=row.read("delivery_date", answers.read_date, None),
            kid=row.text("kid"),
            your_reference=row.text("your_reference"),
            order_reference=row.text("order_reference"),
            note=row.text("note"),
            credited_number=row.identifier("credited_number"),
            vat=row.amount("vat"),
            total=row.amount("total"),
        )

    def _read_kind(self, total: Decimal) -> tuple[DocumentKind, str]:
        """The flag's word, else the sign's suspicion, which a person confirms."""
        flag = _CREDIT.search(self.row.member("kind").casefold())
        read = answers.flags_credit_note if flag else answers.calls_credit_note
        credit = self.row.read("kind", read, None)
        if credit:
            return DocumentKind.CREDIT_NOTE, ""
        if total < 0:
            return DocumentKind.CREDIT_NOTE, _SUSPECTED if credit is None else _CONTRADICTS
        return DocumentKind.INVOICE, ""

    def _read_customer(self) -> tuple[str, str]:
        row = self.row
        stated = row.identifier("customer_number")
        self.company_id = row.id("customer")
        company = self.registers.find(targets.COMPANY, self.company_id)
        if company is None:
            if row.has("customer_number") and stated:
                return stated, ""
            row.refuse(
                say(
                    "its customer {id} is not in RecMan's register of companies", id=self.company_id
                )
                if self.company_id
                else say("names no customer")
            )
            return "", ""
        number, name = stated or company.identifier("company.number"), company.text("company.name")
        row.refused.extend(company.refused)
        if not number:
            row.refuse(say("its customer “{name}” has no customer number in RecMan", name=name))
        return number, name

    def _read_department(self, project: RowReading | None) -> RecManDepartment:
        row = self.row
        found = row.id("department") or (project.id("project.department") if project else "")
        department = self.departments.find(found) if found else None
        if department is None:
            row.refuse(
                say("its department {id} is not in RecMan's register of departments", id=found)
                if found
                else say(
                    "names no department, and RecMan gives no project that has one (an archived "
                    "project may be missing)"
                )
            )
        elif department.doubt:
            row.refuse(department.doubt)
        return department or RecManDepartment("", "")

    def _read_our_reference(self, project: RowReading | None) -> str:
        if stated := self.row.text("our_reference"):
            return stated
        user = self.row.id("our_user") or (project.id("project.our_user") if project else "")
        return self.registers.person(user)

    def _read_lines(self) -> tuple[SourceLine, ...]:
        found = tuple(map(read_line, self.row.lines()))
        if not found and not self.row.refused:
            self.row.refuse(say("has no lines"), targets.LINES)
        return found


def read_line(line: RowReading) -> SourceLine:
    """One line of an invoice; what cannot be read is refused for the whole invoice.

    Without quantity and price a line is one piece at its net.
    """
    net = line.amount("line.net")
    name = line.text("line.product_name")
    return SourceLine(
        row=row_number(line.row_id),
        product_number=line.identifier("line.product_number"),
        product_name=name,
        text=line.text("line.text") or name,
        quantity=line.read("line.quantity", read_fine, read_fine("1")),
        unit_price=line.read("line.unit_price", read_fine, read_fine(str(net))),
        net=net,
        vat_rate=line.read("line.vat_rate", answers.read_rate, read_fine("0")),
        vat=line.given("line.vat", read_money),
        total=line.given("line.total", read_money),
        line_date=line.read("line.date", answers.read_date, None),
    )


def _read_currency(value: Value) -> str:
    text = answers.read_text(value).upper()
    if len(text) != 3 or not (text.isascii() and text.isalpha()):
        raise BadCell(
            say("must be a currency of three letters such as NOK, not “{text}”", text=text[:10])
        )
    return text
