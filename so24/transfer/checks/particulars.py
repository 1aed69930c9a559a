"""Checks of a document's customer, dates and KID, and of all texts that travel (pure).

The KID is the payment id of a Norwegian invoice: 2 to 25 characters, the last one a check. Which of
two rules holds is in the payee's agreement with the bank, which so24 does not know: a KID that
passes either of them is right. Rules: Mastercard Payment Services, *KID*; the hyphen as the check
character where modulus 11 gives 10 is the practice of some banks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, cycle
from operator import attrgetter, mul

from so24.dates import format_date
from so24.firms.norwegian_numbers import NORWAY, is_norwegian_number
from so24.firms.numbers import is_placeholder
from so24.language.said import join_said, say
from so24.reasons import Reason
from so24.sources.landing.whose import is_said
from so24.store.documents.documents import Document, DocumentLine
from so24.transfer.checks.finding import CheckContext, Finding
from so24.transfer.order.mapping import (
    NAME_LENGTH,
    PRODUCT_NAME_LENGTH,
    REFERENCE_LENGTH,
    ROW_NAME_LENGTH,
    reference_of,
)

_FORM = re.compile(r"(?=.*[1-9])[0-9]{1,24}[0-9-]")
_WEIGHTS = (2, 3, 4, 5, 6, 7)
_DOUBLED = str.maketrans("0123456789", "0246813579")
# 24SevenOffice, data types of the Company, Product and Invoice services
PRODUCT_NUMBER_LENGTH = 100
# no text of a line is too long where all of them together are not
_SHORTEST_LIMIT = min(PRODUCT_NUMBER_LENGTH, PRODUCT_NAME_LENGTH, ROW_NAME_LENGTH - 1)
CUT_MARK = "…"  # at the end of a text that was too long for the store
_CUSTOMER_LENGTHS = (
    (say("customer's name"), "name", 200),
    (say("organization number"), "organization_number", 20),
    (say("customer's address"), "address", 250),
    (say("customer's postal code"), "postal_code", 16),
    (say("customer's city"), "city", 100),
    (say("customer's country"), "country", 2),
    (say("customer's invoice e-mail"), "invoice_email", 250),
)
_TITLES = {name: field for field, name, _ in _CUSTOMER_LENGTHS}
# the same fields in a list of what a customer lacks
_LACKING = {
    "name": say("name"),
    "address": say("address"),
    "postal_code": say("postal code"),
    "city": say("city"),
    "country": say("country"),
}
_INVOICE_TEXTS = (
    (say("number"), "number"),
    (say("our reference"), "our_reference"),
    (say("your reference"), "your_reference"),
    (say("order reference"), "order_reference"),
    (say("KID"), "kid"),
    (say("note"), "note"),
    (say("project number"), "project_number"),
    (say("project name"), "project_name"),
)
_LINE_TEXTS = (
    (say("product number"), "product_number"),
    (say("product"), "product_name"),
    (say("text"), "text"),
)
_NUMBER, _PRODUCT, _TEXT = (field for field, _ in _LINE_TEXTS)
_customer_texts = attrgetter(*(name for _, name, _ in _CUSTOMER_LENGTHS))
_invoice_texts = attrgetter(*(name for _, name in _INVOICE_TEXTS))
_line_texts = attrgetter(*(name for _, name in _LINE_TEXTS))
# what XML 1.0 cannot carry at all, not even escaped
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def check_customer(document: Document) -> Iterator[Finding]:
    """The customer has all that 24SevenOffice asks of a new company.

    Where a list's cell is why it has not, that cell is named: RecMan may be complete. Other cells
    that could not be read are only pointed out.
    """
    customer, doubts = document.customer, document.customer.read_doubts()
    needed = (customer.name, customer.address, customer.postal_code, customer.city)
    if all(needed) and customer.country and not doubts:  # as nearly all
        return
    missing = [
        name
        for name, value in (
            ("name", customer.name),
            ("address", customer.address),
            ("postal_code", customer.postal_code),
            ("city", customer.city),
            # it is Norway unless a list says another one, which could not be read
            ("country", customer.country or "country" not in doubts),
        )
        if not value
    ]
    if missing:
        causes = dict.fromkeys(filter(None, [doubts.pop(name, "") for name in ("", *missing)]))
        lacking = join_said([_LACKING[name] for name in missing], ", ")
        told = [
            say("Customer {customer} lacks {fields}.", customer=customer.number, fields=lacking)
        ]
        told.extend(causes)
        if causes:
            told.append(say("That cell is to be mended: RecMan may be complete."))
        elif not customer.completed:
            told.append(say("No customers list that was imported has this customer."))
        yield Finding(Reason.CUSTOMER_INCOMPLETE, join_said(told), _TITLES[missing[0]])
        doubts = {field: words for field, words in doubts.items() if words not in causes}
    if doubts:
        words = join_said(dict.fromkeys(doubts.values()))
        yield Finding(Reason.DETAIL_DOUBTED, words, say("customer"))


def check_organization_number(document: Document) -> Iterator[Finding]:
    """A Norwegian customer has an organization number, and one that passes its check.

    Private persons have none and foreign companies another country's: neither is ever blocked. A
    placeholder is told of whichever country, for it is not written to 24SevenOffice.
    """
    customer = document.customer
    number = customer.organization_number
    name, field = f"{customer.number} {customer.name}".strip(), _TITLES["organization_number"]
    if is_placeholder(number, customer.country):
        words = say(
            "Customer {customer}: {number} is a placeholder, which is not written to "
            "24SevenOffice.",
            customer=name,
            number=number,
        )
        yield Finding(Reason.ORGANIZATION_NUMBER_WRONG, words, field)
        return
    if customer.country not in ("", NORWAY) or is_norwegian_number(number):
        return
    if number:
        words = say("Customer {customer}: {number}.", customer=name, number=number)
        yield Finding(Reason.ORGANIZATION_NUMBER_WRONG, words, field)
    elif "organization_number" not in customer.read_doubts():
        words = say("Customer {customer}.", customer=name)
        yield Finding(Reason.ORGANIZATION_NUMBER_MISSING, words, field)


def check_said_firm(document: Document, context: CheckContext) -> Iterator[Finding]:
    """A document that is its customer's by a person's word alone says so, and whose word it is."""
    invoice, customer = document.invoice, document.customer
    if is_said(invoice):
        words = say(
            "It is made out to “{buyer}”, and goes to the card of customer {customer} “{name}”, "
            "because {who} said that both are one firm.",
            buyer=invoice.buyer_name,
            customer=customer.number,
            name=customer.name,
            who=context.said_by.get(document.invoice_id, say("a person")),
        )
        yield Finding(Reason.SAID_SAME_FIRM, words, say("customer"))


def check_kid(document: Document) -> Iterator[Finding]:
    """A KID passes one of the two control rules; none at all is right as well.

    It was sent to the customer with the invoice, so a wrong one is carried and only pointed out.
    """
    kid = document.invoice.kid
    if kid and not is_kid(kid):
        yield Finding(Reason.KID_WRONG, f"KID: {kid}.", say("KID"))


def check_due_date(document: Document) -> Iterator[Finding]:
    """The due date is not before the invoice date."""
    invoice = document.invoice
    if invoice.due_date and invoice.due_date < invoice.invoice_date:
        words = say("It is due on {date}.", date=format_date(invoice.due_date))
        yield Finding(Reason.DUE_BEFORE_DATE, words, say("due date"))


def check_invoice_date(document: Document, context: CheckContext) -> Iterator[Finding]:
    """The invoice date is after the closed period, and not in the future."""
    day = document.invoice.invoice_date
    if context.closed_until and day <= context.closed_until:
        words = say(
            "It is dated {date}; closed until {closed}.",
            date=format_date(day),
            closed=format_date(context.closed_until),
        )
        yield Finding(Reason.CLOSED_PERIOD, words, say("invoice date"))
    if context.today and day > context.today:
        words = say("It is dated {date}.", date=format_date(day))
        yield Finding(Reason.FUTURE_DATE, words, say("invoice date"))


def is_kid(text: str) -> bool:
    """Whether the text is a KID by modulus 10 or 11; blanks between the digits are passed over."""
    bare = "".join(text.split())
    return bool(_FORM.fullmatch(bare)) and (passes_mod10(bare) or passes_mod11(bare))


def passes_mod10(kid: str) -> bool:
    """Whether the last digit is the one of Luhn's rule; ``kid`` has no blanks."""
    if not kid.isdecimal():
        return False
    doubled = kid[-2::-2].translate(_DOUBLED)  # 12 is 3, and so on: the sum of its digits
    return (sum(map(int, kid[::-2])) + sum(map(int, doubled))) % 10 == 0


