"""Settings that are given together are changed together: all of them, or none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from so24.errors import LoginRefused, So24Error, WrongUse
from so24.installation import Installation
from so24.keys import credentials, departments, upkeep
from so24.keys.change import Change, change_key
from so24.keys.credentials import NewKey
from so24.keys.key_fields import KeyField
from so24.keys.key_settings import (
    CREDIT_NOTES,
    FIELDS,
    KEY_SETTINGS,
    MODE,
    NAME,
    OFFICE_DEPARTMENTS,
    PASSWORD,
    SCOPE,
    TAX_CODES,
    TOLERANCE,
    UPDATE_CUSTOMERS,
    Scope,
    read_settings,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.keys.product_settings import CATEGORIES_BY_VAT, CATEGORY, DEFAULT_PRODUCT
from so24.office.values import Category
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.seed import OSLO
from so24.sandbox.runner import Control, SandboxServer
from so24.store.people.audit import latest_events
from so24.store.tables.key_tables import KeyMode, Numbers
from so24.store.tables.transfer_tables import State
from tests.keys.documents import put_invoice, put_transfer
from tests.keys.traces import audited, logins

GIVEN: dict[str, Change] = {
    each.setting.name: each
    for each in (
        NAME.to("Main"),
        CATEGORY.to("Food 15 %"),
        MODE.to(KeyMode.APPROVAL),
        NUMBERS.to(Numbers.OWN),
        NEXT_NUMBER.to(" 1001 "),
        TOLERANCE.to("0,10"),
        CREDIT_NOTES.to(False),
        DEFAULT_PRODUCT.to("900"),
        CATEGORIES_BY_VAT.to({"15": "Food 15 %", "ae": 3}),
        FIELDS.to((KeyField.KID, KeyField.PROJECT)),
        TAX_CODES.to({"25": 3, "AE": 5}),
        UPDATE_CUSTOMERS.to(True),
    )
}
REFUSED: dict[str, Change] = {
    "a name that another key has": NAME.to("ten"),
    "no name": NAME.to(" "),
    "departments of another key": SCOPE.to(Scope(False, (1,))),
    "no department": SCOPE.to(Scope(False)),
    "an unknown category": CATEGORY.to("Cars"),
    "an unknown category for a rate": CATEGORIES_BY_VAT.to({"15": "Cars"}),
    "a category for no kind of VAT": CATEGORIES_BY_VAT.to({"high": 1}),
    "a product that is not there": DEFAULT_PRODUCT.to("901"),
    "a product number in disguise": DEFAULT_PRODUCT.to("900.0"),
    "RecMan's numbers for orders that wait for approval": NUMBERS.to(Numbers.SAME),
    "no number": NEXT_NUMBER.to("10-1"),
    "a number that is too large": NEXT_NUMBER.to("2147483648"),
    "no amount": TOLERANCE.to("much"),
    "a project that must exist and does not travel": FIELDS.to([KeyField.PROJECT_MUST_EXIST]),
    "a department that the account has not": OFFICE_DEPARTMENTS.to({1: "Tromsø"}),
    "a tax code of another rate": TAX_CODES.to({"25": 31}),
    "no kind of VAT": TAX_CODES.to({"high": 3}),
    "a wrong password": PASSWORD.to("not-this-one"),
}


@pytest.fixture
def key_id(connected: Installation, admin: Actor, oslo_key: NewKey, office: SandboxServer) -> int:
    """The key Oslo for all departments, beside the key Ten for department 10, whose id is 1.

    24SevenOffice has product 900.
    """
    put_product(office, "900")
    ten = departments.add_department(Desk(connected, admin), "10", "Oslo")
    assert ten == 1
    other = replace(oslo_key, name="Ten", all_departments=False, department_ids=(ten,))
    credentials.add_key(Desk(connected, admin), other)
    return credentials.add_key(Desk(connected, admin), oslo_key).id


def put_product(office: SandboxServer, number: str, **fields: object) -> int:
    """A product in Oslo's company."""
    product = {"Name": "Travel", "No": number, "CategoryId": 1, **fields}
    return int(Control(office.address).edit("edit_product", OSLO, **product)["Id"])


def events(installation: Installation) -> list[tuple[str, str, str]]:
    """Action, subject and detail of what was audited of changes to keys, newest first."""
    with installation.db.reading() as session:
        found = [(each.action, each.subject, each.detail) for each in latest_events(session)]
    return [each for each in found if each[0].startswith("key ")]


