"""The filters of a list: they stand in the address, last while their tab does, and are remembered.

A link to a list shows it as its sender saw it; without one a page opens as its user has left it.
Widgets are drawn between :meth:`ListFilters.restore` and :meth:`ListFilters.keep`, by their keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from so24.language.said import say
from so24.language.telling import tell
from so24.people.lists.filters import recall_filters, remember_filters
from so24.people.lists.views import list_views
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import installation, secret

SEARCH_HELP = say(
    "Looked for in numbers, KIDs and the names of customers and departments; also an amount "
    "(`1 234,50`, or whole kroner), a customer's or department's number, and the number of the "
    "invoice or order in 24SevenOffice. Of several words, each must be found."
)
_LONGEST_TOLD = 40  # characters of what an address says
_LONGEST_NUMBER = 9  # digits, which every database holds
VIEW = "view"  # in the address: the name of the view that is shown
_APART = ".."  # between the first and the last day of a period
Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class FilterField:
    """One filter: its name in the address, its widget's key, and how its value is written there.

    ``read`` raises ``ValueError`` or ``KeyError`` for a text that is no value. ``always``: it
    stands in the address even by default, so that an address with filters is told from a bare one.
    """

    name: str
    key: str
    default: Any
    write: Callable[[Any], list[str]]
    read: Callable[[Sequence[str]], Any]
    remembered: bool = True
    always: bool = False

    def value_in(self, texts: Texts) -> Any:
        """The value that stands there; the default where none does, or one that is not known."""
        try:
            return self.read(texts[self.name])
        except (ValueError, KeyError, IndexError):
            return self.default

    def is_passed_over(self, texts: Texts) -> bool:
        """Whether something stands there that is no value of this filter."""
        asked = set(filter(None, texts.get(self.name, ())))
        value = self.value_in(texts)
        return value == self.default and not asked <= set(self.write(self.default))


def search_field(key: str) -> FilterField:
    """A search for a text, which is of the moment."""
    return FilterField(
        "search", key, "", lambda text: [text], lambda texts: texts[0], remembered=False
    )


def choice_field(
    name: str, key: str, options: Sequence[str], default: str, *, always: bool = True
) -> FilterField:
    """One of some words; ``always`` as in :class:`FilterField`."""
    known = {as_slug(each): each for each in options}
    return FilterField(
        name, key, default,
        lambda word: [as_slug(word or default)], lambda texts: known[texts[0]], always=always,
    )  # fmt: skip


def choices_field(name: str, key: str, options: Collection[Any]) -> FilterField:
    """Any of some values, each by its own text; those that are not known are passed over."""
    known = {as_slug(str(each)): each for each in options}
    return FilterField(
        name, key, [],
        lambda chosen: [as_slug(str(each)) for each in chosen],
        lambda texts: [known[each] for each in texts if each in known],
    )  # fmt: skip


def number_field(name: str, key: str) -> FilterField:
    """A whole number that a link or a button brings, or 0; no field on the page shows it."""
    return FilterField(
        name, key, 0,
        lambda number: [str(number)] if number else [], lambda texts: _read_number(texts[0]),
        remembered=False,
    )  # fmt: skip


def switch_field(name: str, key: str) -> FilterField:
    """On or off."""
    return FilterField(
        name, key, False, lambda on: ["yes"] if on else [], lambda texts: texts[0] == "yes"
    )


def period_field(name: str, key: str) -> FilterField:
    """A period of days, of which the last may be open."""
    return FilterField(
        name, key, (),
        lambda days: [_APART.join(day.isoformat() for day in days)],
        lambda texts: tuple(map(dt.date.fromisoformat, texts[0].split(_APART)[:2])),
        remembered=False,
    )  # fmt: skip


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise ValueError(f"{text[:20]!r} is no number of ours")
    return int(text)


def as_slug(word: str) -> str:
    """The word as it stands in an address."""
    return word.lower().replace(" ", "-")


@dataclass
class _Kept:
    """How the filters were at the last run of this tab, and what then stood in the address."""

    values: dict[str, Any] = field(default_factory=dict)
    address: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ListFilters:
    """The filters of one page."""

    page: str
    fields: tuple[FilterField, ...]

    def restore(self, *, follows: bool = True) -> None:
        """Give the widgets, before they are drawn, what the address or the user's memory says.

        An address that comes with a change of a filter is the one from before it, and is not
        followed; nor is one in a run of a fragment alone (``follows``), which no link begins.
        """
        asked = self._read_address()
        kept: _Kept | None = st.session_state.get(self._place)
        if kept is None:
            self._tell_passed_over(asked)
            texts = (
                asked or self._read_view() or recall_filters(installation(), secret(), self.page)
            )
            self._set(texts)
            kept = st.session_state[self._place] = _Kept(self._values(), asked)
        elif follows and asked and asked != kept.address and self._is_untouched(kept):
            self._tell_passed_over(asked)
            self._set(asked)
            kept.address = asked
        for each in self.fields:  # Streamlit forgets widgets with their page
            if each.key not in st.session_state:
                st.session_state[each.key] = kept.values.get(each.name, each.default)

    def keep(self) -> None:
        """Put what the widgets say now into the address, and remember it for their user."""
        values = self._values()
        kept: _Kept = st.session_state[self._place]
        told = {each.name: each.write(values[each.name]) for each in self._told(values)}
        if told != self._read_address():
            others = [name for name in st.query_params if name not in self._names]
            foreign = {name: st.query_params.get_all(name) for name in others}
            st.query_params.from_dict({**foreign, **told})
        lasting = {each.name for each in self.fields if each.remembered}
        if any(values[name] != kept.values[name] for name in lasting):
            chosen = {name: told[name] for name in told if name in lasting}
            remember_filters(installation(), secret(), self.page, chosen)
        st.session_state[self._place] = _Kept(values, told)

    def offer_clear(self) -> None:
        """The button that takes all filters back, where there is anything to be taken back."""
        values = self._values()
        if any(values[each.name] != each.default for each in self.fields):
            st.button(
                tell("Clear filters"), on_click=self.clear, type="tertiary", key=f"{self.page}_all"
            )

    def clear(self) -> None:
        """Take all filters back; for the callback of a button."""
        self._set({})

    def choose(self, texts: Texts) -> None:
        """Set all filters to what these texts say; for the callback of a button."""
        self._set(texts)

    def chosen(self) -> dict[str, list[str]]:
        """What is chosen now otherwise than usual, as it is written in an address."""
        values = self._values()
        return {
            each.name: sorted(each.write(values[each.name]))
            for each in sorted(self.fields, key=lambda each: each.name)
            if values[each.name] != each.default
        }

    def _read_view(self) -> dict[str, list[str]] | None:
        """The view of the user's that an address without filters names."""
        name = st.query_params.get(VIEW, "")
        if not name:
            return None
        views = list_views(installation(), secret(), self.page)
        found = next((each.choices for each in views if each.name == name), None)
        if found is None:
            self._tell_missing("view", name)
        return found

    @property
    def _place(self) -> str:
        return f"so24_filters_{self.page}"

    @property
    def _names(self) -> set[str]:
        return {each.name for each in self.fields}

    def _read_address(self) -> dict[str, list[str]]:
        query = st.query_params
        return {name: query.get_all(name) for name in sorted(self._names) if name in query}

    def _values(self) -> dict[str, Any]:
        found = {each.name: st.session_state.get(each.key) for each in self.fields}
        return {each.name: found[each.name] or each.default for each in self.fields}

    def _is_untouched(self, kept: _Kept) -> bool:
        """Whether every widget says what it has said, or is not drawn yet."""
        values = self._values()
        drawn = (each.name for each in self.fields if each.key in st.session_state)
        return all(values[name] == kept.values.get(name) for name in drawn)

    def _told(self, values: Mapping[str, Any]) -> list[FilterField]:
        """The fields that stand in the address, in the order of their names."""
        told = (each for each in self.fields if each.always or values[each.name] != each.default)
        return sorted(told, key=lambda each: each.name)

    def _tell_passed_over(self, asked: Texts) -> None:
        """Say which part of an address means nothing: the list has more than its link promised."""
        for each in self.fields:
            if each.is_passed_over(asked):
                self._tell_missing(each.name, ", ".join(asked[each.name]))

    def _tell_missing(self, what: str, asked: str) -> None:
        st.info(
            tell(
                "The address asks for the {filter} “{asked}”, which there is not: it is passed "
                "over.",
                filter=what,
                asked=escape_markdown(asked[:_LONGEST_TOLD]),
            ),
            icon=":material/info:",
        )

    def _set(self, texts: Texts) -> None:
        for each in self.fields:
            st.session_state[each.key] = each.value_in(texts)
