"""Documents that give one customer number to two parties, and what is asked of each (pure).

Where it is known whose the number is, by a list or by documents of earlier imports, that decides:
only a document that names another firm is held, or one whose name agrees with both. Where nothing
known decides, neither the first nor the last name is believed, and all of them wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from so24.firms.names import name_words, share_a_word, telling_words
from so24.language.said import cut_said, join_said, say, say_count
from so24.sources.documents.documents import Parties, SourceDocument
from so24.sources.landing.whose import (
    NAME_SHOWN,
    SAME_FIRM,
    Firm,
    HasBuyer,
    disagree,
    is_still,
    share_no_word,
)
from so24.store.tables.document_tables import QUESTION_LENGTH, Customer

_NAMED = 3  # documents that are written out
_MOST = 20  # names of one number that are compared with each other


@dataclass
class _Statement:
    """A name, and the documents that state it: how many, and the numbers of the first ones."""

    name: str
    numbers: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def documents(self) -> str:
        """The documents in words, with their verb."""
        named, more = ", ".join(self.numbers), self.count - _NAMED
        if more > 0:
            named = say("{documents} and {count} more", documents=named, count=more)
        return say_count("{documents} is", "{documents} are", self.count, documents=named)


@dataclass
class Dispute:
    """Names that documents give to one customer number, which have no word in common.

    ``decided``: it is known apart from these documents whose the number is.
    """

    decided: bool = False
    _told: dict[frozenset[str], _Statement] = field(default_factory=dict)
    _common: frozenset[str] | None = None
    _many: bool = False

    def add(self, name: str, number: str) -> None:
        """Take in that the document with this number states this name; none states nothing."""
        words = telling_words(name)
        if not words:
            return
        self._common = words if self._common is None else self._common & words
        statement = self._told.get(name_words(name))
        if statement is None:
            if len(self._told) == _MOST:
                self._many = True
                return
            statement = self._told[name_words(name)] = _Statement(name)
        statement.count += 1
        if len(statement.numbers) < _NAMED:
            statement.numbers.append(number)

    @property
    def is_one(self) -> bool:
        """Whether the names contradict each other at all."""
        return self._common is not None and not self._common

    @property
    def last_name(self) -> str:
        """The last of the names that was new."""
        return next((each.name for each in reversed(self._told.values())), "")

    def rival_of(self, name: str) -> _Statement | None:
        """Another name than this one, if any: of those that share no word with it the first."""
        others = [each for words, each in self._told.items() if words != name_words(name)]
        apart = (each for each in others if share_no_word(each.name, name))
        return next(apart, others[0] if others else None)

    def leaves_unclear(self, buyer: Firm, now: Firm) -> bool:
        """Whether a name that agrees with the known firm agrees with another one's as well."""
        return self._many or any(
            share_a_word(each.name, buyer.name) and disagree(now, Firm(each.name))
            for each in self._told.values()
        )


@dataclass(frozen=True)
class CustomerNames:
    """What all documents of a file call their customers, by number; the last name counts.

    ``disputes`` has the numbers for which they state names that have no word in common.
    """

    last: Mapping[str, str]
    disputes: Mapping[str, Dispute]

    @classmethod
    def of_file(cls, documents: Iterable[Parties]) -> CustomerNames:
        """Gather the names of a file, in whatever parts its documents land."""
        common: dict[str, frozenset[str]] = {}
        last: dict[str, str] = {}
        for _, _, number, name in documents:
            if name != last.get(number) and (words := telling_words(name)):
                common[number] = common.get(number, words) & words
            last[number] = name or last.get(number, "")
        return cls(last, {number: Dispute() for number, words in common.items() if not words})

    def tell_disputes(self, documents: Iterable[SourceDocument], decided: Set[str]) -> None:
        """Add who states what; ``decided`` are numbers of which it is known whose they are."""
        for number in decided & self.disputes.keys():
            self.disputes[number].decided = True
        for each in documents:
            if each.customer_number in self.disputes:
                self.disputes[each.customer_number].add(each.customer_name, each.number)


def ask_whose(row: HasBuyer, customer: Customer, dispute: Dispute | None = None) -> str:
    """The question for a document that names another party than its customer is; or empty.

    With a ``dispute`` other documents give the customer's number to another party. No question
    names one firm twice.
    """
    then, now = Firm.owner_of(row), Firm.of(customer)
    # what states no name is of the firm whose number it came in under
    buyer = Firm.buyer_of(row) if row.buyer_name else then
    if not buyer.name or is_still(then, now):
        return ""
    if dispute is not None and not dispute.decided and row.buyer_name:
        rival = dispute.rival_of(buyer.name)
        if rival is not None:
            return _ask_of_dispute(buyer, rival, customer.number)
    unclear = (
        dispute is not None and not is_still(now, buyer) and dispute.leaves_unclear(buyer, now)
    )
    if not (unclear or disagree(now, buyer)):
        return ""
    if name_words(buyer.name) == name_words(now.name):
        return _end(_tell_numbers(buyer, now, customer.number, made_out=bool(row.buyer_name)))
    return _end(_tell_firms(buyer, now, customer.number, made_out=bool(row.buyer_name)))


def _tell_firms(buyer: Firm, now: Firm, number: str, *, made_out: bool) -> str:
    """That the document is one firm's, and its customer number another one's.

    ``made_out``: the document says so itself.
    """
    values = {"buyer": buyer.words, "customer": number, "firm": now.words}
    if made_out:
        return say(
            "It is made out to {buyer}, and its customer number {customer} is that of {firm}.",
            **values,
        )
    return say(
        "It came in as that of {buyer}, and its customer number {customer} is that of {firm}.",
        **values,
    )


def _tell_numbers(buyer: Firm, now: Firm, number: str, *, made_out: bool) -> str:
    """The same of two firms of one name, which their organization numbers tell apart."""
    values = {
        "name": buyer.name[:NAME_SHOWN],
        "stated": buyer.organization_number,
        "customer": number,
        "known": now.organization_number,
    }
    if made_out:
        return say(
            "It is made out to “{name}” with organization number {stated}, and its customer number "
            "{customer} has {known}.",
            **values,
        )
    return say(
        "It came in as that of “{name}” with organization number {stated}, and its customer number "
        "{customer} has {known}.",
        **values,
    )


def _ask_of_dispute(buyer: Firm, rival: _Statement, number: str) -> str:
    """The question where nothing tells whose the number is that documents give to two parties."""
    return _end(
        say(
            "It is made out to {buyer}, and {documents} made out to “{rival}”, all under customer "
            "number {customer}: nothing that is known says whose that is.",
            buyer=buyer.words,
            documents=rival.documents,
            rival=rival.name[:NAME_SHOWN],
            customer=number,
        )
    )


def _end(statement: str) -> str:
    return cut_said(join_said([statement, SAME_FIRM]), QUESTION_LENGTH)
