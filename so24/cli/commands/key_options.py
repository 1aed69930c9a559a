"""``so24 keys options``: what a key carries with its orders, shown and changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

import typer

from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import choose_departments
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import list_all, print_json, print_line, print_table
from so24.errors import WrongUse
from so24.keys.change import AnySetting, change_key
from so24.keys.key_fields import FIELD_ENTRIES, KeyField, name_kind
from so24.keys.key_settings import (
    FIELDS,
    OFFICE_DEPARTMENTS,
    TAX_CODES,
    UPDATE_CUSTOMERS,
    read_settings,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.keys.product_settings import CATEGORIES_BY_VAT, DEFAULT_PRODUCT, Wanted
from so24.keys.upkeep import MappedDepartment, key_named, read_department_map
from so24.language.said import join_said, say, say_as
from so24.office.values import Category
from so24.people.desk import Desk
from so24.store.tables.key_tables import Numbers

Name = Annotated[str, typer.Argument(metavar=say("NAME"), help=say("The key's name."))]
Carry = Annotated[
    list[KeyField] | None, typer.Option(help=say("Let this field travel; may be repeated."))
]
NoCarry = Annotated[
    list[KeyField] | None,
    typer.Option("--no-carry", help=say("Leave this field out; may be repeated.")),
]
TaxCodes = Annotated[
    list[str] | None,
    typer.Option(
        "--tax-code",
        metavar=say("RATE=CODE"),
        help=say(
            "The account's tax code for a VAT rate, or for a category without VAT (E, AE, K, G, O) "
            "such as AE=6; may be repeated."
        ),
    ),
]
NoTaxCodes = Annotated[
    bool, typer.Option("--no-tax-codes", help=say("Leave VAT to 24SevenOffice."))
]
Departments = Annotated[
    list[str] | None,
    typer.Option(
        "--department",
        metavar=say("OURS=THEIRS"),
        help=say("24SevenOffice's department, by id or name, for one of ours; may be repeated."),
    ),
]
NoDepartments = Annotated[
    list[str] | None,
    typer.Option(
        "--no-department", help=say("Send this department's orders without one; may be repeated.")
    ),
]
UpdateCustomers = Annotated[
    bool | None,
    typer.Option(
        "--update-customers/--no-update-customers",
        help=say("Allow `so24 customers update` for the key's company."),
    ),
]


def add_to(group: typer.Typer) -> None:
    """Add the command to the group of keys."""
    shown = say("Show what a key carries with its orders, after changing it as the options say.")
    group.command("options", help=shown)(show_or_change)


def show_or_change(
    name: Name,
    carry: Carry = None,
    no_carry: NoCarry = None,
    tax_codes: TaxCodes = None,
    no_tax_codes: NoTaxCodes = False,
    departments: Departments = None,
    no_departments: NoDepartments = None,
    update_customers: UpdateCustomers = None,
    as_json: AsJson = False,
) -> None:
    """Change the options that are given, then print all of them."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        key_id = key_named(desk, name).id
        before = read_settings(desk, key_id)
        codes = {} if no_tax_codes else dict(TAX_CODES.of(before))
        given: dict[AnySetting, Any] = {
            FIELDS: _choose_fields(FIELDS.of(before), carry or (), no_carry or ()),
            OFFICE_DEPARTMENTS: _map_departments(
                desk, OFFICE_DEPARTMENTS.of(before), departments or (), no_departments or ()
            ),
            TAX_CODES: codes | _read_codes(tax_codes or ()),
            UPDATE_CUSTOMERS: update_customers,
        }
        changes = [
            setting.to(value)
            for setting, value in given.items()
            if value not in (None, setting.of(before))
        ]
        change_key(desk, key_id, *changes)
        after, mapped = read_settings(desk, key_id), read_department_map(desk, key_id)
    if as_json:
        print_json(
            {
                "carried": FIELDS.of(after),
                "tax_codes": TAX_CODES.of(after),
                "categories": CATEGORIES_BY_VAT.of(after),
                "default_product": DEFAULT_PRODUCT.of(after),
                "departments": mapped,
                "update_customers": UPDATE_CUSTOMERS.of(after),
                "numbers": NUMBERS.of(after),
                "next_number": NEXT_NUMBER.of(after),
            }
        )
    else:
        _print_options(after, mapped)


