"""Amounts in grids: Norwegian to read, numbers to sort."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from so24.amounts import GROUP
from so24.ui.parts.tables import with_amounts


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The texts that Streamlit sends to the browser beside the values."""
    sent = ArrowData()
    marshall_styler(sent, with_amounts(frame, ["Total"], ["Order"]), "grid")
    return convert_arrow_bytes_to_pandas_df(sent.styler.display_values)


def test_amounts_are_shown_the_norwegian_way_whatever_the_browser_speaks() -> None:
    frame = pd.DataFrame({"Total": [Decimal("1234.50"), None], "Order": [1, 2]})
    assert shown(frame)["0"].tolist() == [f"1{GROUP}234,50", ""]


def test_ids_have_neither_groups_nor_decimals() -> None:
    orders = pd.array([20001, None], dtype="Int64")
    frame = pd.DataFrame({"Total": [Decimal(1), Decimal(2)], "Order": orders})
    assert shown(frame)["1"].tolist() == ["20001", ""]


def test_the_values_themselves_stay_numbers() -> None:
    frame = pd.DataFrame({"Total": [Decimal("10.00"), Decimal("9.00")], "Order": [1, 2]})
    styled: Any = with_amounts(frame, ["Total"], ["Order"])
    assert styled.data["Total"].tolist() == [Decimal("10.00"), Decimal("9.00")]
