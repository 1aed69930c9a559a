"""``so24 keys …``: the credentials to 24SevenOffice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from so24.cli.commands import explain, in_paragraphs, key_options
from so24.cli.terminal.asking import AsJson, PasswordStdin, read_password
from so24.cli.terminal.choosing import choose_departments
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import print_data, print_json, print_table, remark
from so24.errors import WrongUse
from so24.keys import credentials, upkeep
from so24.keys.account import read_organization_id
from so24.keys.change import AnySetting, change_key
from so24.keys.departments import find_departments
from so24.keys.key_fields import format_kind, read_kind
from so24.keys.key_settings import (
    CREDIT_NOTES,
    KEY_SETTINGS,
    MODE,
    NAME,
    PASSWORD,
    SCOPE,
    TOLERANCE,
    Scope,
    check_scope,
    read_settings,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.keys.product_settings import (
    CATEGORIES_BY_VAT,
    CATEGORY,
    DEFAULT_PRODUCT,
    WITHOUT_CATEGORY,
)
from so24.keys.product_settings import Wanted as CategoryWanted
from so24.keys.upkeep import KeyView, key_named, list_keys
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell
from so24.ledger.read import tell_unknown_orders
from so24.people.desk import Desk
from so24.store.tables.key_tables import KeyMode, KeyState, Numbers

group = typer.Typer(help=explain("keys"), no_args_is_help=True, rich_markup_mode=None)

KeyName = Annotated[str, typer.Argument(metavar=say("NAME"), help=say("The key's name."))]
Departments = Annotated[
    list[str] | None,
    typer.Option("--department", help=say("A department, by number or name; may be repeated.")),
]
AllDepartments = Annotated[
    bool, typer.Option("--all-departments", help=say("Global access: all departments."))
]
Category = Annotated[
    str | None, typer.Option(help=say("Category for new products: its id, number or name."))
]
Mode = Annotated[
    KeyMode | None, typer.Option(help=say("Book orders at once, or leave them for approval."))
]
ModeOfNew = Annotated[
    KeyMode | None,
    typer.Option(
        "--mode",
        help=in_paragraphs(
            say("Book orders at once, or leave them for approval."),
            say("At once unless told; the first ones of a real company best wait for approval."),
        ),
    ),
]
CreditNotes = Annotated[
    bool | None,
    typer.Option(
        "--credit-notes/--no-credit-notes",
        help=in_paragraphs(
            say("Send credit notes: on in the sandbox, off in live mode unless told."),
            CREDIT_NOTES.help,
        ),
    ),
]


_STATES = {
    KeyState.USABLE: say("usable"),
    KeyState.DISABLED: say("disabled"),
    KeyState.DELETED: say("deleted"),
}
_MODES = {KeyMode.INVOICE: say("invoice"), KeyMode.APPROVAL: say("approval")}
_NUMBERS = {Numbers.OWN: say("own"), Numbers.SAME: say("same")}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    key_options.add_to(group)
    app.add_typer(group, name="keys")


@group.command(
    help=say("Test an account and save it as a key; nothing is saved on a refusal or a mismatch.")
)
def add(
    name: Annotated[str, typer.Option(help=say("How the key is called here."))],
    organization_id: Annotated[
        str,
        typer.Option(help=say("The digits before @voucher.24sevenoffice.com, or that address.")),
    ],
    username: Annotated[str, typer.Option(help=say("The account's e-mail address."))],
    password_stdin: PasswordStdin = False,
    all_departments: AllDepartments = False,
    department: Departments = None,
    category: Category = None,
    mode: ModeOfNew = None,
    credit_notes: CreditNotes = None,
    pin: Annotated[
        str | None,
        typer.Option(
            metavar=say("CLIENT_ID"),
            help=say("Confirm that the key shall reach this company, not its Organization ID."),
        ),
    ] = None,
) -> None:
    """Try the account, and save it as a key where it reaches its company."""
    wanted = read_organization_id(organization_id)
    pinned = read_organization_id(pin) if pin is not None else None
    check_scope(all_departments, department or ())
    password = read_password(password_stdin, say("Password of {name}", name=username))
    with open_desk() as desk, reach_office(desk.installation.settings):
        found = find_departments(desk, department or ())
        new = credentials.NewKey(
            name=name,
            organization_id=wanted,
            username=username,
            password=password,
            all_departments=all_departments,
            department_ids=found.ids,
            new_departments=found.new_numbers,
            category=category,
            mode=mode or KeyMode.INVOICE,
            pinned_client_id=pinned,
            credit_notes=credit_notes,
        )
        added = credentials.add_key(desk, new)
    _print_added(added)


def _print_added(added: credentials.AddedKey) -> None:
    print_data(added.company.label)
    remark(say("Key “{name}” is saved and reaches this company.", name=added.name))
    if added.remark:
        remark(added.remark)
    if added.trial.switched:
        remark(
            say("It is not the account's standard company: so24 switches to it after each login.")
        )
    if added.category is None:
        remark(WITHOUT_CATEGORY)


@group.command("list", help=say("List all keys, without any secret."))
def list_all(as_json: AsJson = False) -> None:
    """Print the keys."""
    with open_desk() as desk:
        keys = list_keys(desk)
    if as_json:
        print_json(keys)
        return
    print_table(
        (say("Name"), say("Organization ID"), say("Company"), say_as("of a key", "Account"),
         say("Departments"), say("State"), say("Orders"), say("Numbers"), say("Tolerance"),
         say("Credit notes"), say("Category"), say("Tested"), say("Last used")),
        [
            (key.name, str(key.organization_id), key.company,
             key.username, tell(key.scope), say("parked") if key.parked else _STATES[key.state],
             _MODES[key.mode], _NUMBERS[key.numbers], key.tolerance,
             say("on") if key.credit_notes else say("off"),
             key.category_name, key.tested_at, key.last_used_at)
            for key in keys
        ],
    )  # fmt: skip
    for key in keys:
        if key.parked:
            remark(key.parked)


@group.command(help=say("Log in with a key and show which company it reaches."))
def test(name: KeyName) -> None:
    """Try the key, and print its company."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        key = key_named(desk, name)
        reached = credentials.try_key(desk, key.id)
        unknown = tell_unknown_orders(desk, key.id) if key.state == "usable" else ""
    print_data(reached.identity.label)
    remark(say("Key “{name}” reaches this company.", name=key.name))
    if unknown:
        remark(unknown)


