"""Each document keeps whom it is made out to, each customer the name that it was first known by.

Of what is here already nobody knows what it said: it is taken to say what its customer is called
now, but where it is asked about, for the question names its buyer.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
_ADDED = (
    ("customer", "known_as", 200),
    ("invoice", "buyer_name", 200),
    ("invoice", "buyer_number", 20),
    ("invoice", "owner_name", 200),
    ("invoice", "owner_number", 20),
    ("invoice", "change", 500),
)
_NAMED = re.compile("It is made out to “(.*?)”, and its customer number ", re.DOTALL)


def upgrade() -> None:
    """Go forward."""
    for table in ("customer", "invoice"):
        added = [(name, length) for where, name, length in _ADDED if where == table]
        with op.batch_alter_table(table) as batch:
            for name, length in added:
                batch.add_column(
                    sa.Column(name, sa.String(length=length), nullable=False, server_default="")
                )
        with op.batch_alter_table(table) as batch:
            for name, _ in added:
                batch.alter_column(name, server_default=None)
    _fill()


def _fill() -> None:
    customer = sa.table(
        "customer", *map(sa.column, ("id", "name", "organization_number", "known_as"))
    )
    invoice = sa.table(
        "invoice",
        *map(sa.column, ("id", "customer_id", "whose", "buyer_name", "owner_name", "owner_number")),
    )
    connection = op.get_bind()
    connection.execute(sa.update(customer).values(known_as=customer.c.name))
    of_it = customer.c.id == invoice.c.customer_id
    name, number = (
        sa.select(column).where(of_it).scalar_subquery()
        for column in (customer.c.name, customer.c.organization_number)
    )
    connection.execute(sa.update(invoice).values(buyer_name=name))
    owned = sa.update(invoice).where(invoice.c.whose == "")
    connection.execute(owned.values(owner_name=name, owner_number=number))
    asked = sa.select(invoice.c.id, invoice.c.whose).where(invoice.c.whose != "")
    for row_id, question in connection.execute(asked).all():
        if found := _NAMED.match(question):
            change = sa.update(invoice).where(invoice.c.id == row_id)
            connection.execute(change.values(buyer_name=found[1]))
