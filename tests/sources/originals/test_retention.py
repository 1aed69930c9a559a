"""Originals are kept for the time that the law asks, and go when that is over."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from so24.errors import UnreadableFile, WrongUse
from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.sources.originals import retention
from so24.sources.originals.finding import list_import_files, read_original
from so24.sources.originals.keeping import keep_files
from so24.sources.originals.retention import (
    find_overdue,
    list_last_days,
    purge_overdue,
    read_holdings,
)
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Import
from so24.store.tables.original_tables import OriginalFile, OriginalPiece
from tests.sources.report_files import as_report, customer, line

CUSTOMERS = as_report(customer())


def came(installation: Installation, import_id: int, day: dt.date) -> None:
    """Let an import have been on this day."""
    with installation.db.writing() as session:
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        session.get_one(Import, import_id).at = noon


@pytest.fixture
def past(installation: Installation, admin: Actor) -> Desk:
    """Lines of 2026 imported in 2025, customers of 2025, and a file that was refused then."""
    desk = Desk(installation, admin)
    dated = line({"Invoice date": "20.01.2026"})
    import_files(desk, [("lines.xlsx", as_report(dated))])
    import_files(desk, [("customers.xlsx", CUSTOMERS)])
    with pytest.raises(UnreadableFile):
        import_files(desk, [("wrong.csv", b"not a report")])
    for import_id in (1, 2, 3):
        came(installation, import_id, dt.date(2025, 12, 30))
    return desk


def last_days(desk: Desk) -> dict[int, dt.date]:
    """The last day of each original of the first imports."""
    files = list_import_files(desk, range(1, 5))
    return list_last_days(desk, [file for each in files.values() for file in each])


def live_on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """Let this be today."""
    monkeypatch.setattr(retention, "today", lambda: day)


@pytest.mark.both
def test_an_original_stays_until_five_years_after_the_end_of_its_documents_year(
    past: Desk,
) -> None:
    assert last_days(past) == {
        1: dt.date(2031, 12, 31),
        2: dt.date(2030, 12, 31),
        3: dt.date(2026, 3, 30),
    }


def test_the_years_are_a_setting(past: Desk) -> None:
    longer = past.settings.model_copy(update={"keep_years": 10, "keep_refused_days": 7})
    desk = Desk(type(past.installation)(longer, past.installation.db, past.vault), past.actor)
    assert set(last_days(desk).values()) == {
        dt.date(2036, 12, 31), dt.date(2035, 12, 31), dt.date(2026, 1, 6),
    }  # fmt: skip


def test_the_same_bytes_stay_as_long_as_their_last_import_asks(past: Desk) -> None:
    import_files(past, [("again.xlsx", CUSTOMERS)])
    came(past.installation, 4, dt.date(2029, 5, 5))
    assert last_days(past)[2] == dt.date(2034, 12, 31)


@pytest.mark.both
def test_a_purge_deletes_what_is_overdue_and_leaves_what_is_known_of_it(
    past: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_on(monkeypatch, dt.date(2031, 1, 1))
    shown = find_overdue(past)
    assert shown.ids == (2, 3)
    assert (shown.earliest, shown.latest) == (dt.date(2026, 3, 30), dt.date(2030, 12, 31))
    assert read_holdings(past).overdue == 2
    assert purge_overdue(past, shown).ids == (2, 3)
    with past.installation.db.reading() as session:
        assert set(session.exec(select(OriginalPiece.original_id))) == {1}
        assert latest_events(session)[0].action == "originals purged"
    files = list_import_files(past, [1, 2, 3])
    assert [files[each][0].purged_at is None for each in (1, 2, 3)] == [True, False, False]
    assert read_original(past, files[1][0].id)
    with pytest.raises(WrongUse, match=r"customers\.xlsx was purged"):
        read_original(past, files[2][0].id)
    assert (read_holdings(past).count, find_overdue(past).ids) == (1, ())


def test_nothing_goes_that_has_been_brought_again_since_it_was_shown(
    past: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_on(monkeypatch, dt.date(2031, 1, 1))
    shown = find_overdue(past)
    import_files(past, [("again.xlsx", CUSTOMERS)])
    assert purge_overdue(past, shown).ids == (3,)


def test_bytes_that_come_again_after_their_purge_are_kept_again(
    past: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_on(monkeypatch, dt.date(2031, 1, 1))
    purge_overdue(past, find_overdue(past))
    content = CUSTOMERS
    import_files(past, [("again.xlsx", content)])
    file = list_import_files(past, [2])[2][0]
    assert file.purged_at is None
    assert b"".join(read_original(past, file.id)) == content


def test_what_an_import_was_cut_off_before_naming_goes_a_day_later(past: Desk) -> None:
    keep_files(past, [("a", b"new"), ("b", b"old")])
    with past.installation.db.writing() as session:
        [old] = session.exec(select(OriginalFile).where(OriginalFile.id == 5)).all()
        old.kept_at -= dt.timedelta(days=2)
    purge_overdue(past, find_overdue(past))
    with past.installation.db.reading() as session:
        assert set(session.exec(select(OriginalFile.id))) == {1, 2, 3, 4}
