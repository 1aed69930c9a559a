"""Which key serves which department, and why nothing is done by a key until it is mended (pure).

A key for specific departments wins over the global one. Two usable keys that claim the same
department are refused when a key is saved, so that an invoice never has two ways to go.

A login that was refused is not tried again with the same password: each try brings the account
nearer to being locked in 24SevenOffice. Nor is a company that is not the key's own asked again, or
a password that cannot be read. A key that is parked keeps its work as it is; once a person has
mended the key, the work goes on by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from so24.dates import format_moment
from so24.keys.key_categories import NO_CATEGORIES, KeyCategories, categories_of
from so24.keys.key_fields import NO_KEY_FIELDS, KeyFields, key_fields_of
from so24.language.said import say
from so24.reasons import Reason
from so24.store.tables.key_tables import Key, KeyDepartment, KeyMode, KeyState, Numbers
from so24.vault import Vault


@dataclass(frozen=True)
class KeyScope:
    """What a key is for: all departments, or the specific ones; ``client_id`` is its company.

    ``key_fields``: what it lets travel with an order, which decides about some documents too.
    ``categories``: where its new products go; ``default_product``: that of lines without a number.
    ``approval``: its orders wait for a person in 24SevenOffice. ``same_numbers``: it books by
    RecMan's numbers.
    """

    key_id: int
    name: str
    client_id: int
    all_departments: bool
    department_ids: frozenset[int]
    usable: bool = True
    key_fields: KeyFields = NO_KEY_FIELDS
    credit_notes: bool = False
    approval: bool = False
    categories: KeyCategories = NO_CATEGORIES
    default_product: str = ""
    same_numbers: bool = False


@dataclass(frozen=True)
class Overlap:
    """Usable keys that claim the same department; ``department_id`` None: all departments."""

    department_id: int | None
    keys: tuple[KeyScope, ...]


def scopes_of(keys: Iterable[Key], served: Iterable[KeyDepartment]) -> list[KeyScope]:
    """The scopes of stored keys, in the keys' order."""
    departments: dict[int, set[int]] = defaultdict(set)
    for row in served:
        departments[row.key_id].add(row.department_id)
    return [
        KeyScope(
            key_id=key.row_id,
            name=key.name,
            client_id=key.client_id,
            all_departments=key.all_departments,
            department_ids=frozenset(() if key.all_departments else departments[key.row_id]),
            usable=key.state is KeyState.USABLE,
            key_fields=key_fields_of(key),
            credit_notes=key.credit_notes,
            approval=key.mode is KeyMode.APPROVAL,
            categories=categories_of(key),
            default_product=key.default_product,
            same_numbers=key.numbers is Numbers.SAME,
        )
        for key in keys
    ]


def route(department_id: int, keys: Sequence[KeyScope]) -> KeyScope | None:
    """The usable key for the department, or None; also None where two claim it alike.

    A choice between two companies is never guessed; :func:`overlaps` names the two.
    """
    specific = [key for key in keys if key.usable and department_id in key.department_ids]
    candidates = specific or [key for key in keys if key.usable and key.all_departments]
    return candidates[0] if len(candidates) == 1 else None


@dataclass(frozen=True)
class NoWay:
    """Why no key serves a department; ``disabled`` is the key that would, were it enabled."""

    reason: Reason
    disabled: KeyScope | None = None


def why_no_way(department_id: int, keys: Sequence[KeyScope]) -> NoWay:
    """Why :func:`route` finds no key for the department: there is none, or it is disabled."""
    off = [key for key in keys if not key.usable]
    served = [key for key in off if department_id in key.department_ids]
    served += [key for key in off if key.all_departments]
    on = [key for key in keys if key.usable]
    disputed = any(key.all_departments or department_id in key.department_ids for key in on)
    if not served or disputed:
        return NoWay(Reason.NO_KEY)
    return NoWay(Reason.KEY_DISABLED, served[0])


def overlaps(keys: Sequence[KeyScope]) -> list[Overlap]:
    """Every department that two usable specific keys claim, and two usable global keys."""
    usable = [key for key in keys if key.usable]
    claims: dict[int | None, list[KeyScope]] = defaultdict(list)
    for key in usable:
        if key.all_departments:
            claims[None].append(key)
        for department_id in sorted(key.department_ids):
            claims[department_id].append(key)
    return [Overlap(each, tuple(found)) for each, found in claims.items() if len(found) > 1]


def keys_elsewhere(key: Key, keys: Iterable[Key]) -> list[Key]:
    """The keys that have the key's account in another company: each may move it into its own."""
    account = key.username.casefold()
    return [
        each
        for each in keys
        if each.client_id != key.client_id and each.username.casefold() == account
    ]


def name_workplace(key: Key, keys: Iterable[Key]) -> str:
    """A name that all keys have in common which must not work at the same time.

    These are keys of one company, for two lanes would both create the customer that it lacks, and
    keys of one account, for each might move the other into its own company; and whatever is bound
    by both.
    """
    companies, accounts = {key.client_id}, {key.username.casefold()}
    rest = list(keys)
    while found := [
        k for k in rest if k.client_id in companies or k.username.casefold() in accounts
    ]:
        companies |= {each.client_id for each in found}
        accounts |= {each.username.casefold() for each in found}
        rest = [each for each in rest if each not in found]
    return str(min(companies))


@dataclass(frozen=True)
class Parked:
    """Why a key is parked.

    ``reason`` has the card; ``words`` say what happened, who mends it and how;
    ``for_good``: the key is deleted, and nobody can mend it.
    """

    reason: Reason
    words: str
    for_good: bool = False


def why_parked(key: Key, vault: Vault) -> Parked | None:
    """What keeps the key from being used; None where nothing does."""
    if key.state is KeyState.DELETED:
        return Parked(
            Reason.KEY_UNUSABLE, say("Key “{key}” was deleted.", key=key.name), for_good=True
        )
    if key.login_refused_at is not None:
        return Parked(Reason.LOGIN_REFUSED, describe_refusal(key))
    if key.wrong_company_at is not None:
        return Parked(Reason.WRONG_COMPANY, describe_refusal(key))
    if not vault.opens(key.password_sealed):
        return Parked(
            Reason.KEY_UNUSABLE,
            say(
                "The password of key “{key}” cannot be read with the keys in SO24_SECRET_KEYS. A "
                "System Administrator adds the key it was sealed with, or replaces the password "
                "under Credentials.",
                key=key.name,
            ),
        )
    return None


def describe_refusal(key: Key) -> str:
    """What 24SevenOffice has refused to this key and when, and who mends it how."""
    moment = format_moment(refused_at(key))
    if key.login_refused_at is not None:
        return say(
            "Key “{key}” ({username}) could not log in on {moment}: {why} so24 does not try again "
            "by itself: a System Administrator replaces its password under Credentials, or tests "
            "the key there until it succeeds. Then the work goes on.",
            key=key.name,
            username=key.username,
            moment=moment,
            why=key.refusal,
        )
    return say(
        "Key “{key}” did not reach its company on {moment}: {why} so24 does not try again by "
        "itself: a System Administrator replaces its password under Credentials, or tests the key "
        "there until it succeeds. Then the work goes on.",
        key=key.name,
        moment=moment,
        why=key.refusal,
    )


def refused_at(key: Key) -> dt.datetime | None:
    """When 24SevenOffice refused the key's present password or its company; None if it did not."""
    return key.login_refused_at or key.wrong_company_at
