"""``so24 keys options``: what a key carries with its orders, shown and changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any

import typer

from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import choose_departments
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import print_json, print_line, print_table
from so24.errors import WrongUse
from so24.keys.change import AnySetting, change_key
from so24.keys.key_fields import CATEGORIES, FIELD_ENTRIES, KeyField, name_kind
from so24.keys.key_settings import (
    FIELDS,
    OFFICE_DEPARTMENTS,
    TAX_CODES,
    UPDATE_CUSTOMERS,
    read_settings,
)
from so24.keys.product_settings import CATEGORIES_BY_VAT, DEFAULT_PRODUCT, Wanted
from so24.keys.upkeep import MappedDepartment, key_named, read_department_map
from so24.office.values import Category
from so24.people.desk import Desk

_MANY = "; may be repeated."


Name = Annotated[str, typer.Argument(metavar="NAME", help="The key's name.")]
Carry = Annotated[list[KeyField] | None, typer.Option(help=f"Let this field travel{_MANY}")]
NoCarry = Annotated[
    list[KeyField] | None, typer.Option("--no-carry", help=f"Leave this field out{_MANY}")
]
TaxCodes = Annotated[
    list[str] | None,
    typer.Option(
        "--tax-code",
        metavar="RATE=CODE",
        help="The account's tax code for a VAT rate, or for a category without VAT "
        f"({', '.join(CATEGORIES)}) such as AE=6{_MANY}",
    ),
]
NoTaxCodes = Annotated[bool, typer.Option("--no-tax-codes", help="Leave VAT to 24SevenOffice.")]
Departments = Annotated[
    list[str] | None,
    typer.Option(
        "--department",
        metavar="OURS=THEIRS",
        help=f"24SevenOffice's department, by id or name, for one of ours{_MANY}",
    ),
]
NoDepartments = Annotated[
    list[str] | None,
    typer.Option("--no-department", help=f"Send this department's orders without one{_MANY}"),
]
UpdateCustomers = Annotated[
    bool | None,
    typer.Option(
        "--update-customers/--no-update-customers",
        help="Allow `so24 customers update` for the key's company.",
    ),
]


def add_to(group: typer.Typer) -> None:
    """Add the command to the group of keys."""
    group.command("options")(show_or_change)


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
    """Show what a key carries with its orders, after changing it as the options say."""
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
            raise WrongUse(f"--tax-code takes a rate and a code such as 25=3, not “{pair}”.")
        codes[kind] = int(code)
    return codes


def _split(option: str, pair: str) -> tuple[str, str]:
    left, sign, right = (part.strip() for part in pair.partition("="))
    if not (left and sign and right):
        raise WrongUse(f"{option} takes two values with = between them, not “{pair}”.")
    return left, right


def _print_options(shown: Mapping[str, Any], mapped: Sequence[MappedDepartment]) -> None:
    print_table(
        ("Field", "Travels", "What it does"),
        [(each.code.value, each.code in FIELDS.of(shown), each.effect) for each in FIELD_ENTRIES],
    )
    codes = ", ".join(f"{name_kind(kind)} = {code}" for kind, code in TAX_CODES.of(shown).items())
    print_line(f"Tax codes: {codes or 'none, 24SevenOffice decides about VAT'}")
    chosen = CATEGORIES_BY_VAT.of(shown).items()
    listed = ", ".join(f"{name_kind(kind)} = {_name_category(each)}" for kind, each in chosen)
    print_line(f"Categories by VAT: {listed or 'none, all new products go to the one category'}")
    print_line(f"Product for lines without a number: {DEFAULT_PRODUCT.of(shown) or 'none'}")
    pairs = ", ".join(
        f"{each.label} = {each.office_name} ({each.office_id})"
        for each in mapped
        if each.office_id is not None
    )
    print_line(f"Departments: {pairs or 'none'}")
    print_line(f"Customer updates: {'allowed' if UPDATE_CUSTOMERS.of(shown) else 'off'}")


def _name_category(chosen: Wanted) -> str:
    return f"{chosen.name} ({chosen.id})" if isinstance(chosen, Category) else str(chosen)
