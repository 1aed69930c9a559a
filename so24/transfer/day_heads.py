"""Whether the record of all transfers is whole, and the heads of days that prove it.

Heads leave the database, into a file beside it and into the log. A line of the file is JSON: a head
(``day``, ``hash``, ``seal``), or a restore, after which the heads of the days before need not be in
the database any more. Whoever keeps copies of the file or of the log elsewhere can prove later what
the history was; so24 itself compares with the file.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from dataclasses import replace
from pathlib import Path

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.settings import Settings
from so24.store.history.verification import HistoryVerdict, verify_history
from so24.store.tables.ground import now
from so24.store.transfers import workers
from so24.store.upkeep.day_heads import KeptHead, verify_heads, write_head_when_due

# the name begins as that of the embedded database, so that both are thrown away together
FILE = "so24.db.heads"

log = logging.getLogger("so24.heads")


def publish_head(installation: Installation) -> None:
    """Seal the day's head where it is due, and hand it out; one process of all does so."""
    with installation.db.lane_writing() as session:
        if not workers.lead(session):
            return
        head = write_head_when_due(session, installation.vault.sign)
    if head is not None:
        line = {"day": head.day.isoformat(), "hash": head.hash, "seal": head.seal}
        _append(installation.settings, line)
        log.info("The head of %(day)s is %(hash)s, sealed %(seal)s.", line)


def note_restore(settings: Settings, source: str) -> None:
    """Note that the database has become an older one, by a person's will."""
    _append(settings, {"restored": now().isoformat(), "from": source})


def check_history(desk: Desk) -> HistoryVerdict:
    """Recompute the chains of all documents, the anchors over them, and the heads of the days.

    The heads are held against key material and file as well, where there is one on this machine.
    """
    kept = _kept(desk.installation.settings)
    with desk.reading(Permission.SEE_RECEIPTS) as session:
        verdict = verify_history(session)
        heads = verify_heads(session, desk.vault.has_signed, kept)
    return replace(verdict, breaks=(*verdict.breaks, *heads.breaks), days=heads.heads)


def _append(settings: Settings, line: dict[str, str]) -> None:
    with _file(settings).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _kept(settings: Settings) -> list[KeptHead]:
    """The heads handed out since the last restore; a line that cannot be read is none of ours."""
    kept: list[KeptHead] = []
    path = _file(settings)
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            if "restored" in told:
                kept.clear()
            else:
                kept.append(KeptHead(dt.date.fromisoformat(told["day"]), str(told["hash"])))
        except (ValueError, KeyError, TypeError):
            continue  # a write that was cut off
    return kept


def _file(settings: Settings) -> Path:
    return settings.data_dir / FILE
