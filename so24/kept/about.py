"""All that is kept about one customer, or one user, as one file for whoever asks for it.

It is what a person may ask for by the General Data Protection Regulation, art. 15. What others are
told of in the same row is left out where it can be; secrets, and hashes of such, are left out too.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from so24.errors import WrongUse
from so24.firms.norwegian_numbers import hide_personal_numbers
from so24.identifiers import tidy_identifier
from so24.kept.holdings import SUBJECTS, say_how_long
from so24.language.said import say, say_count, unpack
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.documents.intake import customers_by_number
from so24.store.tables.document_tables import DocumentKind, Import
from so24.store.tables.ground import now
from so24.store.tables.people_tables import AuditEvent
from so24.store.upkeep import about as store
from so24.store.upkeep.about import OF_WHO_ACTED, Findings, Rows

SHORTEST_TEXT = 4  # a shorter name would be found in the words about others
WITHHELD = say(
    "Left out: passwords, secrets and hashes of them; whole files as they came, which "
    "are got by `so24 originals get`; rows of imports and of dry runs that tell of "
    "others."
)
TOLD = "said_in_reports"


@dataclass(frozen=True)
class KeptPart:
    """What is kept of one subject: rows by the name of their table; why, and for how long."""

    name: str
    why: str
    how_long: str
    rows: Mapping[str, Rows]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True)
class KeptAccount:
    """All that is kept about somebody; ``taken_at`` is aware UTC."""

    about: str
    taken_at: dt.datetime
    taken_by: str
    left_out: str
    parts: tuple[KeptPart, ...]


def is_kept(desk: Desk, number: str) -> bool:
    """Whether there is a customer of this number. Raises :class:`NotAllowed`."""
    desk.require(Permission.SEE_KEPT)
    with desk.reading(Permission.SEE_KEPT) as session:
        wanted = tidy_identifier(number)
        return wanted in customers_by_number(session, desk.settings.tenant, [wanted])


def read_about_customer(desk: Desk, number: str) -> KeptAccount:
    """All that is kept about a customer of RecMan, by its number there; audited.

    Raises :class:`NotAllowed`, and :class:`WrongUse` where there is no such customer.
    """
    desk.require(Permission.SEE_KEPT)
    number = tidy_identifier(number)
    with desk.reading(Permission.SEE_KEPT) as session:
        found = store.find_about_customer(session, desk.settings.tenant, number)
        if not found:
            raise WrongUse(say("There is no customer {customer}.", customer=number))
        _add_words(session, found, number)
    return _give_out(desk, f"customer {number}", found)


def read_about_user(desk: Desk, name: str) -> KeptAccount:
    """All that is kept about a user, or about a name that has no account; audited.

    Raises :class:`NotAllowed`, and :class:`WrongUse` for a name that nothing is kept of.
    """
    desk.require(Permission.SEE_KEPT)
    name = name.strip()
    with desk.reading(Permission.SEE_KEPT) as session:
        found = store.find_about_user(session, name) or store.find_about_user(session, name.lower())
    if not found:
        raise WrongUse(say("Nothing is kept of a user {name}.", name=name))
    return _give_out(desk, f"user {name}", found)


def write_account(account: KeptAccount) -> str:
    """The account as JSON: amounts as text, times as ISO text in UTC."""
    parts = [
        {"kept": each.name, "why": each.why, "how_long": each.how_long, **each.rows}
        for each in account.parts
    ]
    told = {
        "about": account.about,
        "taken_at": account.taken_at.isoformat(),
        "taken_by": account.taken_by,
        "left_out": account.left_out,
        "kept": parts,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _give_out(desk: Desk, about: str, found: Findings) -> KeptAccount:
    parts = []
    for subject in SUBJECTS:
        names = (*subject.tables, TOLD) if "import_run" in subject.tables else subject.tables
        rows = {name: _plain_rows(found[name]) for name in names if name in found}
        if rows:
            how_long = say_how_long(subject, desk.settings)
            parts.append(KeptPart(subject.name, subject.why, how_long, rows))
    account = KeptAccount(about, now(), desk.actor.name, WITHHELD, tuple(parts))
    desk.note(
        say("kept data given out"),
        about,
        say_count("{number} row", "{number} rows", sum(each.count for each in parts)),
    )
    return account


def _add_words(session: Session, found: Findings, number: str) -> None:
    """Add what the audit trail and the reports of imports say of the customer and its documents."""
    [customer] = found["customer"]
    named = (customer["name"], customer["organization_number"], customer["invoice_email"])
    texts = [each for each in named if len(each) >= SHORTEST_TEXT]
    subjects = {each for row in found.get("invoice", ()) for each in _subjects(row)}
    events = [
        event.model_dump(exclude={"head_id", *OF_WHO_ACTED})
        for event in store.said_in_the_trail(session, subjects, number, texts)
        if event.subject in subjects or _tells_of(event, number, texts)
    ]
    if events:
        found["audit_event"] = events
    told = [
        each for row in store.imports_that_tell_of(session, texts) for each in _told(row, texts)
    ]
    if told:
        found[TOLD] = told


def _subjects(row: Mapping[str, Any]) -> Iterable[str]:
    """How the audit trail names a document."""
    kind, series, number = DocumentKind(row["kind"]), row["series"], row["number"]
    yield f"{kind.words} {series}-{number}"
    yield f"{kind.value} {series}-{number}"
    yield f"{kind.words} {number} of series {series}"  # in English: as it is stored


def _tells_of(event: AuditEvent, number: str, texts: Iterable[str]) -> bool:
    """Whether an event is about the customer: by its number, or by what stands in its words."""
    is_named = number in re.split(r"[\s,]+", event.subject)
    if is_named and "customer" in f"{event.action} {event.subject}":
        return True
    return any(text in event.detail for text in texts)


def _told(row: Import, texts: Iterable[str]) -> Rows:
    """The rows and warnings of an import's report in which one of the texts stands."""
    rows = json.loads(row.report)
    remarks = json.loads(row.remarks or "{}")
    packed = [each["reason"] for each in rows] + remarks.get("warnings", [])
    return [
        {"import_id": row.id, "at": row.at, "said": reason}
        for reason in map(unpack, packed)
        if any(text in reason for text in texts)
    ]


def _plain_rows(rows: Rows) -> Rows:
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return hide_personal_numbers(value) if isinstance(value, str) else value
