"""Files as they came: those of an import, and those that a document came by, to be downloaded."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from so24.dates import format_moment
from so24.errors import So24Error
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.sources.originals.document_files import (
    DocumentFile,
    has_own_file,
    read_attachments,
    read_own_file,
)
from so24.sources.originals.finding import (
    list_bringings,
    list_import_files,
    read_original,
    show_name,
)
from so24.sources.originals.retention import describe_files, describe_size, list_last_days
from so24.store.documents.originals import Bringing, KeptFile
from so24.store.documents.overview import InvoiceRow
from so24.ui.frame.flash import escape_markdown
from so24.ui.parts.downloads import show_file

_ATTACHED = "originals_attached"
_BESIDE = 3  # files that have a button each; of more one is chosen
_SHOWN = 5  # imports of a document


def show_import_files(desk: Desk, import_id: int) -> None:
    """The files that the import read; for those who may, with a download."""
    files = list_import_files(desk, [import_id]).get(import_id, ())
    if not files:
        st.caption("No original is kept: it was imported before so24 kept them, or was too large.")
        return
    until = list_last_days(desk, files)
    st.markdown(f"**{'Original' if len(files) == 1 else 'Originals'}**")
    if len(files) > _BESIDE:
        file = st.selectbox(
            "File", files, format_func=lambda each: show_name(each.name),
            key=f"originals_of_{import_id}", label_visibility="collapsed",
        )  # fmt: skip
        files = (file,)
    for file in files:
        _show_file(desk, file, describe_files([file], until))


def _show_file(desk: Desk, file: KeptFile, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        name = show_name(file.name)
        st.markdown(
            f"{escape_markdown(name)} :small[{words} · SHA-256 {file.sha256[:16]}…]",
            help=f"SHA-256 {file.sha256}",
        )
        if desk.actor.may(Permission.GET_ORIGINALS) and file.purged_at is None:
            _offer(f"original_{file.id}", name, _reader(file))


def _reader(file: KeptFile) -> Callable[[Desk], bytes]:
    return lambda asked: b"".join(read_original(asked, file.id))


def _offer(key: str, name: str, read: Callable[[Desk], bytes], label: str = "Download") -> None:
    show_file(
        read,
        Permission.GET_ORIGINALS,
        file_name=name,
        mime="application/octet-stream",  # no browser shall draw what a stranger has sent
        label=label,
        key=key,
    )


def show_document_files(desk: Desk, row: InvoiceRow) -> None:
    """The imports that brought the document or changed it, with their files."""
    found = list_bringings(desk, row.id)
    st.markdown("**Where it came from**")
    if not found:
        st.caption("No original is kept: it was imported before so24 kept them.")
        return
    for each in found[:_SHOWN]:
        _show_bringing(desk, row, each)
    if len(found) > _SHOWN:
        st.caption(f"And {len(found) - _SHOWN} earlier imports; the page Imports has their files.")
    if any(map(has_own_file, found)) and desk.actor.may(Permission.GET_ORIGINALS):
        _show_attached(desk, row)


def _show_bringing(desk: Desk, row: InvoiceRow, bringing: Bringing) -> None:
    st.caption(
        escape_markdown(
            f"Import {bringing.import_id}, {format_moment(bringing.at)}, {bringing.actor}: "
            f"{show_name(bringing.place)}"
        )
    )
    if has_own_file(bringing):
        if desk.actor.may(Permission.GET_ORIGINALS):
            _offer(
                f"original_xml_{row.id}_{bringing.import_id}",
                bringing.place,
                lambda asked: read_own_file(asked, row.id, row.number, bringing.import_id).content,
                f"Its XML, {show_name(bringing.place)}",
            )
        return
    for file in bringing.files[:_BESIDE]:
        _show_file(desk, file, "purged" if file.purged_at else describe_size(file.size))


def _show_attached(desk: Desk, row: InvoiceRow) -> None:
    """What is attached is looked for when somebody asks: its file is read as a whole for it."""
    key = f"{_ATTACHED}_{row.id}"
    if not st.session_state.get(key):
        st.button(
            "What is attached to it?", key=f"{key}_ask", icon=":material/attach_file:",
            on_click=_ask_for_attached, args=(key,),
        )  # fmt: skip
        return
    try:
        attached = read_attachments(desk, row.id, row.number)
    except So24Error as error:
        st.error(escape_markdown(str(error)))
        return
    if not attached:
        st.caption("Nothing is attached to it.")
    with st.container(horizontal=True):
        for place, each in enumerate(attached):
            if each.problem:
                st.warning(escape_markdown(each.problem))
                continue
            _offer_attached(f"{key}_{place}", row, each, place)


def _ask_for_attached(key: str) -> None:
    st.session_state[key] = True  # by a callback, for a run of the whole page closes the drawer


def _offer_attached(key: str, row: InvoiceRow, attached: DocumentFile, place: int) -> None:
    _offer(
        key,
        attached.name,
        lambda asked: read_attachments(asked, row.id, row.number)[place].content,
        f"{show_name(attached.name)}, {describe_size(len(attached.content))}",
    )
