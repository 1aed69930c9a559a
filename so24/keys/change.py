"""The one way to change a key: its settings are given together, and all are changed or none.

Every value is checked first, some of them against the account's own lists; then one transaction
keeps them all, with one event of the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from so24.errors import WrongUse
from so24.keys.access import office_for, open_office
from so24.keys.account import Trial, require_company, try_account
from so24.language.said import join_said, say
from so24.office.gateway import Office
from so24.office.values import Category, OfficeProduct, OwnDepartment, TaxCode
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.keys import keys as store
from so24.store.tables.key_tables import Key
from so24.store.transfers import open_lanes

Given = TypeVar("Given")
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Choices:
    """What the account offers to choose from: its categories, departments and tax codes."""

    categories: tuple[Category, ...]
    departments: tuple[OwnDepartment, ...]
    tax_codes: tuple[TaxCode, ...]


class KeyAccount(ExitStack):
    """The key's account in 24SevenOffice; it is entered when the first list is asked for."""

    def __init__(self, desk: Desk, key_id: int) -> None:
        """Nothing is called yet; whoever makes it leaves it by ``with``."""
        super().__init__()
        self._desk, self._key_id = desk, key_id
        self._trial: Trial | None = None

    @cached_property
    def _office(self) -> Office:
        trial, vault = self._trial, self._desk.vault
        if trial is None:
            opened = open_office(
                self._desk.installation, self._key_id, origin=self._desk.actor.origin
            )
            return self.enter_context(opened.office)
        secrets = vault.unseal(trial.password_sealed), vault.unseal(trial.session_sealed)
        return self.enter_context(office_for(self._desk.installation, trial.username, *secrets))

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """The company's product categories."""
        return tuple(self._office.categories())

    @cached_property
    def products(self) -> tuple[OfficeProduct, ...]:
        """The company's products, expired ones too."""
        return tuple(self._office.products())

    @cached_property
    def departments(self) -> tuple[OwnDepartment, ...]:
        """The company's own departments."""
        return tuple(self._office.lists.departments())

    @cached_property
    def tax_codes(self) -> tuple[TaxCode, ...]:
        """The company's tax codes."""
        return tuple(self._office.lists.tax_codes())

    def try_password(self, password: str) -> Trial:
        """Log in with another password; raises where it does not open the key's company.

        The login is not held back by the pause (it is another password) but counts for it. Lists
        that are asked for after it are read by its session: the stored password may be refused.
        """
        with self._desk.reading(Permission.MANAGE_KEYS) as session:
            key = store.known_key(session, self._key_id)
        self._trial = try_account(
            self._desk,
            key.organization_id,
            key.username,
            password,
            pinned_client_id=key.client_id,
        )
        require_company(self._trial)
        return self._trial


def _is_sound(key: Key) -> None:
    """For settings that have nothing to do with others."""


@dataclass(frozen=True)
class Setting(Generic[Given, Kept]):
    """One thing that can be set on a key.

    ``read`` gives the value as the store has it. ``check`` makes of a given value the one to keep;
    it comes before the transaction, may ask the account, and raises :class:`WrongUse` or what a
    call raises. ``apply`` keeps that value and returns it in words; the audit trail has them under
    ``audit``. An ``idle`` setting decides what becomes of documents, which people have confirmed:
    it is not changed while any are in transfer by the key. ``afterwards`` raises
    :class:`WrongUse` where the key does not hold together, all given settings changed. ``tab`` is
    where the page shows it, and ``help`` what people should know before they set it.
    """

    name: str
    title: str
    audit: str
    read: Callable[[Session, Key], Given]
    check: Callable[[Given, KeyAccount], Kept]
    apply: Callable[[Session, Key, Kept], str]
    idle: bool = False
    afterwards: Callable[[Key], None] = _is_sound
    tab: str = ""
    help: str = ""

    def to(self, value: Given) -> Change:
        """The change to this value, for :func:`change_key`."""
        return Change(self, value)

    def of(self, values: Mapping[str, Any]) -> Given:
        """The value of this setting among those of all, which stand by their names."""
        value: Given = values[self.name]
        return value


AnySetting = Setting[Any, Any]


@dataclass(frozen=True)
class Change:
    """A setting and the value that it is to have, made by :meth:`Setting.to`."""

    setting: AnySetting
    value: Any


def change_key(desk: Desk, key_id: int, *changes: Change) -> tuple[str, ...]:
    """Change all of these settings or none; what each is now, as in *Orders become: approval*.

    They are checked in the order in which they are given. Raises :class:`WrongUse` for a value
    that cannot be, for an idle setting of a key that is in use and for a key that is gone, and
    whatever calls raise.
    """
    desk.require(Permission.MANAGE_KEYS)
    if not changes:
        return ()
    with KeyAccount(desk, key_id) as account:
        kept = [(each.setting, each.setting.check(each.value, account)) for each in changes]
    with desk.writing(Permission.MANAGE_KEYS) as session:
        key = store.known_key(session, key_id, locked=True)
        if any(setting.idle for setting, _ in kept):
            _refuse_in_use(session, key)
        name = key.name
        words = [setting.apply(session, key, value) for setting, value in kept]
        for setting, _ in kept:
            setting.afterwards(key)
        told = tuple(
            say("{setting}: {value}", setting=setting.title, value=each)
            for (setting, _), each in zip(kept, words, strict=True)
        )
        alone = len(kept) == 1
        action = kept[0][0].audit if alone else say("key changed")
        desk.record(session, action, name, words[0] if alone else join_said(told, by="; "))
    return told


def read_choices(desk: Desk, key_id: int) -> Choices:
    """Ask 24SevenOffice for what the account offers."""
    desk.require_to_read(Permission.MANAGE_KEYS)
    with KeyAccount(desk, key_id) as account:
        return Choices(account.categories, account.departments, account.tax_codes)


def _refuse_in_use(session: Session, key: Key) -> None:
    """Raise :class:`WrongUse` while documents are in transfer by the key."""
    count = open_lanes.count_open(session, key_id=key.row_id)
    if count:
        raise WrongUse(
            say(
                "Key “{key}” is in use: {count} of its documents are in transfer and go as was "
                "confirmed. Wait for their end, or stop their run; then change the key.",
                key=key.name,
                count=count,
            )
        )
