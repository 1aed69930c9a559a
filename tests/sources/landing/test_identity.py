"""A document is one document, however its department and its number are written."""

from __future__ import annotations

from typing import Any

import pytest

from so24.installation import Installation
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sources.intake import import_files
from so24.store.documents.intake import department_names
from tests.sources.acts import bring, counts, stored
from tests.sources.report_files import NUMBER, Row, as_report, line, read_file


def by_name(name: str = "Oslo", *, number: str = "1001") -> dict[str, Any]:
    return line({"Department no.": "", "Department": name}, number=number)


def departments(installation: Installation) -> list[tuple[str, str]]:
    with installation.db.reading() as session:
        return sorted(department_names(session))


@pytest.mark.parametrize("name", ["Oslo", " oslo ", "OSLO"])
def test_a_name_without_a_number_is_the_stored_department_of_that_name(
    installation: Installation, finance: Actor, name: str
) -> None:
    bring(installation, finance, line())
    assert counts(bring(installation, finance, by_name(name))) == (0, 0, 1, 0)
    assert departments(installation) == [("10", "Oslo")]


def test_rows_with_and_without_the_departments_number_are_one_document() -> None:
    (document,) = read_file("x", as_report(by_name("oslo"), line(), by_name())).documents
    assert (document.department_number, len(document.lines)) == ("10", 3)


@pytest.mark.parametrize("turned", [False, True])
def test_files_that_come_together_know_each_others_departments(
    installation: Installation, finance: Actor, turned: bool
) -> None:
    files = [("a", as_report(by_name())), ("b", as_report(line(number="1002")))]
    import_files(Desk(installation, finance), files[::-1] if turned else files)
    assert departments(installation) == [("10", "Oslo")]
    assert stored(installation).invoice.series == "10"


@pytest.mark.both
def test_a_name_that_nobody_knows_is_one_new_department_whatever_its_capitals(
    installation: Installation, finance: Actor
) -> None:
    rows = [by_name("Voss"), by_name("VOSS", number="1002")]
    bring(installation, finance, line(number="1"), *rows)
    assert departments(installation) == [("10", "Oslo"), ("Voss", "Voss")]


def test_a_long_new_name_is_the_same_department_the_second_time(
    installation: Installation, finance: Actor
) -> None:
    row = by_name("Bemanning Østlandet avdeling for helse og omsorg")
    bring(installation, finance, row)
    assert counts(bring(installation, finance, row)) == (0, 0, 1, 0)


def test_a_name_of_two_departments_is_refused_with_all_documents_it_may_belong_to() -> None:
    other = line({"Department no.": "20"})
    source = read_file("x", as_report(line(), other, by_name(), line(number="1002")))
    assert [document.number for document in source.documents] == ["1002"]
    reasons = {refused.row: refused.reason for refused in source.refused}
    assert reasons[4] == (
        "is empty, and more than one department is called “Oslo”: 10, 20; fill in which one it is"
    )
    assert reasons[2] == reasons[3] == "left out, because row 4 of 1001 was refused"
    assert len(source.refused) == 3


def test_a_name_that_the_file_and_the_store_give_two_departments_is_refused(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, line())
    other = line({"Department no.": "20"}, number="1002")
    report = bring(installation, finance, other, by_name(number="1003"))
    assert counts(report) == (1, 0, 0, 0)
    assert [(refused.row, refused.column) for refused in report.refused] == [(3, "Department no.")]


@pytest.mark.both
@pytest.mark.parametrize(("first", "second"), [("5705", "05705"), ("05705", "5705")])
def test_of_numbers_that_differ_only_in_leading_zeros_the_second_is_held(
    installation: Installation, finance: Actor, first: str, second: str
) -> None:
    rows = [line(number=first), line(number=second)]
    report = bring(installation, finance, *rows)
    assert counts(report) == (2, 0, 0, 0)
    assert [f"looks like that of invoice 10-{first}" in each for each in report.warnings] == [True]
    assert counts(bring(installation, finance, *rows)) == (0, 0, 2, 0), "asked once"
    assert not stored(installation, first).invoice.resembles
    question = stored(installation, second).invoice.resembles
    assert report.warnings == (f"Invoice 10-{second}: {question}",)


@pytest.mark.parametrize(
    "other",
    [
        {"Department no.": "20", "Department": "Bergen"},
        {"Quantity": "-1", "Sum excl. VAT": "-412,50"},
    ],
)
def test_leading_zeros_tell_documents_apart_of_other_series_and_kinds(
    installation: Installation, finance: Actor, other: Row
) -> None:
    report = bring(installation, finance, line(number="5705"), line({**other, NUMBER: "05705"}))
    assert (counts(report), report.refused) == ((2, 0, 0, 0), ())