def test_settings_given_together_are_all_changed_and_told_in_one_event(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    before = events(connected)
    done = change_key(Desk(connected, admin), key_id, *GIVEN.values())
    assert len(done) == len(GIVEN)
    values = read_settings(Desk(connected, admin), key_id)
    assert {name: values[name] for name in GIVEN} == {
        "name": "Main",
        "category": 2,
        "mode": KeyMode.APPROVAL,
        "numbers": Numbers.OWN,
        "next_number": "1001",
        "tolerance": Decimal("0.10"),
        "credit_notes": False,
        "default_product": "900",
        "categories": {"15": Category(2, None, "Food 15 %"), "AE": Category(3, None, "Exempt 0 %")},
        "fields": (KeyField.KID, KeyField.PROJECT),
        "tax_codes": {"25": 3, "AE": 5},
        "update_customers": True,
    }
    (event, *earlier) = events(connected)
    assert earlier == before
    assert event == (
        "key changed",
        "Oslo",
        "Name: now Main; Category for new products: Food 15 % (2); Orders become: approval; "
        "Numbers: own; Next number in 24SevenOffice: 1001; Accepted difference of totals: 0.10; "
        "Send credit notes: off; Product for lines "
        "without a number: 900; Categories by VAT: 15 % = Food 15 % (2), 0 %, reverse charge (AE) "
        "= Exempt 0 % (3); Fields: KID, Project; "
        "Tax codes: 25 % = 3, 0 %, reverse charge (AE) = 5; Allow customer updates: on",
    )


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
def test_one_refused_setting_leaves_all_the_others_unset(
    connected: Installation, admin: Actor, key_id: int, refused: Change
) -> None:
    others = [each for each in GIVEN.values() if each.setting is not refused.setting]
    before = read_settings(Desk(connected, admin), key_id), events(connected)
    with pytest.raises((WrongUse, LoginRefused)):
        change_key(Desk(connected, admin), key_id, *others, refused)
    assert (read_settings(Desk(connected, admin), key_id), events(connected)) == before


def test_no_login_is_spent_on_a_password_that_stands_beside_a_refused_setting(
    connected: Installation, admin: Actor, office: SandboxServer, key_id: int, oslo_key: NewKey
) -> None:
    before = logins(office)
    changes = sorted(
        (PASSWORD.to(oslo_key.password), TOLERANCE.to("9")),
        key=lambda each: KEY_SETTINGS.index(each.setting),
    )
    with pytest.raises(WrongUse, match="0,00 to 1,00"):
        change_key(Desk(connected, admin), key_id, *changes)
    assert logins(office) == before


def test_a_new_password_serves_what_else_is_changed_with_it(
    connected: Installation, admin: Actor, office: SandboxServer, key_id: int
) -> None:
    with office.sandbox.books.transaction():
        office.sandbox.books.change("update account set password = ?", "quite-new")
    Control(office.address).set(expire_sessions=True)
    listed = (CATEGORY.to("Food 15 %"), TAX_CODES.to({"25": 3}))
    change_key(Desk(connected, admin), key_id, PASSWORD.to("quite-new"), *listed)
    values = read_settings(Desk(connected, admin), key_id)
    assert (CATEGORY.of(values), TAX_CODES.of(values)) == (2, {"25": 3})


def test_while_documents_are_in_transfer_only_what_does_not_decide_about_them_is_changed(
    connected: Installation, admin: Actor, key_id: int, oslo_key: NewKey
) -> None:
    put_transfer(connected, put_invoice(connected, 1, "1"), State.QUEUED, key_id)
    every = {**GIVEN, "password": PASSWORD.to(oslo_key.password), "scope": SCOPE.to(Scope(True))}
    every["office_departments"] = OFFICE_DEPARTMENTS.to({1: "Bergen"})
    assert every.keys() == {each.name for each in KEY_SETTINGS}
    for setting in KEY_SETTINGS:
        before: Any = read_settings(Desk(connected, admin), key_id)
        if setting.idle:
            with pytest.raises(WrongUse, match="is in use: 1 of its documents are in transfer"):
                change_key(Desk(connected, admin), key_id, every[setting.name])
            assert read_settings(Desk(connected, admin), key_id) == before
        else:
            change_key(Desk(connected, admin), key_id, every[setting.name])
    idle = {each.name for each in KEY_SETTINGS if each.idle}
    assert idle == {
        "numbers",
        "next_number",
        "category",
        "default_product",
        "mode",
        "tolerance",
        "fields",
        "office_departments",
        "categories",
        "tax_codes",
    }


def test_nothing_given_changes_and_records_nothing(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    before = audited(connected)
    assert change_key(Desk(connected, admin), key_id) == ()
    assert audited(connected) == before


def test_a_key_that_is_gone_meanwhile_is_not_changed(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    upkeep.delete_key(Desk(connected, admin), key_id)
    for change in GIVEN.values():
        with pytest.raises(So24Error, match="does not exist any more"):
            change_key(Desk(connected, admin), key_id, change)


def test_the_product_for_bare_lines_is_one_active_product_of_exactly_this_number(
    connected: Installation, admin: Actor, office: SandboxServer, key_id: int
) -> None:
    for number in ("Twice", "Twice"):
        put_product(office, number)
    put_product(office, "Old", StatusId=0)
    put_product(office, "900", StatusId=0)
    refused = {
        "Twice": "Several products of the account have the number Twice",
        "Old": "Old Travel is expired in 24SevenOffice",
        "twice": "has no product twice",
        "900,0": "has decimals, as programs write numbers",
    }
    for number, words in refused.items():
        with pytest.raises(WrongUse, match=words):
            change_key(Desk(connected, admin), key_id, DEFAULT_PRODUCT.to(number))
    change_key(Desk(connected, admin), key_id, DEFAULT_PRODUCT.to(" 9\u200b00 "))
    assert DEFAULT_PRODUCT.of(read_settings(Desk(connected, admin), key_id)) == "900"
    change_key(Desk(connected, admin), key_id, DEFAULT_PRODUCT.to(""))
    assert DEFAULT_PRODUCT.of(read_settings(Desk(connected, admin), key_id)) == ""


def test_categories_by_vat_are_kept_with_their_names_and_taken_back_as_a_whole(
    connected: Installation, admin: Actor, key_id: int
) -> None:
    desk = Desk(connected, admin)
    change_key(desk, key_id, CATEGORIES_BY_VAT.to({"0": "exempt 0 %", "25,0": 1}))
    kept = CATEGORIES_BY_VAT.of(read_settings(desk, key_id))
    assert kept == {
        "25": Category(1, None, "Services 25 %"),
        "0": Category(3, None, "Exempt 0 %"),
    }
    change_key(desk, key_id, CATEGORIES_BY_VAT.to({**kept, "0": ""}))
    assert list(CATEGORIES_BY_VAT.of(read_settings(desk, key_id))) == ["25"]
    change_key(desk, key_id, CATEGORIES_BY_VAT.to({}))
    assert CATEGORIES_BY_VAT.of(read_settings(desk, key_id)) == {}
