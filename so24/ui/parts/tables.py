"""Tables of documents and events: amounts, states, a period of days, pages, a file of the rows.

Amounts are shown as ``1 234,50`` in any browser and sorted as numbers; states have a colour and
words. Files have semicolons, decimal commas, and no cell that a spreadsheet would run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from so24.amounts import format_amount
from so24.dates import moments_of
from so24.language.said import say
from so24.language.telling import tell
from so24.letters import as_spreadsheet_text
from so24.states import FOR_APPROVAL, STATUS_WORDS, TRIED_LATER, WAITS_FOR_KEY, Since
from so24.store.documents.overview import InvoiceRow
from so24.store.people.audit import LogFilter
from so24.store.tables.transfer_tables import State
from so24.ui.parts.cells import tell_cell
from so24.ui.parts.sent_frames import frame_to_send

DATE_FORMAT = "DD.MM.YYYY"
NOT_TRANSFERRED = say("not transferred")
_GREEN, _BLUE, _RED, _GRAY = "green", "blue", "red", "gray"
WIDTH = 250
T = TypeVar("T")
ROWS = 100
_MARK = "\ufeff"  # tells Excel that the file is UTF-8


def with_amounts(
    frame: pd.DataFrame,
    amounts: Sequence[str],
    plain: Sequence[str] = (),
    repeated: Sequence[str] = (),
) -> Styler:
    """The frame as Streamlit shows it, ``amounts`` (columns of Decimal or None) the Norwegian way.

    ``plain``: columns of whole numbers such as ids, shown without grouping and empty for None.
    ``repeated``: columns of texts that have few different ones.
    A grid's own number formats follow the browser's language, and pandas' styler takes a quarter
    of a second for 2,000 rows, because it makes HTML of every cell: so only these are translated.
    """
    texts = {
        name: _texts(frame[name], name in plain)
        for name in frame.columns
        if name in amounts or name in plain
    }
    styler: Any = Styler(frame_to_send(frame, texts, repeated))
    # both are private, and all that Streamlit calls; a test watches them
    styler._compute = lambda: styler
    styler._translate = lambda *_args, **_options: {}
    return cast("Styler", styler)


def date_column(label: str, **options: Any) -> Any:
    """A column of dates, ``22.11.2026``."""
    return st.column_config.DateColumn(label, format=DATE_FORMAT, **options)


def amount_column(label: str, **options: Any) -> Any:
    """A column of amounts; it takes its texts from :func:`with_amounts`."""
    return st.column_config.NumberColumn(label, **options)


def currencies_of(currencies: Iterable[str]) -> str:
    """The one currency of all these amounts, to be named once for all; empty where they differ."""
    found = set(currencies)
    return found.pop() if len(found) == 1 else ""


def tell_sums(counted: str, sums: Mapping[str, Decimal]) -> str:
    """``**62 documents** · NOK 386 635,22 · EUR 12,00``, told, as it stands below a grid.

    ``counted`` says of how many, and of what.
    """
    words = (format_amount(sums[currency], currency) for currency in sorted(sums))
    return " · ".join((f"**{tell(counted)}**", *words))


def _texts(values: pd.Series[Any], plain: bool) -> list[str]:
    missing = values.isna().tolist()
    if plain:
        return [
            "" if none else str(int(value)) for value, none in zip(values, missing, strict=True)
        ]
    pairs = zip(values, missing, strict=True)
    return [format_amount(None if none else value) for value, none in pairs]


def colour_of(state: State | None) -> str:
    """Green for transferred, blue while in transfer, red for errors, gray for the rest."""
    if state is State.TRANSFERRED:
        return _GREEN
    if state is not None and state.is_open:
        return _BLUE
    return _RED if state is not None and state.is_failed else _GRAY


def status_of(state: State | None) -> str:
    """The words for a document's state, said; None is a document that was never sent."""
    return NOT_TRANSFERRED if state is None else STATUS_WORDS[state]


def status_of_row(row: InvoiceRow) -> str:
    """How a document stands, said: what is left out and not in 24SevenOffice by so24 is that."""
    out = row.excluded and (row.state is None or not row.state.is_live)
    return Since.LEFT_OUT.value if out else status_of(row.state)


