"""Departments of RecMan: listed, named, given a number series, added by hand, set inactive.

They also appear by themselves when an import names them, with their number as the series. Each
needs exactly one key to go by, and this module tells where one has none or two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.errors import WrongUse
from so24.identifiers import read_typed, refuse_look_alike, tidy_identifier
from so24.keys.routing import KeyScope, Overlap, overlaps, route, scopes_of
from so24.language.said import join_said, say
from so24.letters import fold
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.database.engine import is_conflict
from so24.store.keys import keys as store
from so24.store.tables.key_tables import Department

_TOKEN = re.compile(r"[0-9A-Za-zÆØÅæøå._/-]{1,20}")  # a number, or a series


@dataclass(frozen=True)
class DepartmentView:
    """A department as the page shows it; ``key_name`` is empty where no key serves it.

    ``locked``: one of its documents was exported, so its number series stands for ever.
    """

    id: int
    number: str
    name: str
    series: str
    active: bool
    locked: bool
    key_name: str

    @property
    def label(self) -> str:
        """Number and name, as people know it."""
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True)
class Found:
    """Departments that were asked for by number or name, and the numbers that are new."""

    ids: tuple[int, ...]
    new_numbers: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """What stands in the way of the departments: no key, or two keys at once (sentences)."""

    uncovered: tuple[DepartmentView, ...]
    overlapping: tuple[str, ...]


def list_departments(desk: Desk) -> list[DepartmentView]:
    """All departments by number, with the key that serves each."""
    with desk.reading(Permission.MANAGE_KEYS) as session:
        rows = store.all_departments(session)
        locked = store.exported_departments(session)
        scopes = scopes_of(store.living_keys(session), store.served_departments(session))
    views = []
    for row in rows:
        key = route(row.row_id, scopes)
        views.append(
            DepartmentView(
                id=row.row_id,
                number=row.number,
                name=row.name,
                series=row.series,
                active=row.active,
                locked=row.id in locked,
                key_name=key.name if key else "",
            )
        )
    return views


def coverage(desk: Desk) -> Coverage:
    """The active departments without a key, and a sentence for every overlap of keys."""
    views = list_departments(desk)
    with desk.reading(Permission.MANAGE_KEYS) as session:
        overlapping = _overlap_sentences(session)
    return Coverage(
        uncovered=tuple(view for view in views if view.active and not view.key_name),
        overlapping=overlapping,
    )


def refuse_overlaps(session: Session, added: KeyScope | None = None) -> None:
    """Raise :class:`WrongUse` where two usable keys serve the same department alike.

    ``added`` is the scope of a key that is not stored yet.
    """
    sentences = _overlap_sentences(session, () if added is None else (added,))
    if sentences:
        raise WrongUse(join_said(sentences))


def _overlap_sentences(session: Session, added: Sequence[KeyScope] = ()) -> tuple[str, ...]:
    scopes = scopes_of(store.living_keys(session), store.served_departments(session))
    labels = {row.id: row.label for row in store.all_departments(session)}
    return tuple(_describe(each, labels) for each in overlaps([*scopes, *added]))


def _describe(overlap: Overlap, labels: Mapping[int | None, str]) -> str:
    first, second = (key.name for key in overlap.keys)
    if overlap.department_id is None:
        what = say("all departments")
    else:
        label = labels.get(overlap.department_id, overlap.department_id)
        what = say("department {department}", department=label)
    return say(
        "The keys “{first}” and “{second}” both serve {what}. Change or disable one of them.",
        first=first,
        second=second,
        what=what,
    )


def find_departments(desk: Desk, wanted: Iterable[str]) -> Found:
    """Read departments as people write them: by number or by name.

    A number that does not exist yet is returned among the new ones; it is added together with
    the key. Raises :class:`WrongUse` for a name that none or several departments carry, and for a
    new number that people may take for a known one.
    """
    with desk.reading(Permission.MANAGE_KEYS) as session:
        rows = store.all_departments(session)
    ids: list[int] = []
    new: list[str] = []
    for text in (read_typed(say("A department"), each) for each in wanted):
        found = _matching(rows, text)
        if found is not None:
            ids.append(found.row_id)
        elif text.isascii() and text.isdigit():
            refuse_look_alike(say("Department"), text, (row.number for row in rows))
            new.append(_checked_number(text))
        else:
            known = ", ".join(row.label for row in rows) or say("none yet")
            raise WrongUse(
                say(
                    "There is no department “{text}”. Departments: {known}.", text=text, known=known
                )
            )
    return Found(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(new)))


def add_department(desk: Desk, number: str, name: str = "", series: str = "") -> int:
    """Add a department by hand; its series is its number unless given. Returns its id."""
    desk.require(Permission.MANAGE_KEYS)
    number, name = _checked_number(number), _checked_name(name)
    series = _checked_series(series or number)
    with desk.writing(Permission.MANAGE_KEYS) as session:
        added = store.insert_department(session, number, name, series)
        detail = say("{name}; series {series}", name=name, series=series)
        desk.record(session, say("department added"), number, detail)
    return added


def rename_department(desk: Desk, department_id: int, name: str) -> None:
    """Give the department another name; its number is RecMan's and stays."""
    desk.require(Permission.MANAGE_KEYS)
    name = _checked_name(name)
    with desk.writing(Permission.MANAGE_KEYS) as session:
        row = store.known_department(session, department_id)
        desk.record(session, say("department renamed"), row.number, f"{row.name} -> {name}")
        row.name = name
        session.add(row)