@group.command(help=say("Take a key out of new runs; work under way comes to its end."))
def disable(name: KeyName) -> None:
    """Disable the key."""
    key = _change(name, upkeep.disable_key)
    remark(say("Key “{name}” is disabled.", name=key.name))


@group.command(help=say("Let new runs use a key again."))
def enable(name: KeyName) -> None:
    """Enable the key."""
    key = _change(name, upkeep.enable_key)
    remark(say("Key “{name}” is enabled.", name=key.name))


@group.command(help=say("Delete a key and wipe its password; its transfers keep their history."))
def delete(name: KeyName) -> None:
    """Delete the key."""
    key = _change(name, upkeep.delete_key)
    remark(say("Key “{name}” is deleted and its password is wiped.", name=key.name))


@group.command(
    "set", help=say("Change a key: all that is given, or nothing. An empty category chooses none.")
)
def change(
    name: KeyName,
    category: Category = None,
    category_for: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("VAT=CATEGORY"),
            help=say(
                "Category for new products of a VAT rate, or of a category without VAT "
                "(E, AE, K, G, O), such as 15=Food; an empty one takes it back; may be repeated."
            ),
        ),
    ] = None,
    default_product: Annotated[
        str | None,
        typer.Option(
            metavar=say("NUMBER"),
            help=say("Product of lines without a product number; empty for none."),
        ),
    ] = None,
    tolerance: Annotated[
        str | None, typer.Option(help=say("Accepted difference of totals, 0.00 to 1.00."))
    ] = None,
    mode: Mode = None,
    numbers: Annotated[Numbers | None, typer.Option(help=NUMBERS.help)] = None,
    next_number: Annotated[
        str | None, typer.Option(metavar=say("NUMBER"), help=NEXT_NUMBER.help)
    ] = None,
    credit_notes: CreditNotes = None,
    rename: Annotated[str | None, typer.Option(help=say("Another name."))] = None,
    all_departments: AllDepartments = False,
    department: Departments = None,
    password_stdin: PasswordStdin = False,
) -> None:
    """Change the settings that are given, all or none."""
    rescope = all_departments or department is not None
    password = read_password(True, "") if password_stdin else None
    with open_desk() as desk, reach_office(desk.installation.settings):
        key = key_named(desk, name)
        chosen = tuple(sorted(choose_departments(desk, department or ())))
        given: dict[AnySetting, Any] = {
            NAME: rename,
            SCOPE: Scope(all_departments, chosen) if rescope else None,
            CATEGORY: category,
            CATEGORIES_BY_VAT: _choose_categories(desk, key.id, category_for or ()),
            DEFAULT_PRODUCT: default_product,
            MODE: mode,
            NUMBERS: numbers,
            NEXT_NUMBER: next_number,
            TOLERANCE: tolerance,
            CREDIT_NOTES: credit_notes,
            PASSWORD: password,
        }
        changes = [each.to(given[each]) for each in KEY_SETTINGS if given.get(each) is not None]
        if not changes:
            raise WrongUse(say("Say what to change, for example --tolerance 0.05; see --help."))
        done = change_key(desk, key.id, *changes)
        numbered = numbers is not None or next_number is not None
        sharing = _tell_sharing(desk, key.id) if numbered else ""
    for each in done:
        remark(join_said([each, "."], ""))
    if sharing:
        remark(sharing)
    if credit_notes:
        remark(CREDIT_NOTES.help)


def _tell_sharing(desk: Desk, key_id: int) -> str:
    return next((each.sharing for each in list_keys(desk) if each.id == key_id), "")


def _choose_categories(
    desk: Desk, key_id: int, pairs: Sequence[str]
) -> dict[str, CategoryWanted] | None:
    """The key's categories by VAT after these pairs; None where none is given."""
    if not pairs:
        return None
    chosen = dict(CATEGORIES_BY_VAT.of(read_settings(desk, key_id)))
    for pair in pairs:
        kind, sign, wanted = (part.strip() for part in pair.partition("="))
        if not (kind and sign):
            raise WrongUse(
                say("--category-for takes VAT and category, 15=Food, not “{pair}”.", pair=pair)
            )
        chosen.pop(kind := format_kind(read_kind(kind)), None)
        if wanted:
            chosen[kind] = wanted
    return chosen


def _change(name: str, change: Callable[[Desk, int], None]) -> KeyView:
    with open_desk() as desk:
        key = key_named(desk, name)
        change(desk, key.id)
    return key
