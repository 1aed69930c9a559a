"""Which key serves a department: the specific one first, never a guess."""

from __future__ import annotations

from so24.keys.routing import KeyScope, overlaps, route


def scope(key_id: int, *departments: int, usable: bool = True) -> KeyScope:
    """A key for these departments, or for all where none is given."""
    return KeyScope(
        key_id=key_id,
        name=f"Key {key_id}",
        client_id=10000000 + key_id,
        all_departments=not departments,
        department_ids=frozenset(departments),
        usable=usable,
    )


def test_a_specific_key_wins_over_the_global_one() -> None:
    everywhere, special = scope(1), scope(2, 10)
    assert route(10, [everywhere, special]) is special
    assert route(20, [everywhere, special]) is everywhere


def test_a_department_without_key_has_no_route() -> None:
    assert route(20, [scope(1, 10)]) is None
    assert route(20, []) is None


def test_only_usable_keys_are_routes() -> None:
    everywhere = scope(1)
    assert route(10, [everywhere, scope(2, 10, usable=False)]) is everywhere
    assert route(10, [scope(1, usable=False)]) is None


def test_two_keys_for_one_department_are_no_route_at_all() -> None:
    assert route(10, [scope(1, 10), scope(2, 10), scope(3)]) is None
    assert route(10, [scope(1), scope(2)]) is None


def test_overlaps_name_the_department_and_both_keys() -> None:
    keys = [scope(1, 10, 20), scope(2, 20, 30), scope(3, 30, usable=False)]
    (overlap,) = overlaps(keys)
    assert overlap.department_id == 20
    assert [key.key_id for key in overlap.keys] == [1, 2]


def test_two_global_keys_overlap_and_a_global_beside_a_specific_does_not() -> None:
    assert [each.department_id for each in overlaps([scope(1), scope(2)])] == [None]
    assert overlaps([scope(1), scope(2, 10)]) == []


def test_departments_without_key_have_no_way() -> None:
    assert [each for each in (30, 10, 20) if route(each, [scope(1, 10)]) is None] == [30, 20]
    assert [each for each in (30, 10) if route(each, [scope(1)]) is None] == []
