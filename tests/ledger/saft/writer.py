"""Writes SAF-T Financial files to the standard: 1.30, or 1.20 where that is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
OWN = "923609016"
DAY = dt.date(2026, 11, 10)
FIRST, LAST = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
LEDGER, SALES, BANK, VAT_ACCOUNT = "1500", "3000", "1920", "2700"


@dataclass(frozen=True)
class Entry:
    """A line of a voucher: ``amount`` is signed as debit; ``tax`` is, as credit, its VAT."""

    account: str
    amount: Decimal
    customer: str = ""
    reference: str = ""
    source: str = ""
    tax: Decimal | None = None
    currency: str = ""
    foreign: Decimal | None = None
    foreign_tax: Decimal | None = None


@dataclass(frozen=True)
class Entries:
    """A voucher."""

    voucher: str
    lines: tuple[Entry, ...]
    day: dt.date = DAY


@dataclass(frozen=True)
class Export:
    """A file: whose, for which days, and what it books."""

    vouchers: Iterable[Entries]
    company: str = OWN
    name: str = "Nordic Staffing AS"
    first: dt.date = FIRST
    last: dt.date = LAST
    version: str = "1.30"
    customers: Mapping[str, str] = field(default_factory=dict)  # organization numbers by CustomerID
    months: bool = False  # its period is told in months
    count: int | None = None  # of vouchers, where it is not to be counted


def sale(
    voucher: str,
    number: int | str,
    net: Decimal,
    vat: Decimal,
    *,
    customer: str = "7",
    reference: str = "",
    day: dt.date = DAY,
) -> Entries:
    """An invoice, or a credit note where the amounts are negative, as a system books it."""
    total = net + vat
    lines = [
        Entry(LEDGER, total, customer=customer, reference=str(number), source=reference),
        Entry(SALES, -net, tax=vat, reference=str(number), source=reference),
    ]
    if vat:
        lines.append(Entry(VAT_ACCOUNT, -vat, reference=str(number), source=reference))
    return Entries(voucher, tuple(lines), day)


def payment(voucher: str, number: int, total: Decimal, *, customer: str = "7") -> Entries:
    """What a customer has paid of an invoice, under the invoice's number."""
    lines = (
        Entry(BANK, total, reference=str(number)),
        Entry(LEDGER, -total, customer=customer, reference=str(number)),
    )
    return Entries(voucher, lines)


def write_saft(export: Export) -> bytes:
    """The whole file."""
    return b"".join(saft_blocks(export))


def saft_blocks(export: Export) -> Iterator[bytes]:
    """The file piece by piece, so that a large one is never whole in memory."""
    yield _head(export).encode()
    vouchers = export.vouchers
    if export.count is None:
        vouchers = list(vouchers)
    amounts = [
        each.amount for one in (vouchers if export.count is None else ()) for each in one.lines
    ]
    debit = sum((each for each in amounts if each > 0), Decimal(0))
    count = len(vouchers) if isinstance(vouchers, Sequence) else export.count
    yield (
        f"<GeneralLedgerEntries><NumberOfEntries>{count}</NumberOfEntries>"
        f"<TotalDebit>{debit}</TotalDebit><TotalCredit>{debit}</TotalCredit>"
        "<Journal><JournalID>S</JournalID><Description>Sales</Description><Type>GL</Type>"
    ).encode()
    for each in vouchers:
        yield _voucher(each, export.version).encode()
    yield b"</Journal></GeneralLedgerEntries></AuditFile>"


def _head(export: Export) -> str:
    start, end = export.first, export.last
    period = (
        f"<PeriodStart>{start.month}</PeriodStart><PeriodStartYear>{start.year}</PeriodStartYear>"
        f"<PeriodEnd>{end.month}</PeriodEnd><PeriodEndYear>{end.year}</PeriodEndYear>"
        if export.months
        else f"<SelectionStartDate>{start}</SelectionStartDate>"
        f"<SelectionEndDate>{end}</SelectionEndDate>"
    )
    contact = (
        "<Contact><ContactPerson><FirstName>Kari</FirstName><LastName>Nord</LastName>"
        "</ContactPerson><Telephone>22334455</Telephone></Contact>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<AuditFile xmlns="{NAMESPACE}"><Header>'
        f"<AuditFileVersion>{export.version}</AuditFileVersion>"
        "<AuditFileCountry>NO</AuditFileCountry>"
        "<AuditFileDateCreated>2026-12-01</AuditFileDateCreated>"
        "<SoftwareCompanyName>24SevenOffice</SoftwareCompanyName><SoftwareID>24SevenOffice"
        "</SoftwareID><SoftwareVersion>1</SoftwareVersion>"
        f"<Company><RegistrationNumber>{export.company}</RegistrationNumber>"
        f"<Name>{escape(export.name)}</Name>"
        f"<Address><City>Oslo</City></Address>{contact}</Company>"
        "<DefaultCurrencyCode>NOK</DefaultCurrencyCode>"
        f"<SelectionCriteria>{period}</SelectionCriteria>"
        "<TaxAccountingBasis>A</TaxAccountingBasis></Header>"
        f"<MasterFiles>{_accounts(export.version)}{_customers(export)}{_tax_table()}</MasterFiles>"
    )


