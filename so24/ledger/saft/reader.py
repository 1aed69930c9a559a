"""A SAF-T Financial file as a stream: whatever it holds, it costs no more than one voucher of it.

It goes past the same parser, with the same bounds, as the parts of a workbook
(:mod:`so24.sources.sheets.xml_stream`): no tree, no document type, no entities.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from so24.language.said import say
from so24.ledger.saft.places import NAMESPACE, Fields, SaftElement, plant
from so24.ledger.saft.postings import (
    SaftHead,
    SaftPosting,
    firm_number,
    read_day,
    read_head,
    read_number,
)
from so24.ledger.saft.voucher import Voucher
from so24.sources.documents.content import Damage
from so24.sources.sheets.xml_stream import BEYOND, Attributes, PartReader, read_part

_DEEPEST = 64
_LONGEST = 256  # characters of the longest field of the standard
_MOST_KNOWN = 500_000  # accounts, customers, postings that are wanted
# of the standard's code list: accounts of sales and of other income
_INCOME = ("salgsinntekt", "annenDriftsinntekt")
_INCOME_STANDARD = "3"  # 1.20: what its standard accounts of income begin with
_NOWHERE = SaftElement()

Check = Callable[[SaftHead], None]
Wants = Callable[[int | None, tuple[str, ...]], bool]


class SaftReader(PartReader):
    """Takes what is wanted out of one file, which :meth:`read` reads.

    ``check`` hears the head as soon as it is read, and may raise; ``wants`` says of a number and
    references whether their postings are taken. ``firms`` are organization numbers by CustomerID;
    ``vouchers`` counts them, ``stated`` is how many the file says that it has.
    """

    most_elements = 200_000_000
    entities = say("It declares a document type or entities, which no SAF-T file has.")

    def __init__(self, file: str, check: Check, wants: Wants) -> None:
        super().__init__()
        self.file, self._check, self._wants = file, check, wants
        self.postings: list[SaftPosting] = []
        self.firms: dict[str, str] = {}
        self.vouchers, self.stated = 0, ""
        self._head: SaftHead | None = None
        self._income: set[str] = set()
        self._voucher = Voucher()
        self._pieces: list[str] = []
        self._left = 0
        self._fields, root = plant(
            {
                "Header": self._end_header,
                "Account": self._end_account,
                "Customer": self._end_customer,
                "Entries": self._end_entries,
                "Journal": self._end_journal,
                "Transaction": self._end_voucher,
                "Line": self._end_line,
                "Tax": self._end_tax,
            }
        )
        self._path: list[SaftElement] = [root]
        self._place = root

    def read(self, stream: IO[bytes]) -> None:
        """Read the whole file. Raises :class:`Damage`, which completes "the file …"."""
        read_part(stream, self, lambda _size: None)
        if self._head is None:
            raise Damage(say("has no head"))

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins; what is not read of the standard is passed over with all it holds."""
        self.elements += 1
        if len(self._path) > _DEEPEST or self.elements > self.most_elements:
            raise Damage(BEYOND)
        place = self._place.children.get(name, _NOWHERE)
        if place is _NOWHERE and len(self._path) == 1:
            raise Damage(_tell_other_file(name))
        self._path.append(place)
        self._place = place
        if place.field:
            self._left = _LONGEST
            self._pieces.clear()

    def text(self, data: str) -> None:
        """A piece of text; only that of fields is kept, and no more of it than the standard has."""
        if self._place.field:
            self._left -= len(data)
            if self._left < 0:
                raise Damage(say("has a field that is longer than the standard allows"))
            self._pieces.append(data)

    def end(self, name: str) -> None:
        """An element ends."""
        place = self._path.pop()
        self._place = self._path[-1]
        if place.field:
            if place.field in place.into:
                raise Damage(say("states {element} twice in one place", element=place.field))
            place.into[place.field] = "".join(self._pieces).strip()
        elif place.end is not None:
            place.end()

    def _end_header(self) -> None:
        self._head = read_head(self._fields["Header"])
        self._check(self._head)

    def _end_account(self) -> None:
        fields = self._take("Account")
        category, standard = fields.get("GroupingCategory", ""), fields.get("StandardAccountID", "")
        if category in _INCOME or (not category and standard.startswith(_INCOME_STANDARD)):
            self._income.add(fields.get("AccountID", ""))
            _bound(len(self._income))

    def _end_customer(self) -> None:
        fields = self._take("Customer")
        if number := firm_number(fields.get("RegistrationNumber", "")):
            self.firms[fields.get("CustomerID", "")] = number
            _bound(len(self.firms))

    def _end_entries(self) -> None:
        self.stated = self._take("Entries").get("NumberOfEntries", "")

    def _end_journal(self) -> None:
        self._fields["Journal"].clear()

    def _end_tax(self) -> None:
        self._voucher.note_tax(self._take("Tax"))

    def _end_line(self) -> None:
        line = self._fields["Line"]
        self._voucher.add_line(line, self._income)
        line.clear()

    def _end_voucher(self) -> None:
        if self._head is None:
            raise Damage(say("has vouchers before its head"))
        fields = self._take("Transaction")
        self.vouchers += 1
        voucher, self._voucher = self._voucher, Voucher()
        if not voucher.is_sale:
            return  # a payment, or a set-off
        for booked in voucher.booked.values():
            number = read_number(booked.number)
            if self._wants(number, booked.references):
                vat, foreign_vat = voucher.vat_of(booked)
                posting = SaftPosting(
                    file=self.file,
                    journal=self._fields["Journal"].get("JournalID", ""),
                    voucher=fields.get("TransactionID", ""),
                    date=read_day(fields.get("TransactionDate", "")),
                    number=number,
                    references=booked.references,
                    customer_id=booked.customer_id,
                    total=booked.amount.home,
                    currency=booked.amount.currency,
                    foreign=booked.amount.foreign if booked.amount.currency else None,
                    vat=vat,
                    foreign_vat=foreign_vat,
                )
                self.postings.append(posting)
                _bound(len(self.postings))

    def _take(self, name: str) -> Fields:
        """The fields of the element that ends, and none of the next one's."""
        fields = dict(self._fields[name])
        self._fields[name].clear()
        return fields


def _bound(count: int) -> None:
    if count > _MOST_KNOWN:
        raise Damage(BEYOND)


def _tell_other_file(root: str) -> str:
    namespace, _, name = root.rpartition(" ")
    if name != "AuditFile":
        return say("is no SAF-T file: its outermost element is “{name}”", name=name[:40])
    return say(
        "is no Norwegian SAF-T Financial file: its namespace is “{namespace}” and not “{ours}”",
        namespace=namespace[:80],
        ours=NAMESPACE,
    )
