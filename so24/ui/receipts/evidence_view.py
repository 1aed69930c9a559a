"""The button that makes a month's evidence pack, for whoever does not trust so24."""

from __future__ import annotations

import datetime as dt
import io

import streamlit as st
from babel.dates import format_skeleton

from so24.dates import format_moment, today
from so24.evidence.made import list_packs
from so24.evidence.month import Company, Month, list_companies
from so24.evidence.pack import make_pack
from so24.language.reader import language
from so24.language.said import say_as
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.people.roles import Permission
from so24.ui.parts.downloads import show_file

_MONTHS = 36  # that can be chosen; the command line takes any


def offer_evidence(desk: Desk) -> None:
    """Offer a pack of a company and month to those who may make one; nothing to others."""
    if not desk.actor.may(Permission.GET_EVIDENCE):
        return
    companies = list_companies(desk)
    if not companies:
        return
    with st.expander(tell("Evidence pack"), icon=":material/verified_user:"):
        st.caption(
            tell(
                "One ZIP of a company and month: the originals, each document as it was read, each "
                "order as it was sent and as 24SevenOffice shows it, the history, and a program "
                "that says whether anything was changed since. Its seal goes into the audit trail."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            company = st.selectbox(
                tell("Company"), companies, format_func=_name, key="evidence_company", width=360
            )
            month = st.selectbox(
                tell("Month"), _recent_months(), format_func=_tell_month, key="evidence_month",
                width=220,
            )  # fmt: skip
            show_file(
                lambda asking: _make(asking, company, month),
                Permission.GET_EVIDENCE,
                file_name=tell(
                    say_as(
                        "file name",
                        "so24-evidence-{company}-{month}",
                        company=company.client_id,
                        month=month,
                    )
                )
                + ".zip",
                mime="application/zip",
                label=tell("Make the pack"),
                key="evidence_pack",
                style="secondary",
            )


def list_seals(desk: Desk) -> None:
    """Show the packs that were made, with the seals that so24 told; nothing where there is none."""
    packs = list_packs(desk)
    if not packs:
        return
    with st.expander(tell("Evidence packs that were made"), icon=":material/verified_user:"):
        st.caption(
            tell(
                "Each pack has a seal: an auditor compares it with the one that verify.py prints. "
                "A pack made a moment ago stands here once you show the list again."
            )
        )
        st.dataframe(
            [
                {
                    tell("Made"): format_moment(each.at),
                    tell("Made by"): each.actor,
                    tell("Pack of"): each.subject,
                    tell("Seal and what it holds"): tell(each.detail),
                }
                for each in packs
            ],
            key="evidence_seals",
        )
        st.button(tell("Show the list again"), key="evidence_again")


def _make(desk: Desk, company: Company, month: Month) -> bytes:
    written = io.BytesIO()
    make_pack(desk, company, month, written)
    return written.getvalue()


def _recent_months() -> list[Month]:
    """This month and those before it, the newest first."""
    day, months = today(), []
    for _ in range(_MONTHS):
        months.append(Month(day.year, day.month))
        day = day.replace(day=1) - dt.timedelta(days=1)
    return months


def _tell_month(month: Month) -> str:
    return str(format_skeleton("yMMMM", month.first, locale=language()))


def _name(company: Company) -> str:
    return company.label
