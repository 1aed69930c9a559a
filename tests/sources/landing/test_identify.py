"""The one decision of which stored document an arriving one is, as a table and by its rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.identifiers import likeness
from so24.sources.documents.documents import DEPARTMENT, EHF, SourceDocument, SourceLine
from so24.sources.landing.identify import (
    Arriving,
    Changed,
    Decision,
    Held,
    Known,
    New,
    RefusedDocument,
    StoredDocument,
    Telling,
    identify,
)
from so24.store.tables.document_tables import Customer, DocumentKind, Invoice
from so24.store.tables.key_tables import Department

REPORT = "invoice lines"
DAY = dt.date(2026, 11, 20)
NORDVIK = Customer(id=1, tenant="t", number="5001", name="Nordvik Logistikk AS")
DEPARTMENTS = {
    number: Department(id=position, number=number, name="Oslo", series=number)
    for position, number in enumerate(("10", "11", "010"), 1)
}


def document(**changes: Any) -> SourceDocument:
    """Invoice 1001 of department 10, 125,00 with VAT."""
    net = changes.pop("net", "100.00")
    lines = (SourceLine(2, "1", "Work", "Work", Decimal(1), Decimal(net), Decimal(net),
                        Decimal(25), line_date=changes.pop("worked", DAY)),)  # fmt: skip
    plain = SourceDocument(
        sheet="x", kind=DocumentKind.INVOICE, held="", number="1001", department_number="10",
        department_name="Oslo", customer_number="5001", customer_name=NORDVIK.name,
        currency="NOK", invoice_date=DAY, our_reference="", project_number="", project_name="",
        lines=lines,
    )  # fmt: skip
    return replace(plain, **changes)


def arriving(mark: str = "same", origin: str = REPORT, **changes: Any) -> Arriving:
    customer = changes.pop("customer", NORDVIK)
    each = document(**changes)
    return Arriving(each, mark, DEPARTMENTS[each.department_number], customer, origin)


def stored(*, origin: str = REPORT, exported: bool = False, **columns: Any) -> StoredDocument:
    """The same invoice as it is kept, with some columns changed."""
    owner = columns.pop("owner", NORDVIK)
    department = DEPARTMENTS[columns.pop("department", "10")]
    plain = {
        "tenant": "t", "kind": DocumentKind.INVOICE, "series": department.series,
        "number": "1001", "department_id": department.id, "customer_id": owner.id,
        "invoice_date": DAY, "currency": "NOK", "net": Decimal("100.00"),
        "vat": Decimal("25.00"), "total": Decimal("125.00"), "fingerprint": "same",
    }  # fmt: skip
    lines = [(Decimal("100.00"), Decimal(25), "1")]
    return StoredDocument(Invoice(**{**plain, **columns}), owner, origin, exported, lines)


OTHERS = Customer(id=2, tenant="t", number="5002", name="Fjordbygg AS")
RENUMBERED = Customer(id=3, tenant="t", number="6001", name="Nordvik Logistikk AS")
LATER = dt.date(2027, 11, 20)
TABLE: dict[str, tuple[Arriving, list[StoredDocument], str]] = {
    "nothing like it": (arriving(), [], "new"),
    "another number": (arriving(), [stored(number="1002")], "new"),
    "the same again": (arriving(), [stored()], "known the_same"),
    "other content": (arriving("other"), [stored()], "changed"),
    "other content of what was sent": (arriving("other"), [stored(exported=True)], "changed"),
    "a change that is known": (
        arriving("other"), [stored(exported=True, pending_fingerprint="other")],
        "known a_known_change",
    ),
    "another source says more": (arriving("ehf", EHF), [stored()], "known more"),
    "another source contradicts": (arriving("ehf", EHF, net="90.00"), [stored()], "refused"),
    "another source contradicts what was sent": (
        arriving("ehf", EHF, net="90.00"), [stored(exported=True)], "refused",
    ),
    "another customer's": (arriving("other", customer=OTHERS), [stored()], "refused"),
    "another customer's in the place of an excluded one": (
        arriving("other", customer=OTHERS), [stored(excluded=True)], "changed in place",
    ),
    "another customer's in the place of one that was sent": (
        arriving("other", customer=OTHERS), [stored(excluded=True, exported=True)], "refused",
    ),
    "the customer was renumbered": (arriving("other", customer=RENUMBERED), [stored()], "changed"),
    "another date": (arriving("other", invoice_date=LATER), [stored()], "held about"),
    "another date than a proposed one": (
        arriving("other", invoice_date=LATER), [stored(date_assumed=True)], "changed",
    ),
    "another date, said to be another document": (
        arriving("other", invoice_date=LATER),
        [stored(pending_fingerprint="other", redated_apart=True)], "refused",
    ),
    "another date, said to be the same document": (
        arriving("other", invoice_date=LATER), [stored(pending_fingerprint="other")], "changed",
    ),
    "zeros before it": (arriving("other", number="01001"), [stored()], "held"),
    "a sign before it": (arriving("other", number="#1001", net="7.00"), [stored()], "held"),
    "zeros before the series": (
        arriving("other", department_number="010", net="7.00"), [stored()], "held",
    ),
    "like one that is left out": (
        arriving("other", number="01001"), [stored(excluded=True)], "new",
    ),
    "like one that is left out and was sent": (
        arriving("other", number="01001"), [stored(excluded=True, exported=True)], "held",
    ),
    "of another kind": (
        arriving("other", kind=DocumentKind.CREDIT_NOTE, net="-100.00"), [stored()], "new",
    ),
    "in another series": (arriving(department_number="11"), [stored()], "held"),
    "in another series, and sent": (
        arriving(department_number="11"), [stored(exported=True)], "held",
    ),
    "in another series, of a renumbered customer": (
        arriving(department_number="11", customer=RENUMBERED, customer_number="6001"),
        [stored()], "held",
    ),
    "in another series, without a date": (
        arriving(department_number="11", invoice_date=None), [stored()], "held",
    ),
    "in another series, both without a date": (
        arriving(department_number="11", invoice_date=None), [stored(date_assumed=True)], "held",
    ),
    "in another series, worked on other days": (
        arriving(department_number="11", invoice_date=None, worked=LATER),
        [stored(date_assumed=True)], "new",
    ),
    "in another series, of another date": (
        arriving(department_number="11", invoice_date=LATER), [stored()], "new",
    ),
    "in another series, of another total": (
        arriving(department_number="11", net="90.00"), [stored()], "new",
    ),
    "in another series, of another customer": (
        arriving(department_number="11", customer=OTHERS, customer_number="5002"),
        [stored()], "new",
    ),
    "in a department that was chosen for it": (
        arriving(department_number="11", origin=EHF, unstated=frozenset({DEPARTMENT})),
        [stored()], "refused",
    ),
    "in its own department after a wrong choice": (
        arriving("report", department_number="11"), [stored(origin=EHF)], "new, superseding 1",
    ),
    "in its own department after a wrong choice was sent": (
        arriving("report", department_number="11"), [stored(origin=EHF, exported=True)], "refused",
    ),
    "a number that another department has in its series": (
        arriving(), [stored(department="11", series="10")], "refused",
    ),
}  # fmt: skip


def describe(decision: Decision) -> str:
    match decision:
        case New(superseded):
            return f"new, superseding {len(superseded)}" if superseded else "new"
        case Known(_, telling):
            return f"known {telling.name.lower()}"
        case Changed(_, in_place):
            return "changed in place" if in_place else "changed"
        case Held(question, about):
            assert question.endswith("?")
            return "held about" if about else "held"
        case RefusedDocument(reason):
            assert reason
            return "refused"


@pytest.mark.parametrize(("each", "known", "expected"), TABLE.values(), ids=TABLE)
def test_what_a_document_is_that_arrives(
    each: Arriving, known: list[StoredDocument], expected: str
) -> None:
    assert describe(identify(each, known)) == expected


NUMBERS = st.sampled_from(["1001", "01001", "#1001", "1 001", "1001-", "A1001", "a1001", "1002"])
ARRIVING = st.builds(
    arriving,
    st.sampled_from(["same", "other"]),
    st.sampled_from([REPORT, EHF]),
    number=NUMBERS,
    department_number=st.sampled_from(list(DEPARTMENTS)),
    customer=st.sampled_from([NORDVIK, OTHERS]),
    net=st.sampled_from(["100.00", "90.00"]),
    invoice_date=st.sampled_from([None, DAY, LATER]),
    unstated=st.sampled_from([frozenset[str](), frozenset({DEPARTMENT})]),
)
STORED = st.lists(
    st.builds(
        stored,
        number=NUMBERS,
        department=st.sampled_from(list(DEPARTMENTS)),
        origin=st.sampled_from([REPORT, EHF]),
        exported=st.booleans(),
        excluded=st.booleans(),
        date_assumed=st.booleans(),
        fingerprint=st.sampled_from(["same", "other"]),
    ),
    max_size=3,
)


@given(ARRIVING, STORED)
def test_what_comes_in_without_a_word_has_a_number_of_its_own(
    each: Arriving, known: list[StoredDocument]
) -> None:
    """A new document has no look-alike in its series that was sent or may be sent."""
    decision = identify(each, known)
    if not isinstance(decision, New):
        return
    for one in known:
        stands = one not in decision.superseded and not one.may_make_way
        same_series = likeness(one.row.series) == likeness(each.department.series)
        assert not (
            stands and same_series and likeness(one.row.number) == likeness(each.document.number)
        )


@given(ARRIVING, STORED)
def test_nothing_that_was_sent_makes_way_or_is_superseded(
    each: Arriving, known: list[StoredDocument]
) -> None:
    match identify(each, known):
        case New(superseded):
            assert not any(one.exported for one in superseded)
        case Changed(one, in_place):
            assert not (in_place and one.exported)


@given(ARRIVING, STORED)
def test_what_is_called_known_or_changed_has_the_very_number(
    each: Arriving, known: list[StoredDocument]
) -> None:
    decision = identify(each, known)
    if isinstance(decision, Known | Changed):
        assert decision.stored.row.number == each.document.number
        assert decision.stored.row.series == each.department.series


@given(ARRIVING)
def test_the_very_document_that_was_decided_to_be_new_is_known_the_second_time(
    each: Arriving,
) -> None:
    total = each.totals.total
    date = each.document.invoice_date
    kept = stored(
        origin=each.origin, department=each.document.department_number,
        number=each.document.number, net=each.totals.net, vat=each.totals.vat, total=total,
        owner=each.customer, fingerprint=each.mark,
        invoice_date=date or DAY, date_assumed=date is None,
    )  # fmt: skip
    assert identify(each, [kept]) == Known(kept, Telling.THE_SAME)
