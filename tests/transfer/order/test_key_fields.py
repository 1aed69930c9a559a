"""What travels beside what always does: each field by the key's choice, and nothing without it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.keys.key_fields import (
    DEFAULT_KEY_FIELDS,
    FIELD_ENTRIES,
    KeyField,
    KeyFields,
    TaxKind,
    key_fields_of,
    write_key_fields,
    write_tax_codes,
)
from so24.office.outcomes import write_drafts
from so24.office.values import CurrencyRate, Employee, NewOrder, Problem, Project
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.tables.key_tables import Key
from so24.transfer.checks.key import (
    check_choice,
    check_found,
    explain_refusal,
    list_left_out,
)
from so24.transfer.order.compare import compare_order
from so24.transfer.order.key_fields import KeyLists
from so24.transfer.order.mapping import map_order
from tests.transfer.papers import customer, document, invoice, line, order

FULL: dict[str, Any] = {
    "kid": "2345676",
    "your_reference": "Per Olsen",
    "our_reference": "Kari  nordmann",
    "note": "Thank you",
    "delivery_date": dt.date(2026, 10, 31),
    "project_number": "P-101",
    "project_name": "Harbour",
}
EURO = CurrencyRate("EUR", Decimal("11.75"), 1)
HARBOUR = Project(101, "P-101 Harbour")
KARI = Employee(11, "Kari Nordmann")


def paper(**changes: Any) -> Document:
    """A document that states everything that could travel."""
    return document(invoice(**{**FULL, **changes}), buyer=customer(invoice_email="a@b.example"))


def choice(*fields: KeyField, codes: tuple[tuple[TaxKind, int], ...] = ()) -> KeyLists:
    """A key's choice in a company that has what the document names."""
    key_fields = KeyFields(frozenset(fields), codes)
    return KeyLists(key_fields, {}, (HARBOUR,), (KARI,), (EURO,))


def sent(key_lists: KeyLists, **changes: Any) -> NewOrder:
    """What goes out for the full document."""
    return map_order(paper(**changes), 30001, {"1001": 7}, key_lists)


def test_without_a_choice_the_request_is_that_of_a_document_that_states_nothing() -> None:
    bare = map_order(document(), 30001, {"1001": 7})
    assert write_drafts([sent(KeyLists())]).request == write_drafts([bare]).request
    assert sent(KeyLists()) == bare


@pytest.mark.parametrize(
    ("field", "attribute", "value"),
    [
        (KeyField.KID, "payment_id", "2345676"),
        (KeyField.YOUR_REFERENCE, "your_reference", "Per Olsen"),
        (KeyField.OUR_REFERENCE, "employee_id", 11),
        (KeyField.INVOICE_TEXT, "text", "Thank you"),
        (KeyField.INVOICE_EMAIL, "invoice_email", "a@b.example"),
        (KeyField.DELIVERY_DATE, "delivery_date", dt.date(2026, 10, 31)),
        (KeyField.PROJECT, "project_id", 101),
    ],
)
def test_a_field_travels_alone_by_its_own_choice(
    field: KeyField, attribute: str, value: object
) -> None:
    order, bare = sent(choice(field)), sent(KeyLists())
    assert getattr(order, attribute) == value
    changed = {name for name in vars(order) if getattr(order, name) != getattr(bare, name)}
    assert changed == {attribute}


def test_a_foreign_document_takes_the_companys_own_rate() -> None:
    assert sent(choice(KeyField.CURRENCY), currency="EUR").currency == EURO
    assert sent(choice(KeyField.CURRENCY)).currency is None


def test_a_mapped_department_travels_and_others_have_none() -> None:
    assert sent(KeyLists(departments={1: 12})).department_id == 12
    assert sent(KeyLists(departments={2: 12})).department_id is None


def test_rows_with_a_product_take_the_tax_code_of_their_rate() -> None:
    lines = (
        line(),
        line(position=2, vat_rate=Decimal("15.00")),
        line(position=3, product_number="", net=Decimal(0), text="Thank you"),
    )
    codes = ((Decimal(25), 3), (Decimal(15), 31))
    rows = map_order(document(lines=lines), 1, {"1001": 7}, choice(codes=codes)).rows
    assert [row.tax_code for row in rows] == [3, 31, None]


