"""Numbers that people may take for one another are found by what they have in common.

Numbers that came in with characters that nobody sees, or dressed by Excel, are brought to their
canonical form where nothing was ever sent by them and no other one has that form. What is left, or
would have to be merged, is told in the audit trail: a person decides.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_QUESTIONS = ("resembles", "redated")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("invoice") as table:
        table.add_column(
            sa.Column("number_likeness", sa.String(), nullable=False, server_default="")
        )
        for name in _QUESTIONS:
            table.add_column(
                sa.Column(name, sa.String(length=500), nullable=False, server_default="")
            )
        table.add_column(
            sa.Column("redated_apart", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _bring_to_form("invoice", "kind", "series", sent="transfer.invoice_id order_link.invoice_id")
    _bring_to_form("customer", sent="customer_link.customer_id")
    _fill_likeness()
    with op.batch_alter_table("invoice") as table:
        for name in ("number_likeness", *_QUESTIONS, "redated_apart"):
            table.alter_column(name, server_default=None)
        table.create_index("ix_invoice_likeness", ["number_likeness"])


def _bring_to_form(table: str, *more: str, sent: str) -> None:
    """Give each number its canonical form, but where something was sent by it or has that form."""
    columns = ("tenant", *more, "number")
    rows = sa.table(table, sa.column("id"), *map(sa.column, columns))
    connection = op.get_bind()
    found = connection.execute(sa.select(rows)).mappings().all()
    if all(_canonical(row["number"]) == row["number"] for row in found):
        return
    used = _ids_in(sent.split())
    taken = {tuple(row[name] for name in columns) for row in found}
    for row in found:
        form = _canonical(row["number"])
        if form == row["number"]:
            continue
        wanted = (*(row[name] for name in columns[:-1]), form)
        subject = f"{table} {row['number']!a}"[:200]
        if row["id"] in used:
            _tell("number left as it is", subject, f"It was sent; people see it as {form}.")
        elif wanted in taken:
            _tell("number left as it is", subject, f"There is another {form}: are they one?")
        else:
            taken.add(wanted)
            change = sa.update(rows).where(rows.c.id == row["id"])
            connection.execute(change.values(number=form))
            _tell("number brought to its form", subject, f"It is {form} from here on.")


def _ids_in(places: Sequence[str]) -> set[int]:
    found: set[int] = set()
    for place in places:
        name, column = place.split(".")
        rows = sa.table(name, sa.column(column))
        found.update(op.get_bind().execute(sa.select(rows.c[column])).scalars())
    return found


def _fill_likeness() -> None:
    rows = sa.table(
        "invoice", *map(sa.column, ("id", "number", "number_folded", "number_likeness"))
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(rows.c.id, rows.c.number)).all()
    if found:
        change = sa.update(rows).where(rows.c.id == sa.bindparam("which"))
        change = change.values(
            number_folded=sa.bindparam("folded"), number_likeness=sa.bindparam("alike")
        )
        changes = [
            {"which": row_id, "folded": _fold(number), "alike": _likeness(number)}
            for row_id, number in found
        ]
        connection.execute(change, changes)


def _tell(action: str, subject: str, detail: str) -> None:
    event = sa.table(
        "audit_event",
        sa.column("at", sa.DateTime(timezone=True)),
        *map(sa.column, ("actor", "action", "subject", "detail")),
    )
    values = {"actor": "upgrade", "action": action, "subject": subject, "detail": detail}
    op.get_bind().execute(sa.insert(event).values(at=dt.datetime.now(dt.UTC), **values))


def _canonical(text: str) -> str:
    """As :func:`so24.identifiers.tidy_identifier` was when this was written, but for rare signs."""
    if text.isascii() and text.isalnum():
        return text
    text = _UNSEEN.sub("", text)
    text = "".join(
        chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign for sign in text
    )
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cc" or sign.isspace())
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    formula = re.fullmatch(r'="((?:[^"]|"")*)"', text)
    return formula[1].replace('""', '"').strip() if formula else text


def _likeness(number: str) -> str:
    """As :func:`so24.identifiers.likeness` was when this was written."""
    folded = _fold(number)
    bare = "".join(sign for sign in folded if sign.isalnum())
    return bare.lstrip("0") or bare[:1] or folded


def _fold(text: str) -> str:
    """As :func:`so24.letters.fold` was when this was written."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return " ".join(text.lower().split())
