"""One strike from beginning to end: begin, strike, take over, finish, land, look again, judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from so24.store.tables.transfer_tables import Transfer
from tests.crash.ground import Ground, cut_connections
from tests.crash.invariants import copy_history, find_breaches
from tests.crash.plan import CUT, KILL, LOOKS, NONE, Strike, draw
from tests.crash.stage import Stage, Stuck, Worker, set_stage
from tests.crash.worker import Aim

_MOST_LOOKS = 5  # of which each but the last was cut short


@dataclass(frozen=True)
class Outcome:
    """What became of a strike; ``reached``: it struck. Breaches are sentences."""

    strike: Strike
    reached: bool
    seconds: float
    breaches: tuple[str, ...]
    log: str = ""

    def count(self, *beginnings: str) -> int:
        """How many breaches begin like one of these."""
        return sum(breach.startswith(beginnings) for breach in self.breaches)


def carry_out(ground: Ground, strike: Strike, folder: Path, mutation: str = "") -> Outcome:
    """Do one strike in a new folder and judge what came of it; never raises for a breach."""
    began = time.monotonic()
    reached, breaches, log = False, [], ""
    with set_stage(ground, strike, folder, mutation) as stage:
        try:
            stage.collect_secrets()
            reached, before = _strike(stage)
            _finish(stage)
            breaches = _judge(stage, before)
        except Stuck as stuck:
            breaches = [f"I4: {stuck}"]
        log = stage.log.read_text(errors="replace") if stage.log.exists() else ""
    return Outcome(strike, reached, time.monotonic() - began, tuple(breaches), log)


def _strike(stage: Stage) -> tuple[bool, frozenset[str]]:
    """Begin, and strike at the place; whether it was reached, and the history as it was then."""
    strike, worker = stage.strike, stage.begin_worker(_aim(stage))
    struck = _is_struck(stage, worker)
    stage.await_truth(lambda: struck() or stage.is_finished(), "the place of the strike")
    if strike.point in LOOKS and not struck():
        stage.land_all(unless=struck)
        stage.await_truth(lambda: struck() or stage.is_quiet(), "the look for what landed late")
    reached = struck()
    stage.collect_secrets()
    if strike.kind == KILL and reached:
        worker.kill()
        before = copy_history(stage.installation)
        stage.begin_worker()
        return reached, before
    before = copy_history(stage.installation)
    if reached and strike.kind != NONE:
        if strike.kind == CUT and not stage.installation.db.embedded:
            cut_connections(stage.installation.settings.database_url)
        worker.pipe.send("go")
    return reached, before


def _aim(stage: Stage) -> Aim | None:
    strike, drawn = stage.strike, draw(stage.strike)
    if strike.point in LOOKS:
        return Aim(strike.point, None, drawn.occurrence, strike.kind)
    if not strike.loss:
        key = stage.scene.keys[drawn.lane]
        return Aim(strike.point, key, drawn.occurrence, strike.kind)
    if strike.kind in (KILL, NONE):
        return None  # the sandbox loses the answer, and keeps the call under way for the kill
    return Aim(strike.point, None, 1, strike.kind)


def _is_struck(stage: Stage, worker: Worker) -> Callable[[], bool]:
    """How to see that the worker is at the place."""
    if stage.strike.loss and stage.strike.kind in (KILL, NONE):
        return lambda: not stage.sandbox.faults.armed()
    return lambda: worker.has_said("reached")


def _finish(stage: Stage) -> None:
    """To the end of the run; then what is late lands, and housekeeping looks once more.

    A look that lost its lease, on a machine that is busy with something else, is planned for later;
    here that time passes at once.
    """
    stage.await_truth(stage.is_finished, "the end of the run")
    for _ in range(_MOST_LOOKS):
        cut = stage.count_cut_looks()
        stage.land_all()
        stage.await_truth(stage.is_quiet, "the last look")
        if stage.count_cut_looks() == cut:
            return
    raise Stuck(f"in vain: a last look that is not cut short, {_MOST_LOOKS} times")


def _judge(stage: Stage, before: frozenset[str]) -> list[str]:
    stage.collect_secrets()
    breaches = find_breaches(
        stage.installation,
        stage.control.books(),
        before=before,
        secrets=stage.secrets,
        texts={"the log": stage.log.read_text(errors="replace")},
    )
    return breaches + _find_losses(stage)


def _find_losses(stage: Stage) -> list[str]:
    """Documents that did not end where they must, and customers' cards made twice."""
    with stage.installation.db.reading() as session:
        ended = {row.invoice_id: row for row in session.exec(select(Transfer))}
    losses = [
        f"lost: document {document} is {ended[document].state.value} "
        f"({ended[document].reason}: {ended[document].words}), not {state.value}"
        for document, state in stage.scene.expected.items()
        if ended[document].state is not state
    ]
    for client, ledger in stage.control.books().items():
        cards = [card.get("ExternalId") for card in ledger["companies"]]
        losses += [
            f"twice: client {client} has {cards.count(card)} companies {card}"
            for card in sorted(filter(None, set(cards)))
            if cards.count(card) > 1 and card != "RM-8001"
        ]
    return losses
