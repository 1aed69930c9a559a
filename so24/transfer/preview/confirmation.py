"""What a preview has shown of each document, its fingerprint, and what has changed since.

A person confirms what was shown. The same facts are gathered again in the transaction that starts
the run, from the store alone; 24SevenOffice itself is looked at by every lane anyway.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from so24.amounts import format_amount
from so24.errors import ChangedMeanwhile, Difference, WrongUse
from so24.installation import Installation
from so24.people.roles import Actor, Permission, require
from so24.store.documents.documents import Document
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, keep_preview, kept_preview
from so24.transfer.preview.read_only_pass import RehearsedPlan
from so24.transfer.preview.shown_facts import WRITTEN, Facts, gather_facts

_NOT_CHOSEN = "not selected"
_CHOSEN = "selected"


@dataclass(frozen=True)
class SeenDocument:
    """The facts of one document, as pairs of a name and a text; ``number`` with its series."""

    invoice_id: int
    number: str
    facts: Facts


@dataclass(frozen=True)
class Seen:
    """All that a preview rests on, in the order of the documents' ids."""

    documents: tuple[SeenDocument, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of all facts: 64 hexadecimal digits."""
        return hashlib.sha256(write_seen(self).encode()).hexdigest()


@dataclass(frozen=True)
class Confirmed:
    """What a person has said yes to, and the ids of all documents that are chosen now."""

    seen: Seen
    chosen: tuple[int, ...]

    @classmethod
    def of(cls, seen: Seen) -> Confirmed:
        """Just the documents that were shown."""
        return cls(seen, tuple(each.invoice_id for each in seen.documents))


def write_seen(seen: Seen) -> str:
    """The facts as JSON, always the same text for the same facts."""
    rows = [[each.invoice_id, each.number, each.facts] for each in seen.documents]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_seen(text: str) -> Seen:
    """The facts that :func:`write_seen` has written."""
    return Seen(
        tuple(
            SeenDocument(invoice_id, number, tuple((name, value) for name, value in facts))
            for invoice_id, number, facts in json.loads(text)
        )
    )


def keep_seen(installation: Installation, actor: Actor, seen: Seen) -> None:
    """Keep what was shown for a while, to be confirmed by its fingerprint in another process."""
    require(actor, Permission.EXPORT)
    with installation.db.writing() as session:
        keep_preview(session, seen.fingerprint, write_seen(seen), actor.name)


def recall_seen(installation: Installation, actor: Actor, fingerprint: str) -> Seen:
    """What was shown under this fingerprint; raises :class:`WrongUse` where that is not known."""
    require(actor, Permission.EXPORT)
    with installation.db.reading() as session:
        facts = kept_preview(session, fingerprint.strip().lower())
    if facts is None:
        raise WrongUse(
            "No dry run of the last two weeks has this fingerprint. Nothing was sent: make a new "
            "dry run and confirm that."
        )
    return read_seen(facts)


def see(plan: RehearsedPlan) -> Seen:
    """Gather what there is to see of a plan; its rehearsals are good for looking at only then."""
    facts: dict[int, Facts] = {}
    for lane in plan.lanes:
        facts |= gather_facts(lane)
    seen = [
        SeenDocument(
            new.invoice_id,
            _number(plan.documents[new.invoice_id]),
            (*_see_plan(new, plan.documents[new.invoice_id]), *facts.get(new.invoice_id, ())),
        )
        for new in plan.planned
    ]
    return Seen(tuple(sorted(seen, key=lambda each: each.invoice_id)))


def require_unchanged(was: Seen, now: Seen) -> None:
    """Raise :class:`ChangedMeanwhile` with all differences, if there are any."""
    differences = tuple(list_differences(was, now))
    if not differences:
        return
    count = len({each.document for each in differences})
    documents = "1 document is" if count == 1 else f"{count} documents are"
    raise ChangedMeanwhile(
        f"Nothing was sent: {documents} not as the preview has shown. Look at the differences and "
        "confirm again.",
        differences,
    )


def list_differences(was: Seen, now: Seen) -> Iterator[Difference]:
    """What differs, by document and fact; a document of one side only is one difference."""
    before = {each.invoice_id: each for each in was.documents}
    after = {each.invoice_id: each for each in now.documents}
    for invoice_id in sorted({*before, *after}):
        old, new = before.get(invoice_id), after.get(invoice_id)
        if old is None or new is None:
            number = (old or new or now.documents[0]).number
            words = (_NOT_CHOSEN, _CHOSEN) if old is None else (_CHOSEN, _NOT_CHOSEN)
            yield Difference(number, "Selection", *words)
            continue
        yield from _compare_facts(new.number, dict(old.facts), dict(new.facts))


def _compare_facts(number: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
    found = [
        Difference(number, name, was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys((*was, *now))
        if was.get(name, "") != now.get(name, "")
    ]
    if was.get("Plan") != now.get("Plan"):  # the rest follows from that
        found = [each for each in found if each.what in ("Plan", "Total")]
    told = [each for each in found if each.what != WRITTEN]
    yield from told or found


def _see_plan(new: NewTransfer, document: Document) -> Facts:
    why = " ".join(part for part in (new.reason.card.sentence, new.words) if part)
    invoice = document.invoice
    return (
        ("Plan", "will be sent" if new.state is State.QUEUED else why),
        ("Total", format_amount(invoice.total, invoice.currency)),
    )


def _number(document: Document) -> str:
    return f"{document.invoice.series}-{document.invoice.number}"
