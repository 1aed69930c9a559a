"""A department that came in by its name only is the numbered one of that name.

Whatever comes first, and whatever was exported in between, an invoice is one document: it keeps
the series under which 24SevenOffice may know it, and never goes a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from sqlmodel import col, select

from so24.installation import Installation
from so24.invoices.decisions import set_excluded
from so24.invoices.questions import answer_questions
from so24.keys.departments import add_department
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import fingerprint
from so24.store.documents.intake import department_names
from so24.store.keys.keys import insert_key
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Invoice
from so24.store.tables.key_tables import Key, KeyDepartment
from so24.store.tables.transfer_tables import State
from so24.store.transfers.runs import NewTransfer, create_run
from so24.transfer.order.mapping import reference_of
from tests.sources.acts import bring, counts, send, stored
from tests.sources.report_files import as_report, line, read_file

LONG = "Bemanning Østlandet avdeling for helse og omsorg"


def named(name: str = "Voss", number: str = "1001", **changes: Any) -> dict[str, Any]:
    """A line of an invoice whose department has no number."""
    return line({"Department no.": "", "Department": name, **changes}, number=number)


def numbered(
    name: str = "Voss", department: str = "30", number: str = "1001", **changes: Any
) -> dict[str, Any]:
    """A line of the same invoice with its department's number."""
    return line({"Department no.": department, "Department": name, **changes}, number=number)


def departments(installation: Installation) -> list[tuple[str, str]]:
    with installation.db.reading() as session:
        return sorted(department_names(session))


def invoices(installation: Installation, number: str = "1001") -> Sequence[Invoice]:
    with installation.db.reading() as session:
        return session.exec(
            select(Invoice).where(Invoice.number == number).order_by(col(Invoice.id))
        ).all()


FILES = {
    "named": [named()],
    "capitals": [named("VOSS")],
    "numbered": [numbered()],
    "another": [numbered(number="1002"), named()],
}


ORDERS = [
    pytest.param(acts, marks=[] if "send" in acts else [pytest.mark.long])
    for acts in product([*FILES, "send"], repeat=2)
]


@pytest.mark.sqlite_only(reason="many orders of the statements that the others run on both")
@pytest.mark.parametrize("acts", ORDERS, ids="-".join)
def test_in_whichever_order_files_come_and_exports_happen_it_is_one_document(
    installation: Installation, finance: Actor, acts: tuple[str, ...]
) -> None:
    sent = ""
    for act in (*acts, "numbered", "named"):
        if act != "send":
            bring(installation, finance, *FILES[act])
        elif invoices(installation) and not sent:
            sent = invoices(installation)[0].series
            send(installation, stored(installation), State.TRANSFERRED)
        assert len(invoices(installation)) <= 1
    (row,) = invoices(installation)
    assert (row.excluded, row.changed_after_export) == (False, False)
    assert row.series == (sent or row.series)
    ((number, name),) = departments(installation)
    assert (number, name.casefold()) == ("30", "voss")


@pytest.mark.parametrize("name", ["Voss", LONG])
@pytest.mark.parametrize("state", [None, State.QUEUED, State.TRANSFERRED, State.EXISTS])
def test_a_number_that_comes_later_changes_neither_the_document_nor_its_reference(
    installation: Installation, finance: Actor, name: str, state: State | None
) -> None:
    bring(installation, finance, named(name))
    before = stored(installation)
    if state is not None:
        send(installation, before, state)
    assert counts(bring(installation, finance, numbered(name))) == (0, 0, 1, 0)
    after = stored(installation)
    assert (after.department.number, after.department.name) == ("30", name)
    assert reference_of(after.invoice) == reference_of(before.invoice)
    assert counts(bring(installation, finance, named(name))) == (0, 0, 1, 0)
    assert counts(bring(installation, finance, numbered(name, Price=1))) == (
        (0, 1, 0, 0) if state is None else (0, 0, 0, 1)
    )
    bring(installation, finance, numbered(name, number="1002"))
    assert reference_of(stored(installation, "1002").invoice) == "RM-30-1002"
    with installation.db.reading() as session:
        (event,) = [e for e in latest_events(session) if e.action == "departments united"]
    assert event.subject == "30"


