"""What a chosen key carries, on the Credentials page; 24SevenOffice is asked by buttons only."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from so24.keys import options
from so24.keys.carrying import CATEGORIES, OPTIONS, TITLES, TaxKind, name_kind
from so24.keys.options import Choices, KeyOptions
from so24.keys.upkeep import KeyView
from so24.ui.credentials.customer_panel import show_customer_panel
from so24.ui.frame import flash
from so24.ui.frame.session import acting, installation
from so24.ui.frame.text import escape_markdown

_CHOICES = "keys_choices"  # of one key at a time: (key id, choices)
_USUAL_RATES = ("25", "15", "12", "0")


def show_key_options(key: KeyView) -> None:
    """The optional fields, the departments, VAT and customer updates of the key."""
    chosen = options.read_options(installation(), acting(), key.id)
    with st.expander(f"What {escape_markdown(key.name)} carries", icon=":material/tune:"):
        fields, departments, vat, customers = st.tabs(
            ["Fields", "Departments in 24SevenOffice", "VAT", "Customers"]
        )
        with fields:
            _show_fields(key, chosen)
        owner, choices = st.session_state.get(_CHOICES, (None, None))
        known = choices if owner == key.id else None
        with departments:
            _show_departments(key, chosen, known)
        with vat:
            _show_tax_codes(key, chosen, known)
        with customers:
            show_customer_panel(key, allowed=chosen.update_customers)


def _show_fields(key: KeyView, chosen: KeyOptions) -> None:
    st.caption(
        "Products, amounts, our reference number and the due date, as days of credit, always "
        "travel. Nothing is cut: a text that is too long blocks its invoice."
    )
    for option in OPTIONS:
        limit = f" At most {option.longest} characters." if option.longest else ""
        st.checkbox(
            option.title,
            option.code in chosen.carried,
            key=f"keys_carry_{option.code}_{key.id}",
            help=option.effect + limit,
        )
    st.button("Save fields", on_click=_save_fields, args=(key,))


def _show_departments(key: KeyView, chosen: KeyOptions, known: Choices | None) -> None:
    st.caption("Orders of a RecMan department go to the department chosen for it here.")
    if not chosen.departments:
        st.info("The key serves no department yet.")
        return
    if known is None:
        for each in chosen.departments:
            st.markdown(f"{escape_markdown(each.label)} → {escape_markdown(_told(each))}")
        _offer_reading(key, "departments")
        return
    names = {each.id: f"{each.name} ({each.id})" for each in known.departments}
    for each in chosen.departments:
        offered = names | _gone(each.office_id, each.office_name, names)
        name = f"keys_office_department_{key.id}_{each.id}"
        _choose(each.label, offered, each.office_id, "none", name)
    ids = [each.id for each in chosen.departments]
    st.button("Save departments in 24SevenOffice", on_click=_save_departments, args=(key, ids))


def _told(each: options.MappedDepartment) -> str:
    return f"{each.office_name} ({each.office_id})" if each.office_id is not None else "none"


def _gone(number: int | None, name: str, known: dict[int, str]) -> dict[int, str]:
    """The chosen one where the account has it no more: it must not silently become "none"."""
    if number is None or number in known:
        return {}
    return {number: f"{name} ({number}), not there any more"}


def _show_tax_codes(key: KeyView, chosen: KeyOptions, known: Choices | None) -> None:
    st.caption(
        "Without tax codes 24SevenOffice decides about VAT, by the product's category. With any, "
        "an invoice that has a rate, or a category without VAT, that has no code is blocked."
    )
    if known is None:
        for kind, code in chosen.tax_codes.items():
            st.markdown(f"{name_kind(kind)} → {code}")
        _offer_reading(key, "tax codes")
        return
    kinds = list(dict.fromkeys((*_USUAL_RATES, *chosen.tax_codes, *CATEGORIES)))
    for kind in kinds:
        rate = Decimal(0) if kind in CATEGORIES else Decimal(kind)
        codes = [each for each in known.tax_codes if each.rate == rate]
        fitting = {each.code: f"{each.code} {each.name}".strip() for each in codes}
        kept = chosen.tax_codes.get(kind)
        offered = fitting | _gone(kept, "Tax code", fitting)
        _choose(name_kind(kind), offered, kept, "no tax code", f"keys_tax_code_{key.id}_{kind}")
    st.button("Save tax codes", on_click=_save_tax_codes, args=(key, kinds))


def _choose(
    label: str, offered: dict[int, str], chosen: int | None, nothing: str, key: str
) -> None:
    ids = [None, *offered]
    st.selectbox(
        label,
        ids,
        ids.index(chosen) if chosen in ids else 0,
        format_func=lambda each: nothing if each is None else offered[each],
        key=key,
        width=420,
    )


def _offer_reading(key: KeyView, what: str) -> None:
    label = f"Read {what} from 24SevenOffice"
    st.button(label, on_click=_read_choices, args=(key,), key=f"keys_read_{what}_{key.id}")


# What was chosen is read when the button is pressed: arguments are those of the run before.


def _read_choices(key: KeyView) -> None:
    with flash.complaining():
        choices = options.read_choices(installation(), acting(), key.id)
        st.session_state[_CHOICES] = (key.id, choices)


def _save_fields(key: KeyView) -> None:
    chosen = {code for code in TITLES if st.session_state[f"keys_carry_{code}_{key.id}"]}
    with flash.complaining():
        options.set_carried(installation(), acting(), key.id, chosen)
        flash.say(f"The fields of {key.name} are changed.")


def _save_departments(key: KeyView, ids: Sequence[int]) -> None:
    picked = {each: st.session_state[f"keys_office_department_{key.id}_{each}"] for each in ids}
    chosen = {ours: theirs for ours, theirs in picked.items() if theirs is not None}
    with flash.complaining():
        options.set_departments(installation(), acting(), key.id, chosen)
        flash.say(f"The departments of {key.name} in 24SevenOffice are changed.")


def _save_tax_codes(key: KeyView, kinds: Sequence[str]) -> None:
    picked = {each: st.session_state[f"keys_tax_code_{key.id}_{each}"] for each in kinds}
    chosen: dict[TaxKind, int] = {
        kind if kind in CATEGORIES else Decimal(kind): code
        for kind, code in picked.items()
        if code is not None
    }
    with flash.complaining():
        options.set_tax_codes(installation(), acting(), key.id, chosen)
        flash.say(f"The tax codes of {key.name} are changed.")
