"""The credit notes of one run in its order, each of which counts for those behind it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from so24.store.documents.credits import Credited, Sibling, SiblingPool
from so24.store.tables.document_tables import Invoice


class CreditQueue:
    """What is known of credit notes that are not in transfer yet, but will be together."""

    def __init__(self, credited: Mapping[int, Credited]) -> None:
        """``credited``: what the store knows of each, by its id."""
        self._credited = credited
        self._queued = SiblingPool()

    def facts_of(self, note: Invoice) -> Credited:
        """What a credit note credits, with those queued before it among its siblings."""
        known = self._credited.get(note.row_id, Credited())
        return replace(known, siblings=(*known.siblings, *self._queued.near(note)))

    def add(self, note: Invoice, organization_id: int) -> None:
        """Queue a credit note that goes to this company."""
        originals = self._credited.get(note.row_id, Credited()).originals
        self._queued.add(Sibling(note, organization_id, originals))


def queue_notes(
    notes: Sequence[Invoice], credited: Mapping[int, Credited], organization_id: int
) -> dict[int, Credited]:
    """What each of these credit notes credits, by its id; they go to one company in this order."""
    queue = CreditQueue(credited)
    facts: dict[int, Credited] = {}
    for note in notes:
        facts[note.row_id] = queue.facts_of(note)
        queue.add(note, organization_id)
    return facts
