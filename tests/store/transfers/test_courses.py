"""The course of a document: its first import, its first try, and how it stands now."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session

from so24.invoices.decisions import set_excluded
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.documents.originals import link_documents
from so24.store.tables.document_tables import Import, Invoice
from so24.store.tables.transfer_tables import State
from so24.store.transfers.courses import CourseFilter, list_courses
from tests.transfer.world import ADMIN, World

CAME = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
pytestmark = pytest.mark.both


def open_import(session: Session, at: dt.datetime) -> int:
    """An import at this moment; returns its id."""
    row = Import(at=at, actor="fia", filename="report.xlsx", content_hash=f"{at}", kind="report")
    session.add(row)
    session.flush()
    return row.row_id


def bring(world: World, ids: list[int], *moments: dt.datetime) -> None:
    """Let imports at these moments have brought the documents, the last one as they are now."""
    with world.installation.db.writing() as session:
        for at in moments:
            number = open_import(session, at)
            link_documents(session, number, dict.fromkeys(ids, ""))
            for each in ids:
                session.get_one(Invoice, each).import_id = number


def test_a_course_has_the_first_import_the_first_try_and_the_end(world: World) -> None:
    department = world.add_department()
    ids = world.add_invoices(department, 2)
    bring(world, ids, CAME, CAME + dt.timedelta(days=9))
    world.export(ids)
    world.add_key([department])
    world.export(ids[:1])
    with world.installation.db.reading() as session:
        went, waits = list_courses(session, CourseFilter())
    assert (went.came_at, waits.came_at) == (CAME, CAME)
    assert (went.first_state, went.first_reason) == (State.LOGIN, Reason.NO_KEY)
    assert (went.state, waits.state) == (State.TRANSFERRED, State.LOGIN)
    assert went.transferred_at is not None
    assert went.transferred_at > CAME
    assert waits.transferred_at is None


def test_a_second_try_that_finds_it_transferred_changes_no_course(world: World) -> None:
    department = world.add_department()
    ids = world.add_invoices(department, 1)
    bring(world, ids, CAME)
    world.add_key([department])
    world.export(ids)
    with world.installation.db.reading() as session:
        before = list_courses(session, CourseFilter())
    world.export(ids)
    with world.installation.db.reading() as session:
        assert list_courses(session, CourseFilter()) == before


def test_a_filter_takes_days_of_import_and_departments(world: World) -> None:
    here, there = world.add_department("10"), world.add_department("20")
    early, late = world.add_invoices(here, 1), world.add_invoices(there, 1, first=2001)
    bring(world, early, CAME)
    bring(world, late, CAME + dt.timedelta(days=1))
    set_excluded(Desk(world.installation, ADMIN), late, "a test")

    def found(wanted: CourseFilter) -> list[int]:
        with world.installation.db.reading() as session:
            return [each.invoice_id for each in list_courses(session, wanted)]

    assert found(CourseFilter()) == [*early, *late]
    assert found(CourseFilter(department_ids=frozenset({there}))) == late
    assert found(CourseFilter(came_from=CAME + dt.timedelta(seconds=1))) == late
    assert found(CourseFilter(came_before=CAME + dt.timedelta(days=1))) == early
    with world.installation.db.reading() as session:
        assert [each.excluded for each in list_courses(session, CourseFilter())] == [False, True]
