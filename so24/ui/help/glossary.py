"""The catalogue of reasons, as rows that people read; where they stand in files is the help's."""

from __future__ import annotations

from collections.abc import Iterable

from so24.language.telling import tell
from so24.reasons import Reason


def reason_rows(reasons: Iterable[Reason] = Reason) -> list[dict[str, str]]:
    """What people read of these reasons: what happened, what to do, who does it, and *Retry*."""
    return [
        {
            tell("What happened"): tell(each.card.title),
            tell("What to do"): tell(each.card.remedy),
            tell("Who"): tell(each.card.who),
            tell("Retry"): _tell_retry(each),
        }
        for each in reasons
        if each.card.title
    ]


def _tell_retry(reason: Reason) -> str:
    if reason.card.doubt:
        return tell("a warning only: it is sent")
    return tell("once that is done") if reason.card.retry else tell("does not help")
