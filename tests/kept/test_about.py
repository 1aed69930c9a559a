"""Everything that is kept about a customer or a user is given out, and no secret with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from so24.errors import WrongUse
from so24.invoices.decisions import set_excluded
from so24.kept.about import (
    KeptAccount,
    is_kept,
    read_about_customer,
    read_about_user,
    write_account,
)
from so24.kept.holdings import SUBJECTS, list_holdings
from so24.people import logins, users
from so24.people.desk import Desk
from so24.sources.intake import import_files
from so24.store.people.audit import latest_events
from so24.store.tables.document_tables import Invoice
from so24.store.tables.people_tables import Role
from so24.store.tables.schema import METADATA
from so24.store.upkeep import about as store
from tests.sources.report_files import as_grid, as_workbook, customer, line

PERSONAL_NUMBER = "01010012356"  # of nobody: it is in no register
OTHER = {"Customer no.": "5002", "Company": "Elin Ås", "Organization number": "", "Country": "NO"}


@pytest.fixture
def two(imported: Desk) -> Desk:
    """A second customer, a private person, with a document that was left out."""
    rows = [line({**OTHER, "Invoice date": "18.11.2026"}, number="2001")]
    book = {"Lines": as_grid(rows), "Customers": as_grid([customer(OTHER)])}
    import_files(imported, [("elin.xlsx", as_workbook(book))])
    set_excluded(imported, [3], "Elin Ås has paid in cash")
    return imported


def strings(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, dict):
        yield from (each for part in value.values() for each in strings(part))
    elif isinstance(value, list):
        yield from (each for part in value for each in strings(part))
    elif isinstance(value, str):
        yield value


def tables_of(account: KeptAccount) -> dict[str, list[dict[str, Any]]]:
    """All rows by the name of their table."""
    return {name: rows for part in account.parts for name, rows in part.rows.items()}


def test_each_table_of_the_store_is_of_one_subject() -> None:
    named = [name for subject in SUBJECTS for name in subject.tables]
    assert len(named) == len(set(named))
    assert set(named) == METADATA.tables.keys()


@pytest.mark.both
def test_a_customer_is_given_out_with_documents_transfers_and_where_they_came_from(
    desk: Desk,
) -> None:
    found = tables_of(read_about_customer(desk, "5001"))
    assert [row["name"] for row in found["customer"]] == ["Nordvik Logistikk AS"]
    assert [row["number"] for row in found["invoice"]] == ["1001", "1002"]
    assert {row["invoice_id"] for row in found["invoice_line"]} == {1, 2}
    assert [row["state"] for row in found["transfer"]] == ["transferred"]
    assert [row["sequence"] for row in found["transfer_event"]][:2] == [1, 2]
    assert found["order_link"]
    assert found["customer_link"]
    assert [row["filename"] for row in found["import_run"]] == ["report.xlsx"]
    assert [row["name"] for row in found["import_original"]] == ["report.xlsx"]


def test_nothing_of_another_customer_is_given_out(two: Desk) -> None:
    told = set(strings(json.loads(write_account(read_about_customer(two, "5002")))))
    assert any("Elin Ås has paid in cash" in each for each in told)
    assert not any("Nordvik" in each or each == "1001" for each in told)
    assert not any("Elin" in each for each in strings(tables_of(read_about_customer(two, "5001"))))


def test_what_the_audit_trail_and_import_reports_say_of_it_is_given_out(two: Desk) -> None:
    book = {"Customers": as_grid([customer(OTHER | {"Company": "Fjell Bygg AS"})])}
    import_files(two, [("another.xlsx", as_workbook(book))])
    found = tables_of(read_about_customer(two, "5002"))
    assert [row["action"] for row in found["audit_event"]] == ["document excluded"]
    [told] = found["said_in_reports"]
    assert "Elin Ås" in told["said"]


def test_a_number_is_read_as_people_write_it_and_an_unknown_one_is_told(two: Desk) -> None:
    assert read_about_customer(two, " 5001 ").about == "customer 5001"
    assert (is_kept(two, "5001"), is_kept(two, "501")) == (True, False)
    with pytest.raises(WrongUse, match="There is no customer 501"):
        read_about_customer(two, "501")


@pytest.mark.both
def test_a_user_is_given_out_with_logins_and_all_that_the_name_has_done(two: Desk) -> None:
    users.add_user(two, "kari", Role.FINANCE)
    secret = logins.open_session(two.installation, "kari")
    found = tables_of(read_about_user(two, "Kari"))
    [row] = found["user_account"]
    assert (row["name"], row["role"]) == ("kari", "finance")
    assert [row["user_id"] for row in found["login_session"]] == [row["id"]]
    [event] = found["audit_event"]
    assert event["action"] == "user added"
    assert not {"source", "login", "browser"} & set(event), "that is where somebody else sat"
    logins.close_session(two.installation, logins.open_session(two.installation, "kari"))
    own = tables_of(read_about_user(two, "kari"))["audit_event"][-1]
    assert (own["action"], own["source"]) == ("logout", "unknown address")
    kept = write_account(read_about_user(two, "kari"))
    assert secret not in kept
    assert "password_hash" not in kept
    assert "id_hash" not in kept


def test_every_column_that_says_who_did_something_is_read(desk: Desk) -> None:
    found = tables_of(read_about_user(desk, "ada"))  # who has no account here
    for name in ("run", "transfer_event", "import_run", "office_key", "audit_event"):
        assert any("ada" in strings(row) for row in found[name]), name
    named = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in store.actor_columns(table)
    }
    by = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name == "actor" or column.name.endswith("_by")
    }
    assert named == by - {"customer_link.found_by", "product_link.found_by"}


def test_a_name_that_nothing_is_kept_of_is_told(two: Desk) -> None:
    with pytest.raises(WrongUse, match="Nothing is kept of a user nobody"):
        read_about_user(two, "nobody")


def test_no_secret_and_no_hash_of_one_is_read() -> None:
    withheld = {
        f"{table.name}.{name}"
        for table in METADATA.sorted_tables
        for name in store.withheld_columns(table)
    }
    assert withheld >= {
        "user_account.password_hash", "user_account.second_factor_sealed",
        "login_session.id_hash", "recovery_code.code_hash", "office_key.password_sealed",
        "office_key.session_sealed", "recman_connection.key_sealed",
    }  # fmt: skip


def test_what_was_given_out_is_in_the_audit_trail(two: Desk) -> None:
    account = read_about_customer(two, "5002")
    with two.installation.db.reading() as session:
        event = latest_events(session)[0]
    rows = sum(each.count for each in account.parts)
    assert (event.action, event.subject) == ("kept data given out", "customer 5002")
    assert event.detail == f"{rows} rows"


def test_each_part_says_why_it_is_kept_and_for_how_long_by_the_settings(two: Desk) -> None:
    longer = two.settings.model_copy(update={"keep_years": 10})
    desk = Desk(type(two.installation)(longer, two.installation.db, two.vault), two.actor)
    parts = {each.name: each for each in read_about_customer(desk, "5001").parts}
    assert "§ 13" in parts["Documents"].why
    assert parts["Documents"].how_long.startswith("Details 10 years after the end")
    told = {each.name: each for each in list_holdings(desk)}
    assert told["Documents"].how_long == parts["Documents"].how_long
    assert told["Customers"].rows == 2


def test_personal_numbers_in_what_is_given_out_are_hidden(two: Desk) -> None:
    with two.installation.db.writing() as session:
        session.get_one(Invoice, 3).note = f"Elin {PERSONAL_NUMBER}"
    assert PERSONAL_NUMBER not in write_account(read_about_customer(two, "5002"))
