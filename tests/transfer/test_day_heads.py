"""Who has the database alone rewrites no day unseen, of the history or of the audit trail."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import Session, select

from so24.installation import Installation
from so24.keys.upkeep import rotate_secrets
from so24.people.desk import Desk
from so24.store.people.audit import record
from so24.store.people.origins import COMMAND_LINE
from so24.store.tables.ground import now
from so24.store.tables.people_tables import AuditEvent
from so24.store.tables.transfer_tables import DayHead
from so24.store.upkeep import day_heads as store
from so24.transfer.day_heads import FILE, check_history, note_restore, publish_head
from so24.vault import Vault, new_secret_key
from tests.transfer.world import ADMIN, World

pytestmark = [pytest.mark.both, pytest.mark.made_up, pytest.mark.slow]


@pytest.fixture
def days(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """Three days on each of which something was done and sealed; returns their number."""
    world.add_key([world.add_department()])
    for day in (3, 2, 1):
        note(world, f"day {day}")
        monkeypatch.setattr(store, "now", lambda day=day: now() - dt.timedelta(days=day))
        world.start(world.add_invoices(1, 1, first=1000 + day))
        publish_head(world.installation)
    monkeypatch.undo()
    return 3


def note(world: World, subject: str) -> None:
    with world.installation.db.writing() as session:
        record(session, "ada", "tried", subject, origin=COMMAND_LINE)


def breaks_of(installation: Installation) -> tuple[str, ...]:
    return check_history(Desk(installation, ADMIN)).breaks


def do(world: World, *statements: str) -> tuple[str, ...]:
    """What is found after somebody who has the database alone has done this to it."""
    with Session(world.installation.db.engine) as session:
        for statement in statements:
            session.execute(sa.text(statement))
        session.commit()
    return breaks_of(world.installation)


def test_a_day_has_one_head_and_a_quiet_one_none(world: World, days: int) -> None:
    verdict = check_history(Desk(world.installation, ADMIN))
    assert (verdict.breaks, verdict.days) == ((), days)
    publish_head(world.installation)  # nothing has been done since
    note(world, "today")
    publish_head(world.installation)
    note(world, "still today")
    publish_head(world.installation)
    assert check_history(Desk(world.installation, ADMIN)).days == days + 1
    kept = (world.installation.settings.data_dir / FILE).read_text().splitlines()
    assert len(kept) == days + 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update audit_event set detail = 'x' where subject = 'day 2'", "audit trail that was"),
        ("update audit_event set source = '::1' where subject = 'day 2'", "audit trail that was"),
        ("update audit_event set login = 'x' where subject = 'day 2'", "audit trail that was"),
        ("update audit_event set browser = 'x' where subject = 'day 2'", "audit trail that was"),
        ("update audit_event set source = '' where subject = 'day 2'", "audit trail that was"),
        ("delete from audit_event where subject = 'day 2'", "audit trail that was sealed on"),
        ("update audit_event set head_id = null where subject = 'day 2'", "audit trail that was"),
        ("update audit_event set head_id = 9 where subject = 'day 2'", "audit trail that was"),
        (
            "update day_head set day = '2020-01-01' where id = 2",
            "head of 01.01.2020 was changed",
        ),
        ("delete from day_head where id = 1", "is missing or was changed"),
        ("delete from day_head where id = 3", "that was kept outside is not in the database"),
        ("update history_anchor set hash = 'x' where id = 2", "its anchor is missing"),
        ("update day_head set seal = hash where id = 1", "sealed with none of the keys"),
    ],
)
def test_what_is_changed_or_removed_is_told_with_its_day(
    world: World, days: int, statement: str, words: str
) -> None:
    assert any(words in each for each in do(world, statement))


def test_lines_from_before_origins_were_kept_stay_sealed_and_get_none_unseen(
    world: World,
) -> None:
    """Their digest is made as it was then: of the six words that they have."""
    moment = now() - dt.timedelta(days=1)
    with world.installation.db.writing() as session:
        session.execute(sa.text("delete from audit_event"))
        old = AuditEvent(at=moment, actor="ada", action="tried", subject="Øre", detail="x")
        session.add(old)
        session.flush()
        number = old.row_id
    publish_head(world.installation)
    covered = json.dumps(
        [number, moment.isoformat(), "ada", "tried", "Øre", "x"], ensure_ascii=False
    )
    with world.installation.db.reading() as session:
        [head] = session.exec(select(DayHead)).all()
    assert head.audit_hash == hashlib.sha256(covered.encode()).hexdigest()
    assert breaks_of(world.installation) == ()
    assert do(world, "update audit_event set source = '::1'")
    assert do(world, "update audit_event set source = '', login = 'x'")
    assert do(world, "update audit_event set login = '', browser = 'x'")
    assert do(world, "update audit_event set browser = ''") == ()


def test_who_rewrites_a_day_with_all_its_hashes_lacks_the_key(world: World, days: int) -> None:
    forger = Vault(new_secret_key())
    with Session(world.installation.db.engine) as session:
        session.execute(sa.text("delete from day_head"))
        session.execute(sa.text("delete from audit_event where subject = 'day 2'"))
        session.execute(sa.text("update audit_event set head_id = null"))
        store.write_head_when_due(session, forger.sign)
        session.commit()
    found = breaks_of(world.installation)
    assert sum("sealed with none of the keys" in each for each in found) == 1
    assert sum("that was kept outside" in each for each in found) == days


def test_a_restore_by_a_person_is_no_break_though_newer_heads_were_kept(
    world: World, days: int
) -> None:
    older = (
        "delete from day_head where id = 3",
        "update audit_event set head_id = null where head_id = 3",
    )
    assert do(world, *older)
    note_restore(world.installation.settings, "so24.bak")
    assert breaks_of(world.installation) == ()


def test_a_cut_off_line_of_the_file_is_no_head(world: World, days: int) -> None:
    with (world.installation.settings.data_dir / FILE).open("a") as file:
        file.write('{"day": "2026-1')
    assert breaks_of(world.installation) == ()


def test_seals_follow_when_the_keys_are_rotated(world: World, days: int) -> None:
    old = world.installation.settings.secret_keys.get_secret_value()
    fresh = new_secret_key()

    def opened(keys: str) -> Installation:
        settings = world.installation.settings.model_copy(update={"secret_keys": SecretStr(keys)})
        return Installation(settings, world.installation.db, Vault(keys))

    rotate_secrets(Desk(opened(f"{fresh},{old}"), ADMIN))
    assert breaks_of(opened(fresh)) == ()
    assert len(breaks_of(opened(old))) == days
