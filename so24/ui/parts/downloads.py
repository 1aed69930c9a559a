"""The button that downloads rows as a file, made when it is pressed and for whoever acts then.

A press runs neither the page nor its guard, and may come long after both: the login may have ended
meanwhile, or the role may be another. Every file that the dashboard gives away is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import streamlit as st

from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.ui.frame.session import desk_later
from so24.ui.parts.tables import write_csv


def show_download(
    make_rows: Callable[[Desk], Iterable[Mapping[str, object]]],
    permission: Permission,
    *,
    file_name: str,
    label: str = "Download CSV",
    disabled: bool = False,
    key: str | None = None,
    style: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Draw the button.

    ``make_rows`` gets the desk of whoever is signed in at the press, who must have the permission
    then; it must not bring a desk of its own along, which a test forbids.
    """
    ask_again = desk_later()

    def make_file() -> bytes:
        desk = ask_again()
        desk.require(permission)
        return write_csv(make_rows(desk))

    st.download_button(
        label,
        data=make_file,
        file_name=file_name,
        mime="text/csv",
        icon=":material/download:",
        key=key,
        on_click="ignore",
        type=style,
        disabled=disabled,
    )
