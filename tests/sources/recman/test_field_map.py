"""The field map: guesses by name, changes that are checked, and what is still missing."""

from __future__ import annotations

from typing import Any

import pytest

from so24.errors import WrongUse
from so24.sources.recman.field_map import (
    change_map,
    choices,
    find_vanished,
    guess_map,
    missing_fields,
    needed_registers,
)
from so24.sources.recman.targets import BY_NAME, TARGETS, find_members
from tests.sources.recman.papers import invoice, scopes

MEMBERS = {scope: find_members(rows.values()) for scope, rows in scopes(invoice()).items()}
GUESSED = guess_map(MEMBERS, {})


def test_everything_needed_is_guessed_where_the_names_are_likely() -> None:
    assert missing_fields(GUESSED) == []
    assert GUESSED["number"] == "invoiceNumber"
    assert GUESSED["line.net"] == "lines.*.net"
    assert GUESSED["company.city"] == "invoiceAddress.city"
    assert GUESSED["company.organization_number"] == "vatNumber"


def test_guesses_see_through_capitals_and_underscores_and_find_lists() -> None:
    row: dict[str, Any] = {"INVOICE_NO": "1", "invoice_lines": [{"Sum_Excl_Vat": "1"}], "odd": "x"}
    guessed = guess_map({"invoice": find_members([row])}, {})
    assert guessed == {
        "number": "INVOICE_NO",
        "lines": "invoice_lines",
        "line.net": "invoice_lines.*.Sum_Excl_Vat",
    }


def test_what_was_chosen_goes_before_a_guess_while_it_exists() -> None:
    chosen = {"number": "kid", "date": "gone"}
    guessed = guess_map(MEMBERS, chosen)
    assert guessed["number"] == "kid"
    assert guessed["date"] == "invoiceDate"
    assert "kid" not in guessed  # one member is guessed for one field


def test_nothing_is_guessed_where_nothing_is_found() -> None:
    assert guess_map({}, {}) == {}
    assert len(missing_fields({})) >= 9


@pytest.mark.parametrize("name", [target.name for target in TARGETS if target.required])
def test_each_needed_field_is_missed(name: str) -> None:
    without = {field: path for field, path in GUESSED.items() if field != name}
    assert any(f"({name})" in each for each in missing_fields(without))


@pytest.mark.parametrize(
    ("taken_out", "missed"),
    [
        (["customer"], "customer, or customer_number"),
        (["company.number"], "company.number"),
        (["company.name"], "company.name"),
        (["project"], "department, or project with"),
        (["project.department"], "department, or project with"),
        (["line.quantity"], "both or neither"),
        (["line.unit_price"], "both or neither"),
        (["line.quantity", "line.unit_price"], ""),
        (["kid", "due_date", "user.last_name", "department.number"], ""),
    ],
)
def test_fields_that_need_each_other(taken_out: list[str], missed: str) -> None:
    without = {field: path for field, path in GUESSED.items() if field not in taken_out}
    found = missing_fields(without)
    assert bool(found) == bool(missed)
    assert all(missed in each for each in found)


def test_a_date_is_not_taken_from_the_member_of_the_due_date() -> None:
    wrong = {**GUESSED, "date": GUESSED["due_date"]}
    (told,) = missing_fields(wrong)
    assert told.startswith("Invoice date and due date from two members, not both from dueDate")


def test_a_change_is_checked_against_what_was_found() -> None:
    assert change_map(GUESSED, {"kid": ""}, MEMBERS) == {
        name: path for name, path in GUESSED.items() if name != "kid"
    }
    assert change_map({}, {"number": " kid "}, MEMBERS) == {"number": "kid"}
    changed = change_map(GUESSED, {"line.text": "productName"}, MEMBERS)
    assert changed["line.text"] == "lines.*.productName"
    for changes, words in (
        ({"number": "lines.*.net"}, "no member"),
        ({"line.net": "total"}, "no member"),
        ({"number": "invoiceDate.day"}, "no member"),
        ({"nonsense": "kid"}, "no field"),
    ):
        with pytest.raises(WrongUse, match=words):
            change_map(GUESSED, changes, MEMBERS)


def test_the_members_of_lines_go_with_the_lines() -> None:
    changed = change_map(GUESSED, {"lines": ""}, MEMBERS)
    assert not [name for name in changed if name.startswith("line")]
    assert choices("line.net", MEMBERS, {}) == []


def test_only_registers_that_are_needed_are_read() -> None:
    assert needed_registers(GUESSED) == ["company", "project", "department", "user", "corporation"]
    plain = {"customer_number": "customerNo", "department": "dep", "number": "no"}
    assert needed_registers(plain) == []
    assert needed_registers({"customer": "companyId", "company.number": "no"}) == ["company"]


def test_a_member_that_vanished_is_named_once_for_its_scope() -> None:
    found = set(MEMBERS["invoice"]) - {"kid", "lines.*.net"}
    assert find_vanished(GUESSED, "invoice", found) == ["kid", "lines.*.net"]
    assert find_vanished(GUESSED, "company", MEMBERS["company"]) == []


def test_every_field_says_what_it_is_once() -> None:
    assert len(BY_NAME) == len(TARGETS)
    assert all(target.label and target.guesses for target in TARGETS)
