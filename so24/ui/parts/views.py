"""Views: the filters of a list under names of one's own, beside the filters themselves.

The view that is shown is the one whose choices are the filters' at that moment; the address names
it, and an address with no more than its name opens it.
"""

from __future__ import annotations

import streamlit as st

from so24.language.telling import tell
from so24.people.lists.views import (
    LONGEST_NAME,
    SavedView,
    delete_view,
    list_views,
    rename_view,
    save_view,
)
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import installation, secret
from so24.ui.parts.filter_state import VIEW, ListFilters
from so24.ui.parts.keeping import keep
from so24.ui.tab.address import tell_address


def offer_views(filters: ListFilters) -> None:
    """Draw the button under which views are applied, saved, renamed and deleted."""
    page = filters.page
    views = _own_views(page)
    chosen = filters.chosen()
    shown = next((each for each in views if each.choices == chosen), None)
    tell_address(VIEW, shown.name if shown else "")
    label = escape_markdown(shown.name) if shown else tell("Views")
    opened = st.popover(
        label, icon=":material/bookmarks:", key=_place(page), on_change="rerun", type="tertiary"
    )
    if opened.open:
        with opened:
            _show_views(filters, views, shown)


def _show_views(filters: ListFilters, views: list[SavedView], shown: SavedView | None) -> None:
    page = filters.page
    for place, each in enumerate(views):
        st.button(
            escape_markdown(each.name),
            key=f"{page}_view_{place}",
            on_click=_apply,
            args=(filters, each),
            disabled=each is shown,
            icon=":material/check:" if each is shown else None,
            width="stretch",
        )
    flash.show_complaints(_place(page))
    with st.form(f"{page}_view_form", border=False):  # its first button is pressed by Enter, too
        st.text_input(
            tell("Name"),
            key=_name_field(page),
            max_chars=LONGEST_NAME,
            placeholder=tell("Save these filters as …"),
            label_visibility="collapsed",
        )
        with st.container(horizontal=True):
            press = st.form_submit_button
            press(tell("Save"), key=f"{page}_view_save", on_click=_save, args=(filters,))
            if shown:
                view = escape_markdown(shown.name)
                press(
                    tell("Rename"),
                    key=f"{page}_view_rename",
                    on_click=_rename,
                    args=(page, shown.name),
                    help=tell("Gives {view} the name above.", view=view),
                )
                press(
                    tell("Delete"),
                    key=f"{page}_view_delete",
                    on_click=_delete,
                    args=(page, shown.name),
                    help=tell("Forgets {view}; the filters stay.", view=view),
                )


def _own_views(page: str) -> list[SavedView]:
    """Read once for the tab, and after each change that it makes."""
    depends_on = secret(), st.session_state.get(_changes(page), 0)
    return keep(
        f"{page}_views", depends_on, lambda: list_views(installation(), depends_on[0], page)
    )


def _apply(filters: ListFilters, view: SavedView) -> None:
    filters.choose(view.choices)
    st.session_state[_place(filters.page)] = False


def _save(filters: ListFilters) -> None:
    page = filters.page
    with flash.complaining(_place(page)):
        name = st.session_state.get(_name_field(page), "")
        save_view(installation(), secret(), page, name, filters.chosen())
        _note_change(page)


def _rename(page: str, name: str) -> None:
    with flash.complaining(_place(page)):
        new_name = st.session_state.get(_name_field(page), "")
        rename_view(installation(), secret(), page, name, new_name)
        _note_change(page)


def _delete(page: str, name: str) -> None:
    with flash.complaining(_place(page)):
        delete_view(installation(), secret(), page, name)
        _note_change(page)


def _note_change(page: str) -> None:
    st.session_state[_changes(page)] = st.session_state.get(_changes(page), 0) + 1
    st.session_state[_name_field(page)] = ""


def _place(page: str) -> str:
    return f"{page}_views"


def _name_field(page: str) -> str:
    return f"{page}_view_name"


def _changes(page: str) -> str:
    return f"so24_views_changed_{page}"
