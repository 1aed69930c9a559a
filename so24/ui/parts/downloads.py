"""The buttons that give files away, each made when it is pressed and for whoever acts then.

A press runs neither the page nor its guard, and may come long after both: the login may have ended
meanwhile, or the role may be another. Every file that the dashboard gives away is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Literal

import streamlit as st

from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.originals.finding import safe_name
from so24.store.tables.ground import now
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import desk_later
from so24.ui.parts.printing import write_page
from so24.ui.parts.tables import write_csv
from so24.ui.parts.workbooks import write_workbook


def show_download(
    make_rows: Callable[[Desk], Iterable[Mapping[str, object]]],
    permission: Permission,
    *,
    name: str,
    title: str = "",
    label: str = "",
    disabled: bool = False,
    key: str | None = None,
    style: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Draw one button that offers the rows for Excel, as CSV and for printing.

    ``name`` is what the files are called, without an ending, and the sheet: it was said, and is
    told; ``title``, told already, heads the printed page. ``make_rows`` and the permission are as
    in :func:`show_file`. ``label`` is told already, *Download* by default.
    """
    stem = tell(name)
    words = label or tell("Download")
    with st.popover(words, icon=":material/download:", disabled=disabled, type=style):
        show_file(
            lambda asking: write_workbook(make_rows(asking), stem),
            permission,
            file_name=f"{stem}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            label=tell("For Excel"),
            key=f"{key or name}-excel",
        )
        show_file(
            lambda asking: write_csv(make_rows(asking)),
            permission,
            file_name=f"{stem}.csv",
            mime="text/csv",
            label=tell("As CSV"),
            key=key,
        )
        show_file(
            lambda asking: write_page(make_rows(asking), title or stem, now()),
            permission,
            file_name=f"{stem}.html",
            mime="text/html",
            label=tell("For printing"),
            key=f"{key or name}-print",
        )


def show_file(
    make_file: Callable[[Desk], bytes],
    permission: Permission,
    *,
    file_name: str,
    mime: str,
    label: str,
    disabled: bool = False,
    key: str | None = None,
    style: Literal["secondary", "tertiary"] = "tertiary",
) -> None:
    """Draw the button for a file; label and name may be a stranger's, and are made harmless.

    ``make_file`` gets the desk of whoever is signed in at the press, who must have the permission
    then; it must not bring a desk of its own along, which a test forbids.
    """
    ask_again = desk_later()

    def make() -> bytes:
        desk = ask_again()
        desk.require(permission)
        return make_file(desk)

    st.download_button(
        escape_markdown(label),
        data=make,
        file_name=safe_name(file_name),
        mime=mime,
        icon=":material/download:",
        key=key,
        on_click="ignore",
        type=style,
        disabled=disabled,
    )
