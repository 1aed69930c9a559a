"""Numbers, rates and dates are read exactly or refused with the reason; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from so24.sources.sheets.cells.cell import BadCell, Cell, ShownNumber
from so24.sources.sheets.cells.cell_values import Book, NoValue, read_value
from so24.sources.sheets.cells.dates import read_date
from so24.sources.sheets.cells.number_formats import CurrencyLook, Look, look_of
from so24.sources.sheets.cells.numbers import (
    read_decimal,
    read_plain_decimals,
    read_quantity,
    read_rate,
)
from so24.sources.sheets.cells.texts import read_identifying, read_text
from so24.sources.sheets.xlsx_parts import MAIN, LooksReader
from so24.sources.sheets.xml_stream import read_part

# a soft hyphen, a zero-width space, marks of direction, a word joiner, a byte order mark
UNSEEN = "\u00ad\u200b\u200e\u200f\u061c\u2060\ufeff"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234", "1234.00"),
        ("1234,5", "1234.50"),
        ("1234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567.00"),
        ("1,234,567.8", "1234567.80"),
        ("1 234", "1234.00"),
        ("-12,30", "-12.30"),
        ("\u221212,30", "-12.30"),
        ("- 1 234,50", "-1234.50"),
        ("+3", "3.00"),
        ("0,5", "0.50"),
        (" 7 ", "7.00"),
        (".75", "0.75"),
        ("-,5", "-0.50"),
        ('="1 234,50"', "1234.50"),
        ("\uff11\uff12\uff13\uff14\uff0c\uff15", "1234.50"),
        *((f"{unseen}12{unseen}34,50{unseen}", "1234.50") for unseen in UNSEEN),
    ],
)
def test_norwegian_and_english_numbers_are_read(text: str, expected: str) -> None:
    assert str(read_decimal(text, decimals=2)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("1.234", "two different numbers"),
        ("1,234", "two different numbers"),
        ("-12,345", "two different numbers"),
        ("(1)", "parentheses"),
        ("-", "must be a number"),
        ("10-", "must have a minus sign before it"),
        ("\u201310", "must have a minus sign before it"),
        ("500,-", "must be a number"),
        ("12 34", "must be a number"),
        ("1.23.456", "must be a number"),
        ("1,234,56", "must be a number"),
        ("1e5", "must be a number"),
        ("1,2E+03", "is in scientific notation, which may have lost digits: “1,2E.03”"),
        ("\u202e1", "holds characters that show it in another order than it stands"),
        (".", "must be a number"),
        (",-", "must be a number"),
        ("1.234.", "must be a number"),
        ("kr 100", "must be a number"),
        ("12,", "must be a number"),
        ("NaN", "must be a number"),
        ("١٢", "must be a number"),
        ("1,235689", "more than 2 decimals"),
        ("1000000000000", "larger than any amount"),
    ],
)
def test_what_is_no_sure_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadCell, match=reason):
        read_decimal(text, decimals=2)


def test_a_leading_zero_tells_that_the_comma_is_a_decimal_sign() -> None:
    assert read_decimal("0,125", decimals=6) == Decimal("0.125")


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([" .", " ,", ".,", ",.", "\u00a0,"]))
def test_every_amount_is_read_back_from_every_way_to_write_it(amount: Decimal, signs: str) -> None:
    text = f"{amount:,.2f}".translate(str.maketrans(",.", signs))
    assert read_decimal(text, decimals=2) == amount


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("25", "25"),
        ("25 %", "25"),
        ("11,11", "11.11"),
        ("12.5%", "12.5"),
        (Decimal(15), "15"),
        ("\u200e25\u00a0%", "25"),
        ("\uff12\uff15\uff05", "25"),
        ('="25"', "25"),
        ("0", "0"),
        ("25,000", "25"),
    ],
)
def test_rates_are_read_as_percentages(cell: Cell, expected: str) -> None:
    assert read_rate(cell) == Decimal(expected)


@pytest.mark.parametrize("cell", ["0.25", Decimal("0.25"), "-25", "101", "high", ""])
def test_a_rate_that_is_no_percentage_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell):
        read_rate(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "22.11.2026",
        "2026-11-22",
        "2026-11-22 00:00:00",
        "22.11.2026 13:45",
        dt.date(2026, 11, 22),
        "\u200e22\u200e.\u200e11\u200e.\u200e2026",  # as browsers write it
        '="22.11.2026"',
    ],
)
def test_norwegian_and_iso_dates_are_read(cell: Cell) -> None:
    assert read_date(cell) == dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-22T00:00:00Z",  # midnight by UTC
        "2026-11-21T23:00:00Z",  # midnight in Oslo, as programs write it by UTC
        "2026-11-21T23:00:00.000Z",
        "2026-11-22T00:00:00+01:00",
        "2026-11-22T00:00:00+0100",
        "2026-11-22 00:00:00+00:00",
        "2026-11-22T00:00Z",
        "2026-11-22T13:45:10.123456 UTC",
        "2026-11-22T22:59:59Z",
        "2026-11-22T00:00:00-05:00",
        "2026-11-21T15:00:00-08:00",
        "22.11.2026 08:00 +02",
        "2026-11-22Z",
        "2026-11-22+01:00",
    ],
)
def test_a_moment_of_a_time_zone_is_the_day_that_it_is_in_norway(cell: str) -> None:
    assert read_date(cell) == dt.date(2026, 11, 22)


def test_midnight_in_oslo_is_an_hour_earlier_by_utc_in_summer() -> None:
    assert read_date("2026-10-04T22:00:00Z") == dt.date(2026, 10, 5)
    assert read_date("2026-10-25T22:00:00Z") == dt.date(2026, 10, 25)  # summer has ended: 23:00


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-11-21T23:30:00Z", "is 21.11.2026 by its own time zone and 22.11.2026 in Norway"),
        ("2026-11-22T23:59:59Z", "is 22.11.2026 by its own time zone and 23.11.2026 in Norway"),
        ("2026-11-22T00:00:00+03:00", "is 22.11.2026 by its own time zone and 21.11.2026 in"),
        ("2026-11-22T25:00:00Z", "is no time of day"),
        ("2026-11-22T10:00:00+99:00", "is no time of day"),
        ("2026-11-31T00:00:00Z", "is no day of the calendar"),
        ("1999-12-31T00:00:00Z", "must be a date between 2000 and 2099"),
        ("2099-12-31T23:00:00Z", "must be a date between 2000 and 2099"),
    ],
)
def test_a_moment_that_falls_on_two_days_is_refused_with_both(cell: str, reason: str) -> None:
    with pytest.raises(BadCell, match=reason):
        read_date(cell)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("11/22/2026", "must be a date such as"),
        ("22.11.26", "must be a date such as"),
        ("31.11.2026", "no day of the calendar"),
        ("22.11.1926", "between 2000 and 2099"),
        (Decimal(46348), "must be a date, not the number 46348; format it as a date in Excel"),
        ("", "is empty"),
    ],
)
def test_what_is_no_sure_date_is_refused_with_the_reason(cell: Cell, reason: str) -> None:
    with pytest.raises(BadCell, match=reason):
        read_date(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(Decimal("1001"), "1001"), (Decimal("1001.0"), "1001"), (Decimal("1E+3"), "1000"),
     ('="Oslo"', "Oslo"), ('="a ""b"""', 'a "b"'), ('="a"&"b"', '="a"&"b"'),
     *((f"Nord{unseen}vik", "Nordvik") for unseen in UNSEEN), ("\U0001f469\u200d\U0001f527",) * 2,
     ("  a\u00a0 b ", "a b"), ("a\r\n b\t", "a b"), ("a\x07\x00b\x7f", "ab")],
)  # fmt: skip
def test_numbers_of_things_are_texts_without_decimals(cell: Cell, text: str) -> None:
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("0000", "0101"),
        ("000\\-000", "000-101"),
        ('"K-"0000', "K-0101"),
        ("[Red]00000;-0", "00101"),
        ("00_)00", "0101"),
        ("General", "101"),
        ("0", "101"),
        ("#,##0", "101"),
        ("# ##0", "101"),
        ("0.00", "101"),
    ],
)
def test_a_number_that_names_something_is_read_as_its_format_shows_it(
    number_format: str, shown: str
) -> None:
    book = Book(looks=[look_of(number_format)])
    cell = read_value(book, "n", "0", "101")
    assert read_identifying(cell) == shown
    assert read_decimal(cell, decimals=2) == Decimal(101)


