"""Words for people are kept with what they are made of, which may be longer than the words.

SQLite holds no text to a length; there the columns stay as they are.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"

_WIDENED = {
    "invoice": {
        "held": 500,
        "resembles": 500,
        "redated": 500,
        "whose": 500,
        "change": 500,
        "excluded_reason": 200,
    },
    "customer": {"question": 500},
    "transfer": {"card": 320},
    "recman_connection": {"sample": 500},
}


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, columns in _WIDENED.items():
        for name, length in columns.items():
            op.alter_column(table, name, existing_type=sa.String(length=length), type_=sa.String())
