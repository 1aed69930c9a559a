"""The settings of a chosen key on the Credentials page: one press saves all that was changed.

24SevenOffice is asked by a button only, for the lists of the account that are chosen from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import streamlit as st

from so24.amounts import format_amount
from so24.keys.change import AnySetting, Change, Choices, change_key, read_choices
from so24.keys.departments import DepartmentView
from so24.keys.key_fields import CATEGORIES, FIELD_ENTRIES, FieldEntry, name_kind
from so24.keys.key_settings import (
    FIELDS,
    KEY_SETTINGS,
    MODE,
    OFFICE_DEPARTMENTS,
    SCOPE,
    TAX_CODES,
    UPDATE_CUSTOMERS,
    Scope,
    read_settings,
)
from so24.keys.number_settings import NEXT_NUMBER, NUMBERS
from so24.keys.product_settings import CATEGORIES_BY_VAT, CATEGORY, WITHOUT_CATEGORY
from so24.keys.upkeep import KeyView, MappedDepartment, read_department_map
from so24.language.said import join_said, say
from so24.language.telling import tell
from so24.office.values import Category
from so24.store.tables.key_tables import KeyMode, Numbers
from so24.ui.credentials.customer_panel import show_customer_panel
from so24.ui.frame import flash
from so24.ui.frame.flash import escape_markdown
from so24.ui.frame.session import acting_desk

MODES = {KeyMode.INVOICE: say("Invoice at once"), KeyMode.APPROVAL: say("Order for approval")}
NUMBERINGS = {Numbers.OWN: say("Own numbers"), Numbers.SAME: say("Same numbers")}

_PLACE = "_key_settings"  # of the complaints that stand beside *Save*
_CHOICES = "keys_choices"  # of one key at a time: (key id, choices)
_SHOWN = [setting for setting in KEY_SETTINGS if setting.tab]
_LISTED = {
    CATEGORY: say("Read categories from 24SevenOffice"),
    OFFICE_DEPARTMENTS: say("Read departments from 24SevenOffice"),
    TAX_CODES: say("Read tax codes from 24SevenOffice"),
    CATEGORIES_BY_VAT: "",  # the tab's other setting has the button, which reads all lists
}  # fmt: skip
_OPTIONS: Mapping[AnySetting, Mapping[Any, str]] = {MODE: MODES, NUMBERS: NUMBERINGS}
_USUAL_RATES = ("25", "15", "12", "0")
_WIDTH = 420


@dataclass(frozen=True)
class _Form:
    """What is drawn; ``choices`` are None as long as nobody has asked 24SevenOffice for them."""

    key: KeyView
    values: Mapping[str, Any]
    departments: Sequence[DepartmentView]
    mapped: Sequence[MappedDepartment]
    choices: Choices | None

    def at(self, widget: _Widget) -> str:
        """The place of a widget in the session state; another one as soon as another value is kept.

        So what was typed stays until somebody saves that setting, and then the new value is shown.
        """
        return f"keys_{widget.part}_{self.key.id}_{widget.value}"

    @property
    def listed(self) -> Choices:
        """The account's lists, as far as they were read."""
        return self.choices or Choices((), (), ())


@dataclass(frozen=True)
class _Widget:
    """One widget of a setting, with its stored value: yes or no, a text, or some of ``options``.

    ``of`` is the field, department or kind of VAT that it is for, where a setting has one widget
    for each. ``gone``: the account has no more what is stored.
    """

    part: str
    label: str
    value: Any
    options: Mapping[Any, str] | None = None
    help: str = ""
    of: Any = None
    gone: bool = False