@pytest.mark.parametrize("served", [False, True])
def test_the_keys_of_the_name_serve_the_number_unless_it_has_its_own(
    installation: Installation, finance: Actor, admin: Actor, served: bool
) -> None:
    bring(installation, finance, named())
    old = stored(installation).invoice.department_id
    number = add_department(Desk(installation, admin), "30")
    with installation.db.writing() as session:
        by_name, by_number = (
            insert_key(
                session,
                Key(name=each, organization_id=1, client_id=1, username="u", password_sealed=""),
            )
            for each in ("by name", "by number")
        )
        session.add(KeyDepartment(key_id=by_name, department_id=old))
        if served:
            session.add(KeyDepartment(key_id=by_number, department_id=number))
    bring(installation, finance, numbered(number="1002"))
    with installation.db.reading() as session:
        found = session.exec(select(Key.name, KeyDepartment.department_id).join(KeyDepartment))
        assert found.all() == [("by number" if served else "by name", number)]
    assert stored(installation).department.id == number


@pytest.mark.parametrize("sent", [None, "30", "Voss"])
def test_documents_that_came_in_twice_before_the_name_was_known_are_left_with_one(
    installation: Installation, finance: Actor, sent: str | None
) -> None:
    bring(installation, finance, numbered(""))
    bring(installation, finance, named())
    for row in invoices(installation):
        if row.series == sent:
            with installation.db.writing() as session:
                create_run(session, "fia", [NewTransfer(row.id or 0, State.TRANSFERRED)])
    bring(installation, finance, numbered(number="1002"))
    rows = {row.series: row.excluded_reason for row in invoices(installation)}
    kept = sent or "30"
    (other,) = {"30", "Voss"} - {kept}
    assert rows == {kept: "", other: f"The same document as {kept}-1001."}
    assert counts(bring(installation, finance, numbered())) == (0, 0, 1, 0)


def test_where_two_numbers_have_the_name_a_document_known_by_the_name_waits_for_a_person(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, named())
    rows = [numbered(), numbered(department="31", number="1002"), numbered(number="1003")]
    assert counts(bring(installation, finance, *rows)) == (3, 0, 0, 0)
    assert ("Voss", "Voss") in departments(installation)
    known, waiting = invoices(installation)
    assert (known.series, known.resembles) == ("Voss", "")
    assert "It is like invoice Voss-1001" in waiting.resembles
    assert not any(invoices(installation, each)[0].resembles for each in ("1002", "1003"))
    desk = Desk(installation, finance)
    answer_questions(desk, [waiting.id or 0], same=True)
    set_excluded(desk, [waiting.id or 0], None)
    assert invoices(installation)[1].resembles == waiting.resembles, "it is asked anew"
    set_excluded(desk, [known.id or 0], "it has a number now")
    answer_questions(desk, [waiting.id or 0], same=False)
    assert counts(bring(installation, finance, *rows)) == (0, 0, 3, 0)
    left_out = {row.series: row.excluded for row in invoices(installation)}
    assert left_out == {"Voss": True, "30": False}


def test_a_document_that_landed_with_the_departments_number_in_its_fingerprint_is_the_same(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, numbered())
    (source,) = read_file("x", as_report(numbered())).documents
    with installation.db.writing() as session:
        session.exec(select(Invoice)).one().fingerprint = fingerprint(source, "30")
    send(installation, stored(installation), State.TRANSFERRED)
    assert counts(bring(installation, finance, numbered())) == (0, 0, 1, 0)
    assert stored(installation).invoice.fingerprint == fingerprint(source)


def test_a_number_that_differs_by_the_case_of_its_letters_only_is_the_same_department(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, numbered("Ørsta", "Ø1", "1001"))
    report = bring(
        installation, finance, numbered("", "ø1", "1001"), numbered("Ørsta", "ø1", "1002")
    )
    assert counts(report) == (1, 0, 1, 0)
    assert departments(installation) == [("Ø1", "Ørsta")]
    assert {row.series for each in ("1001", "1002") for row in invoices(installation, each)} == {
        "Ø1"
    }
