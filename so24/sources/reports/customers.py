"""The *Customers* list, which completes what the invoice lines say about a customer.

A detail that cannot be read is left out and told, and the customer comes in without it: a cell that
is not needed costs nobody the customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial

from so24.firms.norwegian_numbers import NORWAY as HOME
from so24.firms.norwegian_numbers import bare_number, is_norwegian_number
from so24.language.said import say
from so24.letters import fold
from so24.sources.documents.documents import CustomerList, RefusedRow, SourceCustomer
from so24.sources.reports.countries import complete_postal_code, read_country
from so24.sources.sheets.cells.cell import BadCell, Cell
from so24.sources.sheets.cells.texts import read_given, read_identifying, read_text
from so24.sources.sheets.headings import CUSTOMERS
from so24.sources.sheets.repeated import take_undisputed
from so24.sources.sheets.tables import ReportTable, Row

LONGEST_CREDIT = 365

_WITHOUT = say("{reason}; the customer came in without it")
_AS_IT_STANDS = say("{reason}; the customer came in with it as it stands")
_IF_ELSEWHERE = say("{reason}; fill in the country if it is another country's")
_FILL_IN_COUNTRY = say("{reason}; fill in the country")
_SHOWN = 20
_NORWEGIAN_FORM = re.compile(r"\d{9}")
_LONGEST_NUMBER, _LONGEST_MAIL = (
    next(field.longest for field in CUSTOMERS.fields if field.name == name)
    for name in ("organization_number", "invoice_email")
)
_PART = r"[^@\s,;:<>()\[\]\".]+"
_MAIL = re.compile(rf"{_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
_BETWEEN_MAILS = re.compile(r"[\s,;|/]+")
_COMMENT = re.compile(r"\([^@()]*\)")
_IN_BRACKETS = re.compile(r"[<(\[]([^<>()\[\]]*@[^<>()\[\]]*)[>)\]]")
_LINK = re.compile(r"(?i)\bmailto:([^?\s,;<>]*)(\?[^\s,;<>]*)?")
_MAIL_WORDS = frozenset(("og", "and", "eller", "or", "&", "+"))
_TERMS = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_WHOLE = re.compile(r"(\d{1,3})(?:[.,]0{1,2})?")
_OTHER_SIGNS = re.compile(r"[^\w\s.:,()]|_")
_WEEKS = frozenset(("uke", "uker", "week", "weeks"))
_AT_ONCE = frozenset(
    ("kontant", "netto kontant", "kontant betaling",  # in English: the words of lists
     "cash", "straks", "forfall straks", "omgående",  # in English: the words of lists
     "umiddelbart", "immediately", "due immediately", "due on receipt")  # in English: as in lists
)  # fmt: skip
# what stands beside the number of days and changes nothing of it
_TERM_WORDS = frozenset(
    ("d", "n", "dg", "dgr", "dag", "dager", "dagers", "døgn", "day", "days", "netto", "net",
     "kreditt", "kredittid", "kredittdager", "credit", "frist", "forfall", "forfallsdager",
     "betaling", "betalingsfrist", "betalingsbetingelser", "payment", "terms", "due", "within",
     "in", "innen", "på", "pr", "per", "etter", "after", "from", "fra", "fakturadato",
     "fakturadatoen", "faktura", "invoice", "date", "kalenderdager")
)  # fmt: skip


def read_customers(tables: Iterable[ReportTable]) -> CustomerList:
    """All customers of the sheets, and what is to be told of their rows.

    A number that stands twice with different contents is refused each time: nobody knows which one
    is right. A detail that cannot be read, such as a number that is no organization number, is left
    out and told like a refusal; the customer comes in without it.
    """
    remarks: list[RefusedRow] = []
    rows = [(row, _read_customer(row, remarks)) for table in tables for row in table.rows()]
    customers, refused = take_undisputed(rows, lambda each: each.number, _content)
    taken = {each.number for each in customers}
    shut_out: dict[str, RefusedRow] = {}
    for row, _ in rows:
        number = row.guess("number")
        if row.refused and number and number not in taken:
            shut_out.setdefault(number, row.refused[0])
    told = [_tell(each, _WITHOUT) for row, _ in rows for some in row.left_out.values()
            for each in some]  # fmt: skip
    told += [_tell(each, _AS_IT_STANDS) for row, _ in rows for each in row.doubts.values()]
    return CustomerList(tuple(customers), shut_out, (*refused, *told), tuple(remarks))


def _content(customer: SourceCustomer) -> SourceCustomer:
    """What two rows of one customer must agree on."""
    return replace(customer, doubts={})


def _tell(cell: RefusedRow, outcome: str) -> RefusedRow:
    return replace(cell, reason=say(outcome, reason=cell.reason), came_in=True)


def normalise_organization_number(text: str, country: str) -> str:
    """The number without blanks, ``NO`` and ``MVA``; a Norwegian one checked by modulus 11.

    Raises :class:`BadCell` where a Norwegian number has not nine digits that pass the check, and
    where another country's is longer than any is. These are kept without blanks.
    """
    if country != HOME:
        bare = text.replace(" ", "")
        if len(bare) > _LONGEST_NUMBER:
            raise BadCell(_tell_length(_LONGEST_NUMBER))
        return bare
    bare = bare_number(text)
    if bare and not is_norwegian_number(bare):
        raise BadCell(say("is no Norwegian organization number: “{text}”", text=text[:_SHOWN]))
    return bare


def _tell_length(most: int) -> str:
    return say("is longer than {most} characters", most=most)


def _read_customer(row: Row, remarks: list[RefusedRow]) -> SourceCustomer:
    row.require("number", "name")
    number = row.identifier("number")
    name = row.name("name")
    country = row.read_optional("country", lambda field: row.read(field, _country, HOME), "")
    organization_number = row.read_optional(
        "organization_number", lambda field: _read_number(row, field, country), ""
    )
    if "organization_number" in row.left_out and _is_elsewhere(row):
        row.left_out["country"], country = [], ""
    postal_code = row.read_optional("postal_code", row.identifier, "")
    return SourceCustomer(
        number=number,
        name=name,
        organization_number=organization_number,
        address=row.read_optional("address", row.text, ""),
        postal_code=_complete(row, postal_code, country),
        city=row.read_optional("city", row.text, ""),
        country=country,
        invoice_email=row.read_optional("invoice_email", lambda _: _read_mail(row, remarks), ""),
        credit_days=row.read_optional(
            "credit_days", lambda name: row.read(name, _find_days_of_credit, None), None
        ),
        given=frozenset(row.table.columns.keys() - row.left_out.keys()),
        doubts=_list_doubts(row),
    )


def _list_doubts(row: Row) -> dict[str, RefusedRow]:
    """What was left out and what is doubtful, by field; a country is by the number that asks."""
    number = row.left_out.get("organization_number", [])
    left_out = {name: (cells or number)[0] for name, cells in row.left_out.items()}
    return left_out | row.doubts


def _country(cell: Cell) -> str:
    return read_country(read_text(cell))


def _read_number(row: Row, field: str, country: str) -> str:
    def read(cell: Cell) -> str:
        text = read_identifying(cell)
        try:
            return normalise_organization_number(text, country)
        except BadCell as refusal:
            if country != HOME or _states_country(row):
                raise
            elsewhere = _IF_ELSEWHERE if _is_home_form(text) else _FILL_IN_COUNTRY
            raise BadCell(say(elsewhere, reason=refusal.args[0])) from None

    return row.read(field, read, "")


def _states_country(row: Row) -> bool:
    return bool(read_text(row.cell("country")))


def _is_elsewhere(row: Row) -> bool:
    """Whether the number is of another country's form, and the list does not say of which one."""
    return not _states_country(row) and not _is_home_form(row.guess("organization_number"))


