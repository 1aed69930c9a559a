"""Which keys must not work at the same time, by table."""

from __future__ import annotations

import pytest

from so24.keys.routing import name_workplace
from so24.store.tables.key_tables import Key

A, B, C = "a@example.org", "b@example.org", "c@example.org"


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        ([(1, A), (2, B)], ["1", "2"]),
        ([(1, A), (1, B)], ["1", "1"]),
        ([(1, A), (2, "A@Example.org")], ["1", "1"]),
        ([(3, A), (2, A), (2, B), (1, B)], ["1", "1", "1", "1"]),
        ([(3, A), (2, A), (5, C)], ["2", "2", "5"]),
    ],
)
def test_keys_of_one_company_or_one_account_work_one_after_the_other(
    keys: list[tuple[int, str]], groups: list[str]
) -> None:
    rows = [
        Key(
            id=number,
            name=f"key {number}",
            organization_id=client,
            client_id=client,
            username=user,
            password_sealed="",
        )
        for number, (client, user) in enumerate(keys)
    ]
    assert [name_workplace(row, rows) for row in rows] == groups
