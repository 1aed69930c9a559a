"""What the checks find, as the invoice overview shows it: chips, details, missing numbers.

What was found is kept for as long as nothing was imported or decided, so that a tick costs nothing;
a run checks anew in any case.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from so24.dates import today
from so24.invoices.number_series import SeriesReport
from so24.language.said import join_said, say, say_count
from so24.language.telling import tell, tell_count
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.documents.overview import InvoiceRow
from so24.store.tables.document_tables import DocumentKind
from so24.transfer.checks.finding import Finding, Severity
from so24.transfer.review import newest_change, read_findings, read_series
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import installation
from so24.ui.invoices.chip_words import CHIP_WORDS

_KEPT_SECONDS = 60
_SERIES_NAMED = 20
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "orange"}
_MARKS = {Severity.ERROR: "✖", Severity.WARNING: "⚠"}
_WORDS = {Severity.ERROR: say("error"), Severity.WARNING: say("warning")}
# what the overview and the detail tell of a document anyway, and what its kind tells in the grid
_TOLD = frozenset({Reason.EXCLUDED, Reason.HELD, Reason.CHANGED_AFTER_EXPORT, Reason.DATE_ASSUMED})
_NO_CHIP = _TOLD | {Reason.CREDIT_NOTE}


def chip_colours() -> dict[str, str]:
    """Every chip that :func:`read_chips` can give, with its colour."""
    findings = [Finding(reason) for reason in Reason if reason.card.title]
    return {_chip(each): _COLOURS[each.severity] for each in findings}


def read_chips(desk: Desk, rows: Sequence[InvoiceRow]) -> dict[int, list[str]]:
    """What was found in those of these documents that may still be sent, said in some words."""
    ids = [row.id for row in rows if _may_go(row)]
    known = _known_chips(newest_change(installation()), today())
    unknown = [each for each in ids if each not in known]
    found = read_findings(desk, unknown) if unknown else {}
    for each in unknown:
        told = (_chip(one) for one in found.get(each, ()) if one.reason not in _NO_CHIP)
        known[each] = list(dict.fromkeys(told))
    return {each: known[each] for each in ids if known[each]}


def chip_of(reason: Reason) -> str:
    """The chip for a reason for which a transfer has failed."""
    return _chip(Finding(reason))


def show_findings(desk: Desk, row: InvoiceRow) -> None:
    """List what was found in one document, each with its field and what to do about it."""
    if not _may_go(row):
        return
    found = read_findings(desk, [row.id]).get(row.id, ())
    for finding in found:
        if finding.reason not in _TOLD:
            st.markdown(_describe(finding))


def show_missing_numbers(desk: Desk) -> None:
    """The gaps and the doubled numbers of the number series, folded; nothing without any."""
    opened = installation()
    told = _keep_series(desk, newest_change(opened))
    if not told:
        return
    label = tell_count(
        "Numbers are missing, leap or stand twice in {number} number series",
        "Numbers are missing, leap or stand twice in {number} number series",
        len(told),
    )
    with st.expander(label, icon=":material/format_list_numbered:"):
        parts = told[:_SERIES_NAMED]
        if (more := len(told) - _SERIES_NAMED) > 0:
            parts = [*parts, say("and {count} more series", count=more)]
        st.markdown("\n".join(f"- {escape_markdown(tell(each))}" for each in parts))


@st.cache_resource(ttl=_KEPT_SECONDS, max_entries=2, show_spinner=False)
def _known_chips(change: int, day: dt.date) -> dict[int, list[str]]:
    """The chips of each document that anybody has looked at since this change, on this day."""
    return {}


@st.cache_data(ttl=_KEPT_SECONDS, max_entries=4, show_spinner=False)
def _keep_series(_desk: Desk, change: int) -> list[str]:
    reports = read_series(_desk)
    return [_describe_series(each) for each in reports if each.gaps or each.leaps or each.doubled]


def _describe_series(report: SeriesReport) -> str:
    parts = []
    if report.gaps:
        parts.append(
            say_count(
                "{number} number is missing: {gaps}",
                "{number} numbers are missing: {gaps}",
                report.missing,
                gaps=report.describe_gaps(3),
            )
        )
    if report.leaps:
        parts.append(say("the numbers leap from {leaps}", leaps=report.describe_leaps(3)))
    if report.doubled:
        doubled = ", ".join("/".join(each) for each in report.doubled[:3])
        parts.append(say("twice but for leading zeros: {numbers}", numbers=doubled))
    values = {"series": report.series, "facts": join_said(parts, "; ")}
    if report.kind is DocumentKind.CREDIT_NOTE:
        return say("Series {series}, credit notes: {facts}", **values)
    return say("Series {series}, invoices: {facts}", **values)


def _describe(finding: Finding) -> str:
    card = finding.card
    severity = finding.severity
    badge = f":{_COLOURS[severity]}-badge[{_MARKS[severity]} {tell(_WORDS[severity])}]"
    field = tell(finding.field)
    field = field[:1].upper() + field[1:]
    told = f"**{escape_markdown(field)}:** {escape_markdown(tell(finding.sentence))}"
    return f"{badge} {told} {tell(card.remedy)} ({tell(card.who)})"


def _chip(finding: Finding) -> str:
    words = CHIP_WORDS.get(finding.reason, finding.reason.card.title)
    return join_said([_MARKS[finding.severity], words])


def _may_go(row: InvoiceRow) -> bool:
    return not row.excluded and not (row.state and row.state.is_live)
