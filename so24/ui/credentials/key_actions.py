"""What the Credentials page can do with a chosen key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from so24.installation import Installation
from so24.keys import credentials, upkeep
from so24.keys.change import change_key
from so24.keys.departments import DepartmentView
from so24.keys.key_settings import PASSWORD
from so24.keys.upkeep import KeyView
from so24.people.roles import Actor
from so24.store.tables.key_tables import KeyState
from so24.ui.credentials.key_settings import show_key_settings
from so24.ui.frame import flash
from so24.ui.frame.confirm import confirm
from so24.ui.frame.session import acting, installation
from so24.ui.frame.text import escape_markdown


def show_key_actions(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    """Buttons for the key, and below them its settings."""
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(key.name)}** · {escape_markdown(key.scope)}")
        if key.pinned_by:
            st.caption(
                f"Pinned by {escape_markdown(key.pinned_by)} to "
                f"{escape_markdown(key.client_name)} ({key.client_id})."
            )
        with st.container(horizontal=True):
            st.button("Test", on_click=_test, args=(key,), key="keys_test")
            _offer_password(key)
            _offer_state(key)
            _offer_deletion(key)
        show_key_settings(key, departments)


def _offer_password(key: KeyView) -> None:
    with st.popover("Replace password"):
        st.caption(PASSWORD.help)
        st.text_input(
            "New password",
            type="password",
            key=f"keys_password_{key.id}",
            autocomplete="new-password",
        )
        st.button("Test and save", on_click=_replace_password, args=(key,))


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


def _test(key: KeyView) -> None:
    with flash.complaining():
        reached = credentials.try_key(installation(), acting(), key.id)
        company = f"{reached.identity.client_name} ({reached.identity.client_id})"
        switched = ", after switching from the standard company" if reached.switched else ""
        flash.say(f"{key.name} reaches {company}{switched}.")


def _replace_password(key: KeyView) -> None:
    name = f"keys_password_{key.id}"
    password = st.session_state[name]  # what was typed; arguments are those of the run before
    st.session_state[name] = ""
    with flash.complaining():
        change_key(installation(), acting(), key.id, PASSWORD.to(password))
        flash.say(f"The password of {key.name} is replaced.")
