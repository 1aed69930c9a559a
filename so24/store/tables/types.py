"""Column types: exact money, exact quantities, enums by value."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from so24.reasons import Reason

MONEY_SCALE = 2
FINE_SCALE = 6


class Exact(sa.types.TypeDecorator[Decimal]):
    """A ``Decimal`` kept as an integer of its smallest unit: nothing is ever rounded.

    Raises ``TypeError`` on anything but ``Decimal`` and ``ValueError`` on more decimals than
    the scale holds.
    """

    impl = sa.BigInteger
    cache_ok = True
    scale = MONEY_SCALE

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        """Turn the ``Decimal`` into minor units."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an exact number must be Decimal, not {type(value).__name__}")
        minor = value.scaleb(self.scale)
        if minor != minor.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return int(minor)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Turn minor units back into a ``Decimal`` with the full scale."""
        return None if value is None else Decimal(value).scaleb(-self.scale)


class Money(Exact):
    """An amount in the document's currency, two decimals."""

    cache_ok = True


class Fine(Exact):
    """A quantity, a unit price or a rate, six decimals."""

    cache_ok = True
    scale = FINE_SCALE


class StoredReason(sa.types.TypeDecorator[Reason]):
    """A reason as the text of its code; one that another release has stored is read as it is."""

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: Reason | None, dialect: sa.Dialect) -> str | None:
        """Write the code; raises ``TypeError`` on anything but a reason."""
        if value is not None and not isinstance(value, Reason):
            raise TypeError(f"a reason must be one of the catalogue, not {type(value).__name__}")
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Reason | None:
        """Read the code back."""
        return None if value is None else Reason.stored(value)


def enum_column(kind: type[enum.StrEnum]) -> sa.Enum:
    """A text column that holds the enum's values (not its names) and checks them."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=24,
    )
