"""What a preview has shown of each document, its fingerprint, and what has changed since.

A person confirms what was shown. The same details are gathered again in the transaction that starts
the run, from the store alone; 24SevenOffice itself is looked at by every lane anyway. What they are
is in :mod:`so24.transfer.preview.document_details`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from sqlmodel import Session

from so24.amounts import format_amount
from so24.errors import ChangedMeanwhile, Difference, WrongUse
from so24.language.said import join_said, pack, say, say_count, unpack
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.documents import Document
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, keep_preview, kept_preview
from so24.transfer.plan.plan import Plan
from so24.transfer.preview.document_details import WRITTEN, Details, Going, hash_facts, see_lane
from so24.transfer.preview.read_only_pass import ReadOnlyLane

_PLANNED = "Plan"  # a name in the previews that are kept, which people read as:
_SHOWN_NAMES = {_PLANNED: say("What happens")}
_NOT_CHOSEN = say("not selected")
_CHOSEN = say("selected")
_TOTAL = say("Total")


@dataclass(frozen=True)
class ShownDocument:
    """What there is to see of one document; ``number`` with its series.

    ``made_hash`` is the fingerprint of its order as it was made for the preview, empty where none
    goes. ``facts`` is the hash of all that the details are made of, empty for a document that was
    kept as its details: while it is the same, they need not be told.
    """

    invoice_id: int
    number: str
    made_hash: str
    facts: str
    describe: Callable[[], Details] = field(repr=False, compare=False)

    @cached_property
    def details(self) -> Details:
        """Pairs of a name and a text."""
        return self.describe()


@dataclass(frozen=True)
class ShownPreview:
    """All that a preview rests on, in the order of the documents' ids.

    ``kept_as`` is the fingerprint under which it was kept; empty for one that was just made.
    """

    documents: tuple[ShownDocument, ...]
    kept_as: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that was shown: 64 hexadecimal digits."""
        rows = [(each.invoice_id, each.number, each.facts) for each in self.documents]
        return self.kept_as or hash_facts(rows)


@dataclass(frozen=True)
class Confirmation:
    """What a person has said yes to, and the ids of all documents that are chosen now."""

    shown: ShownPreview
    chosen: tuple[int, ...]

    @classmethod
    def of(cls, shown: ShownPreview) -> Confirmation:
        """Just the documents that were shown."""
        return cls(shown, tuple(each.invoice_id for each in shown.documents))


def write_kept(shown: ShownPreview) -> str:
    """The details as JSON, with what they are made of, to be told in any language."""
    rows = [
        [each.invoice_id, each.number, [(pack(name), pack(text)) for name, text in each.details]]
        for each in shown.documents
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_shown(text: str, kept_as: str) -> ShownPreview:
    """What :func:`write_kept` has written, and was kept under this fingerprint."""
    return ShownPreview(
        tuple(
            _as_kept(
                invoice_id, number, tuple((unpack(name), unpack(told)) for name, told in details)
            )
            for invoice_id, number, details in json.loads(text)
        ),
        kept_as,
    )


def _as_kept(invoice_id: int, number: str, details: Details) -> ShownDocument:
    made = dict(details).get(WRITTEN, "")
    return ShownDocument(invoice_id, number, made, "", lambda: details)


def keep_shown(desk: Desk, shown: ShownPreview) -> None:
    """Keep what was shown for a while, to be confirmed by its fingerprint in another process."""
    with desk.writing(Permission.EXPORT) as session:
        keep_preview(session, shown.fingerprint, write_kept(shown), desk.actor.name)


def read_kept(desk: Desk, fingerprint: str) -> ShownPreview:
    """What was shown under this fingerprint; raises :class:`WrongUse` where that is not known."""
    with desk.reading(Permission.EXPORT) as session:
        wanted = fingerprint.strip().lower()
        details = kept_preview(session, wanted)
    if details is None:
        raise WrongUse(
            say(
                "No dry run of the last two weeks has this fingerprint. Nothing was sent: make a "
                "new dry run and confirm that."
            )
        )
    return read_shown(details, wanted)


def show_plan(session: Session, plan: Plan, lanes: Iterable[ReadOnlyLane]) -> ShownPreview:
    """Gather what there is to see of a plan; its passes are good for looking at only after that."""
    seen: dict[int, Going] = {}
    for lane in lanes:
        seen |= see_lane(session, lane)
    shown = [
        _show_document(new, plan.documents[new.invoice_id], seen.get(new.invoice_id))
        for new in plan.transfers
    ]
    return ShownPreview(tuple(sorted(shown, key=lambda each: each.invoice_id)))


def _show_document(new: NewTransfer, document: Document, going: Going | None) -> ShownDocument:
    invoice = document.invoice
    planned = (new.state, new.reason, new.words, invoice.total, invoice.currency)
    return ShownDocument(
        new.invoice_id,
        _number(document),
        going.made_hash if going else "",
        hash_facts((planned, going and going.list_facts())),
        partial(_describe_document, new, document, going),
    )


def _describe_document(new: NewTransfer, document: Document, going: Going | None) -> Details:
    return (*_describe_plan(new, document), *(going.describe() if going else ()))


def require_unchanged(was: ShownPreview, now: ShownPreview) -> None:
    """Raise :class:`ChangedMeanwhile` with all differences, if there are any."""
    differences = tuple(list_differences(was, now))
    if not differences:
        return
    count = len({each.document for each in differences})
    raise ChangedMeanwhile(
        say_count(
            "Nothing was sent: {number} document is not as the preview has shown. Look at the "
            "differences and confirm again.",
            "Nothing was sent: {number} documents are not as the preview has shown. Look at the "
            "differences and confirm again.",
            count,
        ),
        differences,
    )


def list_differences(was: ShownPreview, now: ShownPreview) -> Iterator[Difference]:
    """What differs, by document and detail; a document of one side only is one difference."""
    before = {each.invoice_id: each for each in was.documents}
    after = {each.invoice_id: each for each in now.documents}
    for invoice_id in sorted({*before, *after}):
        old, new = before.get(invoice_id), after.get(invoice_id)
        if old is None or new is None:
            number = (old or new or now.documents[0]).number
            words = (_NOT_CHOSEN, _CHOSEN) if old is None else (_CHOSEN, _NOT_CHOSEN)
            yield Difference(number, say("Selection"), *words)
            continue
        if old.facts and old.facts == new.facts:
            continue
        yield from _compare_facts(new.number, dict(old.details), dict(new.details))


def _compare_facts(number: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Difference]:
    found = [
        Difference(number, _SHOWN_NAMES.get(name, name), was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys((*was, *now))
        if was.get(name, "") != now.get(name, "")
    ]
    if was.get(_PLANNED) != now.get(_PLANNED):  # the rest follows from that
        found = [each for each in found if each.what in (_SHOWN_NAMES[_PLANNED], _TOTAL)]
    told = [each for each in found if each.what != WRITTEN]
    yield from told or found


def _describe_plan(new: NewTransfer, document: Document) -> Details:
    why = join_said([new.reason.card.sentence, new.words])
    invoice = document.invoice
    return (
        (_PLANNED, say("will be sent") if new.state is State.QUEUED else why),
        (_TOTAL, format_amount(invoice.total, invoice.currency)),
    )


def _number(document: Document) -> str:
    return f"{document.invoice.series}-{document.invoice.number}"
