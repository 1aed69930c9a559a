"""Rows as a page to be printed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from lxml import html

from so24.language.reader import speaking
from so24.language.said import say
from so24.ui.parts.printing import write_page
from tests.language.bokmal import bokmal

__all__ = ["bokmal"]
MOMENT = dt.datetime(2026, 12, 1, 4, 5, tzinfo=dt.UTC)
ROWS = [
    {
        "Number": f"10-{place}",
        "Customer": "<b>Bø & co</b>",
        "Due": dt.date(2026, 12, place % 28 + 1),
        "Total": Decimal("-1250.5"),
        "Order": 20000 + place,
        "Explanation": "",
        "Paid": None,
        "Status": say("Transferred"),
    }
    for place in range(80)
]


def test_every_row_is_there_its_heading_once_and_no_empty_column() -> None:
    page: Any = html.fromstring(write_page(ROWS, "Receipt of run 1", MOMENT))
    heads = [each.text for each in page.xpath("//thead//th")]
    assert heads == ["Number", "Customer", "Due", "Total", "Order", "Status"]
    assert len(page.xpath("//tbody/tr")) == len(ROWS)
    cells = [each.text for each in page.xpath("//tbody/tr[1]/td")]
    total = "\u22121\u00a0250,50"
    assert cells == ["10-0", "<b>Bø & co</b>", "01.12.2026", total, "20000", "Transferred"]
    assert page.xpath("//td[@class='n'][1]")[0].text == total
    assert "80 lines, as of 01.12.2026 05:05" in page.text_content()


def test_it_loads_nothing_and_runs_nothing() -> None:
    page: Any = html.fromstring(write_page(ROWS, "<script>", MOMENT))
    assert page.xpath("//script | //link | //img | //@src | //@href") == []


def test_a_list_without_rows_is_a_page_as_well() -> None:
    page: Any = html.fromstring(write_page([], "Imports", MOMENT))
    assert "0 lines" in page.text_content()


@pytest.mark.usefixtures("bokmal")
def test_headings_and_said_texts_are_told() -> None:
    with speaking("nb"):
        page: Any = html.fromstring(write_page(ROWS[:1], "Kvittering", MOMENT))
    assert page.get("lang") == "nb"
    assert [each.text for each in page.xpath("//thead//th")][3] == "Beløp"
    assert page.xpath("//tbody/tr/td")[-1].text == "Overført"
