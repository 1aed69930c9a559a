"""The tab of schedules on the Credentials page: what is done by itself, and the form for one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from so24.keys.upkeep import KeyView
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.transfer.schedules.rules import CURRENCY, Bounds
from so24.transfer.schedules.sentences import (
    tell_last_time,
    tell_next_time,
    tell_setting,
    tell_trouble,
    title_of_schedule,
)
from so24.transfer.schedules.settings import (
    MOST_AMOUNT,
    MOST_DOCUMENTS,
    set_export,
    set_fetch,
    stop_export,
    stop_fetch,
)
from so24.transfer.schedules.standing import ScheduleView
from so24.transfer.schedules.times import DAY_WORDS, WeekTimes, make_times
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

_PLACE = "_schedules"
_FETCH = 0  # in the place of a key's id
_USUAL = WeekTimes(frozenset({1, 2, 3, 4, 5}), 6 * 60 + 30)
_USUAL_BOUNDS = Bounds(100, Decimal(500_000))
_WHAT, _DAYS, _CLOCK = "schedules_what", "schedules_days", "schedules_clock"
_DOCUMENTS, _AMOUNT = "schedules_documents", "schedules_amount"
_WIDTH = 560


def show_schedules(schedules: Sequence[ScheduleView], keys: Sequence[KeyView]) -> None:
    """What is set, with how it stands, and below it the form."""
    st.caption(
        tell(
            "At its time so24 sends by itself only what is sent for the first time, and of which "
            "no check, no look into 24SevenOffice and no question says anything. The rest is left "
            "for people, and told on *Today*. What comes into the drop folder is taken in at once, "
            "with or without a schedule."
        )
    )
    if not schedules:
        st.info(tell("Nothing is done by itself."))
    for view in schedules:
        _show_one(view)
    flash.show_complaints(_PLACE)
    _show_form(schedules, keys)


def _show_one(view: ScheduleView) -> None:
    with st.container(border=True, key=f"schedule_{view.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(tell(title_of_schedule(view)))}**")
            if not view.active:
                st.badge(tell("Off"), icon=":material/power_settings_new:", color="gray")
            elif tell_trouble(view):
                st.badge(tell("Needs somebody"), icon=":material/error:", color="red")
            else:
                st.badge(tell("On"), icon=":material/check:", color="green")
        told = [tell_setting(view), tell_last_time(view)]
        if view.active:
            told.append(tell_next_time(view))
        st.caption(escape_markdown(tell(join_said(told))))
        if view.active:
            st.button(tell("Turn off"), key=f"schedule_off_{view.id}", on_click=_stop, args=(view,))


def _show_form(schedules: Sequence[ScheduleView], keys: Sequence[KeyView]) -> None:
    """The form for one schedule; what is set already stands in it."""
    names = {_FETCH: tell("Fetch from RecMan")} | {
        key.id: tell("Export by key “{key}”", key=key.name) for key in keys
    }
    st.subheader(tell("Set a schedule"), anchor=False)
    what = st.selectbox(
        tell("What"), list(names), format_func=lambda each: names[each], key=_WHAT, width=_WIDTH
    )
    before = next((each for each in schedules if (each.key_id or _FETCH) == what), None)
    times = before.times if before else _USUAL
    at = f"{what}_{before.set_at if before else ''}"  # other widgets as soon as it is set anew
    st.pills(
        tell("Weekdays"), list(DAY_WORDS), selection_mode="multi", default=sorted(times.days),
        format_func=lambda each: tell(DAY_WORDS[each]), key=f"{_DAYS}_{at}",
    )  # fmt: skip
    st.time_input(
        tell("Time in Oslo"), times.clock, step=dt.timedelta(minutes=5), key=f"{_CLOCK}_{at}",
        width=160,
    )  # fmt: skip
    if what != _FETCH:
        _show_bounds(before, at)
    st.button(tell("Save schedule"), on_click=_save, args=(what, at))


def _show_bounds(before: ScheduleView | None, at: str) -> None:
    most = before or _USUAL_BOUNDS
    documents = most.most_documents if isinstance(most, ScheduleView) else most.documents
    amount = most.most_amount if isinstance(most, ScheduleView) else most.amount
    with st.container(horizontal=True):
        st.number_input(
            tell("Documents at one time, at most"), 1, MOST_DOCUMENTS, documents,
            key=f"{_DOCUMENTS}_{at}", width=260,
        )  # fmt: skip
        st.number_input(
            tell("Amount at one time in {currency}, at most", currency=CURRENCY), 1,
            int(MOST_AMOUNT), int(amount), key=f"{_AMOUNT}_{at}", width=280,
        )  # fmt: skip
    st.caption(tell("Where more would go, nothing is sent, and somebody is asked."))


def _save(what: int, at: str) -> None:
    state = st.session_state
    with flash.complaining(_PLACE):
        times = make_times(state[f"{_DAYS}_{at}"], state[f"{_CLOCK}_{at}"])
        if what == _FETCH:
            set_fetch(acting_desk(), times)
        else:
            bounds = Bounds(state[f"{_DOCUMENTS}_{at}"], Decimal(state[f"{_AMOUNT}_{at}"]))
            set_export(acting_desk(), what, times, bounds)
        flash.say(say("The schedule is saved."))


def _stop(view: ScheduleView) -> None:
    with flash.complaining(_PLACE):
        if view.key_id is None:
            stop_fetch(acting_desk())
        else:
            stop_export(acting_desk(), view.key_id)
        flash.say(say("The schedule is off."))