@pytest.mark.parametrize(
    ("category", "code"), [("", 5), ("Z", 5), ("AE", 51), ("E", None), ("O", None)]
)
def test_lines_without_vat_are_told_apart_by_their_category(
    category: str, code: int | None
) -> None:
    paper = document(lines=(line(vat_rate=Decimal(0), vat_category=category),))
    key_lists = choice(codes=((Decimal(0), 5), ("AE", 51)))
    (row,) = map_order(paper, 1, {"1001": 7}, key_lists).rows
    assert row.tax_code == code
    findings = list(check_choice(paper, key_lists.fields))
    assert [each.reason for each in findings] == ([] if code else ["no_tax_code"])
    assert all(f"({category}) VAT" in each.words for each in findings)
    assert list(check_choice(paper, KeyFields())) == []  # 24SevenOffice decides


@pytest.mark.parametrize(
    ("project", "fits"),
    [
        (Project(101, "P-101"), True),
        (Project(101, "p-101 Something"), True),
        (Project(101, "P-1011 Harbour"), False),
        (Project(101, "Harbour P-101"), False),
    ],
)
def test_a_project_is_known_by_the_number_that_its_name_begins_with(
    project: Project, fits: bool
) -> None:
    key_lists = KeyLists(KeyFields(frozenset({KeyField.PROJECT})), projects=(project,))
    assert (sent(key_lists).project_id == 101) is fits


@pytest.mark.parametrize(("name", "found"), [("Harbour", 101), ("Hospital", None), ("", None)])
def test_an_equal_project_id_counts_only_with_the_same_name(name: str, found: int | None) -> None:
    fields, harbour = KeyFields(frozenset({KeyField.PROJECT})), Project(101, "Harbour")
    key_lists = KeyLists(fields, projects=(harbour,))
    assert sent(key_lists, project_number="101", project_name=name).project_id == found


@pytest.mark.parametrize(
    ("field", "changes", "words"),
    [
        (KeyField.KID, {"kid": "1" * 33}, "KID has 33 characters, 24SevenOffice takes 32."),
        (KeyField.YOUR_REFERENCE, {"your_reference": "x" * 51}, "Your reference has 51"),
        (KeyField.INVOICE_TEXT, {"note": "x" * 751}, "Invoice text has 751"),
    ],
)
def test_a_carried_field_that_is_too_long_blocks_and_is_named_and_otherwise_does_not(
    field: KeyField, changes: dict[str, Any], words: str
) -> None:
    fault = next(check_choice(paper(**changes), choice(field).fields), None)
    assert fault is not None
    assert fault.reason == "carried_too_long"
    assert fault.words.startswith(words)
    assert next(check_choice(paper(**changes), KeyFields()), None) is None
    assert next(check_choice(paper(), choice(field).fields), None) is None


def test_foreign_currency_is_blocked_unless_the_key_carries_it() -> None:
    foreign = paper(currency="EUR")
    fault = next(check_choice(foreign, KeyFields()), None)
    assert fault is not None
    assert fault.reason == "foreign_currency"
    assert next(check_choice(foreign, choice(KeyField.CURRENCY).fields), None) is None


def test_a_rate_without_a_code_blocks_once_a_key_has_codes() -> None:
    fault = next(check_choice(paper(), choice(codes=((Decimal(15), 31),)).fields), None)
    assert fault is not None
    assert (fault.reason, fault.words) == ("no_tax_code", "Line 1 has 25 % VAT.")
    assert next(check_choice(paper(), choice(codes=((Decimal(25), 3),)).fields), None) is None


def test_a_currency_without_a_rate_is_blocked() -> None:
    fault = check_found(paper(currency="USD"), choice(KeyField.CURRENCY))
    assert fault is not None
    assert fault.reason == "unknown_currency"
    assert check_found(paper(currency="EUR"), choice(KeyField.CURRENCY)) is None


def test_two_projects_of_the_number_block_and_both_are_named() -> None:
    key_fields = KeyFields(frozenset({KeyField.PROJECT}))
    key_lists = KeyLists(key_fields, projects=(HARBOUR, Project(7, "P-101 Old harbour")))
    fault = check_found(paper(), key_lists)
    assert fault is not None
    assert fault.reason == "ambiguous_project"
    assert "P-101 Old harbour (7)" in fault.words
    assert map_order(paper(), 1, {"1001": 7}, key_lists).project_id is None


