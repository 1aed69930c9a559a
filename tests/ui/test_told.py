"""What grids, files and texts to be sent say in bokmål: words are told, data stay as they are."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator

import pytest

from so24.language import telling
from so24.language.reader import speaking
from so24.language.said import join_said, say
from so24.reasons import Reason
from so24.ui.invoices import imports_view, invoice_grid
from so24.ui.invoices.chip_words import CHIP_WORDS
from so24.ui.invoices.finding_view import chip_colours, chip_of
from so24.ui.parts.headings import (
    INVOICE_NO,
    ONE_WORD,
    OUR_TOTAL,
    heading_in,
    headings_of,
    total_in,
)
from so24.ui.parts.tables import tell_sums, write_csv
from so24.ui.people import audit_view
from so24.ui.receipts import ledger_view, receipt_lines
from tests.make_catalogue import compile_catalogue, wanted_texts


@pytest.fixture
def bokmal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    texts = gettext.GNUTranslations(io.BytesIO(compile_catalogue("nb")))
    monkeypatch.setattr(telling, "catalogue", lambda _wanted: texts)
    with speaking("nb"):
        yield


@pytest.mark.usefixtures("bokmal")
def test_a_file_tells_its_headings_and_what_was_said_and_leaves_names_alone() -> None:
    there = say(
        "In 24SevenOffice: {facts}",
        facts=join_said([say("order {order}", order=3), say("invoice {invoice}", invoice=7)], ", "),
    )
    row = {"Number": "10-1", INVOICE_NO: 7, "Customer": "Transferred", "Explanation": there}
    heading, line, _ = write_csv([row]).decode("utf-8-sig").split("\r\n")
    assert heading == "Nummer;Fakturanr.;Kunde;Forklaring"
    assert line == "10-1;7;Transferred;I 24SevenOffice: ordre 3, faktura 7"


@pytest.mark.usefixtures("bokmal")
def test_a_chip_is_told_with_its_mark() -> None:
    assert telling.tell(chip_of(Reason.NO_KEY)) == "✖ ingen nøkkel"


@pytest.mark.usefixtures("bokmal")
def test_a_heading_of_amounts_is_told_with_their_currency() -> None:
    assert total_in("NOK") == "Beløp NOK"
    assert total_in("") == headings_of(["Total"])["Total"] == "Beløp"
    assert heading_in(OUR_TOTAL, "EUR") == "Beløp i so24 EUR"


@pytest.mark.usefixtures("bokmal")
def test_what_a_list_counts_is_told() -> None:
    assert tell_sums(say("Nothing is in transfer."), {}) == "**Ingenting er under overføring.**"


def test_each_column_that_has_a_width_has_a_heading_that_is_told() -> None:
    widths = (
        receipt_lines.WIDTHS, ledger_view.WIDTHS, invoice_grid.WIDTHS, imports_view._WIDTHS,
        audit_view._WIDTHS,
    )  # fmt: skip
    said = {key[1] for key in wanted_texts()}
    assert {name for each in widths for name in each} | set(ONE_WORD) <= said


def test_a_chip_says_the_code_of_its_reason_in_words() -> None:
    assert chip_colours()
    others = {Reason.DATE_ASSUMED: "date to confirm"}  # assumed, or too far from today
    for reason, words in CHIP_WORDS.items():
        assert words == others.get(reason, words)
        assert reason in others or words.lower().replace(" ", "_") == reason.value
    assert set(CHIP_WORDS) == {reason for reason in Reason if reason.card.title}
