"""The plan of documents in memory, with what a table leaves out empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from so24.keys.routing import KeyScope
from so24.store.documents.credits import Credited
from so24.store.documents.documents import Document
from so24.store.tables.transfer_tables import Transfer
from so24.store.transfers.runs import NewTransfer
from so24.store.transfers.transfers import KnownOrder
from so24.transfer.checks.finding import CheckContext
from so24.transfer.plan.plan import plan_run

NOTHING_ELSE = CheckContext()


def plan_documents(
    documents: Sequence[Document],
    keys: Sequence[KeyScope],
    live: Mapping[int, Transfer],
    known: Mapping[int, Sequence[KnownOrder]] | None = None,
    credited: Mapping[int, Credited] | None = None,
    context: CheckContext = NOTHING_ELSE,
) -> list[NewTransfer]:
    """The transfers of a run of these documents, in its order."""
    planned = plan_run(documents, keys, live, known or {}, credited or {}, context)
    return [each.transfer for each in planned]


def plan_document(
    document: Document,
    keys: Sequence[KeyScope],
    live: Mapping[int, Transfer],
    known: Mapping[int, Sequence[KnownOrder]] | None = None,
    credited: Mapping[int, Credited] | None = None,
    context: CheckContext = NOTHING_ELSE,
) -> NewTransfer:
    """The transfer of a run of this one document."""
    [planned] = plan_documents([document], keys, live, known, credited, context)
    return planned