@pytest.mark.parametrize(
    "number_format",
    ["#,##0,", "0,", "0.0,,", "0,.00", '#,##0," tkr"', "[>=1000]0,K;0", "0000,", "0;-0,", "0,_)"],
)
def test_a_number_shown_in_thousands_is_itself_as_an_amount_and_names_nothing(
    number_format: str,
) -> None:
    book = Book(looks=[look_of(number_format)])
    cell = read_value(book, "n", "0", "1001")
    assert (read_decimal(cell, decimals=2), read_rate(read_value(book, "n", "0", "25"))) == (
        Decimal(1001),
        Decimal(25),
    )
    with pytest.raises(BadCell, match="is the number 1001, which its format shows otherwise"):
        read_identifying(cell)


@pytest.mark.parametrize(
    ("number_format", "number", "shown"),
    [
        ("0", "1001.4", ""),  # shows 1001
        ("#,##0", "1001.4", ""),
        ('"K-"0000', "1001.4", ""),
        ("0", "1001", "1001"),
        ("0.00", "1001.4", "1001.4"),
        ("General", "1001.4", "1001.4"),
        ("@", "1001.4", "1001.4"),
        ('[<1000]"a"0;"b"0', "1001", ""),  # shows b1001
        ("[Red][<=9999]0000;00-0000", "101", ""),
        ("[<100]0.0;0", "1001", "1001"),
    ],
)
def test_a_number_that_its_format_shows_otherwise_names_nothing(
    number_format: str, number: str, shown: str
) -> None:
    cell = read_value(Book(looks=[look_of(number_format)]), "n", "0", number)
    assert read_decimal(cell, decimals=2) == Decimal(number)
    if shown:
        assert read_identifying(cell) == shown
        return
    with pytest.raises(BadCell, match=f"is the number {number}, which its format shows otherwise"):
        read_identifying(cell)


