"""Departments as documents bring them: added where they are new, united where two are one.

A department that came in by its name only has the name as its number. It is the same as the one
numbered department of that name, whichever of them came first.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from so24.errors import WrongUse
from so24.identifiers import read_typed, refuse_look_alike
from so24.language.said import join_said, say
from so24.letters import fold, norwegian_order
from so24.people.roles import Actor
from so24.sources.documents.documents import Parties, has_no_number, shorten
from so24.store.documents.documents import exclude
from so24.store.documents.intake import (
    doubled_documents,
    exported_ids,
    hand_over_department,
)
from so24.store.keys.keys import all_departments
from so24.store.people.audit import record
from so24.store.tables.key_tables import Department

SERIES_LENGTH = 20
SAME_AS = say("The same document as {document}.")  # what is excluded is a copy of that


def choose_department(known: Iterable[tuple[str, str]], wanted: str, *, new: bool = False) -> str:
    """The number of the department that a person means by its number, its name, or both.

    Nothing wanted is an empty text; ``known`` are pairs of number and name. Only where the person
    says that the department is ``new`` may it be a number of digits that nobody knows yet: else a
    slip of a finger would open a department, and its documents could not leave it again.
    Raises :class:`WrongUse` for what none or several are called, for what cannot be read, and for a
    new number that people may take for a known one.
    """
    text = read_typed(say("The department"), wanted)
    pairs = list(known)
    folded = fold(text)
    by_number = [number for number, _ in pairs if fold(number) == folded]
    by_name = [
        number
        for number, name in pairs
        if name and folded in (fold(name), fold(f"{number} {name}"))
    ]
    found = list(dict.fromkeys(by_number or by_name))
    if len(found) > 1:
        numbers = ", ".join(sorted(found, key=norwegian_order))
        raise WrongUse(
            say(
                "Several departments are called “{text}”: give the number ({numbers}).",
                text=text,
                numbers=numbers,
            )
        )
    if found or not text:
        return found[0] if found else ""
    numeric = text.isascii() and text.isdigit() and len(text) <= SERIES_LENGTH
    if numeric and new:
        refuse_look_alike(say("Department"), text, (number for number, _ in pairs))
        return text
    raise WrongUse(_tell_unknown(text, pairs, may_be_new=numeric))


def _tell_unknown(text: str, known: Iterable[tuple[str, str]], *, may_be_new: bool) -> str:
    """The sentences that no department is called so, and what departments there are."""
    listed = ", ".join(f"{number} {name}".strip() for number, name in sorted(set(known)))
    told = [
        say(
            "There is no department “{text}”. Departments: {known}.",
            text=text,
            known=listed or say("none yet"),
        )
    ]
    if may_be_new:
        told.append(say("If it is a new one, say so (the box beside it, or --new-department)."))
    return join_said(told)


def meet_departments(session: Session, parties: Iterable[Parties]) -> dict[str, Department]:
    """The departments of the documents by the source's number, new ones added.

    A number that differs from a known one by the case of its letters only is that one.
    """
    names: dict[str, str] = {}
    for each in parties:
        names[each.department_number] = names.get(each.department_number) or each.department_name
    known = {row.number: row for row in all_departments(session)}
    alike = {fold(number): row for number, row in reversed(known.items())}
    for number, name in names.items():
        row = known.get(number) or alike.get(fold(number))
        if row is None:
            row = Department(number=number, name=name, series=shorten(number, SERIES_LENGTH))
            session.add(row)
        elif not row.name and name:
            row.name = name
        known[number] = alike[fold(number)] = row
    session.flush()
    return known


def unite_departments(session: Session, actor: Actor, parties: Iterable[Parties]) -> None:
    """Let the documents' departments be known, and unite those without number with theirs.

    ``parties`` are those of all files, so that no second department of a name is overlooked:
    where several have it, none is taken. Documents keep their number series, by which
    24SevenOffice may know them.
    """
    stated = {(each.department_number, each.department_name): each for each in parties}
    met = meet_departments(session, stated.values())
    rows = {row.number: row for row in all_departments(session)}
    called = {(row.number, row.name) for row in rows.values()}
    called |= {(met[number].number, name) for number, name in stated}
    unnumbered = [row for row in rows.values() if has_no_number(row.number, row.name)]
    names = {row.number for row in unnumbered}
    numbers: dict[str, set[str]] = {}
    for number, name in called:
        if number not in names:
            numbers.setdefault(fold(name), set()).add(number)
    for row in unnumbered:
        found = numbers.get(fold(row.name), set())
        if len(found) == 1:
            _unite(session, actor, row, rows[found.pop()])


def _unite(session: Session, actor: Actor, nameless: Department, numbered: Department) -> None:
    words = say(
        "came in by its name only before, with the number series {series}", series=nameless.series
    )
    action, number = "departments united", numbered.number  # in English: the audit trail's code
    record(session, actor.name, action, number, words, origin=actor.origin)
    hand_over_department(session, nameless, numbered)
    for same in doubled_documents(session, numbered):
        exported = exported_ids(session, (row.row_id for row in same))
        kept = next((row for row in same if row.id in exported), same[0])
        for row in same:
            if row is not kept and row.id not in exported:
                exclude(row, say(SAME_AS, document=f"{kept.series}-{kept.number}"))