def test_a_missing_project_is_left_out_and_told_of_or_blocks_as_the_key_wants_it() -> None:
    lenient = KeyLists(KeyFields(frozenset({KeyField.PROJECT})))
    assert check_found(paper(), lenient) is None
    assert list_left_out(paper(), lenient) == (
        "Project P-101 Harbour is not in 24SevenOffice and was left out."
    )
    strict = KeyLists(KeyFields(frozenset({KeyField.PROJECT, KeyField.PROJECT_MUST_EXIST})))
    fault = check_found(paper(), strict)
    assert fault is not None
    assert fault.reason == "missing_project"


def test_our_reference_that_is_nobodys_or_two_peoples_name_is_left_out_and_told_of() -> None:
    key_fields = KeyFields(frozenset({KeyField.OUR_REFERENCE}))
    for employees in ((), (KARI, Employee(12, "Kari Nordmann"))):
        key_lists = KeyLists(key_fields, employees=employees)
        assert sent(key_lists).employee_id is None
        assert "Kari  nordmann" in list_left_out(paper(), key_lists)
    assert list_left_out(paper(), choice(KeyField.OUR_REFERENCE)) == ""


@pytest.mark.parametrize(
    ("type_name", "reason"),
    [
        ("Office24Seven.Library.Economy.Accounting.DepartmentIsRequiredException",
         "department_required"),
        ("Office24Seven.Library.Economy.Accounting.ProjectIsRequiredException",
         "project_required"),
        ("Office24Seven.Library.Data.DataBaseServerException", "refused_order"),
    ],
)  # fmt: skip
def test_a_refusal_has_its_card_and_names_what_the_order_referred_to(
    type_name: str, reason: str
) -> None:
    fault = explain_refusal(Problem(type_name, "Severity 14"), sent(KeyLists(departments={1: 12})))
    assert (fault.reason, fault.words) == (reason, "Severity 14 (sent with department 12)")
    assert reason in set(Reason)
    fault = explain_refusal(Problem(type_name, "Severity 14"), sent(KeyLists()))
    assert fault.words == "Severity 14"


def test_an_order_in_another_currency_than_the_document_differs() -> None:
    foreign = sent(choice(KeyField.CURRENCY), currency="EUR")
    document = paper(currency="EUR")
    held = order(currency="EUR")
    assert compare_order(document, foreign, held, Decimal(0)).agrees
    comparison = compare_order(document, foreign, order(), Decimal(0))
    assert comparison.words == "The document is in EUR, the order in the company's own currency."


def test_every_reason_of_these_checks_has_a_card() -> None:
    reasons = {"foreign_currency", "carried_too_long", "no_tax_code", "unknown_currency",
               "ambiguous_project", "missing_project", "list_refused"}  # fmt: skip
    assert reasons <= set(Reason)


def test_a_keys_choice_is_kept_and_read_as_it_was_made() -> None:
    codes: dict[TaxKind, int] = {"AE": 51, Decimal("11.110"): 32, Decimal(25): 3}
    key = Key(
        name="k", organization_id=1, client_id=1, username="u", password_sealed="",
        carried=write_key_fields({KeyField.PROJECT, KeyField.KID}),
        tax_codes=write_tax_codes(codes),
    )  # fmt: skip
    key_fields = key_fields_of(key)
    assert key_fields.fields == {KeyField.KID, KeyField.PROJECT}
    assert key_fields.tax_code(Decimal("11.11")) == 32
    assert key_fields.tax_code(Decimal("25.00")) == 3
    assert key_fields.tax_code(Decimal(15)) is None
    assert key_fields.tax_code(Decimal(0), "AE") == 51


def test_every_field_is_in_the_catalogue_and_only_documented_ones_are_on_for_a_new_key() -> None:
    assert [option.code for option in FIELD_ENTRIES] == list(KeyField)
    assert DEFAULT_KEY_FIELDS == "kid,your_reference"
    assert len(write_key_fields(KeyField)) <= 200  # the column's width
