"""The catalogue of checks, by table: what each finds, in which field, and whether it blocks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from so24.amounts import format_amount
from so24.keys.key_categories import KeyCategories
from so24.keys.routing import NoWay
from so24.office.values import Category
from so24.reasons import Reason
from so24.store.documents.documents import Document
from so24.store.documents.neighbours import Habit, Others, UsualTotal
from so24.store.links.product_links import LinkedProduct
from so24.store.tables.document_tables import DocumentKind
from so24.transfer.checks import check_document
from so24.transfer.checks.amounts import check_totals
from so24.transfer.checks.finding import CheckContext, Finding, KeyProducts, Severity
from so24.transfer.order.mapping import map_rows
from so24.transfer.order.vat_doubts import VatKnowledge
from tests.transfer.papers import DAY, customer, document, invoice, line

SOUND = "123456785"
NOTHING = CheckContext()
HABIT = Habit(1, DocumentKind.INVOICE, "NOK")


def paper(
    head: dict[str, Any] | None = None,
    buyer: dict[str, Any] | None = None,
    lines: tuple[dict[str, Any], ...] = ({},),
) -> Document:
    """A document that is sound but for these changes."""
    buyer = {"organization_number": SOUND, **(buyer or {})}
    rows = tuple(line(**each) for each in lines)
    return document(invoice(**(head or {})), rows, customer(**buyer))


def reasons(found: tuple[Finding, ...]) -> list[str]:
    """The reasons of the findings, in order."""
    return [each.reason for each in found]


def test_in_a_sound_document_nothing_is_found() -> None:
    context = CheckContext(
        today=DAY,
        closed_until=DAY - dt.timedelta(days=1),
        vat_rates=frozenset({Decimal(25)}),
        usual={HABIT: UsualTotal(6, Decimal("250.00"))},
        key_products={1: KeyProducts("Oslo", VatKnowledge(linked={"1001": LinkedProduct(501)}))},
    )
    assert check_document(paper(), context) == ()


def test_every_reason_has_one_card_and_one_severity() -> None:
    told = set(Reason) - {Reason.NONE, Reason.WOULD_BE_SENT, Reason.NOT_LOOKED_UP}
    assert len({each.card.title for each in told}) == len(told)
    assert Finding(Reason.CLOSED_PERIOD).severity is Severity.ERROR
    assert Finding(Reason.KID_WRONG).severity is Severity.WARNING
    assert all(Finding(each).card.remedy for each in told)


ERRORS: list[tuple[dict[str, Any], str, str, str]] = [
    # what is wrong, the reason, the field, a word of the sentence
    ({"head": {"kind": DocumentKind.CREDIT_NOTE}}, "credit_mismatch", "total", "not negative"),
    (
        {
            "head": {
                "net": Decimal("-200.00"),
                "vat": Decimal("-50.00"),
                "total": Decimal("-250.00"),
            },
            "lines": ({"quantity": Decimal(-2), "net": Decimal("-200.00")},),
        },
        "negative_invoice",
        "total",
        "",
    ),
    ({"head": {"currency": "EUR"}}, "foreign_currency", "currency", "EUR"),
    ({"head": {"due_date": dt.date(2026, 11, 1)}}, "due_before_date", "due date", "01.11.2026"),
    ({"buyer": {"postal_code": ""}}, "customer_incomplete", "customer's postal code", "5001"),
    ({"lines": ()}, "no_lines", "lines", ""),
    ({"lines": ({"product_number": ""},)}, "line_without_product", "product number of line 1", ""),
    ({"lines": ({"position": 3, "quantity": Decimal(9)},)}, "line_arithmetic", "sum of line 3", ""),
    ({"head": {"stated_vat": Decimal("10.00")}}, "totals_disagree", "VAT", "10,00"),
    ({"head": {"stated_total": Decimal("10.00")}}, "totals_disagree", "Total", "250,00"),
    ({"head": {"number": "9" * 45}}, "too_long", "reference", "51 characters of at most 50"),
    ({"buyer": {"name": "x" * 201}}, "too_long", "customer's name", "201"),
    ({"buyer": {"address": "x" * 251}}, "too_long", "customer's address", "251"),
    ({"buyer": {"postal_code": "x" * 17}}, "too_long", "customer's postal code", "17"),
    ({"buyer": {"city": "x" * 101}}, "too_long", "customer's city", "101"),
    ({"buyer": {"country": "NOR"}}, "too_long", "customer's country", "3"),
    ({"buyer": {"invoice_email": "x" * 251}}, "too_long", "customer's invoice e-mail", "251"),
    ({"lines": ({"product_number": "x" * 101},)}, "too_long", "product number of line 1", "101"),
]


@pytest.mark.parametrize(("wrong", "reason", "field", "word"), ERRORS)
def test_an_error_names_its_field_and_blocks(
    wrong: dict[str, Any], reason: str, field: str, word: str
) -> None:
    [found] = check_document(paper(**wrong), NOTHING)
    assert (found.reason, found.field, found.severity) == (reason, field, Severity.ERROR)
    assert word in found.words


@pytest.mark.parametrize(
    ("stated", "lines", "found"),
    [
        ("50.00", 1, []),
        ("50.01", 1, ["totals_apart"]),  # one line is rounded once, however it is done
        ("49.99", 1, ["totals_apart"]),
        ("50.01", 2, ["totals_rounded"]),
        ("50.02", 1, ["totals_apart"]),
        ("49.97", 1, ["totals_apart"]),
        ("50.02", 3, ["totals_rounded"]),  # on each of them
        ("50.03", 3, ["totals_apart"]),
        ("50.99", 1, ["totals_apart"]),
        ("51.00", 1, ["totals_apart"]),
        ("51.01", 1, ["totals_disagree"]),
    ],
)
@pytest.mark.parametrize("name", ["VAT", "Total"])
def test_a_difference_is_told_from_one_øre_on_with_both_amounts(
    name: str, stated: str, lines: int, found: list[str]
) -> None:
    said = Decimal(stated) + (200 if name == "Total" else 0)
    each = {"net": Decimal(200) / lines}
    wrong = paper({f"stated_{name.lower()}": said}, lines=tuple(each for _ in range(lines)))
    findings = tuple(check_totals(wrong))
    assert reasons(findings) == found
    for finding in findings:
        assert format_amount(said) in finding.words
        assert format_amount(said - Decimal(stated) + 50) in finding.words


def test_a_difference_of_rounding_in_vat_and_total_is_told_once() -> None:
    both = {"stated_vat": Decimal("50.01"), "stated_total": Decimal("250.01")}
    [found] = check_totals(paper(both, lines=({"net": Decimal(100)}, {"net": Decimal(100)})))
    assert (found.reason, found.field) == (Reason.TOTALS_ROUNDED, "Total")
    assert found.severity is Severity.WARNING


DISCOUNTED = {"quantity": Decimal(10), "unit_price": Decimal(100), "net": Decimal("900.00")}
AS_BILLED = {"net": Decimal("900.00"), "vat": Decimal("225.00"), "total": Decimal("1125.00")}


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_below_quantity_times_price_goes_where_the_documents_own_total_proves_it(
    sign: int,
) -> None:
    head = {name: amount * sign for name, amount in AS_BILLED.items()}
    kind = {1: DocumentKind.INVOICE, -1: DocumentKind.CREDIT_NOTE}[sign]
    each = {**DISCOUNTED, "quantity": Decimal(10 * sign), "net": Decimal(900 * sign)}
    proven = paper({**head, "kind": kind, "stated_total": head["total"]}, lines=(each,))
    [found] = check_document(proven, NOTHING)
    assert (found.reason, found.severity) == (Reason.LINE_DISCOUNTED, Severity.WARNING)
    assert "90,00 each" in found.words
    [row] = map_rows(proven.lines, {"1001": 7}, credit=sign < 0)
    assert (row.quantity, row.price) == (Decimal(10 * sign), Decimal(90))


@pytest.mark.parametrize(
    ("head", "each"),
    [
        ({}, DISCOUNTED),  # nothing but the line says that 900 was billed
        ({"stated_total": Decimal("1250.00")}, DISCOUNTED),  # the total says that it was not
        ({"stated_total": Decimal("1125.00")}, {**DISCOUNTED, "quantity": Decimal(8)}),
        ({"stated_total": Decimal("1125.00")}, {**DISCOUNTED, "quantity": Decimal(-10)}),
    ],
)
def test_a_sum_that_nothing_proves_blocks_with_a_way_that_is_open(
    head: dict[str, Any], each: dict[str, Any]
) -> None:
    found = check_document(paper({**AS_BILLED, **head}, lines=(each,)), NOTHING)
    assert "line_arithmetic" in reasons(found)
    assert "line_discounted" not in reasons(found)
    assert "by hand and exclude it here" in Reason.LINE_ARITHMETIC.card.remedy


def test_what_was_given_free_is_told_with_a_product_and_without() -> None:
    free = {"position": 2, "quantity": Decimal(1), "unit_price": Decimal(500), "net": Decimal(0)}
    head = {"stated_total": Decimal("250.00")}
    for product, how in (("1001", "as 0,00 each"), ("", "as a text")):
        [found] = check_document(
            paper(head, lines=({}, {**free, "product_number": product})), NOTHING
        )
        assert found.reason == Reason.LINE_DISCOUNTED
        assert how in found.words


def test_without_vat_there_is_nothing_to_round() -> None:
    free = paper({"stated_vat": Decimal("50.01")}, lines=({"vat_rate": Decimal(0)},))
    assert reasons(tuple(check_totals(free))) == ["totals_apart"]


CHARACTERS = [
    ({"head": {"note": "ab\x07"}}, "note", "The note has character U+0007 at position 3."),
    ({"head": {"our_reference": "\x00"}}, "our reference", "U+0000 at position 1"),
    ({"head": {"your_reference": "\x0b"}}, "your reference", "U+000B"),
    ({"head": {"order_reference": "\x0c"}}, "order reference", "U+000C"),
    ({"head": {"project_number": "\x1f"}}, "project number", "U+001F"),
    ({"head": {"project_name": "\ufffe"}}, "project name", "U+FFFE"),
    ({"head": {"number": "1\x08"}}, "number", "U+0008 at position 2"),
    ({"buyer": {"name": "\uffff"}}, "customer's name", "U+FFFF"),
    ({"buyer": {"city": "Oslo\ud800"}}, "customer's city", "U+D800 at position 5"),
    ({"buyer": {"invoice_email": "\x01"}}, "customer's invoice e-mail", "U+0001"),
    ({"lines": ({}, {"position": 2, "text": "a\x02"})}, "text of line 2", "U+0002 at position 2"),
    ({"lines": ({"product_name": "\x03"},)}, "product of line 1", "U+0003"),
    ({"lines": ({"product_number": "\x04"},)}, "product number of line 1", "U+0004"),
]


@pytest.mark.parametrize(("wrong", "field", "words"), CHARACTERS)
def test_a_character_that_cannot_be_sent_is_named_with_its_place(
    wrong: dict[str, Any], field: str, words: str
) -> None:
    [found] = check_document(paper(**wrong), NOTHING)
    assert (found.reason, found.field) == ("illegal_character", field)
    assert words in found.words


def test_tabs_line_breaks_and_letters_of_any_script_may_be_sent() -> None:
    note = "Første\tlinje\r\nandre – 你好 🧾"
    assert check_document(paper({"note": note}), NOTHING) == ()


@pytest.mark.parametrize(
    ("number", "country", "found"),
    [
        (SOUND, "NO", []),
        ("NO 123 456 785 MVA", "NO", []),
        ("123456786", "NO", ["organization_number_wrong"]),
        ("123456786", "", ["organization_number_wrong"]),
        ("000000000", "NO", ["organization_number_wrong"]),
        ("999999999", "NO", ["organization_number_wrong"]),  # its check digit is right
        ("12345678", "DK", ["organization_number_wrong"]),
        ("", "NO", ["organization_number_missing"]),
        ("", "SE", []),
        ("SE556000171201", "SE", []),
    ],
)
def test_an_organization_number_is_doubted_but_never_blocks(
    number: str, country: str, found: list[str]
) -> None:
    buyer = {"organization_number": number, "country": country}
    findings = check_document(paper(buyer=buyer), NOTHING)
    assert reasons(findings) == found
    assert all(each.severity is Severity.WARNING for each in findings)


@pytest.mark.parametrize(
    ("kid", "found"),
    [("", []), ("602243", []), ("000602243", []), ("6-", []), ("602244", ["kid_wrong"])],
)
def test_a_kid_is_doubted_where_it_passes_neither_rule(kid: str, found: list[str]) -> None:
    assert reasons(check_document(paper({"kid": kid}), NOTHING)) == found


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"buyer": {"name": "x" * 101}}, "customer's name"),
        ({"lines": ({"text": "x" * 301},)}, "text of line 1"),
        ({"lines": ({"text": "x" * 299 + "…"},)}, "text of line 1"),  # cut as it was read
        ({"lines": ({"product_name": "x" * 126},)}, "product of line 1"),
    ],
)
def test_a_text_that_is_cut_is_a_warning(wrong: dict[str, Any], field: str) -> None:
    [found] = check_document(paper(**wrong), NOTHING)
    assert (found.reason, found.field) == ("text_shortened", field)


def test_an_unknown_vat_rate_is_named_once_with_its_lines() -> None:
    context = CheckContext(vat_rates=frozenset({Decimal(25), Decimal("11.11")}))
    rates = [{"vat_rate": Decimal(rate)} for rate in ("25.000000", "11.11", "8", "8")]
    lines = tuple({"position": place, **rate} for place, rate in enumerate(rates, 1))
    [found] = check_document(paper(lines=lines), context)
    assert (found.reason, found.field) == ("vat_rate_unknown", "VAT rate of line 3")
    assert found.words == "8 % on 2 lines, the first of them line 3."


@pytest.mark.parametrize(
    ("days", "found"),
    [(-1, []), (0, ["closed_period"]), (1, ["closed_period"])],
)
def test_the_last_day_of_a_closed_period_belongs_to_it(days: int, found: list[str]) -> None:
    context = CheckContext(closed_until=DAY + dt.timedelta(days=days))
    assert reasons(check_document(paper(), context)) == found


@pytest.mark.parametrize(("days", "found"), [(-1, ["future_date"]), (0, [])])
def test_a_date_after_today_is_a_warning(days: int, found: list[str]) -> None:
    context = CheckContext(today=DAY + dt.timedelta(days=days))
    assert reasons(check_document(paper(), context)) == found


@pytest.mark.parametrize(
    ("documents", "median", "unusual"),
    [
        (6, "50.00", False),  # 250 is five times as much
        (6, "49.99", True),
        (6, "1250.00", False),  # a fifth
        (6, "1250.05", True),
        (5, "1.00", False),  # four others are no habit
        (6, "0.00", False),  # a usual nought tells nothing
        (6, "-1250.05", True),
    ],
)
def test_an_amount_is_unusual_at_more_than_five_times_the_median_either_way(
    documents: int, median: str, unusual: bool
) -> None:
    context = CheckContext(usual={HABIT: UsualTotal(documents, Decimal(median))})
    assert (reasons(check_document(paper(), context)) == ["amount_unusual"]) is unusual


def test_the_habit_is_of_the_same_currency_and_kind() -> None:
    usual = UsualTotal(6, Decimal("1.00"))
    others = {HABIT._replace(currency="EUR"): usual, HABIT._replace(customer_id=2): usual}
    assert check_document(paper(), CheckContext(usual=others)) == ()


def test_documents_and_numbers_alike_are_named() -> None:
    context = CheckContext(
        documents_alike={1: Others("10-1002", 1)},
        numbers_alike={1: Others("10-01001", 3), 2: Others("x", 1)},
    )
    first, second = check_document(paper(), context)
    assert (first.reason, first.words) == ("same_again", "10-1002.")
    assert (second.reason, second.words) == ("number_again", "10-01001 and 2 more.")


def test_a_department_without_a_key_is_an_error() -> None:
    [found] = check_document(paper(), CheckContext(keyless={1: NoWay(Reason.NO_KEY)}))
    assert (found.reason, found.field) == ("no_key", "department")
    assert found.severity is Severity.ERROR


def test_a_key_without_a_category_is_a_warning_for_products_it_has_not_met() -> None:
    known = {"1001": LinkedProduct(501)}
    context = CheckContext(key_products={1: KeyProducts("Oslo", VatKnowledge(linked=known))})
    assert check_document(paper(), context) == ()
    unknown = paper(lines=({"product_number": "1002"},))
    [found] = check_document(unknown, context)
    assert found.reason == "category_missing"
    assert "1002" in found.words
    for_it = KeyCategories(of_kinds=((Decimal(25), Category(1, None, "Services")),))
    context = CheckContext(key_products={1: KeyProducts("Oslo", VatKnowledge(categories=for_it))})
    assert check_document(unknown, context) == ()


def test_a_product_of_another_rate_in_24sevenoffice_is_a_warning_that_names_both() -> None:
    known = {"1001": LinkedProduct(501, vat_rate=Decimal(0))}
    context = CheckContext(key_products={1: KeyProducts("Oslo", VatKnowledge(linked=known))})
    [found] = check_document(paper(), context)
    assert (found.reason, found.severity) == ("vat_may_differ", Severity.WARNING)
    words = "Line 1 has 25 % VAT. 24SevenOffice has product 1001 with 0 %."
    assert (found.words, found.field) == (words, "VAT rate of line 1")


def test_a_line_without_a_product_number_has_the_one_of_the_departments_key() -> None:
    bare = paper(lines=({"product_number": ""},))
    assert reasons(check_document(bare, NOTHING)) == ["line_without_product"]
    assert check_document(bare, CheckContext(default_products={1: "900"})) == ()
    assert reasons(check_document(bare, CheckContext(default_products={2: "900"}))) == [
        "line_without_product"
    ]


def test_errors_come_before_warnings() -> None:
    found = check_document(paper({"kid": "1", "due_date": DAY.replace(day=1)}), NOTHING)
    assert reasons(found) == ["due_before_date", "kid_wrong"]
