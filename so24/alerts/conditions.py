"""What is wrong at this moment, of which people may be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlmodel import Session

from so24.dates import format_moment
from so24.installation import Installation
from so24.keys.routing import why_parked
from so24.language.said import join_said, say, say_count
from so24.ledger.keeping import newest_of_each
from so24.ledger.memory import still_apart, with_changes
from so24.ledger.sentences import tell_apart, tell_change
from so24.store.alerts.standing import AlertCondition, runs_ended_badly
from so24.store.keys.keys import living_keys
from so24.store.ledger.results import kept_results
from so24.store.tables.alert_tables import AlertKind
from so24.store.tables.key_tables import KeyState
from so24.store.tables.ledger_tables import Witness
from so24.store.transfers.tallies import open_runs
from so24.transfer.schedules.sentences import tell_trouble
from so24.transfer.schedules.standing import views_in


def find_conditions(
    installation: Installation, session: Session, moment: dt.datetime
) -> list[AlertCondition]:
    """What is wrong at ``moment`` (aware UTC), one for each run, key and company."""
    return [
        *_ended_runs(session, moment),
        *_parked_keys(installation, session),
        *_waiting_runs(installation, session, moment),
        *_ledgers_apart(session),
        *_schedules_in_trouble(installation, session, moment),
    ]


def _ended_runs(session: Session, moment: dt.datetime) -> Iterator[AlertCondition]:
    for run in runs_ended_badly(session, moment):
        words = say_count(
            "{number} of {documents} documents of a run of {user} was not transferred. The receipt "
            "says why, and what to do.",
            "{number} of {documents} documents of a run of {user} were not transferred. The "
            "receipt says why, and what to do.",
            run.problems,
            documents=run.documents,
            user=run.created_by,
        )
        yield AlertCondition(AlertKind.RUN, run.run_id, words)


def _parked_keys(installation: Installation, session: Session) -> Iterator[AlertCondition]:
    for key in living_keys(session):
        parked = why_parked(key, installation.vault)
        if parked is not None and key.state is KeyState.USABLE:
            words = say("Nothing is sent by the key “{key}”. {why}", key=key.name, why=parked.words)
            yield AlertCondition(AlertKind.KEY, str(key.row_id), words)


def _waiting_runs(
    installation: Installation, session: Session, moment: dt.datetime
) -> Iterator[AlertCondition]:
    longest = dt.timedelta(minutes=installation.settings.alert_minutes)
    for run in open_runs(session):
        if moment - run.created_at > longest:
            count = sum(number for state, number in run.counts.items() if state.is_open)
            words = say_count(
                "{number} document of a run of {user} has been in transfer since {moment}.",
                "{number} documents of a run of {user} have been in transfer since {moment}.",
                count,
                user=run.created_by,
                moment=format_moment(run.created_at),
            )
            yield AlertCondition(AlertKind.WAITING, run.run_id, words)


def _ledgers_apart(session: Session) -> Iterator[AlertCondition]:
    kept = kept_results(session)
    newest = {
        (each.result.client_id, each.result.witness): each
        for each in newest_of_each(with_changes(kept))
    }
    for standing in still_apart(kept):
        is_saft = standing.witness is Witness.SAFT
        subject = f"{standing.client_id} {Witness.SAFT}" if is_saft else str(standing.client_id)
        last = newest[standing.client_id, standing.witness]
        words = join_said([tell_apart(standing), tell_change(last)])
        yield AlertCondition(AlertKind.LEDGER, subject, words, standing.mark)


def _schedules_in_trouble(
    installation: Installation, session: Session, moment: dt.datetime
) -> Iterator[AlertCondition]:
    for view in views_in(installation, session, moment):
        words = tell_trouble(view)
        if words:
            yield AlertCondition(AlertKind.SCHEDULE, str(view.id), words)
