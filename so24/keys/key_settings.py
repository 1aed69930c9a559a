"""Everything that people set on a key, one declaration for each setting.

The page and the command line walk :data:`KEY_SETTINGS`; :mod:`so24.keys.change` changes them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sqlmodel import Session

from so24.errors import WrongUse
from so24.keys.account import Trial
from so24.keys.change import AnySetting, KeyAccount, Setting
from so24.keys.departments import refuse_overlaps
from so24.keys.key_fields import (
    TITLES,
    KeyField,
    TaxKind,
    format_kind,
    format_rate,
    key_fields_of,
    name_kind,
    read_kind,
    write_key_fields,
    write_tax_codes,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS, require_sound_numbers
from so24.keys.product_settings import CATEGORIES_BY_VAT, CATEGORY, DEFAULT_PRODUCT
from so24.language.said import join_said, say
from so24.letters import fold
from so24.office.values import OwnDepartment
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys import keys as store
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key, KeyMode

LARGEST_TOLERANCE = Decimal("1.00")

T = TypeVar("T")


@dataclass(frozen=True)
class Scope:
    """The departments that a key is for: all of them, or those with these ids."""

    all_departments: bool
    department_ids: tuple[int, ...] = ()


def check_name(name: str, account: object = None) -> str:
    """The name without stray spaces; raises :class:`WrongUse` where it is empty or too long."""
    name = " ".join(name.split())
    if not name or len(name) > 80 or not name.isprintable():
        raise WrongUse(say("A key needs a name of 1 to 80 characters, for example “Oslo”."))
    return name


def check_scope(all_departments: bool, departments: Collection[object]) -> None:
    """Raise :class:`WrongUse` unless it is all departments or at least one specific one."""
    if all_departments and departments:
        raise WrongUse(say("Choose either all departments or specific ones, not both."))
    if not all_departments and not departments:
        raise WrongUse(say("Choose all departments, or at least one specific department."))


def keep_scope(session: Session, key: Key, scope: Scope) -> str:
    """Make the key serve these departments; raises :class:`WrongUse` where that overlaps."""
    numbers = [store.known_department(session, each).number for each in scope.department_ids]
    key.all_departments = scope.all_departments
    store.replace_served(session, key.row_id, set(scope.department_ids))
    refuse_overlaps(session)
    if scope.all_departments:
        return say("all departments")
    return say("departments {numbers}", numbers=", ".join(numbers))


def keep_password(session: Session, key: Key, trial: Trial) -> str:
    """Keep the password that was tried, and the session that the trial opened."""
    key.password_sealed = trial.password_sealed
    key.session_sealed = trial.session_sealed
    key.companies = len(trial.companies)
    key.last_login_at = trial.logged_in_at
    key.login_until = key.login_refused_at = key.wrong_company_at = None
    key.refusal = ""
    key.password_set_at = key.tested_at = now()
    key.password_set_by = trial.tried_by
    return say("replaced")


def _check_scope(scope: Scope, account: KeyAccount) -> Scope:
    check_scope(scope.all_departments, scope.department_ids)
    return scope


def _keep_name(session: Session, key: Key, name: str) -> str:
    store.refuse_taken_name(session, name, apart_from=key.id)
    key.name = name
    return say("now {name}", name=name)


def _check_tolerance(tolerance: Decimal | str, account: KeyAccount) -> Decimal:
    """An accepted difference of totals in the invoice's currency, also as people type it."""
    try:
        amount = Decimal(str(tolerance).strip().replace(",", "."))
    except InvalidOperation:
        raise WrongUse(
            say(
                "“{tolerance}” is no amount; the tolerance is an amount such as 0,05.",
                tolerance=str(tolerance)[:20],
            )
        ) from None
    fits = amount.is_finite() and 0 <= amount <= LARGEST_TOLERANCE
    if not fits or amount != round(amount, 2):
        raise WrongUse(say("The tolerance is an amount from 0,00 to 1,00 with two decimals."))
    return round(amount, 2)


def _read_fields(session: Session, key: Key) -> tuple[KeyField, ...]:
    return tuple(code for code in KeyField if key_fields_of(key).carries(code))


def _check_fields(fields: Collection[KeyField], account: KeyAccount) -> Collection[KeyField]:
    if KeyField.PROJECT_MUST_EXIST in fields and KeyField.PROJECT not in fields:
        raise WrongUse(
            say("A missing project can only block documents of a key that carries the project.")
        )
    return fields