def _accounts(version: str) -> str:
    accounts = {
        LEDGER: ("Kundefordringer", "balanseverdiForOmloepsmiddel", "1500"),
        SALES: ("Salgsinntekt", "salgsinntekt", "3000"),
        BANK: ("Bank", "balanseverdiForOmloepsmiddel", "1920"),
        VAT_ACCOUNT: ("Utgående mva.", "kortsiktigGjeld", "2740"),
    }
    told = "".join(
        f"<Account><AccountID>{account}</AccountID><AccountDescription>{name}</AccountDescription>"
        + (
            f"<GroupingCategory>{category}</GroupingCategory><GroupingCode>{code}</GroupingCode>"
            if version != "1.20"
            else f"<StandardAccountID>{code}</StandardAccountID>"
        )
        + "<AccountType>GL</AccountType><OpeningDebitBalance>0</OpeningDebitBalance>"
        "<ClosingDebitBalance>0</ClosingDebitBalance></Account>"
        for account, (name, category, code) in accounts.items()
    )
    return f"<GeneralLedgerAccounts>{told}</GeneralLedgerAccounts>"


def _customers(export: Export) -> str:
    if not export.customers:
        return ""
    told = "".join(
        "<Customer>"
        + (f"<RegistrationNumber>{number}</RegistrationNumber>" if number else "")
        + f"<Name>Kunde {customer}</Name><CustomerID>{customer}</CustomerID>"
        + (
            f"<BalanceAccount><AccountID>{LEDGER}</AccountID><OpeningDebitBalance>0"
            "</OpeningDebitBalance><ClosingDebitBalance>0</ClosingDebitBalance></BalanceAccount>"
            if export.version != "1.20"
            else f"<AccountID>{LEDGER}</AccountID><OpeningDebitBalance>0</OpeningDebitBalance>"
            "<ClosingDebitBalance>0</ClosingDebitBalance>"
        )
        + "</Customer>"
        for customer, number in export.customers.items()
    )
    return f"<Customers>{told}</Customers>"


def _tax_table() -> str:
    return (
        "<TaxTable><TaxTableEntry><TaxType>MVA</TaxType><Description>Merverdiavgift</Description>"
        "<TaxCodeDetails><TaxCode>3</TaxCode><TaxPercentage>25</TaxPercentage>"
        "<Country>NO</Country><StandardTaxCode>3</StandardTaxCode><BaseRate>100</BaseRate>"
        "</TaxCodeDetails></TaxTableEntry></TaxTable>"
    )


def _voucher(voucher: Entries, version: str) -> str:
    day = voucher.day
    lines = "".join(_line(place, each, version) for place, each in enumerate(voucher.lines, 1))
    return (
        f"<Transaction><TransactionID>{voucher.voucher}</TransactionID><Period>{day.month}</Period>"
        f"<PeriodYear>{day.year}</PeriodYear><TransactionDate>{day}</TransactionDate>"
        f"<Description>Faktura</Description><SystemEntryDate>{day}</SystemEntryDate>"
        f"<GLPostingDate>{day}</GLPostingDate>{lines}</Transaction>"
    )


def _line(place: int, entry: Entry, version: str) -> str:
    side = "Debit" if entry.amount >= 0 else "Credit"
    parts = [f"<Line><RecordID>{place}</RecordID><AccountID>{entry.account}</AccountID>"]
    if entry.source:
        parts.append(f"<SourceDocumentID>{escape(entry.source)}</SourceDocumentID>")
    if entry.customer:
        parts.append(f"<CustomerID>{entry.customer}</CustomerID>")
    parts.append("<Description>Faktura 5001 RM-10-1001</Description>")  # nobody reads it
    parts.append(_amount(f"{side}Amount", abs(entry.amount), entry.currency, entry.foreign))
    if entry.tax is not None:
        tax_side = (
            "TaxAmount"
            if version == "1.20"
            else ("CreditTaxAmount" if entry.tax >= 0 else "DebitTaxAmount")
        )
        parts.append(
            "<TaxInformation><TaxType>MVA</TaxType><TaxCode>3</TaxCode>"
            f"<TaxPercentage>25</TaxPercentage><TaxBase>{abs(entry.amount)}</TaxBase>"
            + _amount(tax_side, abs(entry.tax), entry.currency, entry.foreign_tax)
            + "</TaxInformation>"
        )
    if entry.reference:
        parts.append(f"<ReferenceNumber>{escape(entry.reference)}</ReferenceNumber>")
    return "".join((*parts, "</Line>"))


def _amount(name: str, amount: Decimal, currency: str, foreign: Decimal | None) -> str:
    other = (
        f"<CurrencyCode>{currency}</CurrencyCode><CurrencyAmount>{abs(foreign)}</CurrencyAmount>"
        if currency and foreign is not None
        else ""
    )
    return f"<{name}><Amount>{amount}</Amount>{other}</{name}>"
