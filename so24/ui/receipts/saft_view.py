"""A SAF-T export put beside the documents of so24: the form, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from so24.amounts import format_amount, format_count
from so24.dates import format_date
from so24.errors import So24Error
from so24.language.said import say, say_as
from so24.language.telling import tell
from so24.ledger.agreement import tell_agreement, tell_ours
from so24.ledger.saft.files import GivenFile
from so24.ledger.saft.lines import (
    NOTHING_COMPARED,
    SaftLine,
    SaftVerdict,
    apart_first,
    sum_saft_lines,
)
from so24.ledger.saft.witness import SaftComparison, reconcile_saft, saft_companies
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.store.tables.ledger_tables import Witness
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.proof import ask_for_proof
from so24.ui.frame.refused_uploads import refused_uploads
from so24.ui.frame.session import current_user, forget_uploads, installation
from so24.ui.parts.downloads import show_download
from so24.ui.parts.headings import CUSTOMER_CARD, INVOICE_NO, OUR_NUMBER, OUR_TOTAL, headings_of
from so24.ui.parts.opening import number_column
from so24.ui.parts.tables import (
    Period,
    amount_column,
    chips_column,
    date_column,
    pick_period,
    with_amounts,
)
from so24.ui.receipts.ledger_parts import show_change

_RESULT, _ROUND, _REFUSED = "saft_result", "saft_round", "saft_refused"
_CORRECTS = "saft_correct_"  # and the round
_TOTAL_THERE, _VAT_THERE, _OUR_VAT = say("SAF-T total"), say("SAF-T VAT"), say("Our VAT")
_CUSTOMER_THERE, _VOUCHERS = say("Customer there"), say("Vouchers")
_NOT_SHOWN = say("Not shown")
_AMOUNTS = (_TOTAL_THERE, OUR_TOTAL, "Difference", _VAT_THERE, _OUR_VAT)
COLOURS = {
    SaftVerdict.AGREES: "green",
    SaftVerdict.OTHER_DATE: "orange",
    SaftVerdict.UNSHOWN: "orange",
    SaftVerdict.WAITS: "gray",
    **dict.fromkeys(
        (
            SaftVerdict.MISSING, SaftVerdict.TWICE, SaftVerdict.REVERSED, SaftVerdict.OTHER_TOTAL,
            SaftVerdict.OTHER_VAT, SaftVerdict.OTHER_CUSTOMER, SaftVerdict.OTHER_NUMBER,
            SaftVerdict.UNKNOWN,
        ),
        "red",
    ),
}  # fmt: skip


def show_saft(desk: Desk) -> None:
    """Draw the form, for whoever may bring files in, and what the last export has said."""
    companies = saft_companies(desk)
    st.caption(
        tell(
            "24SevenOffice writes its books to a SAF-T Financial file (release 1.30). so24 reads "
            "it as a second witness, without asking 24SevenOffice anything: whether each document "
            "is booked there exactly once, on its customer, with its total and VAT."
        )
    )
    if not companies:
        st.info(
            tell("There is no key yet. A System Administrator adds one under Credentials."),
            icon=":material/key_off:",
        )
        return
    if desk.actor.may(Permission.IMPORT):
        _ask_for_proof()
        _show_form(desk, companies)
    else:
        st.info(tell("Finance brings the files in."), icon=":material/upload_file:")
    found: SaftComparison | None = st.session_state.get(_RESULT)
    if found is not None:
        _show_result(desk, found)


def _ask_for_proof() -> None:
    """Ask who sits here where a known number is about to be corrected."""
    user = current_user()
    if user is not None and st.session_state.get(f"{_CORRECTS}{st.session_state.get(_ROUND, 0)}"):
        ask_for_proof(user, Permission.MANAGE_KEYS)


def _show_form(desk: Desk, companies: Mapping[int, str]) -> None:
    turn = st.session_state.setdefault(_ROUND, 0)
    with st.form(f"saft_form_{turn}", border=True):
        files = st.file_uploader(
            tell("All files of one SAF-T export (xml, zip)"),
            type=["xml", "zip"],
            accept_multiple_files=True,
            key=f"saft_files_{turn}",
            max_upload_size=installation().settings.upload_megabytes,
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key_id = st.selectbox(
                tell("Company"), list(companies), format_func=companies.__getitem__,
                key="saft_key", width=300,
            )  # fmt: skip
            period = pick_period(tell("Period (the export's own without one)"), "saft_period")
            number = st.text_input(
                tell("Organization number"),
                key="saft_number",
                max_chars=20,
                width=200,
                help=tell(
                    "Only where so24 does not know yet that the export is this company's. It is "
                    "kept with the result, and expected of the next export."
                ),
            )
            corrects = desk.actor.may(Permission.MANAGE_KEYS) and st.checkbox(
                tell("Correct the known number"),
                key=f"{_CORRECTS}{turn}",
                help=tell(
                    "Puts the organization number that you type in the place of the one that so24 "
                    "knows of this company, and takes it from the company that has it. The audit "
                    "trail keeps both."
                ),
            )
            pressed = st.form_submit_button(
                tell("Compare"), type="primary", icon=":material/upload_file:"
            )
    if refused := st.session_state.get(_REFUSED):
        st.error(escape_markdown(tell(refused)), icon=":material/error:")
    if pressed:
        given = [GivenFile(each.name, each.getvalue()) for each in files or []]
        _compare(desk, given, key_id, period, number, corrects=corrects)


def _compare(
    desk: Desk,
    files: Sequence[GivenFile],
    key_id: int,
    period: Period,
    number: str,
    *,
    corrects: bool,
) -> None:
    st.session_state.pop(_RESULT, None)
    st.session_state.pop(_REFUSED, None)
    asked = (period.first, period.last) if period.first and period.last else None
    if refusal := refused_uploads.take():
        st.session_state[_REFUSED] = refusal
    else:
        try:
            with st.spinner(tell("Reading the export …")):
                st.session_state[_RESULT] = reconcile_saft(
                    desk,
                    files,
                    key_id=key_id,
                    asked=asked,
                    stated_number=number.strip(),
                    corrects_number=corrects,
                )
        except So24Error as error:
            st.session_state[_REFUSED] = error.words
            st.rerun()  # the files stay: the company, the days or the number may be mended
    st.session_state[_ROUND] += 1
    forget_uploads()
    st.rerun()


def _show_result(desk: Desk, found: SaftComparison) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        days = f"{format_date(found.first)}–{format_date(found.last)}"
        heading = tell("{company}, {days}", company=escape_markdown(found.company), days=days)
        st.subheader(heading, anchor=False)
        st.caption(tell("vouchers in the export: {count}", count=format_count(found.vouchers)))
        st.space("stretch")
        show_download(
            lambda _asking: map(saft_cells, apart_first(found.lines)),
            Permission.SEE_LEDGER,
            name=say_as("file name", "reconciliation-saft"),
            disabled=not found.lines,
        )
    show_change(desk, found.company, Witness.SAFT)
    for remark in found.remarks:
        st.caption(escape_markdown(tell(remark)))
    for each in sum_saft_lines(found.lines):
        amounts = {
            tell(_TOTAL_THERE): each.office,
            tell("In so24"): each.ours,
            tell("Difference"): each.difference,
        }
        with st.container(horizontal=True):
            for label, amount in amounts.items():
                st.metric(f"{label}, {each.currency}", format_amount(amount), border=True)
            agrees = tell(tell_agreement(each.lines, each.agreeing))
            st.metric(tell("Documents"), agrees, border=True)
        st.caption(tell(tell_ours(found.lines, each.currency)))
    if found.lines:
        _show_lines(_pick_lines(apart_first(found.lines)))
    else:
        st.warning(tell(NOTHING_COMPARED), icon=":material/warning:")


def saft_cells(line: SaftLine) -> dict[str, object]:
    """A line as the grid and the downloaded file have it, its words told."""
    return {
        OUR_NUMBER: line.number,
        "Verdict": tell(line.verdict.value),
        _TOTAL_THERE: line.their_total,
        OUR_TOTAL: line.our_total,
        "Difference": line.difference,
        _VAT_THERE: line.their_vat,
        _OUR_VAT: line.our_vat,
        "Customer": line.customer,
        INVOICE_NO: line.invoice_number,
        "Date": line.date,
        "Currency": line.currency,
        "Remark": tell(line.told),
        _NOT_SHOWN: tell(line.unshown),
        _VOUCHERS: line.vouchers,
        _CUSTOMER_THERE: line.customer_there,
        CUSTOMER_CARD: tell(line.customer_card),
        "Reference": line.reference,
        "Department": line.department,
        "Company": line.company,
    }


def _pick_lines(lines: Sequence[SaftLine]) -> Sequence[SaftLine]:
    counts = Counter(line.verdict for line in lines)
    chosen = st.pills(
        tell("Verdict"),
        [verdict for verdict in SaftVerdict if counts[verdict]],
        selection_mode="multi",
        format_func=lambda verdict: f"{tell(verdict.value)} ({format_count(counts[verdict])})",
        key="saft_verdicts",
        label_visibility="collapsed",
    )
    return [line for line in lines if not chosen or line.verdict in chosen]


def _frame(lines: Sequence[SaftLine]) -> pd.DataFrame:
    cells: dict[str, Any] = {}
    for line in lines:
        for name, value in saft_cells(line).items():
            cells.setdefault(name, []).append(value)
    cells["Verdict"] = [[each] for each in cells["Verdict"]]
    cells[INVOICE_NO] = pd.array(cells[INVOICE_NO], dtype="Int64")
    empty = [name for name in ("Remark", _NOT_SHOWN) if not any(cells[name])]
    return pd.DataFrame({name: cells[name] for name in cells if name not in empty})


def _show_lines(lines: Sequence[SaftLine]) -> None:
    frame = _frame(lines)
    st.dataframe(
        with_amounts(frame, _AMOUNTS, (INVOICE_NO,)),
        key="saft_lines",
        hide_index=True,
        placeholder="",
        height=min(37 * (len(lines) + 1) + 3, 560),
        column_config={
            **headings_of(frame.columns),
            "Verdict": chips_column(
                tell("Verdict"),
                140,
                {verdict.value: colour for verdict, colour in COLOURS.items()},
            ),
            "Date": date_column(tell("Date"), width=84),
            OUR_NUMBER: number_column(
                [line.document_id for line in lines],
                key="saft_open",
                label=tell(OUR_NUMBER),
                width=78,
            ),
            **{name: amount_column(tell(name), width=92) for name in _AMOUNTS},
            INVOICE_NO: amount_column(tell(INVOICE_NO), width=80),
        },
        alt=tell("Documents of so24 beside the SAF-T export"),
    )
