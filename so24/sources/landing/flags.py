"""What is noted on a stored document that stays as it is though it has come again otherwise."""

from __future__ import annotations

from so24.language.said import cut_said
from so24.sources.documents.documents import Counts
from so24.sources.landing.buyers import tell_question
from so24.sources.landing.identify import Arriving, StoredDocument
from so24.sources.landing.whose import Firm
from so24.sources.landing.wording import tell_other_buyer
from so24.store.tables.document_tables import QUESTION_LENGTH, Invoice
from so24.store.tables.ground import now


def hold_for_date(row: Invoice, question: str, mark: str) -> None:
    """Let a stored document wait, because one of its number has come with another date."""
    if row.pending_fingerprint == mark and row.redated == question:
        return
    row.redated, row.redated_apart, row.pending_fingerprint = question, False, mark
    row.updated_at = now()


def flag_change(row: Invoice, change: str, counts: Counts) -> None:
    """Note what is stated otherwise of an exported document, which stays as it is."""
    row.changed_after_export, row.change = True, cut_said(change, QUESTION_LENGTH)
    row.updated_at = now()
    counts.flagged += 1
    counts.changes.append(tell_question(row, change))


def flag_other_buyer(arriving: Arriving, stored: StoredDocument, counts: Counts) -> None:
    """Note that an exported document has come again made out to another party."""
    buyer = Firm.buyer_of(stored.row)
    told = tell_other_buyer(buyer.words if buyer.name else "", arriving.words)
    if stored.row.change == told:
        counts.unchanged += 1
    else:
        flag_change(stored.row, told, counts)