def status_column(
    label: str = "", width: int = 150, cells: Iterable[Sequence[str]] | None = None
) -> Any:
    """The configuration of a grid's column that holds lists of one status each, told.

    ``cells`` are those lists, where they are known: only of what stands there a colour is sent.
    """
    colours = {words: colour_of(state) for state, words in STATUS_WORDS.items()}
    colours |= {
        FOR_APPROVAL: _GREEN,
        NOT_TRANSFERRED: _GRAY,
        WAITS_FOR_KEY: _RED,
        TRIED_LATER: _BLUE,
    }
    colours |= {since.value: _GRAY for since in Since if since}
    return chips_column(label or tell("Status"), width, colours, cells)


def chips_column(
    label: str,
    width: int,
    colours: Mapping[str, str],
    cells: Iterable[Sequence[str]] | None = None,
) -> Any:
    """The configuration of a column of lists of words that have these colours; cells as above.

    The words of ``colours`` are said, those in the column are told.
    """
    colours = {tell(words): colour for words, colour in colours.items()}
    if cells is not None:
        found = {word for cell in cells for word in cell}
        colours = {word: colour for word, colour in colours.items() if word in found}
    return st.column_config.MultiselectColumn(
        label, options=list(colours), color=list(colours.values()), width=width
    )


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


def pick_log_filter(
    key: str, actors: Sequence[str], kinds: Sequence[str], label: str, everything: str
) -> LogFilter:
    """Draw the filters of what was done and noted: when, by whom, what (``label``); read them.

    ``label`` and ``everything`` are told; the kinds are said, and told here.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = pick_period(tell("Period"), f"{key}_period")
        who = st.selectbox(
            tell("User"), actors, index=None, placeholder=tell("Everybody"), key=f"{key}_actor",
            persist_state="session", width=250,
        )  # fmt: skip
        chosen = st.multiselect(
            label, kinds, format_func=tell, placeholder=everything, key=f"{key}_kinds",
            persist_state="session",
        )  # fmt: skip
    return LogFilter(period.begins, period.ends, who or "", frozenset(chosen))


def pick_period(label: str, key: str, default: Period | None = None) -> Period:
    """Draw the field; one day alone, while the second is not picked yet, is an open end."""
    value: list[Any] = [default.first, default.last] if default else []
    picked = st.date_input(
        label, value=value, format=DATE_FORMAT, key=key, width=WIDTH, persist_state="session"
    )
    return Period(*picked)


def read_page(
    key: str, read: Callable[[int], tuple[Sequence[T], int]], most: int | None = None
) -> tuple[Sequence[T], int]:
    """The rows of the page that the user has turned to, and how many rows all pages have.

    ``read`` gives the rows after the first so many, at most ``most``, else
    :data:`ROWS`, and the count of all.
    """
    number = st.session_state.get(key, 1)
    rows, found = read((number - 1) * (most or ROWS))
    if not rows and number > 1:  # another filter has fewer pages
        del st.session_state[key]
        rows, found = read(0)
    return rows, found


def show_count(counted: str) -> None:
    """How many rows all pages have, and of what, as it was said."""
    st.markdown(f"**{tell(counted)}**", width="content")


def turn_pages(key: str, found: int, most: int | None = None) -> None:
    """Draw the pages' numbers, where there is more than one page."""
    pages = ceil(found / (most or ROWS))
    if pages > 1:
        st.pagination(pages, key=key)


def write_csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV file as Norwegian spreadsheets read it; the first row's keys are the headings.

    Amounts are written ``1234,50`` and dates ``22.11.2026``; texts, headings too, are
    :func:`so24.letters.as_spreadsheet_text`. Headings and texts that were said are told.
    """
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), delimiter=";", lineterminator="\r\n")
            writer.writerow({name: as_spreadsheet_text(tell(name)) for name in row})
        writer.writerow({name: _as_cell(value) for name, value in row.items()})
    return (_MARK + out.getvalue()).encode()


def _as_cell(value: object) -> str:
    told = tell_cell(value, _write_bare, seconds=True)
    return told if isinstance(value, Decimal | dt.date) else as_spreadsheet_text(told)


def _write_bare(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