def passes_mod11(kid: str) -> bool:
    """Whether the last character is :func:`mod11_check` of the digits before it."""
    return kid[:-1].isdecimal() and kid[-1] == mod11_check(kid[:-1])


def mod11_check(digits: str) -> str:
    """The check of these digits: weights 2 to 7 from the right, 11 less the rest.

    11 is written as 0 and 10 as a hyphen.
    """
    weighed = sum(map(mul, map(int, reversed(digits)), cycle(_WEIGHTS)))
    check = 11 - weighed % 11
    return "-" if check == 10 else str(check % 11)


def check_lengths(document: Document) -> Iterator[Finding]:
    """Nothing that is sent whole is longer than 24SevenOffice takes; what is cut is named.

    Cut are the names of a row, of a new product, and of the customer on the order; a file's long
    texts are cut as they are read, and marked so.
    """
    customer = document.customer
    for (field, _, most), text in zip(_CUSTOMER_LENGTHS, _customer_texts(customer), strict=True):
        if len(text) > most:
            yield _too_long(Reason.TOO_LONG, field, text, most)
    reference = reference_of(document.invoice)
    if len(reference) > REFERENCE_LENGTH:
        yield _too_long(Reason.TOO_LONG, say("reference"), reference, REFERENCE_LENGTH)
    for line in document.lines:
        if len(line.product_number) + len(line.text) + len(line.product_name) > _SHORTEST_LIMIT:
            yield from _check_line_lengths(line)
    if NAME_LENGTH < len(customer.name) <= _CUSTOMER_LENGTHS[0][2]:
        yield _too_long(Reason.TEXT_SHORTENED, _TITLES["name"], customer.name, NAME_LENGTH)


