"""``so24 keys options``: what a key carries with its orders, shown and changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson, read_decimal
from so24.cli.terminal.choosing import choose_departments
from so24.cli.terminal.opening import Desk, open_desk, reach_office
from so24.cli.terminal.printing import print_json, print_table
from so24.errors import WrongUse
from so24.keys import options
from so24.keys.carrying import CATEGORIES, OPTIONS, Carried, TaxKind, name_kind
from so24.keys.options import KeyOptions
from so24.keys.upkeep import key_named

_MANY = "; may be repeated."


Name = Annotated[str, typer.Argument(metavar="NAME", help="The key's name.")]
Carry = Annotated[list[Carried] | None, typer.Option(help=f"Let this field travel{_MANY}")]
NoCarry = Annotated[
    list[Carried] | None, typer.Option("--no-carry", help=f"Leave this field out{_MANY}")
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
        key = key_named(desk.installation, desk.actor, name)
        at = (desk.installation, desk.actor, key.id)
        before = options.read_options(*at)
        if carry or no_carry:
            kept = {*before.carried, *(carry or ())} - set(no_carry or ())
            options.set_carried(*at, kept)
        if tax_codes or no_tax_codes:
            codes = {} if no_tax_codes else {_read_kind(k): c for k, c in before.tax_codes.items()}
            options.set_tax_codes(*at, codes | _read_tax_codes(tax_codes or ()))
        if departments or no_departments:
            _map_departments(desk, key.id, before, departments or (), no_departments or ())
        if update_customers is not None:
            options.set_customer_updates(*at, on=update_customers)
        after = options.read_options(*at)
    if as_json:
        print_json(after)
    else:
        _print_options(after)


def _read_tax_codes(pairs: Sequence[str]) -> dict[TaxKind, int]:
    codes = {}
    for pair in pairs:
        rate, code = _split("--tax-code", pair)
        if not code.isascii() or not code.isdigit():
            raise WrongUse(f"--tax-code takes a rate and a code such as 25=3, not “{pair}”.")
        codes[_read_kind(rate)] = int(code)
    return codes


def _read_kind(text: str) -> TaxKind:
    category = text.upper()
    return category if category in CATEGORIES else read_decimal("--tax-code", text)


def _map_departments(
    desk: Desk, key_id: int, before: KeyOptions, pairs: Sequence[str], dropped: Sequence[str]
) -> None:
    chosen = {each.id: each.office_id for each in before.departments if each.office_id is not None}
    for ours in choose_departments(desk, dropped):
        chosen.pop(ours, None)
    wanted = [_split("--department", pair) for pair in pairs]
    names: dict[str, int] = {}
    if any(not theirs.isdigit() for _, theirs in wanted):
        choices = options.read_choices(desk.installation, desk.actor, key_id)
        names = {each.name.casefold(): each.id for each in choices.departments}
    for number, theirs in wanted:
        (ours,) = choose_departments(desk, [number])
        if not theirs.isdigit() and theirs.casefold() not in names:
            raise WrongUse(f"The account has no department called “{theirs}”.")
        chosen[ours] = int(theirs) if theirs.isdigit() else names[theirs.casefold()]
    options.set_departments(desk.installation, desk.actor, key_id, chosen)


def _split(option: str, pair: str) -> tuple[str, str]:
    left, sign, right = (part.strip() for part in pair.partition("="))
    if not (left and sign and right):
        raise WrongUse(f"{option} takes two values with = between them, not “{pair}”.")
    return left, right


def _print_options(shown: KeyOptions) -> None:
    print_table(
        ("Field", "Travels", "What it does"),
        [(each.code.value, each.code in shown.carried, each.effect) for each in OPTIONS],
    )
    codes = ", ".join(f"{name_kind(kind)} = {code}" for kind, code in shown.tax_codes.items())
    typer.echo(f"Tax codes: {codes or 'none, 24SevenOffice decides about VAT'}")
    pairs = ", ".join(
        f"{each.label} = {each.office_name} ({each.office_id})"
        for each in shown.departments
        if each.office_id is not None
    )
    typer.echo(f"Departments: {pairs or 'none'}")
    typer.echo(f"Customer updates: {'allowed' if shown.update_customers else 'off'}")
