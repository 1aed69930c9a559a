"""What a grid sends: each value once, a text only where it is shown in place of a value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped] # it has no types
from pandas.io.formats.style import Styler
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df as read_back
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes as send
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from so24.ui.parts.tables import chips_column, with_amounts

CELLS: dict[str, Any] = {
    "Number": ["1001", "1002", "1003"],
    "Customer": ["Acme AS", "Acme AS", "Acme AS"],
    "Total": [Decimal("10.50"), None, Decimal("1234.00")],
    "Date": [dt.date(2026, 11, 1), None, dt.date(2026, 11, 3)],
    "Remarks": [["held", "excluded"], [], ["held", "excluded"]],
}


def sent() -> Styler:
    return with_amounts(pd.DataFrame(CELLS), ("Total",), repeated=("Customer",))


def kinds(data: bytes) -> dict[str, pa.DataType]:
    """The types of the columns as they travel."""
    schema = pa.ipc.open_stream(data).schema
    return dict(zip(schema.names, schema.types, strict=True))


def test_the_browser_reads_the_very_values() -> None:
    frame: Any = sent()
    found = read_back(send(frame.data))
    for name in ("Number", "Customer", "Total", "Date"):
        assert [None if pd.isna(each) else each for each in found[name]] == CELLS[name]
    assert [list(each) for each in found["Remarks"]] == CELLS["Remarks"]


def test_only_amounts_have_texts_beside_them() -> None:
    proto = ArrowData()
    marshall_styler(proto, sent(), "grid")
    texts = kinds(proto.styler.display_values)
    assert [name for name, kind in texts.items() if kind != pa.null()] == ["2"]
    assert list(texts) == ["0", "1", "2", "3", "4"]  # the browser asks for them by their places


def test_texts_that_come_again_are_sent_once() -> None:
    frame: Any = sent()
    found = kinds(send(frame.data))
    assert found["Customer"] == pa.dictionary(pa.int8(), pa.string())
    assert pa.types.is_dictionary(found["Remarks"].value_type)
    assert found["Number"] == pa.string()


def test_a_column_of_chips_has_the_colours_of_what_stands_in_it() -> None:
    colours = {"held": "orange", "excluded": "gray", "changed": "red"}
    told = chips_column("Remarks", 200, colours, CELLS["Remarks"])
    assert [each["value"] for each in told["type_config"]["options"]] == ["held", "excluded"]
    assert [each["color"] for each in told["type_config"]["options"]] == ["orange", "gray"]
