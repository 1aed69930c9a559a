"""What decides, beside a document's own facts, whether it needs somebody now; and which do so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.installation import Installation
from so24.keys.blockades import Blockade, find_blockades
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.reasons import Reason
from so24.store.tables.transfer_tables import State
from so24.store.transfers.standings import (
    StandingFacts,
    StandingKinds,
    group_standings,
    list_answered,
    standings_of,
)
from so24.transfer.problems import OF_THE_KEY, can_go_now, find_problem

# blocked documents of which so24 looks whether they could go by now, at each reading; of more than
# that the older ones stand as they ended
MOST_PLANNED = 5_000


@dataclass(frozen=True)
class Circumstances:
    """What keeps whole departments from sending, by their ids, and which answers are good.

    ``answered`` are the blocked documents whose cause is gone and that a run would send as far as
    so24 knows: the customer is complete by now, the number of the credited invoice or the card is
    said, the key changed. 24SevenOffice has the last word.
    """

    by_department: Mapping[int, Blockade]
    answered: frozenset[int]

    @property
    def blockades(self) -> Mapping[int, Reason]:
        """The reason of each department that cannot send."""
        return {each: found.reason for each, found in self.by_department.items()}

    def blockade_of(self, department_id: int) -> Reason:
        """What keeps this department from sending; ``Reason.NONE`` where nothing does."""
        found = self.by_department.get(department_id)
        return found.reason if found else Reason.NONE


def read_circumstances(installation: Installation, session: Session) -> Circumstances:
    """How things are now, as this session sees them."""
    blockades = find_blockades(session, installation.vault)
    entered = list_answered(session)[:MOST_PLANNED]
    return Circumstances(
        blockades, _find_good(installation, session, entered) if entered else frozenset()
    )


def _find_good(
    installation: Installation, session: Session, entered: Sequence[int]
) -> frozenset[int]:
    from so24.transfer.plan.plan import plan_documents  # loads orders: only where it is needed

    planned = plan_documents(installation, session, entered).transfers
    # a missing key is the department's fault and not the number's
    good = (each for each in planned if each.state in (State.QUEUED, State.LOGIN))
    return frozenset(each.invoice_id for each in good)


def causes_now(desk: Desk, invoice_ids: Collection[int]) -> dict[int, Reason]:
    """Why these documents have not gone and cannot go now, by id; ``Reason.NONE`` where they can.

    What ended for a cause that is no more does not name it; of one that only has to be answered or
    confirmed there is nothing.
    """
    with desk.reading(Permission.SEE_INVOICES) as session:
        now = read_circumstances(desk.installation, session)
        found = standings_of(session, invoice_ids, now.answered)
    causes = {
        each: _cause_now(facts.standing, now.blockade_of(facts.department_id))
        for each, facts in found.items()
    }
    return {each: cause for each, cause in causes.items() if cause is not None}


def _cause_now(now: StandingFacts, blockade: Reason) -> Reason | None:
    if can_go_now(now, blockade):
        return Reason.NONE
    if now.reason not in OF_THE_KEY or now.tried_later:
        return now.reason
    return blockade if blockade is not Reason.NONE else None


def problem_kinds(desk: Desk) -> StandingKinds:
    """In which ways documents stand that need somebody now, for the filter of a list."""
    with desk.reading(Permission.SEE_INVOICES) as session:
        now = read_circumstances(desk.installation, session)
        groups = [
            each
            for each in group_standings(session, now.answered)
            if find_problem(each.standing, now.blockade_of(each.department_id))
        ]
    return StandingKinds.of(groups, now.answered)
