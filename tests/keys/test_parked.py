"""Why a key is parked: one derivation, which page, command line, lanes and looks go by."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from so24.keys.routing import refused_at, why_parked
from so24.store.tables.key_tables import Key, KeyState
from so24.vault import Vault, new_secret_key

VAULT = Vault(new_secret_key())
MOMENT = dt.datetime(2026, 11, 22, 8, 5, tzinfo=dt.UTC)


def make_key(**values: Any) -> Key:
    """A key that can be used, but for these values."""
    usual: dict[str, Any] = {
        "name": "Oslo",
        "organization_id": 10000001,
        "client_id": 10000001,
        "username": "oslo@sandbox.example",
        "password_sealed": VAULT.seal("secret"),
    }
    return Key(**{**usual, **values})


@pytest.mark.parametrize(
    ("values", "reason", "says"),
    [
        ({}, None, ()),
        ({"state": KeyState.DISABLED}, None, ()),
        (
            {"login_refused_at": MOMENT, "refusal": "Not accepted."},
            "login_refused",
            ("Key “Oslo” (oslo@sandbox.example) could not log in on 22.11.2026 09:05",
             "Not accepted.", "System Administrator replaces its password under Credentials"),
        ),
        (
            {"wrong_company_at": MOMENT, "refusal": "It reaches another."},
            "wrong_company",
            ("did not reach its company", "It reaches another.", "tests the key there"),
        ),
        (
            {"login_refused_at": MOMENT, "state": KeyState.DISABLED},
            "login_refused",
            ("could not log in",),
        ),
        (
            {"password_sealed": Vault(new_secret_key()).seal("secret")},
            "key_unusable",
            ("cannot be read with the keys in SO24_SECRET_KEYS",),
        ),
        ({"state": KeyState.DELETED, "password_sealed": ""}, "key_unusable", ("was deleted",)),
    ],
)  # fmt: skip
def test_a_key_is_parked_for_what_only_a_person_can_mend(
    values: dict[str, object], reason: str | None, says: tuple[str, ...]
) -> None:
    parked = why_parked(make_key(**values), VAULT)
    if reason is None:
        assert parked is None
        return
    assert parked is not None
    assert parked.reason == reason
    assert all(words in parked.words for words in says)
    assert parked.for_good is (values.get("state") is KeyState.DELETED)


def test_a_refusal_is_as_old_as_the_login_or_the_look_that_was_refused() -> None:
    assert refused_at(make_key()) is None
    assert refused_at(make_key(login_refused_at=MOMENT)) == MOMENT
    assert refused_at(make_key(wrong_company_at=MOMENT)) == MOMENT
