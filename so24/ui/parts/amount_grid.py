"""Grids with Norwegian amounts: shown as ``1 234,50`` in any browser, sorted as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from so24.amounts import format_amount

DATE_FORMAT = "DD.MM.YYYY"


def with_amounts(frame: pd.DataFrame, amounts: Sequence[str], plain: Sequence[str] = ()) -> Styler:
    """The frame as Streamlit shows it, ``amounts`` (columns of Decimal or None) the Norwegian way.

    ``plain``: columns of whole numbers such as ids, shown without grouping and empty for None.
    A grid's own number formats follow the browser's language, and pandas' styler takes a quarter
    of a second for 2,000 rows, because it makes HTML of every cell: so only these are translated.
    """
    cells = [
        [
            {"id": f"row{row}_col{column}", "display_value": text}
            for row, text in enumerate(_texts(frame[name], name in plain))
        ]
        for column, name in enumerate(frame.columns)
        if name in amounts or name in plain
    ]
    styler: Any = Styler(frame)
    # both are private, and all that Streamlit calls; a test watches them
    styler._compute = lambda: styler
    styler._translate = lambda *_args, **_options: {"body": cells}
    return cast("Styler", styler)


def date_column(label: str, **options: Any) -> Any:
    """A column of dates, ``22.11.2026``."""
    return st.column_config.DateColumn(label, format=DATE_FORMAT, **options)


def amount_column(label: str, **options: Any) -> Any:
    """A column of amounts; it takes its texts from :func:`with_amounts`."""
    return st.column_config.NumberColumn(label, **options)


def _texts(values: pd.Series[Any], plain: bool) -> list[str]:
    if plain:
        return ["" if pd.isna(value) else str(int(value)) for value in values]
    return [format_amount(None if pd.isna(value) else value) for value in values]
