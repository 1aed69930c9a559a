"""What is an open problem now, and whose: the one rule for *Today*, receipts and counts (pure).

A document is a problem as long as it stands so that somebody has to do something before it is
where it belongs. What was excluded, decided, transferred by a later run or entered by hand is none
any more, whatever an earlier run says of it. What only has to be sent is none either: it is *not
transferred*. Nor is what so24 sends again by itself, before that has come to its end.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from so24.reasons import ACCOUNTANT, ADMIN, WAIT, Reason
from so24.states import Since, State
from so24.store.transfers.receipt_line import WAITS
from so24.store.transfers.standings import StandingFacts
from so24.store.transfers.transfer_list import IN_THE_WAY


class Whose(enum.StrEnum):
    """Who has to act; the values stand in addresses."""

    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    ACCOUNTANT = "24sevenoffice"
    WAIT = "wait"  # nobody's: 24SevenOffice does not answer now


@dataclass(frozen=True)
class OpenProblem:
    """Why a document needs somebody, and whom."""

    reason: Reason
    whose: Whose


# whose a reason is, by whom its card names; all else is Finance's
_WHO_IS = {ADMIN: Whose.ADMINISTRATOR, ACCOUNTANT: Whose.ACCOUNTANT, WAIT: Whose.WAIT}
# what stands in the way of a department as a whole: gone as soon as its key can be used
OF_THE_KEY = frozenset(
    {
        Reason.NO_KEY,
        Reason.KEY_DISABLED,
        Reason.KEY_UNUSABLE,
        Reason.LOGIN_REFUSED,
        Reason.WRONG_COMPANY,
    }
)
# what is left in 24SevenOffice, or not known, of a document that a person has stopped
_LEFT_BEHIND = frozenset({Reason.CANCELLED_DRAFT, Reason.CANCELLED_UNSEEN, Reason.RESTORED})


def find_problem(now: StandingFacts, blockade: Reason = Reason.NONE) -> OpenProblem | None:
    """Why the document needs somebody now; None where it needs nobody.

    ``blockade`` is what keeps its department from sending at present, if anything does.
    """
    if now.left_out:
        return None
    if now.asked:
        return OpenProblem(Reason.HELD, Whose.FINANCE)
    if now.state is not None and now.state.is_live:
        waits = now.state.is_open and now.reason in WAITS
        return OpenProblem(now.reason, Whose.ADMINISTRATOR) if waits else None
    if now.date_assumed:
        return OpenProblem(Reason.DATE_ASSUMED, Whose.FINANCE)
    if now.tried_later:
        return None
    if _is_open(now):
        return OpenProblem(now.reason, _whose(now))
    if blockade is not Reason.NONE:
        return OpenProblem(blockade, Whose.ADMINISTRATOR)
    return None


def find_notice(now: StandingFacts) -> Reason | None:
    """What people should know of a transferred document, though nothing waits for it here."""
    if now.left_out or now.asked or now.state is not State.TRANSFERRED:
        return None
    if now.changed:
        return Reason.CHANGED_AFTER_EXPORT
    return Reason.WAITS_APPROVAL if now.reason is Reason.WAITS_APPROVAL else None


def is_tried_later(now: StandingFacts, blockade: Reason = Reason.NONE) -> bool:
    """Whether a document needs nobody because so24 sends it again by itself."""
    return now.tried_later and not now.left_out and find_problem(now, blockade) is None


def can_go_now(now: StandingFacts, blockade: Reason = Reason.NONE) -> bool:
    """Whether a document that was not transferred has only to be sent again, by a press.

    Nobody does that by itself, and what was in the way is gone as far as so24 knows.
    """
    tried = now.state is not None and not now.state.is_live
    waits = now.left_out or now.tried_later
    return tried and not waits and find_problem(now, blockade) is None


def tell_since(then: State, now: StandingFacts, blockade: Reason = Reason.NONE) -> Since:
    """What has become since of a document that has ended so in an earlier run."""
    if now.left_out:
        return Since.LEFT_OUT
    if now.state is State.TRANSFERRED:
        return Since.TRANSFERRED
    if now.state is not None and now.state.is_open:
        return Since.IN_TRANSFER
    if is_tried_later(now):
        return Since.TRIED_LATER
    if then.is_failed and find_problem(now, blockade) is None:
        return Since.MENDED
    return Since.NOTHING


def _is_open(now: StandingFacts) -> bool:
    """Whether the ending of a document that is not on its way still asks for somebody."""
    if now.state is None or now.reason in OF_THE_KEY or now.reason in IN_THE_WAY:
        return False
    if now.state is State.CANCELLED:
        return now.reason in _LEFT_BEHIND
    answered = {
        Reason.HELD: not now.asked,
        Reason.DATE_ASSUMED: not now.date_assumed,
        Reason.CHANGED_AFTER_EXPORT: not now.changed,
        Reason.EXCLUDED: not now.left_out,
    }
    return not now.declared and not answered.get(now.reason, False)


def _whose(now: StandingFacts) -> Whose:
    return _WHO_IS.get(now.reason.card.who, Whose.FINANCE)
