"""A period of days, picked in one field."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import streamlit as st

from so24.dates import moments_of
from so24.ui.parts.amount_grid import DATE_FORMAT

WIDTH = 250


@dataclass(frozen=True)
class Period:
    """Both days are included; None leaves that end open."""

    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def begins(self) -> dt.datetime | None:
        """The first moment of the period in Oslo, aware."""
        return moments_of(self.first, self.last)[0]

    @property
    def ends(self) -> dt.datetime | None:
        """The first moment after the period in Oslo, aware."""
        return moments_of(self.first, self.last)[1]


def pick_period(label: str, key: str, default: Period | None = None) -> Period:
    """Draw the field; one day alone, while the second is not picked yet, is an open end."""
    value: list[Any] = [default.first, default.last] if default else []
    picked = st.date_input(
        label, value=value, format=DATE_FORMAT, key=key, width=WIDTH, persist_state="session"
    )
    return Period(*picked)