@pytest.mark.parametrize("number_format", [";;;", ";-0;0", '"x"', '"x";0;"-"', "[Red];0"])
def test_a_number_that_its_format_hides_is_none(number_format: str) -> None:
    book = Book(looks=[look_of(number_format)])
    with pytest.raises(NoValue, match="is a number that its format hides"):
        read_value(book, "n", "0", "412.5")
    assert read_value(book, "n", "0", "0") == Decimal(0)


@pytest.mark.parametrize(
    "number_format",
    ["0;;", "0.00;-0.00;;@", '[=0]"-";0.00', '[=0]"";General', "General", "[$-414]General", "@"],
)
def test_a_format_that_hides_zeros_or_texts_hides_no_number(number_format: str) -> None:
    cell = read_value(Book(looks=[look_of(number_format)]), "n", "0", "412.5")
    assert read_decimal(cell, decimals=2) == Decimal("412.50")


@pytest.mark.parametrize(
    "number_format", ["#,##0", "#,##0.00", '0","', "0\\,", "0_,", "0*,", "#,#"]
)
def test_a_comma_that_groups_or_is_only_shown_scales_nothing(number_format: str) -> None:
    assert look_of(number_format) is not Look.SCALED


@given(st.text(alphabet='dmyhs0#?.,%@;"\\_*[]$ -kre/E', max_size=12))
@example("[h]:mm").via("elapsed time")
@example("[$-414]d. mmmm yyyy;@").via("a language")
@example('0 "dager"').via("letters that are only shown")
@example("[Red]\\d0").via("a letter that is only shown")
def test_formats_of_days_and_spans_are_those_that_openpyxl_knows(number_format: str) -> None:
    told = look_of(number_format)
    assert (told is Look.SPAN) == is_timedelta_format(number_format)
    assert (told is Look.DATE) == (
        is_date_format(number_format) and not is_timedelta_format(number_format)
    )


def test_the_formats_of_every_workbook_are_those_that_openpyxl_knows() -> None:
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in BUILTIN_FORMATS)
    part = f'<styleSheet xmlns="{MAIN.strip()}"><cellXfs>{styles}</cellXfs></styleSheet>'
    book = Book()
    read_part(io.BytesIO(part.encode()), LooksReader(book), lambda read: None)
    looks = map(look_of, BUILTIN_FORMATS.values())
    # a currency of these is shown as that of whoever opens the workbook
    assert book.looks == [Look.PLAIN if isinstance(each, CurrencyLook) else each for each in looks]


@pytest.mark.parametrize(
    ("number_format", "currency"),
    [
        ("[$€-407] #,##0.00", "€"),
        ("_-[$€-2] * #,##0.00_-;-[$€-2] * #,##0.00_-", "€"),
        ("#,##0.00\\ \\€", "€"),
        ("$#,##0.00", "$"),
        ('"EUR" #,##0.00', "EUR"),
        ("[$SEK-41D] #,##0.00", "SEK"),
        ("[$AED] #,##0.00", "AED"),
        ("[$₽-419]#,##0.00", "₽"),
        ('#,##0.00\\ "Kč"', "Kč"),
        ('#,##0.00 "kr"', ""),
        ("[$kr-414] #,##0.00", ""),
        ("[$-414]#,##0.00", ""),
        ('#,##0.00 "STK"', ""),
        ('[$€-407] #,##0.00;"USD" 0', ""),
        ("[Red]#,##0.00", ""),
    ],
)
def test_an_amount_keeps_the_currency_that_its_cell_surely_shows(
    number_format: str, currency: str
) -> None:
    cell = read_value(Book(looks=[look_of(number_format)]), "n", "0", "5000")
    assert read_decimal(cell, decimals=2) == Decimal(5000)
    assert getattr(pickle.loads(pickle.dumps(cell)), "currency", "") == currency  # noqa: S301


