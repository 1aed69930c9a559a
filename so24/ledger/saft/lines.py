"""What a SAF-T export says of each document, and both sides' sums (pure)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from so24.language.said import say
from so24.ledger.reconcile import LedgerSum, sum_by_currency


class SaftVerdict(enum.StrEnum):
    """What a SAF-T export says of one document; the first one that holds."""

    MISSING = say("not in the export")
    TWICE = say("booked twice")
    REVERSED = say("booked back")
    OTHER_TOTAL = say("another total")
    UNSHOWN = say("total not shown")
    OTHER_VAT = say("other VAT")
    OTHER_CUSTOMER = say("another customer")
    OTHER_NUMBER = say("another number")
    OTHER_DATE = say("on another date")
    UNKNOWN = say("not known as transferred")
    WAITS = say("waits for approval")
    AGREES = say("agrees")


NOTHING_COMPARED = say(
    "Nothing was compared: so24 has sent nothing of this period, and the export has none of so24. "
    "Look whether it is the export of the year that was meant."
)
SAFT_FINE = (SaftVerdict.AGREES, SaftVerdict.WAITS)  # nobody has to look at these


@dataclass(frozen=True)
class SaftLine:
    """A document of ours beside what the export books of it; None where one side has nothing.

    Totals include VAT and are signed, in ``currency``. ``told`` are sentences about what differs;
    ``unshown`` is what the export does not show of it, empty where it shows all. ``transferred``:
    so24 has transferred the document itself; another is there already.
    """

    company: str
    verdict: SaftVerdict
    date: dt.date | None
    invoice_number: int | None
    reference: str
    vouchers: str
    their_total: Decimal | None
    our_total: Decimal | None
    their_vat: Decimal | None
    our_vat: Decimal | None
    currency: str
    customer_there: str
    kind: str = ""
    number: str = ""
    department: str = ""
    customer: str = ""
    customer_card: str = ""
    document_id: int | None = None
    told: str = ""
    unshown: str = ""
    transferred: bool = True

    @property
    def our_part(self) -> Decimal | None:
        """What it adds to our sum; nothing where the export cannot have it yet."""
        return None if self.verdict is SaftVerdict.WAITS else self.our_total

    @property
    def difference(self) -> Decimal | None:
        """Their total less ours; None where one side has none."""
        if self.their_total is None or self.our_total is None:
            return None
        return self.their_total - self.our_total

    def as_record(self) -> dict[str, object]:
        """The line for ``--json``: amounts as text, so that nothing is rounded."""
        record = {name: getattr(self, name) for name in self.__dataclass_fields__}
        record["difference"] = self.difference
        del record["document_id"]
        for name, value in record.items():
            if isinstance(value, Decimal | dt.date):
                record[name] = str(value)
        record["verdict"] = str(self.verdict)
        return record


def apart_first(lines: Iterable[SaftLine]) -> list[SaftLine]:
    """The lines that somebody has to look at, then the others, each in their order."""
    return sorted(lines, key=lambda line: line.verdict in SAFT_FINE)


def sum_saft_lines(lines: Iterable[SaftLine]) -> list[LedgerSum]:
    """Both sides' sums per currency, and how many of the lines that count agree."""
    return sum_by_currency(
        (line.currency, line.their_total, line.our_total, line.verdict is SaftVerdict.AGREES)
        for line in lines
        if line.verdict is not SaftVerdict.WAITS
    )
