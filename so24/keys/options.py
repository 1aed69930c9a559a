"""What a key carries, as people choose it: checked against the account's own lists, audited.

It is chosen while nothing is in transfer by the key, see :mod:`so24.keys.in_use`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.access import open_office
from so24.keys.carrying import (
    TITLES,
    Carried,
    TaxKind,
    carrying_of,
    format_kind,
    format_rate,
    name_kind,
    write_carried,
    write_tax_codes,
)
from so24.keys.in_use import idle_key
from so24.office.values import OwnDepartment, TaxCode
from so24.people.roles import Actor, Permission, require
from so24.store.keys import department_map
from so24.store.keys import keys as store
from so24.store.people.audit import record
from so24.store.tables.key_tables import Key


@dataclass(frozen=True)
class MappedDepartment:
    """A department of ours that the key serves, and 24SevenOffice's for it, if one is chosen."""

    id: int
    label: str
    office_id: int | None
    office_name: str


@dataclass(frozen=True)
class KeyOptions:
    """What the key carries; ``tax_codes`` from a kind of VAT, ``25`` or ``AE``, to the code."""

    carried: tuple[Carried, ...]
    tax_codes: dict[str, int]
    departments: tuple[MappedDepartment, ...]
    update_customers: bool


@dataclass(frozen=True)
class Choices:
    """What the account offers: its departments and its tax codes."""

    departments: tuple[OwnDepartment, ...]
    tax_codes: tuple[TaxCode, ...]


def read_options(installation: Installation, actor: Actor, key_id: int) -> KeyOptions:
    """The key's options; raises :class:`WrongUse` for a key that is gone."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.reading() as session:
        key = store.known_key(session, key_id)
        served = {
            row.department_id for row in store.served_departments(session) if row.key_id == key_id
        }
        mapped = {row.department_id: row for row in department_map.department_map(session, key_id)}
        departments = tuple(
            MappedDepartment(
                row.id,
                f"{row.number} {row.name}".strip(),
                mapped[row.id].office_id if row.id in mapped else None,
                mapped[row.id].office_name if row.id in mapped else "",
            )
            for row in store.all_departments(session)
            if row.id and (row.id in served or row.id in mapped or key.all_departments)
        )
        carrying = carrying_of(key)
        codes = {format_kind(kind): code for kind, code in carrying.tax_codes}
        carried = tuple(code for code in Carried if carrying.carries(code))
        return KeyOptions(carried, codes, departments, key.update_customers)


def read_choices(installation: Installation, actor: Actor, key_id: int) -> Choices:
    """Ask 24SevenOffice for what the account offers: two calls."""
    require(actor, Permission.MANAGE_KEYS)
    with open_office(installation, key_id).office as office:
        return Choices(tuple(office.lists.departments()), tuple(office.lists.tax_codes()))


def set_carried(
    installation: Installation, actor: Actor, key_id: int, fields: Collection[Carried]
) -> None:
    """Choose the optional fields that travel with the key's orders."""
    require(actor, Permission.MANAGE_KEYS)
    if Carried.PROJECT_MUST_EXIST in fields and Carried.PROJECT not in fields:
        raise WrongUse(
            "A missing project can only block documents of a key that carries the project."
        )
    titles = ", ".join(title for code, title in TITLES.items() if code in fields) or "nothing"
    with installation.db.writing() as session:
        key = idle_key(session, key_id)
        key.carried = write_carried(fields)
        record(session, actor.name, "key fields chosen", key.name, titles)


def set_tax_codes(
    installation: Installation, actor: Actor, key_id: int, codes: Mapping[TaxKind, int]
) -> None:
    """Choose the account's tax code for each kind of VAT; none leave VAT to 24SevenOffice.

    Raises :class:`WrongUse` for a code that the account does not have now, or of another rate.
    """
    require(actor, Permission.MANAGE_KEYS)
    if codes:
        with open_office(installation, key_id).office as office:
            known = {each.code: each for each in office.lists.tax_codes()}
        for kind, code in codes.items():
            _check_tax_code(Decimal(0) if isinstance(kind, str) else kind, code, known)
    pairs = ", ".join(f"{name_kind(format_kind(kind))} = {code}" for kind, code in codes.items())
    with installation.db.writing() as session:
        key = idle_key(session, key_id)
        key.tax_codes = write_tax_codes(codes)
        record(session, actor.name, "key tax codes chosen", key.name, pairs or "none")


def _check_tax_code(rate: Decimal, code: int, known: Mapping[int, TaxCode]) -> None:
    found = known.get(code)
    if found is None:
        offered = ", ".join(map(str, known)) or "none"
        raise WrongUse(f"The account has no tax code {code}. Its codes: {offered}.")
    if found.rate != rate:
        raise WrongUse(
            f"Tax code {code} ({found.name}) is for {format_rate(found.rate)} %, not for "
            f"{format_rate(rate)} %."
        )


def set_departments(
    installation: Installation, actor: Actor, key_id: int, chosen: Mapping[int, int]
) -> None:
    """Choose 24SevenOffice's department (its id) for departments of ours; the others have none.

    Raises :class:`WrongUse` for a department that the account does not have now, or that the key is
    not for.
    """
    require(actor, Permission.MANAGE_KEYS)
    names: dict[int, str] = {}
    if chosen:
        with open_office(installation, key_id).office as office:
            names = {each.id: each.name for each in office.lists.departments()}
    for office_id in chosen.values():
        if office_id not in names:
            offered = ", ".join(f"{name} ({number})" for number, name in names.items()) or "none"
            raise WrongUse(f"The account has no department {office_id}. It has: {offered}.")
    with installation.db.writing() as session:
        key = idle_key(session, key_id)
        _refuse_unserved(session, key, chosen)
        pairs = ", ".join(
            f"{store.known_department(session, ours).number} = {names[theirs]} ({theirs})"
            for ours, theirs in sorted(chosen.items())
        )
        targets = {ours: (theirs, names[theirs]) for ours, theirs in chosen.items()}
        department_map.replace_department_map(session, key_id, targets)
        record(session, actor.name, "key departments mapped", key.name, pairs or "none")


def _refuse_unserved(session: Session, key: Key, departments: Iterable[int]) -> None:
    if key.all_departments:
        return
    rows = store.served_departments(session)
    served = {row.department_id for row in rows if row.key_id == key.id}
    for each in departments:
        if each not in served:
            number = store.known_department(session, each).number
            raise WrongUse(f"Key “{key.name}” is not for department {number}.")


def set_customer_updates(
    installation: Installation, actor: Actor, key_id: int, *, on: bool
) -> None:
    """Allow or forbid that customers in 24SevenOffice are brought up to date by hand."""
    require(actor, Permission.MANAGE_KEYS)
    with installation.db.writing() as session:
        key = store.known_key(session, key_id)
        key.update_customers = on
        record(session, actor.name, "key customer updates", key.name, "on" if on else "off")
