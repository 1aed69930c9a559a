"""An independent judge: reads the office's books and the receipts as printed, and nothing else.

It knows no table of so24 and imports none of its code. A document is known by the reference that
its order was sent with, which the books remember whatever becomes of the order; the receipts are
the JSON of ``so24 receipt --all --json``, one list for each installation, newest line first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tests.simulation.evidence import NEVER, Books, Entry
from tests.simulation.printed import (
    Line,
    mentions,
    name_of,
    names,
    reference_of,
    tells_invoice,
)

BOOKED = "Invoiced"
GOOD = (BOOKED, "ForInvoicing")
LIVE = (*GOOD, "Draft")
SHOWN_AFTER = 60.0  # seconds between a hand's deed and a look that must have seen it
ENDS_WELL = "transferred"
DENIALS = ("The draft stays", "stays as it is", "Nothing was booked", "not booked yet")
ASK_A_PERSON = ("differs", "blocked", "exists", "refused")


def judge(books: Books, receipts: Sequence[Sequence[Line]]) -> list[str]:
    """A sentence for each breach; empty where the promise was kept."""
    found: list[str] = []
    everything = [line for printed in receipts for line in printed]
    references = dict.fromkeys(map(reference_of, everything))
    for reference in references:
        company, entries = books.companies[reference.split("-")[1]], books.of(reference)
        found += _booked_once(reference, entries, books)
        found += [
            f"wrong company: {reference} is {name_of(each)} in {each.company}"
            for each in entries
            if each.company != company
        ]
        found += _everything_told(reference, entries, everything)
        for printed in receipts:
            mine = [line for line in printed if reference_of(line) == reference]
            found += _true(books, reference, mine, company, everything)
            stuck = next((line for line in mine if line["state"] == "in_transfer"), None)
            found += [f"stuck: {reference}, {stuck['reason'][:80]}"] if stuck else []
    found += [
        f"not ours: {name_of(each)} in {each.company} was invoiced as {each.invoiced_by}"
        for each in books.entries
        if not each.born and each.invoiced_by in references
    ]
    known = {each.born for each in books.entries} - {""}
    found += [
        f"lost: {each} was sent, and no receipt tells of it" for each in known - references.keys()
    ]
    return sorted(found)


def judge_words(books: Books, receipts: Sequence[Sequence[Line]]) -> list[str]:
    """A sentence for each receipt that says what is not so, whether or not it is mended later."""
    found: list[str] = []
    everything = [line for printed in receipts for line in printed]
    for printed in receipts:
        for reference in dict.fromkeys(map(reference_of, printed)):
            mine = [line for line in printed if reference_of(line) == reference]
            if (standing := _standing(mine)) and standing["state"] != ENDS_WELL:
                failed = _failed(books, reference, standing, everything)
                found += [f"{each}, for a time" for each in failed]
    return found


def never_booked(books: Books, receipts: Sequence[Sequence[Line]]) -> list[str]:
    """Documents that were pressed often enough, in a world that is quiet, and are not booked.

    Where something happened that a person has to see to, a person may be asked.
    """
    found = []
    for reference in sorted({reference_of(line) for printed in receipts for line in printed}):
        if any(each.by_hand or each.status in GOOD for each in books.of(reference)):
            continue
        mine = [line for each in receipts for line in each if reference_of(line) == reference]
        words = _standing(mine) or mine[0]
        if not (books.needs_person and words["state"] in ASK_A_PERSON):
            found.append(f"never booked: {reference}, {words['state']}: {words['reason']}")
    return found


def _booked_once(reference: str, entries: Sequence[Entry], books: Books) -> Iterator[str]:
    """A hand that invoices a second draft has not asked so24; so24 alone must not book twice."""
    booked = [each for each in entries if each.invoice is not None and each.invoiced_by != "hand"]
    if len(booked) > 1:
        yield f"booked twice: {reference} as {', '.join(name_of(each) for each in booked)}"
    by_hand = [each for each in books.entries if each.same_as == reference]
    for each in booked:
        if any(
            other.since + SHOWN_AFTER < each.since and not other.is_hidden_until(each.booked_at)
            for other in by_hand
        ):
            yield f"booked twice: {reference} is {name_of(each)}, and a hand had entered it before"


def _everything_told(
    reference: str, entries: Sequence[Entry], everything: Sequence[Line]
) -> Iterator[str]:
    """A booking is told with its invoice's number; a draft is named, be it as another's."""
    lines = [line for line in everything if reference_of(line) == reference]
    for each in entries:
        if each.status == BOOKED and each.invoiced_by != "hand":
            if not any(tells_invoice(line, each) for line in lines):
                yield f"untold booking: {reference} is {name_of(each)}"
            if not each.by_hand and any(Decimal(line["total"]) != each.total for line in lines):
                yield f"wrong total: {reference} is {name_of(each)} of {each.total}"
        elif each.by_hand or each.nameless or each.is_hidden_until(NEVER):
            continue  # its customer may be another one by now, or nobody was ever shown it
        elif each.status in LIVE and not any(names(line, each.number) for line in everything):
            yield f"untold draft: {reference} is {name_of(each)}"


def _true(
    books: Books, reference: str, mine: Sequence[Line], company: int, every: Sequence[Line]
) -> Iterator[str]:
    """What is called transferred is there as such, and what is said of a failed one is so."""
    good = [line for line in mine if line["state"] == ENDS_WELL]
    if len(good) > 1:
        yield f"untrue: {reference} is transferred {len(good)} times"
    for line in good:
        named = (company, line["order_id"])
        entry = next((x for x in books.entries if (x.company, x.number) == named), None)
        if entry is None:
            yield f"untrue: {reference} is transferred as order {line['order_id']}, not there"
        elif not entry.by_hand:
            yield from _transferred(reference, line, entry)
    if (standing := _standing(mine)) and standing["state"] != ENDS_WELL:
        yield from _failed(books, reference, standing, every)
        alarm = standing["state"] == "differs" or "was deleted" in standing["reason"]
        if alarm and not books.needs_person:
            yield f"false alarm: {reference}: {standing['reason'][:100]}"


def _transferred(reference: str, line: Line, entry: Entry) -> Iterator[str]:
    waits = line["invoice_id"] is None and entry.status == "ForInvoicing"
    if entry.born != reference:
        yield f"untrue: {reference} is transferred as {name_of(entry)} of {entry.born or 'a hand'}"
    elif entry.status != BOOKED and not waits:
        yield f"untrue: {reference} is transferred, but there is {name_of(entry)}"
    elif not waits and entry.invoice != line["invoice_id"]:
        yield f"untrue: {reference} is invoice {line['invoice_id']}, booked as {name_of(entry)}"
    if entry.total != Decimal(line["total"]):
        yield f"untrue: {reference} has total {line['total']}, booked {entry.total}"
    if entry.date_moved and "date" not in line["reason"].lower():
        yield f"untold date: {reference} has another date as {name_of(entry)}"


def _failed(books: Books, reference: str, standing: Line, every: Sequence[Line]) -> Iterator[str]:
    """What another line tells of was sent by another run, or by another installation."""
    reason = standing["reason"]
    entries = books.of(reference)
    others = [line for line in every if line is not standing]
    mine = [x for x in entries if not any(mentions(line, x.number) for line in others)]
    unsent = "before it was sent" in reason and not _refused_elsewhere(reference, standing, every)
    if unsent and not all(each.by_hand for each in mine):
        yield f"untrue: {reference} was stopped before it was sent, but was sent"
    for each in entries:
        about = standing["order_id"] in (None, each.number)
        # what a card says in general may be put right by the sentence that follows it
        general = any(words in reason for words in DENIALS) and not tells_invoice(standing, each)
        denied = f"{each.number} stays" in reason or general
        if about and denied and (each.status, each.invoiced_by) == (BOOKED, reference):
            yield f"untrue: {reference} “{reason[:60]}” is {name_of(each)}"


def _refused_elsewhere(reference: str, standing: Line, every: Sequence[Line]) -> bool:
    """Whether another run says that it has sent the document and that the office has refused it.

    An office that saves what it refuses tells no number: what is there is that run's to look for.
    """
    return any(
        reference_of(line) == reference
        and line["run"] != standing["run"]
        and line["state"] == "refused"
        for line in every
    )


def _standing(mine: Sequence[Line]) -> Line | None:
    """The line that tells how a document stands: the good one, else the newest."""
    good = [line for line in mine if line["state"] == ENDS_WELL]
    return next(iter(good or mine), None)