def _choose_fields(
    before: Collection[KeyField], carry: Collection[KeyField], no_carry: Collection[KeyField]
) -> tuple[KeyField, ...]:
    kept = {*before, *carry}.difference(no_carry)
    return tuple(each for each in KeyField if each in kept)


def _map_departments(
    desk: Desk, before: Mapping[int, int | str], pairs: Sequence[str], dropped: Sequence[str]
) -> dict[int, int | str]:
    left_out = choose_departments(desk, dropped)
    chosen = {ours: theirs for ours, theirs in before.items() if ours not in left_out}
    for pair in pairs:
        number, theirs = _split("--department", pair)
        (ours,) = choose_departments(desk, [number])
        chosen[ours] = theirs
    return chosen


def _read_codes(pairs: Sequence[str]) -> dict[str, int]:
    codes = {}
    for pair in pairs:
        kind, code = _split("--tax-code", pair)
        if not code.isascii() or not code.isdigit():
            raise WrongUse(
                say("--tax-code takes a rate and a code such as 25=3, not “{pair}”.", pair=pair)
            )
        codes[kind] = int(code)
    return codes


def _split(option: str, pair: str) -> tuple[str, str]:
    left, sign, right = (part.strip() for part in pair.partition("="))
    if not (left and sign and right):
        raise WrongUse(
            say(
                "{option} takes two values with = between them, not “{pair}”.",
                option=option,
                pair=pair,
            )
        )
    return left, right


def _print_options(shown: Mapping[str, Any], mapped: Sequence[MappedDepartment]) -> None:
    print_table(
        (say("Field"), say("Travels"), say_as("a field", "What it does")),
        [(each.code.value, each.code in FIELDS.of(shown), each.effect) for each in FIELD_ENTRIES],
    )
    codes = list_all(_pair(name_kind(kind), code) for kind, code in TAX_CODES.of(shown).items())
    print_line(
        say("Tax codes: {codes}", codes=codes)
        if codes
        else say("Tax codes: none, 24SevenOffice decides about VAT")
    )
    chosen = CATEGORIES_BY_VAT.of(shown).items()
    listed = list_all(_pair(name_kind(kind), _name_category(each)) for kind, each in chosen)
    print_line(
        say("Categories by VAT: {categories}", categories=listed)
        if listed
        else say("Categories by VAT: none, all new products go to the one category")
    )
    print_line(
        say("Product for lines without a number: {product}", product=DEFAULT_PRODUCT.of(shown))
        if DEFAULT_PRODUCT.of(shown)
        else say("Product for lines without a number: none")
    )
    pairs = list_all(
        _pair(each.label, f"{each.office_name} ({each.office_id})")
        for each in mapped
        if each.office_id is not None
    )
    print_line(
        say("Departments: {departments}", departments=pairs) if pairs else say("Departments: none")
    )
    print_line(
        say("Customer updates: allowed")
        if UPDATE_CUSTOMERS.of(shown)
        else say("Customer updates: off")
    )
    print_line(
        say("Numbers: those of RecMan, next {number}", number=NEXT_NUMBER.of(shown))
        if NUMBERS.of(shown) is Numbers.SAME
        else say("Numbers: 24SevenOffice's own")
    )


def _pair(left: str, right: object) -> str:
    return join_said([left, str(right)], " = ")


def _name_category(chosen: Wanted) -> str:
    return f"{chosen.name} ({chosen.id})" if isinstance(chosen, Category) else str(chosen)