def change_series(desk: Desk, department_id: int, series: str) -> None:
    """Give the department's documents another number series, as RecMan has it.

    Raises :class:`WrongUse` once one of them was exported: 24SevenOffice knows it by the series.
    """
    desk.require(Permission.MANAGE_KEYS)
    series = _checked_series(series)
    try:
        with desk.writing(Permission.MANAGE_KEYS) as session:
            row = store.known_department(session, department_id)
            if row.series == series:
                return
            if department_id in store.exported_departments(session):
                raise WrongUse(
                    say(
                        "The number series of department {number} is locked: documents of it were "
                        "exported, and 24SevenOffice knows them by the series.",
                        number=row.number,
                    )
                )
            store.move_documents(session, department_id, series)
            change = f"{row.series} -> {series}"
            desk.record(session, say("department series changed"), row.number, change)
            row.series = series
            session.add(row)
    except Exception as error:
        if not is_conflict(error):
            raise
        raise WrongUse(
            say(
                "Series {series} already holds a document with a number that this department uses. "
                "Two departments may share a series only where their numbers differ.",
                series=series,
            )
        ) from None


def deactivate_department(desk: Desk, department_id: int) -> None:
    """Set the department inactive: it needs no key any more; its documents stay as they are."""
    _set_active(desk, department_id, active=False)


def reactivate_department(desk: Desk, department_id: int) -> None:
    """Set the department active again."""
    _set_active(desk, department_id, active=True)


def _set_active(desk: Desk, department_id: int, *, active: bool) -> None:
    with desk.writing(Permission.MANAGE_KEYS) as session:
        row = store.known_department(session, department_id)
        if row.active != active:
            row.active = active
            session.add(row)
            action = say("department reactivated") if active else say("department deactivated")
            desk.record(session, action, row.number)


def _matching(rows: Sequence[Department], text: str) -> Department | None:
    by_number = [row for row in rows if fold(row.number) == fold(text)]
    found = by_number or [row for row in rows if row.name and fold(row.name) == fold(text)]
    if len(found) > 1:
        numbers = ", ".join(row.number for row in found)
        raise WrongUse(
            say(
                "Several departments are called “{text}”: give the number ({numbers}).",
                text=text,
                numbers=numbers,
            )
        )
    return found[0] if found else None


def _checked_number(number: str) -> str:
    return _checked_token(say("A department number"), number)


def _checked_name(name: str) -> str:
    name = tidy_identifier(name)
    if len(name) > 200:
        raise WrongUse(say("A department's name has at most 200 characters."))
    return name


def _checked_series(series: str) -> str:
    return _checked_token(say("A number series"), series)


def _checked_token(what: str, text: str) -> str:
    text = read_typed(what, text)
    if not _TOKEN.fullmatch(text):
        raise WrongUse(
            say(
                "{what} has 1 to 20 letters, digits, dots, dashes or slashes, as in RecMan.",
                what=what,
            )
        )
    return text
