"""Why nothing is done by a key until somebody mends it (pure).

A login that was refused is not tried again with the same password: each try brings the account
nearer to being locked in 24SevenOffice. Nor is a company that is not the key's own asked again, or
a password that cannot be read. A key that is parked keeps its work as it is; once a person has
mended the key, the work goes on by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from so24.dates import format_moment
from so24.reasons import Reason
from so24.store.tables.key_tables import Key, KeyState
from so24.vault import Vault

_MENDED = (
    "so24 does not try again by itself: a System Administrator replaces its password under "
    "Credentials, or tests the key there until it succeeds. Then the work goes on."
)


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
        return Parked(Reason.KEY_UNUSABLE, f"Key “{key.name}” was deleted.", for_good=True)
    if key.login_refused_at is not None:
        return Parked(Reason.LOGIN_REFUSED, describe_refusal(key))
    if key.wrong_company_at is not None:
        return Parked(Reason.WRONG_COMPANY, describe_refusal(key))
    if not vault.opens(key.password_sealed):
        return Parked(
            Reason.KEY_UNUSABLE,
            f"The password of key “{key.name}” cannot be read with the keys in SO24_SECRET_KEYS. "
            "A System Administrator adds the key it was sealed with, or replaces the password "
            "under Credentials.",
        )
    return None


def describe_refusal(key: Key) -> str:
    """What 24SevenOffice has refused to this key and when, and who mends it how."""
    moment = format_moment(refused_at(key))
    if key.login_refused_at is not None:
        what = f"Key “{key.name}” ({key.username}) could not log in on {moment}"
    else:
        what = f"Key “{key.name}” did not reach its company on {moment}"
    return f"{what}: {key.refusal} {_MENDED}"


def refused_at(key: Key) -> dt.datetime | None:
    """When 24SevenOffice refused the key's present password or its company; None if it did not."""
    return key.login_refused_at or key.wrong_company_at
