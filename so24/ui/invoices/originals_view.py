"""Files as they came: those of an import, and those that a document came by, to be downloaded."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from so24.dates import format_moment
from so24.errors import So24Error
from so24.language.telling import tell
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
_HASH = "SHA-256"  # in English: a name
_BESIDE = 3  # files that have a button each; of more one is chosen
_SHOWN = 5  # imports of a document


def show_import_files(desk: Desk, import_id: int) -> None:
    """The files that the import read; for those who may, with a download."""
    files = list_import_files(desk, [import_id]).get(import_id, ())
    if not files:
        st.caption(
            tell("No original is kept: it was imported before so24 kept them, or was too large.")
        )
        return
    until = list_last_days(desk, files)
    st.markdown(tell("**Original**") if len(files) == 1 else tell("**Originals**"))
    if len(files) > _BESIDE:
        file = st.selectbox(
            tell("File"), files, format_func=lambda each: show_name(each.name),
            key=f"originals_of_{import_id}", label_visibility="collapsed",
        )  # fmt: skip
        files = (file,)
    for file in files:
        _show_file(desk, file, tell(describe_files([file], until)))


def _show_file(desk: Desk, file: KeptFile, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        name = show_name(file.name)
        st.markdown(
            f"{escape_markdown(name)} :small[{words} · {_HASH} {file.sha256[:16]}…]",
            help=f"{_HASH} {file.sha256}",
        )
        if desk.actor.may(Permission.GET_ORIGINALS) and file.purged_at is None:
            _offer(f"original_{file.id}", name, _reader(file))


def _reader(file: KeptFile) -> Callable[[Desk], bytes]:
    return lambda asked: b"".join(read_original(asked, file.id))


def _offer(key: str, name: str, read: Callable[[Desk], bytes], label: str = "") -> None:
    show_file(
        read,
        Permission.GET_ORIGINALS,
        file_name=name,
        mime="application/octet-stream",  # no browser shall draw what a stranger has sent
        label=label or tell("Download"),
        key=key,
    )


def show_document_files(desk: Desk, row: InvoiceRow) -> None:
    """The imports that brought the document or changed it, with their files."""
    found = list_bringings(desk, row.id)
    st.markdown(tell("**Where it came from**"))
    if not found:
        st.caption(tell("No original is kept: it was imported before so24 kept them."))
        return
    for each in found[:_SHOWN]:
        _show_bringing(desk, row, each)
    if len(found) > _SHOWN:
        st.caption(
            tell(
                "And {count} earlier imports; the page Imports has their files.",
                count=len(found) - _SHOWN,
            )
        )
    if any(map(has_own_file, found)) and desk.actor.may(Permission.GET_ORIGINALS):
        _show_attached(desk, row)


def _show_bringing(desk: Desk, row: InvoiceRow, bringing: Bringing) -> None:
    st.caption(
        escape_markdown(
            tell(
                "Import {import_id}, {date}, {user}: {place}",
                import_id=bringing.import_id,
                date=format_moment(bringing.at),
                user=bringing.actor,
                place=show_name(bringing.place),
            )
        )
    )
    if has_own_file(bringing):
        if desk.actor.may(Permission.GET_ORIGINALS):
            _offer(
                f"original_xml_{row.id}_{bringing.import_id}",
                bringing.place,
                lambda asked: read_own_file(asked, row.id, row.number, bringing.import_id).content,
                tell("Its XML, {place}", place=show_name(bringing.place)),
            )
        return
    for file in bringing.files[:_BESIDE]:
        words = tell("purged") if file.purged_at else tell(describe_size(file.size))
        _show_file(desk, file, words)


def _show_attached(desk: Desk, row: InvoiceRow) -> None:
    """What is attached is looked for when somebody asks: its file is read as a whole for it."""
    key = f"{_ATTACHED}_{row.id}"
    if not st.session_state.get(key):
        st.button(
            tell("What is attached to it?"), key=f"{key}_ask", icon=":material/attach_file:",
            on_click=_ask_for_attached, args=(key,),
        )  # fmt: skip
        return
    try:
        attached = read_attachments(desk, row.id, row.number)
    except So24Error as error:
        st.error(escape_markdown(tell(error.words)))
        return
    if not attached:
        st.caption(tell("Nothing is attached to it."))
    with st.container(horizontal=True):
        for place, each in enumerate(attached):
            if each.problem:
                st.warning(escape_markdown(tell(each.problem)))
                continue
            _offer_attached(f"{key}_{place}", row, each, place)


def _ask_for_attached(key: str) -> None:
    st.session_state[key] = True  # by a callback, for a run of the whole page closes the drawer


def _offer_attached(key: str, row: InvoiceRow, attached: DocumentFile, place: int) -> None:
    _offer(
        key,
        attached.name,
        lambda asked: read_attachments(asked, row.id, row.number)[place].content,
        f"{show_name(attached.name)}, {tell(describe_size(len(attached.content)))}",
    )
