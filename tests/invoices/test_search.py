"""The search codes of the invoice overview."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.errors import WrongUse
from so24.invoices.overview import Search, parse_search

pytestmark = pytest.mark.both


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Search()),
        ("  Nordvik ", Search(text="Nordvik")),
        ("@no=1001", Search(number="1001")),
        ("@companyNo=5001", Search(company_number="5001")),
        ("@companyNo=\uff15001\u200b @no=10\u00ad01", Search(company_number="5001", number="1001")),
        ("@name=Nordvik Logistikk AS", Search(name="Nordvik Logistikk AS")),
        ('@name="Nordvik Logistikk AS" @no=1001',
         Search(name="Nordvik Logistikk AS", number="1001")),
        ("@no=1001 @name=Nordvik Logistikk AS",
         Search(name="Nordvik Logistikk AS", number="1001")),
        ("10 @companyNo=5001", Search(text="10", company_number="5001")),
        ("post@fjell.example", Search(text="post@fjell.example")),
        ("a@no=1", Search(text="a@no=1")),
    ],
)  # fmt: skip
def test_codes_and_free_text_are_told_apart(text: str, meant: Search) -> None:
    assert parse_search(text) == meant


def test_the_value_keeps_its_capital_letters() -> None:
    assert parse_search("@name=NORDVIK as").name == "NORDVIK as"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("@nr=1001", "There is no search code @nr=; there are @name=, @companyNo=, @no=."),
        ("@No=1001", "There is no search code @No="),
        ("@no=", "The search code @no= needs a value"),
        ('@no=""', "The search code @no= needs a value"),
        ("@no=1 @no=2", "The search code @no= is given twice"),
    ],
)
def test_a_wrong_code_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(WrongUse, match=f"^{sentence}"):
        parse_search(text)


@given(st.from_regex(r"[A-ZÆØÅa-zæøå&.,()@ -]{1,40}", fullmatch=True).map(str.strip).filter(bool))
def test_a_customer_s_name_is_found_as_it_is_written(name: str) -> None:
    assert parse_search(f"@no=7 @name={name}") == Search(number="7", name=name)
