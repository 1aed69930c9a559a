"""A date far from today waits for a person: what is booked by it stands where nobody looks."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.dates import format_date, today
from so24.installation import Installation
from so24.invoices.decisions import confirm_invoice_dates
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.reasons import Reason
from so24.transfer.checks import check_document
from so24.transfer.checks.finding import CheckContext
from tests.sources.acts import bring, stored
from tests.sources.report_files import line


def dated(days: int) -> dict[str, str]:
    return line({"Invoice date": format_date(today() + dt.timedelta(days=days))})


def waits(installation: Installation) -> bool:
    found = check_document(stored(installation), CheckContext())
    return Reason.DATE_ASSUMED in [each.reason for each in found]


@pytest.mark.parametrize(
    ("days", "asked"), [(-1830, False), (-1831, True), (0, False), (366, False), (367, True)]
)
def test_a_stated_date_far_from_today_is_to_be_confirmed(
    installation: Installation, finance: Actor, days: int, asked: bool
) -> None:
    bring(installation, finance, dated(days))
    assert waits(installation) is asked


def test_once_confirmed_it_goes_though_the_document_comes_again_otherwise(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, dated(13_000))
    bring(installation, finance, dated(13_000))
    assert waits(installation), "coming again is no answer"
    assert confirm_invoice_dates(Desk(installation, finance), None, None) == 1
    bring(installation, finance, {**dated(13_000), "Our invoice reference.": "Ola"})
    assert stored(installation).invoice.our_reference == "Ola"
    assert not waits(installation)


def test_a_report_with_the_right_date_answers_too(
    installation: Installation, finance: Actor
) -> None:
    bring(installation, finance, dated(13_000))
    bring(installation, finance, dated(-3))
    assert not waits(installation)
    assert stored(installation).invoice.invoice_date == today() - dt.timedelta(days=3)
