"""Whatever stands in an element of an EHF file, it is read or refused, and never a failure."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from tests.sources.ehf.bills import Item, Sample, Whole, pack

SAMPLE = Sample(items=[Item(off=100), Item(tax=("O", "0"))], wholes=[Whole(5_000), Whole(-500)])
SIZE = sum(1 for _ in etree.fromstring(SAMPLE.content).iter())
NUMBERS = itertools.count(1)
NASTY = [
    "", " ", "0", "-0", "-1", "1e5", "NaN", "Infinity", "0.000001", "999999999999.99", "9" * 60,
    "0." + "0" * 40 + "1", "1.005", "١٢٣", "true", "2026-02-30", "2026-11-20", "1899-12-31",
    "x" * 5_000, "\u202e🧾", "NOK", "S", "--", "380", "100000008",
]  # fmt: skip
CHANGES = st.lists(
    st.tuples(
        st.integers(1, SIZE - 1),
        st.one_of(st.sampled_from(["delete", "double", "strip"]), st.sampled_from(NASTY)),
    ),
    min_size=1,
    max_size=6,
)


def change(root: etree._Element, place: int, what: str) -> None:
    element = list(root.iter())[place % sum(1 for _ in root.iter())]
    parent = element.getparent()
    if what == "strip":
        element.attrib.clear()
    elif parent is None:
        return
    elif what == "delete":
        parent.remove(element)
    elif what == "double":
        parent.append(etree.fromstring(etree.tostring(element)))
    else:
        element.text = what


def place_of(name: str) -> int:
    names = [etree.QName(each).localname for each in etree.fromstring(SAMPLE.content).iter()]
    return names.index(name)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
@example(
    [
        (place_of("InvoicedQuantity"), "999999999999.99"),
        (place_of("PriceAmount"), "999999999999.99"),
        (place_of("BaseQuantity"), "0.000001"),
    ]
)
@example([(place_of("LineExtensionAmount"), "9" * 60)])
@example([(place_of("ID"), "x" * 5_000)])
def test_any_content_is_read_or_refused(
    installation: Installation, finance: Actor, changes: list[tuple[int, str]]
) -> None:
    root = etree.fromstring(SAMPLE.content)
    for place, what in changes:
        change(root, place, what)
    files = [("a.xml", etree.tostring(root, encoding="UTF-8")),
             ("b.xml", Sample(number=f"good-{next(NUMBERS)}").content)]  # fmt: skip
    (report,) = import_files(
        Desk(installation, finance), [("a.zip", pack(*files))], department="10", new_department=True
    )
    assert {row.sheet for row in report.refused} <= {"a.xml"}
    assert all(len(row.reason) < 1_000 for row in report.refused)
    assert report.added + report.updated + report.unchanged + report.flagged >= 1