def _check_line_lengths(line: DocumentLine) -> Iterator[Finding]:
    for reason, field, text, most in (
        (Reason.TOO_LONG, _NUMBER, line.product_number, PRODUCT_NUMBER_LENGTH),
        (Reason.TEXT_SHORTENED, _TEXT, line.text or line.product_name, ROW_NAME_LENGTH),
        (Reason.TEXT_SHORTENED, _PRODUCT, line.product_name, PRODUCT_NAME_LENGTH),
    ):
        if len(text) > most:
            yield _too_long(reason, _of_line(field, line), text, most)
    if len(line.text) == ROW_NAME_LENGTH and line.text.endswith(CUT_MARK):
        field = _of_line(_TEXT, line)
        words = say(
            "The {field} was cut to {most} characters as it was read.",
            field=field,
            most=ROW_NAME_LENGTH,
        )
        yield Finding(Reason.TEXT_SHORTENED, words, field)


def _of_line(field: str, line: DocumentLine) -> str:
    return say("{field} of line {line}", field=field, line=line.position)


def check_characters(document: Document) -> Iterator[Finding]:
    """No text holds what XML cannot carry; the field and the place in it are named."""
    if "".join(_all_texts(document)).isprintable():  # nearly all, at one look
        return
    for field, text in zip(_all_fields(document), _all_texts(document), strict=True):
        found = _ILLEGAL.search(text)
        if found:
            words = say(
                "The {field} has character {character} at position {position}.",
                field=field,
                character=f"U+{ord(found[0]):04X}",
                position=found.start() + 1,
            )
            yield Finding(Reason.ILLEGAL_CHARACTER, words, field)


def _all_texts(document: Document) -> list[str]:
    return [
        *_customer_texts(document.customer),
        *_invoice_texts(document.invoice),
        *chain.from_iterable(map(_line_texts, document.lines)),
    ]


def _all_fields(document: Document) -> list[str]:
    return [
        *(field for field, _, _ in _CUSTOMER_LENGTHS),
        *(field for field, _ in _INVOICE_TEXTS),
        *(_of_line(field, line) for line in document.lines for field, _ in _LINE_TEXTS),
    ]


def _too_long(reason: Reason, field: str, text: str, most: int) -> Finding:
    words = say(
        "The {field} has {length} characters of at most {most}.",
        field=field,
        length=len(text),
        most=most,
    )
    return Finding(reason, words, field)
