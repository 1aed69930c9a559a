"""What the Credentials page can do with a chosen key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import streamlit as st

from so24.amounts import format_amount
from so24.errors import WrongUse
from so24.installation import Installation
from so24.keys import credentials, rules, upkeep
from so24.keys.departments import DepartmentView
from so24.keys.upkeep import KeyView
from so24.people.roles import Actor
from so24.store.tables.key_tables import KeyMode, KeyState
from so24.ui.credentials.key_table import CREDIT_NOTES, MODES, UNPROVEN
from so24.ui.frame import flash
from so24.ui.frame.confirm import confirm
from so24.ui.frame.session import acting, installation
from so24.ui.frame.text import escape_markdown

_CATEGORIES = "keys_categories"  # of one key at a time: (key id, categories)


def show_key_actions(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    """Buttons for the key; what needs an answer opens beside its button."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(key.name)}** · {escape_markdown(key.scope)}")
        if key.pinned_by:
            st.caption(
                f"Pinned by {escape_markdown(key.pinned_by)} to "
                f"{escape_markdown(key.client_name)} ({key.client_id})."
            )
        with st.container(horizontal=True):
            st.button("Test", on_click=_test, args=(key,), key="keys_test")
            _offer_name(key)
            _offer_scope(key, departments)
            _offer_password(key)
            _offer_category(key)
            _offer_booking(key)
            _offer_credit_notes(key)
            _offer_state(key)
            _offer_deletion(key)


def _offer_name(key: KeyView) -> None:
    with st.popover("Rename"):
        st.text_input("Key name", key.name, max_chars=80, key=f"keys_name_{key.id}")
        st.button("Save name", on_click=_rename, args=(key,))


