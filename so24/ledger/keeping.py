"""Results of reconciliations: kept, thinned, and read again with their differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlmodel import Session

from so24.dates import moments_of, today
from so24.ledger.memory import PastResult, find_superfluous, with_changes
from so24.ledger.reconcile import LedgerLine
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.keys.keys import living_keys
from so24.store.ledger import results as store
from so24.store.ledger.results import KeptDifference, KeptResult, KeptSum, WitnessFile
from so24.store.tables.ledger_tables import LedgerResult


def past_results(desk: Desk, key_id: int | None = None) -> list[PastResult]:
    """What reconciliations have said, with the difference to the one before, the newest first.

    Of all companies, or of the one that this key reaches. Raises :class:`NotAllowed`.
    """
    with desk.reading(Permission.SEE_LEDGER) as session:
        client_id = None
        if key_id is not None:
            client_id = next(
                (key.client_id for key in living_keys(session) if key.row_id == key_id), 0
            )
        return with_changes(store.kept_results(session, client_id))


def newest_of_each(past: Iterable[PastResult]) -> list[PastResult]:
    """The newest result of each company and witness; ``past`` is the newest first."""
    newest: dict[tuple[int, str], PastResult] = {}
    for each in past:
        newest.setdefault((each.result.client_id, each.result.witness), each)
    return list(newest.values())


def keep_result(
    session: Session,
    settings: Settings,
    row: LedgerResult,
    *,
    sums: Iterable[KeptSum],
    apart: Iterable[KeptDifference],
    files: Iterable[WitnessFile] = (),
) -> None:
    """Keep a result, and forget those of its company that need not be kept any more."""
    store.add_result(session, row, sums=sums, apart=apart, files=files)
    begins, _ = moments_of(dt.date(today().year - settings.keep_years, 1, 1), None)
    if begins is not None:
        store.drop_results_before(session, begins)
    mine = store.kept_results(session, row.client_id)
    store.drop_results(session, find_superfluous([each for each in mine if _is_of(each, row)]))


def difference_of(line: LedgerLine) -> KeptDifference:
    """A line that does not agree, as it is kept."""
    return KeptDifference(
        document_id=line.document_id,
        there=str(line.order_id or ""),
        reference=line.reference,
        verdict=str(line.verdict),
        date=line.date,
        theirs=line.office_total,
        ours=line.our_total,
        currency=line.currency,
    )


def _is_of(kept: KeptResult, row: LedgerResult) -> bool:
    return kept.witness == row.witness