def _keep_fields(session: Session, key: Key, fields: Collection[KeyField]) -> str:
    key.carried = write_key_fields(fields)
    carried = [title for code, title in TITLES.items() if code in fields]
    return join_said(carried, by=", ") or say("nothing")


def _read_tax_codes(session: Session, key: Key) -> dict[str, int]:
    return {format_kind(kind): code for kind, code in key_fields_of(key).tax_codes}


def _check_tax_codes(codes: Mapping[str, int], account: KeyAccount) -> dict[TaxKind, int]:
    read = {read_kind(text): code for text, code in codes.items()}
    known = {each.code: each for each in account.tax_codes} if read else {}
    for kind, code in read.items():
        rate, found = Decimal(0) if isinstance(kind, str) else kind, known.get(code)
        if found is None:
            offered = ", ".join(map(str, known)) or say("none")
            raise WrongUse(
                say(
                    "The account has no tax code {code}. Its codes: {offered}.",
                    code=code,
                    offered=offered,
                )
            )
        if found.rate != rate:
            raise WrongUse(
                say(
                    "Tax code {code} ({name}) is for {rate} %, not for {wanted} %.",
                    code=code,
                    name=found.name,
                    rate=format_rate(found.rate),
                    wanted=format_rate(rate),
                )
            )
    return read


def _keep_tax_codes(session: Session, key: Key, codes: Mapping[TaxKind, int]) -> str:
    key.tax_codes = write_tax_codes(codes)
    pairs = (
        say("{kind} = {chosen}", kind=name_kind(format_kind(kind)), chosen=code)
        for kind, code in codes.items()
    )
    return join_said(pairs, by=", ") or say("none")


def _check_map(chosen: Mapping[int, int | str], account: KeyAccount) -> dict[int, OwnDepartment]:
    return {ours: _find_department(account, theirs) for ours, theirs in sorted(chosen.items())}


def _find_department(account: KeyAccount, wanted: int | str) -> OwnDepartment:
    text = fold(str(wanted))
    offered = account.departments
    found = [each for each in offered if text == str(each.id)] or [
        each for each in offered if text == fold(each.name)
    ]
    if len(found) != 1:
        known = ", ".join(f"{each.name} ({each.id})" for each in offered) or say("none")
        if found:
            raise WrongUse(
                say(
                    "The account has several departments {wanted}. It has: {known}.",
                    wanted=wanted,
                    known=known,
                )
            )
        raise WrongUse(
            say(
                "The account has no department {wanted}. It has: {known}.",
                wanted=wanted,
                known=known,
            )
        )
    return found[0]


def _keep_map(session: Session, key: Key, chosen: Mapping[int, OwnDepartment]) -> str:
    numbers = {each: store.known_department(session, each).number for each in chosen}
    for each, number in numbers.items():
        if not key.all_departments and each not in _served(session, key):
            raise WrongUse(
                say("Key “{key}” is not for department {number}.", key=key.name, number=number)
            )
    targets = {ours: (theirs.id, theirs.name) for ours, theirs in chosen.items()}
    store.replace_department_map(session, key.row_id, targets)
    pairs = (f"{numbers[ours]} = {each.name} ({each.id})" for ours, each in chosen.items())
    return ", ".join(pairs) or say("none")


def _as_given(value: T, account: KeyAccount) -> T:
    return value


def _column(name: str) -> Callable[[Session, Key], Any]:
    return lambda session, key: getattr(key, name)


def _keep_in(name: str, tell: Callable[[T], str] = str) -> Callable[[Session, Key, T], str]:
    def keep(session: Session, key: Key, value: T) -> str:
        setattr(key, name, value)
        return tell(value)

    return keep


def say_on_or_off(on: bool) -> str:
    """Whether a setting is on, as people read it."""
    return say("on") if on else say("off")


def _served(session: Session, key: Key) -> tuple[int, ...]:
    rows = store.served_departments(session)
    return tuple(row.department_id for row in rows if row.key_id == key.id)