def _offer_scope(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    labels = {department.id: department.label for department in departments}
    with st.popover("Departments"):
        everywhere = st.toggle(
            "All Departments (global access)", key.all_departments, key=f"keys_all_{key.id}"
        )
        st.multiselect(
            "Specific Departments",
            list(labels),
            [each for each in key.department_ids if each in labels],
            format_func=labels.__getitem__,
            disabled=everywhere,
            key=f"keys_departments_{key.id}",
        )
        st.button("Save departments", on_click=_rescope, args=(key,))


def _offer_password(key: KeyView) -> None:
    with st.popover("Replace password"):
        st.caption("The new password is tested first; if it is refused, the old one stays.")
        st.text_input(
            "New password",
            type="password",
            key=f"keys_password_{key.id}",
            autocomplete="new-password",
        )
        st.button("Test and save", on_click=_replace_password, args=(key,))


def _offer_category(key: KeyView) -> None:
    with st.popover("Category"):
        st.caption("New products are created in this category; it decides account and VAT.")
        owner, categories = st.session_state.get(_CATEGORIES, (None, []))
        if owner != key.id:
            st.button("Read from 24SevenOffice", on_click=_read_categories, args=(key,))
            return
        names = {category.id: category.name for category in categories}
        st.selectbox(
            "Category for new products",
            [None, *names],
            [None, *names].index(key.category_id) if key.category_id in names else 0,
            format_func=lambda each: names[each] if each is not None else "none",
            key=f"keys_category_{key.id}",
        )
        st.button("Save category", on_click=_set_category, args=(key,))


def _offer_booking(key: KeyView) -> None:
    with st.popover("Booking"):
        st.selectbox(
            "Orders become",
            list(KeyMode),
            list(KeyMode).index(key.mode),
            format_func=MODES.__getitem__,
            key=f"keys_mode_{key.id}",
        )
        st.text_input(
            "Accepted difference of totals",
            format_amount(key.tolerance),
            key=f"keys_tolerance_{key.id}",
            help="Every difference stands on the receipt; a larger one stops the invoice.",
        )
        st.button("Save booking", on_click=_set_booking, args=(key,))


def _offer_credit_notes(key: KeyView) -> None:
    with st.popover("Credit notes"):
        st.caption(UNPROVEN)
        st.toggle(CREDIT_NOTES, key.credit_notes, key=f"keys_credit_notes_{key.id}")
        st.button("Save credit notes", on_click=_set_credit_notes, args=(key,))


def _offer_state(key: KeyView) -> None:
    if key.state is KeyState.USABLE:
        told = f"{key.name} is disabled: no new run uses it."
        st.button("Disable", on_click=_change, args=(upkeep.disable_key, told, key.id))
    else:
        told = f"{key.name} is usable again."
        st.button("Enable", on_click=_change, args=(upkeep.enable_key, told, key.id))


def _offer_deletion(key: KeyView) -> None:
    if st.button("Delete"):
        name = escape_markdown(key.name)
        text = f"The password of **{name}** is wiped for good. Receipts and history are kept."
        told = f"{key.name} is deleted."
        confirm("Delete key?", text, "Yes, delete", _change, upkeep.delete_key, told, key.id)


def _change(change: Callable[[Installation, Actor, int], None], told: str, key_id: int) -> None:
    with flash.complaining():
        change(installation(), acting(), key_id)
        flash.say(told)


# What was typed is read when the button is pressed: arguments are those of the run before.


def _rename(key: KeyView) -> None:
    with flash.complaining():
        name = st.session_state[f"keys_name_{key.id}"]
        upkeep.rename_key(installation(), acting(), key.id, name)
        flash.say(f"The key is now called {name.strip()}.")


def _rescope(key: KeyView) -> None:
    everywhere = st.session_state[f"keys_all_{key.id}"]
    chosen = st.session_state[f"keys_departments_{key.id}"]
    ids = () if everywhere else tuple(chosen)
    with flash.complaining():
        upkeep.rescope_key(
            installation(), acting(), key.id, all_departments=everywhere, department_ids=ids
        )
        flash.say(f"The departments of {key.name} are changed.")


def _set_category(key: KeyView) -> None:
    with flash.complaining():
        chosen = st.session_state[f"keys_category_{key.id}"]
        rules.set_category(installation(), acting(), key.id, chosen)
        flash.say(f"The category of {key.name} is changed.")


def _test(key: KeyView) -> None:
    with flash.complaining():
        reached = credentials.try_key(installation(), acting(), key.id)
        company = f"{reached.identity.client_name} ({reached.identity.client_id})"
        switched = ", after switching from the standard company" if reached.switched else ""
        flash.say(f"{key.name} reaches {company}{switched}.")


def _replace_password(key: KeyView) -> None:
    name = f"keys_password_{key.id}"
    password = st.session_state[name]
    st.session_state[name] = ""
    with flash.complaining():
        credentials.replace_password(installation(), acting(), key.id, password)
        flash.say(f"The password of {key.name} is replaced.")


def _read_categories(key: KeyView) -> None:
    with flash.complaining():
        categories = credentials.categories_of(installation(), acting(), key.id)
        st.session_state[_CATEGORIES] = (key.id, categories)


def _set_credit_notes(key: KeyView) -> None:
    on = st.session_state[f"keys_credit_notes_{key.id}"]
    with flash.complaining():
        rules.set_credit_notes(installation(), acting(), key.id, on)
        flash.say(f"{key.name} {'sends' if on else 'does not send'} credit notes.")


def _set_booking(key: KeyView) -> None:
    tolerance = st.session_state[f"keys_tolerance_{key.id}"]
    mode = st.session_state[f"keys_mode_{key.id}"]
    with flash.complaining():
        try:
            amount = Decimal(tolerance.strip().replace(",", "."))
        except InvalidOperation:
            raise WrongUse(f"“{tolerance[:20]}” is no amount; write it as 0,05.") from None
        rules.set_tolerance(installation(), acting(), key.id, amount)
        rules.set_mode(installation(), acting(), key.id, mode)
        flash.say(f"The booking of {key.name} is changed.")
