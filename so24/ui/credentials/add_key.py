"""*Add key* in two steps: fill in and test, see the company, choose the category, save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from so24.demo import sandbox_accounts
from so24.keys import account, credentials
from so24.keys.account import Trial
from so24.keys.credentials import NewKey
from so24.keys.departments import DepartmentView, find_departments, list_departments
from so24.keys.key_settings import CREDIT_NOTES, MODE, check_scope
from so24.keys.product_settings import CATEGORY, WITHOUT_CATEGORY
from so24.language.said import join_said, say, say_as
from so24.language.telling import tell
from so24.ui.credentials.key_settings import MODES
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import FOR_DEPARTMENT, acting_desk, installation

ALL, SPECIFIC = say("All Departments (global access)"), say("Specific Departments")
_DRAFT = "add_key_draft"
_NAME, _ORGANIZATION, _ACCOUNT = "add_key_name", "add_key_organization", "add_key_account"
_PASSWORD = "add_key_password"  # noqa: S105 - a place in the session state
_SCOPE, _DEPARTMENTS = "add_key_scope", "add_key_departments"
_MODE, _CATEGORY = "add_key_mode", "add_key_category"
_CREDIT_NOTES = "add_key_credit_notes"
_PIN, _PIN_SURE = "add_key_pin", "add_key_pin_sure"
_SAVED = "add_key_saved"  # how many keys this session has saved
_TEXTS = (
    (say("Key name"), _NAME, "Oslo"),
    (say("Organization ID"), _ORGANIZATION, "1234567"),
    (say("Account (e-mail)"), _ACCOUNT, "invoices@example.com"),
)
_FIELDS = (_NAME, _ORGANIZATION, _ACCOUNT, _SCOPE, _DEPARTMENTS, _MODE, _CREDIT_NOTES)
_TYPED = "add_key_typed"
_LONGEST_TOLD = 40  # characters of what an address says
_PLACE = "_add_key"  # of the complaints that this form shows itself


@dataclass(frozen=True)
class Draft:
    """A key between test and save: its password only sealed, within the trial."""

    new: NewKey
    trial: Trial
    typed: dict[str, object]


def show_add_key(departments: Sequence[DepartmentView], *, first: bool) -> None:
    """Draw the expander and in it the step at which the user stands.

    It is open for the ``first`` key and wherever a draft or an answer waits; its state is kept
    in the session, because what is drawn above it comes and goes.
    """
    asked = _asked_department(departments)
    _explain_passed_over(departments, asked)
    if asked is not None:
        st.session_state.setdefault(_TYPED, {_SCOPE: SPECIFIC, _DEPARTMENTS: [asked]})
    if _place_of_open() not in st.session_state:
        wanted = first or asked is not None or _DRAFT in st.session_state
        st.session_state[_place_of_open()] = wanted
    with st.expander(
        tell("Add key"), icon=":material/key:", key=_place_of_open(), on_change="rerun"
    ):
        _show_step(departments)
        flash.show_complaints(_PLACE)  # below the buttons, where one looks after a press


def _asked_department(departments: Sequence[DepartmentView]) -> str | None:
    """The number of the department that the address asks a key for, until it has one."""
    asked = st.query_params.get(FOR_DEPARTMENT, "")
    for each in departments:
        if asked and asked in (each.name, each.number) and not each.key_name:
            return each.number
    return None


def _explain_passed_over(departments: Sequence[DepartmentView], taken: str | None) -> None:
    """Say why the form is not filled with the department that the address asks a key for."""
    asked = st.query_params.get(FOR_DEPARTMENT, "")
    if not asked or taken is not None:
        return
    words = escape_markdown(asked[:_LONGEST_TOLD])
    served = next((each for each in departments if asked in (each.name, each.number)), None)
    if served is not None and served.key_name:
        key = escape_markdown(served.key_name)
        st.info(
            tell("Department {department} has a key by now: {key}.", department=words, key=key),
            icon=":material/key:",
        )
        return
    st.info(
        tell(
            "There is no department “{department}” here: the link is cut off, or it is another "
            "installation's. Choose the departments of a new key below.",
            department=words,
        ),
        icon=":material/link_off:",
    )


def _place_of_open() -> str:
    """Where the session keeps whether the expander is open.

    It is another expander after each key that was saved: a browser would open the old one again.
    """
    return f"add_key_open_{st.session_state.get(_SAVED, 0)}"


def _show_step(departments: Sequence[DepartmentView]) -> None:
    draft: Draft | None = st.session_state.get(_DRAFT)
    if draft is None:
        _show_form(departments)
        return
    company = draft.trial.reached
    st.text(f"{draft.new.name} · {draft.new.username}")
    if company is None:
        _show_mismatch(draft)
    else:
        _show_company(draft.trial)
        _show_terms(draft.new)
        _show_categories(draft.trial)
    with st.container(horizontal=True):
        if company is not None:
            st.button(tell("Save key"), type="primary", on_click=_save, args=(draft,))
        st.button(tell("Back"), on_click=_go_back, args=(draft,))


def _show_form(departments: Sequence[DepartmentView]) -> None:
    """The fields with what was typed before *Back*.

    It is given as their defaults, for a browser may miss what the session state says.
    """
    _show_instructions()
    typed = st.session_state.get(_TYPED, {})
    _show_sandbox_accounts()
    with st.form("add_key", border=False):
        for label, name, example in _TEXTS:
            before = typed.get(name, "")
            st.text_input(tell(label), before, 200, name, placeholder=example, width=400)
        st.text_input(
            tell("Password"),
            key=_PASSWORD,
            type="password",
            width=400,
            autocomplete="new-password",
        )
        _ask_scope(departments, typed)
        st.radio(
            tell(MODE.title),
            list(MODES),
            list(MODES).index(typed.get(_MODE, credentials.first_mode(installation()))),
            key=_MODE,
            format_func=lambda each: tell(MODES[each]),
            horizontal=True,
            help=tell(MODE.help),
        )
        standard = credentials.sends_credit_notes(installation())
        send = typed.get(_CREDIT_NOTES, standard)
        tip = tell(CREDIT_NOTES.help)
        st.checkbox(tell(CREDIT_NOTES.title), send, key=_CREDIT_NOTES, help=tip)
        st.form_submit_button(tell("Test"), type="primary", on_click=_test, key="add_key_test")
    st.caption(tell("The test logs in and shows the company. Nothing is saved yet."))


def _show_sandbox_accounts() -> None:
    """Whom a key can be tried with, where nothing real can be reached."""
    accounts = sandbox_accounts(installation().settings)
    if not accounts:
        return
    with st.popover(tell("Accounts of the sandbox"), icon=":material/science:"):
        st.caption(tell("Invented ones, which exist on this machine only."))
        st.table(
            [
                {
                    tell("Organization ID"): number,
                    tell("Company"): company,
                    tell(say_as("of a key", "Account")): each.username,
                    tell("Password"): each.password,
                }
                for each in accounts
                for number, company in each.companies.items()
            ],
            border="horizontal",
        )


def _ask_scope(departments: Sequence[DepartmentView], typed: Mapping[str, Any]) -> None:
    """Specific ones unless told: a key for all would take what no other key is for, even later."""
    scopes = [SPECIFIC, ALL]
    chosen = scopes.index(typed.get(_SCOPE, SPECIFIC))
    st.radio(tell("Departments"), scopes, chosen, tell, key=_SCOPE, horizontal=True)
    labels = {department.number: department.label for department in departments}
    numbers = typed.get(_DEPARTMENTS, [])
    st.multiselect(
        tell("Departments of this key (for {scope})", scope=SPECIFIC),
        list(dict.fromkeys([*labels, *numbers])),
        numbers,
        key=_DEPARTMENTS,
        format_func=lambda each: labels.get(each, each),
        accept_new_options=True,
        placeholder=tell("Choose, or type a number"),
        width=400,
        help=tell("Choose, or type the number of a department that is not here yet."),
    )
    flash.show_complaints(_SCOPE)


def _show_instructions() -> None:
    steps = "\n".join(
        f"{number}. {escape_markdown(tell(step))}"
        for number, step in enumerate(account.ORGANIZATION_ID_STEPS, start=1)
    )
    st.markdown(f"**{tell('Where to find the Organization ID')}**\n\n{steps}")


def _show_company(trial: Trial) -> None:
    company = account.require_company(trial)
    st.success(escape_markdown(tell("The account reaches {company}.", company=company.label)))
    if company.client_id != trial.organization_id:
        st.warning(
            tell(
                "Pinned by your confirmation; the Organization ID is {id}.",
                id=trial.organization_id,
            )
        )
    if trial.switched:
        others = [each.client_name for each in trial.companies if each.is_default]
        words = tell(
            "The account's standard company is {company}; so24 switches after each login.",
            company=escape_markdown(others[0]) if others else say("another company"),
        )
        st.info(words)


def _show_terms(new: NewKey) -> None:
    """What the key will serve and do, and what it may be mistaken about, before it is saved."""
    labels = {each.id: each.label for each in list_departments(acting_desk())}
    chosen = [*(labels[each] for each in new.department_ids), *new.new_departments]
    scope = tell("all departments without a key of their own") if new.all_departments else ""
    words = tell(
        "It serves **{departments}**. {what}: **{mode}**.",
        departments=escape_markdown(scope or tell(join_said(chosen, ", "))),
        what=MODE.title,
        mode=MODES[new.mode],
    )
    st.markdown(words)
    if alike := credentials.tell_alike(acting_desk(), new.client_id):
        st.warning(escape_markdown(tell(alike)), icon=":material/warning:")


def _show_categories(trial: Trial) -> None:
    if trial.categories_problem:
        problem = escape_markdown(tell(trial.categories_problem))
        later = say("The key can be saved; choose the category later.")
        st.warning(tell(join_said([problem, later, WITHOUT_CATEGORY])))
        return
    names = {category.id: category.name for category in trial.categories}
    chosen = st.selectbox(
        tell(CATEGORY.title),
        [None, *names],
        key=_CATEGORY,
        format_func=lambda each: names[each] if each is not None else tell("none"),
        width=400,
        help=tell(CATEGORY.help),
    )
    if chosen is None:
        st.warning(tell(WITHOUT_CATEGORY), icon=":material/warning:")


def _show_mismatch(draft: Draft) -> None:
    """A wrong company ends here, unless another one is confirmed expressly."""
    st.error(escape_markdown(tell(draft.trial.problem)), icon=":material/error:")
    names = {each.client_id: each.label for each in draft.trial.companies if not each.is_disabled}
    if not names:
        return
    chosen = st.selectbox(tell("Company"), list(names), key=_PIN, format_func=names.__getitem__)
    sure = st.checkbox(
        tell(
            "I confirm that the invoices of this key go to {company}, although the Organization ID "
            "is {id}.",
            company=escape_markdown(names[chosen]),
            id=draft.new.organization_id,
        ),
        key=f"{_PIN_SURE}_{chosen}",
    )
    st.button(tell("Use this company"), disabled=not sure, on_click=_pin, args=(draft, chosen))


def _test() -> None:
    st.session_state[_place_of_open()] = True
    if not _says_one_scope():
        return
    with flash.complaining(_PLACE):
        typed = {name: st.session_state[name] for name in _FIELDS}
        new = _read_form()
        credentials.check_new_key(acting_desk(), new)
        trial = account.try_account(acting_desk(), new.organization_id, new.username, new.password)
        st.session_state[_DRAFT] = Draft(replace(new, password=""), trial, typed)
        st.session_state[_PASSWORD] = ""


def _says_one_scope() -> bool:
    """Whether radio and departments say the same; what contradicts is told below them."""
    with flash.complaining(_SCOPE):
        everywhere = st.session_state[_SCOPE] == ALL
        check_scope(everywhere, st.session_state.get(_DEPARTMENTS, ()))
        return True
    return False


def _read_form() -> NewKey:
    state = st.session_state
    everywhere = state[_SCOPE] == ALL
    found = find_departments(acting_desk(), state.get(_DEPARTMENTS, ()))
    return NewKey(
        name=state[_NAME],
        organization_id=account.read_organization_id(state[_ORGANIZATION]),
        username=state[_ACCOUNT],
        password=state[_PASSWORD],
        all_departments=everywhere,
        department_ids=found.ids,
        new_departments=found.new_numbers,
        mode=state[_MODE],
        credit_notes=state[_CREDIT_NOTES],
    )


def _pin(draft: Draft, client_id: int) -> None:
    with flash.complaining(_PLACE):
        new = replace(draft.new, pinned_client_id=client_id)
        trial = account.try_account(
            acting_desk(),
            new.organization_id,
            new.username,
            "",
            pinned_client_id=client_id,
            earlier=draft.trial,
        )
        st.session_state[_DRAFT] = replace(draft, new=new, trial=trial)


def _save(draft: Draft) -> None:
    with flash.complaining(_PLACE):
        new = replace(draft.new, category=st.session_state.get(_CATEGORY))
        added = credentials.add_key(acting_desk(), new, draft.trial)
        st.session_state.pop(_DRAFT)
        st.session_state.pop(_TYPED, None)
        st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
        flash.say(
            say(
                "Key {name} is saved; it reaches {company}.",
                name=added.name,
                company=added.company.client_name,
            )
        )


def _go_back(draft: Draft) -> None:
    st.session_state.pop(_DRAFT)
    st.session_state[_TYPED] = draft.typed
