"""A table as it goes to the browser: each value once, in few bytes, and texts where they are shown.

Streamlit sends a table that has texts of its own twice: all cells as they are, and all as texts.
The browser shows a text in place of a value only where there is one: the others need not be sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped] # it has no types

_MOST_IN_A_BYTE, _MOST_NUMBERED = 127, 30_000


class SentFrame(pd.DataFrame):
    """A frame that says which texts are shown in place of its values.

    Streamlit asks for them as for all cells as texts; a test watches that.
    """

    _metadata = ("shown",)  # what pandas lets a frame of our own have

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shown: pd.DataFrame | None = None

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame  # what is made of it shows nothing

    def astype(  # type: ignore[misc] # final in its stubs only
        self, dtype: Any, *args: Any, **options: Any
    ) -> Any:
        """The texts, where all cells are asked for as such."""
        if dtype is str and self.shown is not None:
            return self.shown
        return super().astype(dtype, *args, **options)


def frame_to_send(
    frame: pd.DataFrame, texts: Mapping[str, Sequence[str]], repeated: Sequence[str] = ()
) -> SentFrame:
    """The frame as it is sent, with the texts of some columns.

    ``repeated``: columns of a few texts each, which are sent once; a grid has to be told that they
    are columns of texts.
    """
    sent = SentFrame(
        {name: _pack(frame[name], repeated=name in repeated) for name in frame.columns}
    )
    nothing = pa.nulls(len(frame))
    # by their places, as the browser looks them up: the names would be sent three times
    sent.shown = pd.DataFrame(
        {
            str(place): _as_column(pa.array(texts[name], pa.string()) if name in texts else nothing)
            for place, name in enumerate(frame.columns)
        }
    )
    return sent


def _pack(values: pd.Series[Any], *, repeated: bool) -> Any:
    if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
        return values.array
    array = pa.array(values.tolist(), from_pandas=True)
    if pa.types.is_list(array.type):
        inner = _number(array.values)
        return _as_column(pa.ListArray.from_arrays(array.offsets, inner))
    return _as_column(_number(array) if repeated else array)


def _number(array: pa.Array) -> pa.Array:
    """Texts as numbers of the different ones among them, where these are few."""
    if not pa.types.is_string(array.type):
        return array
    encoded = array.dictionary_encode()
    different = len(encoded.dictionary)
    if 2 * different > len(array) or different > _MOST_NUMBERED:
        return array
    numbers = pa.int8() if different <= _MOST_IN_A_BYTE else pa.int16()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(numbers), encoded.dictionary)


class _PackedType(pd.ArrowDtype):
    """A type that goes by the name of any: who reads such a column back knows no other name."""

    @property
    def name(self) -> str:  # type: ignore[override] # nobody writes it
        return "object"


class _Packed(pd.arrays.ArrowExtensionArray):
    """A column as it will be sent."""

    def __init__(self, values: pa.ChunkedArray) -> None:
        super().__init__(values)
        self._dtype = _PackedType(values.type)


def _as_column(array: pa.Array) -> _Packed:
    return _Packed(pa.chunked_array([array]))
