"""Figures: what has become of each week's documents, right when, and why not."""

from __future__ import annotations

import streamlit as st

from so24.invoices.overview import department_names
from so24.language.telling import tell, tell_count
from so24.people.roles import Permission
from so24.store.transfers.courses import CourseFilter
from so24.transfer.figures import read_figures
from so24.ui.figures.charts import most_used, show_causes, show_quality, show_weeks
from so24.ui.frame.session import require_page
from so24.ui.parts.tables import pick_period

desk = require_page(Permission.SEE_RECEIPTS)
st.title(tell("Figures"))
departments = department_names(desk)
with st.container(horizontal=True, vertical_alignment="bottom"):
    period = pick_period(tell("Imported"), "figures_period")
    chosen = st.multiselect(
        tell("Department"), list(departments), format_func=departments.__getitem__,
        placeholder=tell("All departments"), key="figures_departments", persist_state="session",
    )  # fmt: skip
figures = read_figures(desk, CourseFilter(frozenset(chosen), period.begins, period.ends))
if not figures.documents:
    st.info(tell("No document has come in by these filters yet."), icon=":material/bar_chart:")
    st.stop()
st.markdown(
    tell_count(
        "**{number} document**, counted once, by the week in which it first came in",
        "**{number} documents**, each counted once, by the week in which it first came in",
        figures.documents,
    )
)
currencies = sorted({each.currency for each in figures.sums})
currency = most_used(figures.sums)
if len(currencies) > 1:
    currency = st.segmented_control(
        tell("Currency of amounts"),
        currencies,
        default=currency,
        required=True,
        key="figures_currency",
    )
show_weeks(figures.sums, currency)
show_quality(figures.quality)
show_causes(figures.causes, tried=sum(each.tried for each in figures.quality))