def show_key_settings(key: KeyView, departments: Sequence[DepartmentView]) -> None:
    """All settings in tabs, and the one button that saves what was changed in any of them."""
    owner, choices = st.session_state.get(_CHOICES, (None, None))
    form = _Form(
        key,
        read_settings(acting_desk(), key.id),
        departments,
        read_department_map(acting_desk(), key.id),
        choices if owner == key.id else None,
    )
    titles = list(dict.fromkeys(setting.tab for setting in _SHOWN))
    tabs = dict(zip(titles, st.tabs([tell(each) for each in titles]), strict=True))
    for setting in _SHOWN:
        with tabs[setting.tab]:
            _show_setting(form, setting)
    if UPDATE_CUSTOMERS.of(form.values):
        with tabs[UPDATE_CUSTOMERS.tab]:
            show_customer_panel(key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(tell("Save"), on_click=_save, args=(form,))
        flash.show_complaints(_PLACE)


def _show_setting(form: _Form, setting: AnySetting) -> None:
    widgets = _widgets(form, setting)
    if setting is OFFICE_DEPARTMENTS and not widgets:
        st.info(tell("The key serves no department yet."))
        return
    if setting is NEXT_NUMBER and _typed(form, NUMBERS) is not Numbers.SAME:
        return
    if setting.help and not any(each.help == setting.help for each in widgets):
        st.caption(tell(setting.help))
    if setting is SCOPE and st.session_state.get(form.at(widgets[0]), widgets[0].value):
        del widgets[1]  # all departments: there are none to choose
    if setting not in _LISTED or form.choices is not None:
        for each in widgets:
            _draw(form, each)
        _warn_without_category(form, setting, widgets)
        if setting is NUMBERS and form.key.sharing:
            st.warning(escape_markdown(tell(form.key.sharing)), icon=":material/warning:")
        return
    for each in widgets:
        kept = (each.options or {})[each.value]
        st.markdown(f"{tell(each.label)} → {escape_markdown(tell(kept))}")
    _warn_without_category(form, setting, widgets)
    if _LISTED[setting]:
        st.button(tell(_LISTED[setting]), on_click=_read_choices, args=(form.key.id,))


def _warn_without_category(form: _Form, setting: AnySetting, widgets: Sequence[_Widget]) -> None:
    """Before it is saved, what it means that none is chosen."""
    if setting is CATEGORY and all(
        st.session_state.get(form.at(each), each.value) is None for each in widgets
    ):
        st.warning(tell(WITHOUT_CATEGORY), icon=":material/warning:")


def _typed(form: _Form, setting: AnySetting) -> Any:
    """What stands in the one widget of a setting now."""
    [widget] = _widgets(form, setting)
    return st.session_state.get(form.at(widget), widget.value)


def _draw(form: _Form, widget: _Widget) -> None:
    # the stored value is given as the default, for a browser may miss what the session state says
    label, value, at = tell(widget.label), widget.value, form.at(widget)
    options, tip = widget.options or {}, tell(widget.help) or None
    ids = list(options)

    def name(each: Any) -> str:
        return tell(options[each])

    if isinstance(value, bool):
        st.checkbox(label, value, key=at, help=tip)
    elif isinstance(value, list):
        st.multiselect(
            label,
            ids,
            value,
            format_func=name,
            key=at,
            width=_WIDTH,
            placeholder=tell("Choose departments"),
        )
    elif options:
        st.selectbox(label, ids, ids.index(value), name, at, tip, width=_WIDTH)
    else:
        st.text_input(label, value, key=at, help=tip, width=_WIDTH)


def _widgets(form: _Form, setting: AnySetting) -> list[_Widget]:
    value = setting.of(form.values)
    if setting is SCOPE:
        labels = {each.id: each.label for each in form.departments}
        return [
            _Widget("all", say("All Departments (global access)"), value.all_departments),
            _Widget("departments", say("Specific Departments"), list(value.department_ids), labels),
        ]
    if setting is FIELDS:
        return [_field(each, each.code in value) for each in FIELD_ENTRIES]
    if setting is CATEGORY:
        return [_category(form)]
    if setting is OFFICE_DEPARTMENTS:
        return [_office_department(form, each) for each in form.mapped]
    if setting in (TAX_CODES, CATEGORIES_BY_VAT):
        of_kind = _tax_code if setting is TAX_CODES else _category_for
        kinds = (*_USUAL_RATES, *value, *CATEGORIES) if form.choices else value
        return [of_kind(form, kind, value.get(kind)) for kind in dict.fromkeys(kinds)]
    shown = format_amount(value) if isinstance(value, Decimal) else value
    options = _OPTIONS.get(setting)
    tip = "" if isinstance(value, bool) or setting is NUMBERS else setting.help
    return [_Widget(setting.name, setting.title, shown, options, tip)]


def _field(option: FieldEntry, carried: bool) -> _Widget:
    limit = say("At most {most} characters.", most=option.longest) if option.longest else ""
    at = f"carry_{option.code}"
    return _Widget(
        at, option.title, carried, help=join_said([option.effect, limit]), of=option.code
    )


def _category(form: _Form) -> _Widget:
    kept, name = form.key.category_id, form.key.category_name
    listed = {each.id: each.name for each in form.listed.categories}
    return _choice(form, CATEGORY.name, CATEGORY.title, (kept, name), listed)


def _category_for(form: _Form, kind: str, chosen: Category | None) -> _Widget:
    listed = {each.id: each.name for each in form.listed.categories}
    kept = (chosen.id, chosen.name) if chosen else (None, "")
    usual = say("as other new products")
    at, label = f"new_products_{kind}", say("New products of {kind}", kind=name_kind(kind))
    return _choice(form, at, label, kept, listed, of=kind, nothing=usual)


def _office_department(form: _Form, ours: MappedDepartment) -> _Widget:
    kept = (ours.office_id, f"{ours.office_name} ({ours.office_id})")
    listed = {each.id: f"{each.name} ({each.id})" for each in form.listed.departments}
    at, label = f"office_department_{ours.id}", escape_markdown(ours.label)
    return _choice(form, at, label, kept, listed, of=ours.id)


def _tax_code(form: _Form, kind: str, code: int | None) -> _Widget:
    rate = Decimal(0) if kind in CATEGORIES else Decimal(kind)
    fitting = [each for each in form.listed.tax_codes if each.rate == rate]
    listed = {each.code: f"{each.code} {each.name}".strip() for each in fitting}
    label, kept = name_kind(kind), (code, say("Tax code ({code})", code=code))
    return _choice(
        form, f"tax_code_{kind}", label, kept, listed, of=kind, nothing=say("no tax code")
    )


def _choice(
    form: _Form,
    part: str,
    label: str,
    kept: tuple[int | None, str],
    listed: Mapping[int, str],
    *,
    of: Any = None,
    nothing: str = "",
) -> _Widget:
    """A choice from a list of the account; what is gone must not silently become "none"."""
    stored, name = kept
    options: dict[Any, str] = {None: nothing or say("none"), **listed}
    gone = form.choices is not None and stored not in options
    options.setdefault(stored, say("{name}, not there any more", name=name) if gone else name)
    return _Widget(part, label, stored, options, of=of, gone=gone)


# What was typed is read when the button is pressed: arguments are those of the run before.


def _read_choices(key_id: int) -> None:
    with flash.complaining(_PLACE):
        st.session_state[_CHOICES] = (key_id, read_choices(acting_desk(), key_id))


def _save(form: _Form) -> None:
    with flash.complaining(_PLACE):
        done = change_key(acting_desk(), form.key.id, *_read_changes(form))
        told = say("{name} is saved. {done}.", name=form.key.name, done=join_said(done, "; "))
        flash.say(told if done else say("Nothing was changed."), tick=bool(done))


def _read_changes(form: _Form) -> list[Change]:
    """The changes that were typed; what is gone and still chosen is one, so that it is refused."""
    changes = []
    for setting in _SHOWN:
        widgets = _widgets(form, setting)
        typed = [st.session_state.get(form.at(each), each.value) for each in widgets]
        pairs = list(zip(widgets, typed, strict=True))
        if any(value != each.value or each.gone for each, value in pairs):
            changes.append(setting.to(_join(setting, pairs)))
    return changes


def _join(setting: AnySetting, typed: Sequence[tuple[_Widget, Any]]) -> Any:
    """The value of a setting from what its widgets hold."""
    if setting is SCOPE:
        (_, everywhere), (_, chosen) = typed
        return Scope(everywhere, () if everywhere else tuple(chosen))
    if setting is FIELDS:
        return tuple(each.of for each, carried in typed if carried)
    if setting in (OFFICE_DEPARTMENTS, CATEGORIES_BY_VAT, TAX_CODES):
        return {each.of: chosen for each, chosen in typed if chosen is not None}
    ((_, value),) = typed
    return value
