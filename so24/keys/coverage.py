"""Whether every department has exactly one way to 24SevenOffice, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys.departments import DepartmentView, list_departments
from so24.keys.routing import KeyScope, Overlap, overlaps, scopes_of
from so24.people.roles import Actor
from so24.store.keys import keys as store
from so24.store.tables.key_tables import Department, Key, KeyDepartment


@dataclass(frozen=True)
class Coverage:
    """What stands in the way of the departments: no key, or two keys at once (sentences)."""

    uncovered: tuple[DepartmentView, ...]
    overlapping: tuple[str, ...]


def coverage(installation: Installation, actor: Actor) -> Coverage:
    """The active departments without a key, and a sentence for every overlap of keys."""
    views = list_departments(installation, actor)
    labels = {view.id: view.label for view in views}
    with installation.db.reading() as session:
        scopes = scopes_of(store.living_keys(session), store.served_departments(session))
    return Coverage(
        uncovered=tuple(view for view in views if view.active and not view.key_name),
        overlapping=overlap_sentences(scopes, labels),
    )


def overlap_sentences(keys: Sequence[KeyScope], labels: Mapping[int, str]) -> tuple[str, ...]:
    """One sentence per overlap; ``labels`` are the departments' number and name by id."""
    return tuple(_describe(overlap, labels) for overlap in overlaps(keys))


def refuse_overlaps(
    keys: Iterable[Key], served: Iterable[KeyDepartment], departments: Iterable[Department]
) -> None:
    """Raise :class:`WrongUse` where two usable keys would serve the same department alike."""
    labels = {row.id: f"{row.number} {row.name}".strip() for row in departments if row.id}
    sentences = overlap_sentences(scopes_of(keys, served), labels)
    if sentences:
        raise WrongUse(" ".join(sentences))


def _describe(overlap: Overlap, labels: Mapping[int, str]) -> str:
    names = " and ".join(f"“{key.name}”" for key in overlap.keys)
    if overlap.department_id is None:
        what = "all departments"
    else:
        what = f"department {labels.get(overlap.department_id, overlap.department_id)}"
    return f"The keys {names} both serve {what}. Change or disable one of them."
