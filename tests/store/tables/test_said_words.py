"""What was said comes back from the store as it was said, and is told in the reader's language."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.installation import Installation
from so24.invoices.overview import read_overview
from so24.language.reader import speaking
from so24.language.said import change_values, join_said, say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.documents.documents import RefusedRow
from so24.sources.import_reports import ImportReport, keep_texts, read_report
from so24.store.documents.overview import InvoiceFilter
from so24.store.people.audit import latest_events, record
from so24.store.people.origins import COMMAND_LINE
from so24.store.tables.document_tables import Customer, DocumentKind, Import, Invoice
from so24.store.tables.ground import SaidWords
from so24.store.tables.people_tables import AuditEvent
from so24.store.tables.schema import METADATA
from so24.store.upkeep.day_heads import verify_heads, write_head_when_due
from tests.language.bokmal import bokmal  # noqa: F401 - a fixture
from tests.sources.acts import bring
from tests.sources.report_files import line

pytestmark = [pytest.mark.both, pytest.mark.usefixtures("bokmal")]
PERCENTAGE = say("is a percentage: “{shown}”; write it as RecMan shows it", shown="25 %")
TOLD_PERCENTAGE = "er en prosentsats: «25 %»; skriv det slik RecMan viser det"
KIND = DocumentKind.CREDIT_NOTE.words


@pytest.fixture
def held(installation: Installation, finance: Actor) -> Installation:
    """One document that is held, for many reasons, with a question beside."""
    bring(installation, finance, line())
    with installation.db.writing() as session:
        row = session.exec(select(Invoice)).one()
        row.held = join_said([say("{what} {reason}.", what=KIND, reason=PERCENTAGE)] * 7)
        row.whose = say("{first} and {second}", first=row.full_name, second=KIND)
        session.exec(select(Customer)).one().question = PERCENTAGE
    return installation


def test_a_held_document_is_told_in_bokmal_beside_its_question(
    held: Installation, finance: Actor
) -> None:
    rows = read_overview(Desk(held, finance), InvoiceFilter(asked=True)).rows
    (row,) = rows
    assert row.held.startswith("credit note is a percentage: “25 %”; write it as RecMan shows it.")
    with speaking("nb"):
        assert tell(row.held).startswith(f"kreditnota {TOLD_PERCENTAGE}.")
        assert tell(row.question) == "faktura 10-1001 og kreditnota"


def test_the_refusals_of_an_import_are_told_in_bokmal_without_personal_numbers(
    held: Installation, finance: Actor
) -> None:
    refused = RefusedRow("Sheet1", 2, "Price", PERCENTAGE)
    personal = say("{what} {reason}.", what=KIND, reason=say("with key {name}", name="01017012345"))
    with held.db.writing() as session:
        row = session.exec(select(Import)).one()
        keep_texts(
            row, ImportReport("a.csv", "invoice lines", 0, 0, 0, 0, (refused,), 1, (personal,))
        )
    _, report = read_report(Desk(held, finance), 1)
    with speaking("nb"):
        assert tell(report.refused[0].reason) == TOLD_PERCENTAGE
        assert tell(report.warnings[0]) == "kreditnota med nøkkel [personal number]."


def test_a_number_that_only_its_parts_together_are_is_hidden_all_the_same() -> None:
    said = say("{first} {second}", first="010170", second="12345")
    hidden = change_values(said, lambda text: text.replace("010170 12345", "…"))
    assert hidden == "…"


def test_the_heads_of_days_cover_the_english_words_alone(installation: Installation) -> None:
    detail = say("{was} -> {now}", was=say("Finance"), now=say("System Administrator"))
    with installation.db.writing() as session:
        record(session, "ada", say("role changed"), "fia", detail, origin=COMMAND_LINE)
        assert write_head_when_due(session, lambda digest: digest) is not None
        strip_what_it_is_made_of(session)
    with installation.db.writing() as session:
        assert verify_heads(session, lambda digest, seal: digest == seal, ()).breaks == ()


def strip_what_it_is_made_of(session: Session) -> None:
    """Leave the bare words, as an earlier release would have stored them."""
    events = AuditEvent.__table__  # type: ignore[attr-defined] # SQLModel hides it
    detail = sa.type_coerce(events.c.detail, sa.String)
    stored = session.execute(sa.select(events.c.id, detail)).all()
    assert any("\x1f" in words for _, words in stored)
    for number, words in stored:
        bare = words.partition("\x1f")[0]
        session.execute(sa.update(events).where(events.c.id == number).values(detail=bare))


def test_an_event_of_the_audit_trail_is_told_in_bokmal(installation: Installation) -> None:
    detail = say("{was} -> {now}", was=say("Finance"), now=say("System Administrator"))
    with installation.db.writing() as session:
        record(session, "ada", say("role changed"), "fia", detail, origin=COMMAND_LINE)
    with installation.db.reading() as session:
        event = latest_events(session)[0]
    assert event.detail == "Finance -> System Administrator"
    with speaking("nb"):
        assert tell(event.action) == "rolle endret"
        assert tell(event.detail) == "Økonomi -> Systemadministrator"


def test_texts_that_were_said_are_looked_for_and_compared_as_any_other(held: Installation) -> None:
    with held.db.reading() as session:
        asked = col(Customer.question) != ""
        assert session.exec(select(Customer.number).where(asked)).all() == ["5001"]
        number = say("{first}", first="5001")
        assert session.exec(select(Customer).where(Customer.number == number)).one()


def test_no_column_of_said_words_has_a_limit_that_the_database_holds_it_to(
    installation: Installation,
) -> None:
    said = [
        (table, column)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, SaidWords)
    ]
    assert len(said) > 10
    assert [column.name for _, column in said if getattr(column.type, "length", None)] == []
    if installation.db.embedded:  # SQLite holds no text to a length
        return
    inspector = sa.inspect(installation.db.engine)
    limits = {
        (table.name, each["name"]): getattr(each["type"], "length", None)
        for table in METADATA.sorted_tables
        for each in inspector.get_columns(table.name)
    }
    assert [name for table, column in said if limits[name := (table.name, column.name)]] == []
