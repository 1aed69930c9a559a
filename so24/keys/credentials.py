"""Keys are added and tested here; an account that was not tested is never kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from so24.errors import OfficeError
from so24.installation import Installation
from so24.keys.access import open_office
from so24.keys.account import Trial, choose_category, require_company, try_account
from so24.keys.departments import refuse_overlaps
from so24.keys.key_fields import DEFAULT_KEY_FIELDS
from so24.keys.key_settings import (
    CREDIT_NOTES,
    Scope,
    check_name,
    check_scope,
    keep_password,
    keep_scope,
    say_on_or_off,
)
from so24.keys.product_settings import keep_category
from so24.keys.routing import KeyScope
from so24.language.said import join_said, say
from so24.office.account import Reached
from so24.office.values import Category, Identity
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys import keys as store
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key, KeyMode


@dataclass(frozen=True)
class NewKey:
    """What an administrator enters: the account, and which departments go by it.

    ``password`` may be empty where an earlier trial is handed on with the key. Departments that
    do not exist yet are given by number in ``new_departments``. ``category`` is the id, number or
    name of the category for new products. ``pinned_client_id`` is a company other than the
    Organization ID, given only where the administrator has confirmed that very company.
    ``credit_notes`` None stands for what is right in this mode: :func:`sends_credit_notes`.
    """

    name: str
    organization_id: int
    username: str
    password: str = field(repr=False)
    all_departments: bool = False
    department_ids: tuple[int, ...] = ()
    new_departments: tuple[str, ...] = ()
    category: int | str | None = None
    mode: KeyMode = KeyMode.INVOICE
    pinned_client_id: int | None = None
    credit_notes: bool | None = None

    @property
    def client_id(self) -> int:
        """The company that the key is to reach."""
        return self.pinned_client_id or self.organization_id


@dataclass(frozen=True)
class AddedKey:
    """A key that was saved, and what its test found; ``remark`` as by :func:`tell_alike`."""

    id: int
    name: str
    company: Identity
    category: Category | None
    trial: Trial
    remark: str = ""


def add_key(desk: Desk, new: NewKey, earlier: Trial | None = None) -> AddedKey:
    """Test the account and save the key with its session for the first lane.

    ``earlier`` is the trial that the administrator has just seen: its session is used again, and
    the company is proven again. Saves nothing and raises :class:`WrongUse` for input that cannot
    be, :class:`WrongCompany` on a mismatch, :class:`LoginRefused` and what else calls raise.
    """
    name = check_new_key(desk, new)
    trial = try_account(
        desk,
        new.organization_id,
        new.username,
        new.password,
        pinned_client_id=new.pinned_client_id,
        earlier=earlier,
    )
    company = require_company(trial)
    category = choose_category(trial, new.category)
    remark = tell_alike(desk, company.client_id)
    key_id = _save(desk, name, new, trial, category)
    return AddedKey(key_id, name, company, category, trial, remark)


def tell_alike(desk: Desk, client_id: int) -> str:
    """The sentence that names the keys which reach this company already; empty without any.

    To be read before one more is saved.
    """
    with desk.reading(Permission.MANAGE_KEYS) as session:
        alike = [key.name for key in store.living_keys(session) if key.client_id == client_id]
    if not alike:
        return ""
    names = join_said((say("“{name}”", name=name) for name in alike), by=", ")
    return say(
        "This company is already reached by key {names}: both are right only where each is "
        "for departments of its own.",
        names=names,
    )


def first_mode(installation: Installation) -> KeyMode:
    """What is proposed for a new key's orders: in real books the accountant sees them first."""
    return KeyMode.APPROVAL if installation.settings.live else KeyMode.INVOICE


def sends_credit_notes(installation: Installation) -> bool:
    """Whether a new key sends credit notes unless told: not in live mode.

    24SevenOffice does not document their form in full, so that the first one must be checked.
    """
    return not installation.settings.live


def check_new_key(desk: Desk, new: NewKey) -> str:
    """Refuse with :class:`WrongUse` what can be known without spending a login; the clean name."""
    desk.require(Permission.MANAGE_KEYS)
    name = check_name(new.name)
    check_scope(new.all_departments, [*new.department_ids, *new.new_departments])
    with desk.reading(Permission.MANAGE_KEYS) as session:
        store.refuse_taken_name(session, name)
        for department_id in new.department_ids:
            store.known_department(session, department_id)
        served = frozenset(new.department_ids)
        refuse_overlaps(session, KeyScope(0, name, new.client_id, new.all_departments, served))
    return name


def try_key(desk: Desk, key_id: int) -> Reached:
    """Test a stored key: log in afresh where the pause between logins allows, prove the company.

    Raises :class:`LoginRefused`, :class:`WrongCompany` and what else calls raise.
    """
    desk.require(Permission.MANAGE_KEYS)
    try:
        opened = open_office(desk.installation, key_id, origin=desk.actor.origin, fresh_login=True)
    except OfficeError as error:
        _note_test(desk, key_id, error.words)
        raise
    opened.office.close()
    _note_test(desk, key_id, say("company reached"))
    return opened.reached


def _note_test(desk: Desk, key_id: int, result: str) -> None:
    with desk.writing(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id)
        key.tested_at = now()
        desk.record(session, say("key tested"), key.name, result)


def _save(
    desk: Desk,
    name: str,
    new: NewKey,
    trial: Trial,
    category: Category | None,
) -> int:
    company = require_company(trial)
    key = _draft(desk, name, new, company)
    with desk.writing(Permission.MANAGE_KEYS) as session:
        store.refuse_taken_name(session, name)
        key_id = store.insert_key(session, key)
        keep_category(session, key, category)
        keep_password(session, key, trial)
        departments = list(new.department_ids)
        for number in new.new_departments:
            departments.append(store.insert_department(session, number, "", number))
            desk.record(session, say("department added"), number, say("with key {name}", name=name))
        keep_scope(session, key, Scope(new.all_departments, tuple(departments)))
        detail = say(
            "Organization ID {organization_id}, account {username}, {setting}: {value}",
            organization_id=key.organization_id,
            username=key.username,
            setting=CREDIT_NOTES.title,
            value=say_on_or_off(key.credit_notes),
        )
        desk.record(session, say("key added"), name, detail)
        if key.pinned_by:
            pinned = say(
                "{company} for {organization_id}",
                company=company.label,
                organization_id=key.organization_id,
            )
            desk.record(session, say("key pinned to another company"), name, pinned)
    return key_id


def _draft(desk: Desk, name: str, new: NewKey, company: Identity) -> Key:
    standard = sends_credit_notes(desk.installation)
    return Key(
        name=name,
        organization_id=new.organization_id,
        client_id=new.client_id,
        client_name=company.client_name[:200],
        username=new.username.strip(),
        password_sealed="",  # the sealed one follows before it is saved
        all_departments=new.all_departments,
        mode=new.mode,
        tolerance=desk.settings.default_tolerance,
        credit_notes=standard if new.credit_notes is None else new.credit_notes,
        carried=DEFAULT_KEY_FIELDS,
        pinned_by=desk.actor.name if company.client_id != new.organization_id else "",
    )
