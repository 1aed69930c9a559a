"""From what people write - numbers, departments, keys - to what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.invoices.overview import read_overview
from so24.keys.departments import find_departments
from so24.keys.upkeep import KeyView, key_named, list_keys
from so24.language.said import say
from so24.people.desk import Desk
from so24.store.documents.overview import InvoiceFilter, InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.transfer.order.mapping import series_in_reference

KeyOption = Annotated[
    str | None,
    typer.Option("--key", metavar=say("NAME"), help=say("The key; needed where there are more.")),
]
_KINDS = {"RM": DocumentKind.INVOICE, "RC": DocumentKind.CREDIT_NOTE}


def choose_key(desk: Desk, name: str | None) -> KeyView:
    """The key of this name, or the only one; raises :class:`WrongUse` where that is not one."""
    if name is not None:
        return key_named(desk, name)
    keys = list_keys(desk)
    if len(keys) != 1:
        known = ", ".join(f"“{each.name}”" for each in keys)
        raise WrongUse(
            say("Say which key's company is meant, with --key. Keys: {keys}.", keys=known)
            if keys
            else say("Say which key's company is meant, with --key. Keys: none yet.")
        )
    return keys[0]


def choose_departments(desk: Desk, wanted: Sequence[str]) -> frozenset[int]:
    """The ids of departments given by number or name.

    Raises :class:`WrongUse` for one that does not exist; nothing wanted gives an empty set.
    """
    found = find_departments(desk, wanted)
    if found.new_numbers:
        raise WrongUse(say("There is no department {names}.", names=", ".join(found.new_numbers)))
    return frozenset(found.ids)


def choose_exportable(desk: Desk, departments: Sequence[str]) -> list[InvoiceRow]:
    """Every document that is to be exported or was: all but those a person has excluded."""
    ids = choose_departments(desk, departments)
    page = read_overview(desk, InvoiceFilter(department_ids=ids))
    return [row for row in page.rows if not row.excluded or (row.state and row.state.is_live)]


def choose_documents(
    desk: Desk, numbers: Sequence[str], departments: Sequence[str] = ()
) -> list[InvoiceRow]:
    """The documents with these numbers, each once, in the order given.

    A number is RecMan's (``1001``), with its series (``10-1001``), or our reference
    (``RM-10-1001``; ``RC-`` for a credit note), whatever the case of its letters, unless two
    numbers differ by nothing else. Raises :class:`WrongUse` where none or several fit.
    """
    ids = choose_departments(desk, departments)
    rows = [_choose_one(desk, tidy_identifier(number), ids) for number in numbers]
    return list({row.id: row for row in rows}.values())


def _choose_one(desk: Desk, text: str, departments: frozenset[int]) -> InvoiceRow:
    for kind, series, number in _readings(text):
        found = [
            row
            for row in _with_number(desk, number, departments)
            if series in (None, row.series, series_in_reference(row.series))
            and kind in (None, row.kind)
        ]
        exact = [row for row in found if row.number == number]
        if len(found) == 1 or len(exact) == 1:
            return (exact or found)[0]
        if found:
            names = _names(found)
            raise WrongUse(
                say(
                    "Number {text} is not clear: it may be {names}. Give it like that.",
                    text=text,
                    names=say("{names} or {last}", names=", ".join(names[:-1]), last=names[-1]),
                )
            )
    if departments:
        raise WrongUse(
            say(
                "There is no document with the number {text} in the department asked for.",
                text=text,
            )
        )
    raise WrongUse(say("There is no document with the number {text}.", text=text))


def _readings(text: str) -> Iterator[tuple[DocumentKind | None, str | None, str]]:
    """How a number may be meant: whole, with its series, as our reference; the plainest first."""
    yield None, None, text
    for kind, rest in ((None, text), (_KINDS.get(text[:2].upper()), text[3:])):
        if rest is not text and (kind is None or text[2:3] != "-"):
            continue
        parts = rest.split("-")
        for cut in range(1, len(parts)):
            yield kind, "-".join(parts[:cut]), "-".join(parts[cut:])


def _with_number(desk: Desk, number: str, departments: frozenset[int]) -> Sequence[InvoiceRow]:
    if not number:
        return ()
    wanted = InvoiceFilter(number=number, department_ids=departments)
    return read_overview(desk, wanted).rows


def _names(rows: Sequence[InvoiceRow]) -> list[str]:
    short = sorted(f"{row.series}-{row.number}" for row in rows)
    if len(set(short)) == len(short):
        return short
    prefixes = {kind: prefix for prefix, kind in _KINDS.items()}
    return sorted(f"{prefixes[row.kind]}-{row.series}-{row.number}" for row in rows)
