"""Which product in 24SevenOffice a product number of ours is: one, perhaps, or none yet (pure).

A number is the active product of exactly this number. An expired one beside it counts for nothing;
alone it is a question to a person, and so are several active ones, and a product whose number only
looks like ours (case, blanks, signs and leading zeros set aside): a new one beside it would be
there for good. A link is believed as long as its product is there, active, and has the number that
it had.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from so24.identifiers import likeness, tell_difference, tidy_identifier
from so24.language.listing import list_with_and
from so24.language.said import say
from so24.letters import fold
from so24.office.values import OfficeProduct
from so24.reasons import Reason
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.transfer_tables import FoundBy
from so24.store.transfers.said_products import ask_about

_MOST_NAMED = 5


@dataclass(frozen=True)
class AskProduct:
    """Nobody but a person can say which product a number is; ``words`` name the number."""

    reason: Reason
    words: str


@dataclass(frozen=True)
class NearProduct:
    """A product that a number may mean; ``how`` says what speaks for it and what against."""

    product: OfficeProduct
    how: str


class ProductFile:
    """All products of a company, expired ones too, in the orders in which they are looked for."""

    def __init__(self, products: Iterable[OfficeProduct]) -> None:
        self._by_id = {each.id: each for each in products}
        self._by_number: dict[str, list[OfficeProduct]] = defaultdict(list)
        self._by_likeness: dict[str, list[OfficeProduct]] = defaultdict(list)
        self._rates: dict[int | None, set[Decimal | None]] = defaultdict(set)
        self._tells_rates = any((each.vat_rate or 0) > 1 for each in self._by_id.values())
        for each in self._by_id.values():
            self._rates[each.category_id].add(self.rate_of(each))
            if number := (each.number or "").strip():
                self._by_number[number].append(each)
                self._by_likeness[likeness(tidy_identifier(number))].append(each)

    def rate_of(self, product: OfficeProduct) -> Decimal | None:
        """The product's VAT in per cent, as far as 24SevenOffice tells it.

        Where no product has more than 1, the column is not filled, or is no per cent.
        """
        return product.vat_rate if self._tells_rates else None

    def rates_of_category(self, category_id: int) -> frozenset[Decimal]:
        """The rates that the products of a category have; empty where none tells its rate.

        24SevenOffice does not tell a category's own.
        """
        return frozenset(each for each in self._rates[category_id] if each is not None)

    def which_product(
        self, number: str, *, none_of_these: bool = False
    ) -> OfficeProduct | AskProduct | None:
        """The product of this number, the question which it is, or None where none comes near.

        ``none_of_these``: a person has said that those that come near are others. Only an active
        one of exactly this number then counts.
        """
        exact = self._by_number.get(number, [])
        active = [each for each in exact if each.active]
        if len(active) == 1:
            return active[0]
        if active:
            expired = [each for each in exact if not each.active]
            words = say("it is {products}.", products=_name(active + expired))
            return _ask(Reason.AMBIGUOUS_PRODUCT, number, words)
        if none_of_these:
            return None
        if exact:
            words = say("there is only {products}.", products=_name(exact))
            return _ask(Reason.PRODUCT_EXPIRED, number, words)
        alike = self._alike(number)
        if alike:
            words = say("it is not there, but {products}.", products=_name(alike, beside=number))
            return _ask(Reason.PRODUCT_ALIKE, number, words)
        return None

    def find_near(self, number: str, name: str = "") -> tuple[NearProduct, ...]:
        """Every product that the number may mean, a sure one too, the best reasons first.

        One of the same name may be what has become of another.
        """
        exact = sorted(self._by_number.get(number, []), key=lambda each: not each.active)
        near = [*((each, say("the same number")) for each in exact)]
        near += ((each, _tell_likeness(number, each)) for each in self._alike(number))
        told = {each.id for each, _ in near}
        near += (
            (each, say("the same name"))
            for each in self._by_id.values()
            if each.active and name and fold(each.name) == fold(name) and each.id not in told
        )
        return tuple(
            NearProduct(each, how if each.active else say("{how}, but it is expired", how=how))
            for each, how in near
        )

    def stand_by(
        self, number: str, link: LinkedProduct, moment: dt.datetime
    ) -> LinkedProduct | AskProduct | None:
        """What a link is by now: the same or another product, a question, or None to look anew.

        A person's word is taken back by a person only. What was found by its number is found so
        again. ``moment`` is when the list was read.
        """
        doubt = self.doubt_link(number, link)
        if doubt is None:
            return self.read_again(link, moment)
        if link.by is FoundBy.PERSON:
            return doubt
        match self.which_product(number):
            case OfficeProduct() as product:
                return self.link(product, FoundBy.PRODUCT_NUMBER, moment)
            case AskProduct() as question:
                return question
        return doubt if link.id in self._by_id else None

    def read_again(self, link: LinkedProduct, moment: dt.datetime) -> LinkedProduct | None:
        """The link with its product as it stands now, seen at this time; None if it is gone."""
        product = self._by_id.get(link.id)
        return None if product is None else self.link(product, link.by, moment)

    def link(
        self, product: OfficeProduct, by: FoundBy, moment: dt.datetime | None
    ) -> LinkedProduct:
        """What is kept of a product that a number is linked to."""
        number, rate = (product.number or "").strip(), self.rate_of(product)
        return LinkedProduct(product.id, by, number, product.name, rate, moment)

    def named(self, product_id: int) -> OfficeProduct | None:
        """The product of this id, None where there is none."""
        return self._by_id.get(product_id)

    def doubt_link(self, number: str, link: LinkedProduct) -> AskProduct | None:
        """The question whether a linked product is still the one; None while nothing speaks
        against it.
        """
        product = self._by_id.get(link.id)
        if product is None:
            return _ask(
                Reason.PRODUCT_CHANGED,
                number,
                say("it is linked to {it}, which is not there any more.", it=link),
            )
        if not product.active:
            words = say("it is linked to {it}.", it=_name([product]))
            return _ask(Reason.PRODUCT_EXPIRED, number, words)
        there = (product.number or "").strip()
        if link.number and there != link.number:
            words = say(
                "it is linked to {it}, whose number was {number}.",
                it=_name([product]),
                number=link.number,
            )
            return _ask(Reason.PRODUCT_CHANGED, number, words)
        return None

    def _alike(self, number: str) -> list[OfficeProduct]:
        """Products whose number is another one that looks like this, active ones first."""
        found = [
            each
            for each in self._by_likeness.get(likeness(number), ())
            if (each.number or "").strip() != number
        ]
        return sorted(found, key=lambda each: not each.active)


def ask_about_new(numbers: Iterable[str]) -> dict[str, AskProduct]:
    """The questions about numbers of which no product is there yet, and which look alike."""
    groups: dict[str, list[str]] = defaultdict(list)
    for number in numbers:
        groups[likeness(number)].append(number)
    asked = {}
    for alike in groups.values():
        for number in alike if len(alike) > 1 else ():
            words = say(
                "it is not there yet, and {others}, which looks like it, was not either.",
                others=list_with_and(each for each in alike if each != number),
            )
            asked[number] = _ask(Reason.PRODUCT_ALIKE, number, words)
    return asked


def _ask(reason: Reason, number: str, words: str) -> AskProduct:
    """The question; its words begin by :func:`name_asked`, by which they are found again."""
    return AskProduct(reason, ask_about(number, words))


def _tell_likeness(number: str, product: OfficeProduct) -> str:
    theirs = product.number or ""
    tidy = tidy_identifier(theirs)
    if tidy != number:
        differs = tell_difference(number, tidy)
    else:
        blanks = " ".join(theirs.split()) == tidy
        differs = say("blanks") if blanks else say("what nobody sees")
    return say("its number differs by {what} only", what=differs)


def _name(products: Sequence[OfficeProduct], beside: str = "") -> str:
    """The products as a sentence names them, with which are expired.

    ``beside`` is the number that theirs only look like.
    """
    named = [_name_one(each, beside) for each in products[:_MOST_NAMED]]
    if len(products) > _MOST_NAMED:
        named.append(say("{count} more", count=len(products) - _MOST_NAMED))
    return list_with_and(named)


def _name_one(product: OfficeProduct, beside: str) -> str:
    if beside:
        how = _tell_likeness(beside, product)
        named = say("product {product} ({how})", product=product.label, how=how)
    else:
        named = say("product {product}", product=product.label)
    return named if product.active else say("{product}, which is expired", product=named)