def _is_home_form(number: str) -> bool:
    return _NORWEGIAN_FORM.fullmatch(bare_number(number)) is not None


def _complete(row: Row, text: str, country: str) -> str:
    is_number = isinstance(row.cell("postal_code"), Decimal)
    completed, doubt = complete_postal_code(text, country, is_number=is_number)
    if doubt:
        row.doubt("postal_code", doubt)
    return completed


def _read_mail(row: Row, remarks: list[RefusedRow]) -> str:
    """The first address of the cell; that there are more is remarked."""
    text = row.read("invoice_email", read_text, "")
    addresses = find_addresses(text)
    if text and not addresses:
        words = say("must be one e-mail address, or several with a semicolon between them")
        row.refuse("invoice_email", words)
    if addresses and len(addresses[0]) > _LONGEST_MAIL:
        row.refuse("invoice_email", _tell_length(_LONGEST_MAIL))
    if len(addresses) > 1:
        words = say(
            "has {count} addresses, and a card takes one: {address} is used",
            count=len(addresses),
            address=addresses[0],
        )
        remarks.append(row.tell("invoice_email", words))
    return addresses[0] if addresses else ""


def find_addresses(text: str) -> list[str]:
    """The e-mail addresses of a cell in their order; none where any part of it is not clear.

    Names may stand before addresses in brackets (``Kari <kari@firm.example>``), and nowhere else.
    """
    text = _COMMENT.sub(" ", _LINK.sub(r"\1", text))
    named = [found[1].strip() for found in _IN_BRACKETS.finditer(text)]
    bare = [part for part in _BETWEEN_MAILS.split(_IN_BRACKETS.sub(" ", text)) if part]
    loose = [part for part in bare if part.casefold() not in _MAIL_WORDS]
    if named:
        loose = [part for part in loose if "@" in part]
    found = [*named, *(part.strip("'\"").removesuffix(".") for part in loose)]
    if not all(_MAIL.fullmatch(each) for each in found):
        return []
    return list({fold(each): each for each in reversed(found)}.values())[::-1]


def _credit_days(cell: Cell) -> int:
    text = read_text(cell)
    days = _find_days(text.casefold())
    if days is None or days > LONGEST_CREDIT:
        raise BadCell(
            say(
                "must be a number of days from 0 to {most}, not “{text}”",
                most=LONGEST_CREDIT,
                text=text[:_SHOWN],
            )
        )
    return days


_find_days_of_credit = partial(read_given, read=_credit_days)


def _find_days(text: str) -> int | None:
    """The days of payment terms such as ``14 dager netto``; None where they may say more."""
    if text.rstrip(".") in _AT_ONCE:
        return 0
    text = re.sub(r"(?<=\d)-(?=[^\W\d])|(?<=[^\W\d])-(?=\d)", " ", text)  # 14-dagers, net-30
    parts = _TERMS.findall(text)
    numbers = [part for part in parts if part[0].isdigit()]
    words = set(parts) - set(numbers)
    whole = _WHOLE.fullmatch(numbers[0]) if len(numbers) == 1 else None
    if whole is None or _OTHER_SIGNS.search(text) or not words <= _TERM_WORDS | _WEEKS:
        return None
    return int(whole[1]) * (7 if words & _WEEKS else 1)
