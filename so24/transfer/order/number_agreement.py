"""Which documents 24SevenOffice would book under the very numbers that they have in RecMan (pure).

24SevenOffice numbers invoices and credit notes of a company by one series, in the order in which
they are invoiced; nobody can ask for a number. So the documents go strictly in the order of their
numbers, as numbers and not as texts, and only while each is the one that is expected next. The
first that is not is refused, and those behind it stay.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from so24.language.said import say
from so24.reasons import Reason
from so24.store.transfers.numbers import NextNumber

LARGEST = 2**31 - 1  # the service's own numbers are 32 bits wide
LEAP = 100  # so far off, a number of the other kind is of a counter of its own, not behind a gap


@dataclass(frozen=True)
class Numbered:
    """A document with its number as it is written; ``booked_as`` is what it is invoiced under.

    ``id`` is whatever the caller knows it by, ``name`` what people do.
    """

    id: Hashable
    name: str
    series: str
    kind: str
    written: str
    booked_as: int | None = None

    @property
    def number(self) -> int | None:
        """The number, if 24SevenOffice can give such a one."""
        return read_number(self.written)


@dataclass(frozen=True)
class NumberRefusal:
    """Why a document is not booked by its number."""

    reason: Reason
    words: str


@dataclass(frozen=True)
class Agreement:
    """What goes, in its order, and why the others do not, by their ids."""

    goes: tuple[Hashable, ...]
    refused: Mapping[Hashable, NumberRefusal]


def read_number(written: str) -> int | None:
    """The number of a document in its canonical form, leading zeros aside.

    None for one with anything but digits in it, and for one that 24SevenOffice cannot give.
    """
    if not (written.isascii() and written.isdecimal()):
        return None
    value = int(written)
    return value if 0 < value <= LARGEST else None


def place_of(series: str, kind: str, written: str) -> tuple[int, str, str, str]:
    """Sorts documents by their numbers; those that are none stand last."""
    value = read_number(written)
    return LARGEST + 1 if value is None else value, series, kind, written


def agree(
    expected: NextNumber, documents: Iterable[Numbered], taken: Mapping[int, str]
) -> Agreement:
    """Decide about documents that are booked or go together; ``taken`` names orders by number.

    As many numbers from the expected one on as are taken have been given since it was expected.
    """
    following = skip_taken(expected.number, taken)
    goes: list[Hashable] = []
    refused: dict[Hashable, NumberRefusal] = {}
    stopped_by: str | None = None
    for each in sorted(documents, key=_place):
        number = each.number
        if each.booked_as is not None:
            if each.booked_as == number:
                following = max(following, number + 1)
            elif stopped_by is None:
                stopped_by = each.name
        elif stopped_by is not None:
            words = say("First comes {document}.", document=stopped_by)
            refused[each.id] = NumberRefusal(Reason.NUMBER_BEHIND, words)
        elif number == following and number not in taken:
            goes.append(each.id)
            following += 1
        else:
            refused[each.id] = _refuse(each, expected._replace(number=following), taken)
            stopped_by = each.name
    return Agreement(tuple(goes), refused)


def skip_taken(number: int, taken: Mapping[int, str]) -> int:
    """The first number from this one on that is not taken."""
    while number in taken:
        number += 1
    return number


def tell_other_number(written: str, given: int) -> str:
    """That a document was booked under another number than its own, as a sentence."""
    return say(
        "It is invoice {given} in 24SevenOffice, and RecMan's number is {number}.",
        given=given,
        number=written,
    )


def _place(document: Numbered) -> tuple[int, str, str, str]:
    return place_of(document.series, document.kind, document.written)


def _refuse(document: Numbered, expected: NextNumber, taken: Mapping[int, str]) -> NumberRefusal:
    number, following = document.number, expected.number
    told = {"number": document.written, "expected": following}
    if number is None:
        words = say("“{number}” is no number that 24SevenOffice can give.", number=document.written)
        return NumberRefusal(Reason.NUMBER_SERIES, words)
    if number in taken:
        words = say(
            "Invoice {number} in 24SevenOffice is {order}.", number=number, order=taken[number]
        )
        return NumberRefusal(Reason.NUMBER_PASSED, words)
    if _is_of_another_series(document, expected):
        words = say(
            "{expected} is expected next; this is number {number} of series {series}.",
            series=document.series,
            **told,
        )
        return NumberRefusal(Reason.NUMBER_SERIES, words)
    if number < following:
        words = say("{expected} is expected next; this is number {number}.", **told)
        return NumberRefusal(Reason.NUMBER_PASSED, words)
    words = say(
        "{expected} is expected next; this is number {number} (missing: {missing}).",
        missing=_name_missing(following, number - 1),
        **told,
    )
    return NumberRefusal(Reason.NUMBER_GAP, words)


def _is_of_another_series(document: Numbered, expected: NextNumber) -> bool:
    """Whether its counter is another one than that of the document booked last, if that is known.

    RecMan may number credit notes by the invoices' counter or by one of their own.
    """
    if not expected.series:
        return False
    if document.series != expected.series:
        return True
    far = abs((document.number or 0) - expected.number) > LEAP
    return document.kind != expected.kind and far


def _name_missing(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