def test_a_rate_is_read_whatever_its_format_shows() -> None:
    assert read_rate(ShownNumber(Decimal(25), "25 pst")) == Decimal(25)


def test_a_date_names_nothing() -> None:
    with pytest.raises(BadCell, match="of which Excel has made one; format the column as text"):
        read_identifying(dt.date(2026, 11, 10))


@pytest.mark.parametrize(
    ("cell", "price", "net", "read"),
    [
        (Decimal("7.33333333333333"), "450", "3300.00", "7.333333"),
        ("7,33333333333333", "450", "3300.00", "7.333333"),
        (Decimal("-0.66666666666667"), "300", "-200.00", "-0.666667"),
        (Decimal("7.33333333333333"), "5000.03", "36666.89", "7.333333"),  # by an øre
        (Decimal("7.5"), "450", "1.00", "7.500000"),  # whether the sum is right is asked elsewhere
    ],
)
def test_a_repeating_fraction_is_rounded_where_the_sum_stays_the_same(
    cell: Cell, price: str, net: str, read: str
) -> None:
    assert str(read_quantity(cell, Decimal(price), Decimal(net))) == read


@pytest.mark.parametrize(("price", "net"), [("450", "3299.99"), ("45000000", "330000000.00")])
def test_a_quantity_whose_decimals_count_is_refused(price: str, net: str) -> None:
    with pytest.raises(BadCell, match="more than 6 decimals"):
        read_quantity(Decimal("7.33333333333333"), Decimal(price), Decimal(net))


@pytest.mark.parametrize("cell", ["9" * 60, f"-{'9' * 60}", Decimal("1e400"), "1000000000000"])
def test_a_quantity_beyond_all_that_can_be_kept_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="larger than any amount that can be kept"):
        read_quantity(cell, Decimal("412.50"), Decimal("3093.75"))


@pytest.mark.parametrize(
    "text",
    [
        "nov.26",
        "01.11.2026",
        "10.11.26",
        "2026-11-10",
        "2026-11-10 00:00:00",
        "2026-11-10T00:00:00+01:00",
        "10-Nov",
        "Nov-10",
        "10. nov",
        "10.nov.2026",
        "november 2026",
        "10/11/2026",
        "10-11-2026",
        "10:11:00",
        "11:10",
        "5-mai",
        "12:30 PM",
        "des.11",
        "mar 05",
    ],
)
def test_a_number_that_a_program_has_saved_as_a_date_or_time_names_nothing(text: str) -> None:
    with pytest.raises(BadCell, match=f"is the (date|time) {re.escape(text)}, of which Excel"):
        read_identifying(text)


@pytest.mark.parametrize(
    "text",
    [
        "1011",
        "10-11",
        "10-1011",
        "10-11-26",
        "1.028",
        "10.11",
        "11-26",
        "2026-11",
        "2026/11",
        "MAI",
        "MARS1001",
        "JAN1234",
        "Apr 1234",
        "A-10:1",
        "10MAR",
        "10 11",
        "P10-NOV-X",
    ],
)
def test_a_number_with_points_strokes_or_letters_is_no_date(text: str) -> None:
    assert read_identifying(text) == text


AMOUNTS = st.one_of(
    st.decimals(-(10**13), 10**13, places=2),
    st.decimals(-10, 10, places=7),
    st.sampled_from([Decimal("-0"), Decimal("-0.00"), Decimal("1E+3"), Decimal(10) ** 12]),
)
WRITTEN = st.one_of(
    AMOUNTS.map(str),
    st.sampled_from(["1,5", "-0", "-0,00", "1 234,50", "1.234", "", "7.5\n8.5", "12\n", "x"]),
)


@given(st.lists(AMOUNTS, min_size=1, max_size=5) | st.lists(WRITTEN, min_size=1, max_size=5))
@example(["1.50", "-0"])
@example(["1\n2"])
@example([Decimal("1.5"), ShownNumber(Decimal("2.5"), "x")])
def test_amounts_that_are_read_together_are_what_each_of_them_is(cells: list[Cell]) -> None:
    for decimals in (2, 6):
        together = read_plain_decimals(cells, decimals=decimals)
        if together is not None:
            alone = [read_decimal(cell, decimals=decimals) for cell in cells]
            assert list(map(str, together)) == list(map(str, alone))