NAME: Setting[str, str] = Setting(
    "name", say("Name"), say("key renamed"), tab=say("Key"),
    read=_column("name"), check=check_name, apply=_keep_name,
)  # fmt: skip
SCOPE: Setting[Scope, Scope] = Setting(
    "scope", say("Departments"), say("key re-scoped"), tab=say("Key"),
    read=lambda session, key: Scope(key.all_departments, _served(session, key)),
    check=_check_scope, apply=keep_scope,
)  # fmt: skip
MODE: Setting[KeyMode, KeyMode] = Setting(
    "mode", say("Orders become"), say("key mode set"), idle=True, tab=say("Booking"),
    read=_column("mode"), check=_as_given, apply=_keep_in("mode", lambda mode: say(mode.value)),
    afterwards=require_sound_numbers,
    help=say("Order for approval: the accountant invoices it in 24SevenOffice."),
)  # fmt: skip
TOLERANCE: Setting[Decimal | str, Decimal] = Setting(
    "tolerance", say("Accepted difference of totals"), say("key tolerance set"), idle=True,
    tab=say("Booking"),
    read=_column("tolerance"), check=_check_tolerance, apply=_keep_in("tolerance"),
    help=say("Every difference stands on the receipt; a larger one stops the invoice."),
)  # fmt: skip
CREDIT_NOTES: Setting[bool, bool] = Setting(  # not idle: a lane asks before it sends any
    "credit_notes", say("Send credit notes"), say("key credit notes set"), tab=say("Booking"),
    read=_column("credit_notes"), check=_as_given, apply=_keep_in("credit_notes", say_on_or_off),
    help=say("24SevenOffice documents how a credit note names its invoice, but not its signs: "
             "so24 sends negative quantities. This form is not proven: have the accountant check "
             "the first one."),
)  # fmt: skip
FIELDS: Setting[Collection[KeyField], Collection[KeyField]] = Setting(
    "fields", say("Fields"), say("key fields chosen"), idle=True, tab=say("Fields"),
    read=_read_fields, check=_check_fields, apply=_keep_fields,
    help=say("Products, amounts, our reference number and the due date, as days of credit, always "
             "travel. Nothing is cut: a text that is too long blocks its invoice."),
)  # fmt: skip
OFFICE_DEPARTMENTS: Setting[Mapping[int, int | str], Mapping[int, OwnDepartment]] = Setting(
    "office_departments", say("Departments in 24SevenOffice"), say("key departments mapped"),
    idle=True,
    read=lambda session, key: store.mapped_departments(session, key.row_id),
    check=_check_map, apply=_keep_map, tab=say("Departments in 24SevenOffice"),
    help=say("Orders of a RecMan department go to the department chosen for it here."),
)  # fmt: skip
TAX_CODES: Setting[Mapping[str, int], Mapping[TaxKind, int]] = Setting(
    "tax_codes", say("Tax codes"), say("key tax codes chosen"), idle=True, tab=say("VAT"),
    read=_read_tax_codes, check=_check_tax_codes, apply=_keep_tax_codes,
    help=say("Without tax codes 24SevenOffice decides about VAT, by the product's category. With "
             "any, an invoice that has a rate, or a category without VAT, that has no code is "
             "blocked."),
)  # fmt: skip
UPDATE_CUSTOMERS: Setting[bool, bool] = Setting(
    "update_customers", say("Allow customer updates"), say("key customer updates"),
    tab=say("Customers"),
    read=_column("update_customers"), check=_as_given,
    apply=_keep_in("update_customers", say_on_or_off),
    help=say("Customers that 24SevenOffice knows are left as they are there. Where updates are "
             "allowed, you see every difference first, and nothing is written before you confirm "
             "it."),
)  # fmt: skip
PASSWORD: Setting[str, Trial] = Setting(
    "password", say("Password"), say("key password replaced"),
    read=lambda session, key: "",
    check=lambda password, account: account.try_password(password), apply=keep_password,
    help=say("The new password is tested first; if it is refused, the old one stays."),
)  # fmt: skip

# In the order in which they are checked: what needs no call, then the password, and then what is
# compared with lists of the account, which a new password may be needed for.
KEY_SETTINGS: tuple[AnySetting, ...] = (
    NAME, SCOPE, MODE, NUMBERS, NEXT_NUMBER, TOLERANCE, CREDIT_NOTES, FIELDS, UPDATE_CUSTOMERS,
    PASSWORD, CATEGORY, DEFAULT_PRODUCT, OFFICE_DEPARTMENTS, CATEGORIES_BY_VAT, TAX_CODES,
)  # fmt: skip


def read_settings(desk: Desk, key_id: int) -> dict[str, Any]:
    """The values of all settings by name; raises :class:`WrongUse` for a key that is gone."""
    with desk.reading(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id)
        return {setting.name: setting.read(session, key) for setting in KEY_SETTINGS}
