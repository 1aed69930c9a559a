"""What one wants to be told of without asking: addresses, kinds, a message on trial."""

from __future__ import annotations

import streamlit as st

from so24.alerts.choices import (
    ChoiceView,
    choose_mail,
    choose_webhook,
    drop_choice,
    list_choices,
    try_choice,
)
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.store.tables.alert_tables import AlertKind, Channel
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

KIND_WORDS = {
    AlertKind.RUN: say("A run ended with problems"),
    AlertKind.KEY: say("A key stopped working"),
    AlertKind.WAITING: say("Documents wait for long"),
    AlertKind.LEDGER: say("24SevenOffice and so24 do not agree"),
    AlertKind.SCHEDULE: say("A schedule needs somebody"),
}
CHANNEL_WORDS = {
    Channel.EMAIL: say("E-mail"),
    Channel.WEBHOOK: say("Webhook (Teams, Slack)"),
}
_PLACE = "alerts"
_ADDRESS, _CHANNEL, _KINDS = "alert_address", "alert_channel", "alert_kinds"
_WIDTH = 480


def show_own_alerts(desk: Desk) -> None:
    """Draw what is chosen, and the form for more."""
    st.caption(
        tell(
            "so24 tells you once when something goes wrong, and once when it is well again, "
            "whether you have it open or not."
        )
    )
    for each in list_choices(desk):
        _show_choice(each)
    flash.show_complaints(_PLACE)
    with st.form("alert_form", width=_WIDTH):
        st.segmented_control(
            tell("By"),
            list(Channel),
            format_func=lambda each: tell(CHANNEL_WORDS[each]),
            default=Channel.EMAIL,
            key=_CHANNEL,
        )
        st.text_input(tell("Address"), key=_ADDRESS)
        st.multiselect(
            tell("What you are told of"),
            list(AlertKind),
            default=list(AlertKind),
            format_func=lambda each: tell(KIND_WORDS[each]),
            key=_KINDS,
        )
        st.form_submit_button(tell("Tell me"), icon=":material/notifications:", on_click=_add)


def _show_choice(each: ChoiceView) -> None:
    with st.container(border=True, width=_WIDTH, key=f"alert_{each.id}"):
        kinds = ", ".join(tell(KIND_WORDS[kind]) for kind in each.kinds)
        st.markdown(f"**{escape_markdown(each.shown)}** · {tell(CHANNEL_WORDS[each.channel])}")
        st.caption(kinds)
        if each.failure:
            st.warning(
                tell(
                    "The newest message was not sent. {why}",
                    why=escape_markdown(tell(each.failure)),
                )
            )
        with st.container(horizontal=True):
            st.button(
                tell("Send one on trial"), key=f"alert_try_{each.id}", on_click=_try,
                args=(each.id,), icon=":material/send:",
            )  # fmt: skip
            st.button(
                tell("Tell nothing there"), key=f"alert_drop_{each.id}", on_click=_drop,
                args=(each.id,), type="tertiary", icon=":material/notifications_off:",
            )  # fmt: skip


def _add() -> None:
    state = st.session_state
    with flash.complaining(_PLACE):
        choose = choose_mail if state[_CHANNEL] is not Channel.WEBHOOK else choose_webhook
        choose(acting_desk(), state[_ADDRESS], state[_KINDS])
        state[_ADDRESS] = ""
        flash.say(say("You are told there from now on."))


def _try(choice_id: int) -> None:
    with flash.complaining(_PLACE):
        failure = try_choice(acting_desk(), choice_id)
        if failure:
            flash.complain(failure, _PLACE)
        else:
            flash.say(say("A message on trial was sent."))


def _drop(choice_id: int) -> None:
    with flash.complaining(_PLACE):
        drop_choice(acting_desk(), choice_id)
        flash.say(say("Nothing is told there any more."))
