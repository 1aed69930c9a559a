"""One question before something costly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def confirm(title: str, text: str, label: str, on_yes: Callable[..., None], *args: Any) -> None:
    """Open a dialog with ``text`` (Markdown) and a button ``label`` that calls ``on_yes(*args)``.

    Call it where the button that asks was pressed. ``on_yes`` runs as a callback, before the
    page is drawn again: let it tell its outcome through :mod:`so24.ui.frame.flash`.
    """

    @st.dialog(title)
    def ask() -> None:
        st.markdown(text)
        with st.container(horizontal=True, horizontal_alignment="right"):
            away = st.button("Cancel", key="so24_confirm_no")
            # a callback, because AppTest reruns the whole page and would lose the press itself
            done = st.button(
                label, key="so24_confirm_yes", type="primary", on_click=on_yes, args=args
            )
        if away or done:
            st.rerun()

    ask()
