"""Countries by code and by name; what may be two, or none, is refused."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from so24.sources.reports.countries import complete_postal_code, read_country
from so24.sources.sheets.cells.cell import BadCell


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Polen", "PL"), ("Nederland", "NL"), ("Spania", "ES"), ("Frankrike", "FR"),
        ("Litauen", "LT"), ("USA", "US"), ("U.S.A.", "US"), ("England", "GB"), ("U.K.", "GB"),
        ("Østerrike", "AT"), ("ØSTERRIKE", "AT"), ("Osterrike", "AT"), ("Sveits", "CH"),
        ("Estland", "EE"), ("Norwegen", "NO"), ("NOR", "NO"), ("EL", "GR"), ("UK", "GB"),
        ("XI", "GB"), ("Deutschland", "DE"), ("Sverige", "SE"), ("The Netherlands", "NL"),
        ("Czech Republic", "CZ"), ("Turkey", "TR"), ("Türkiye", "TR"), ("Côte d'Ivoire", "CI"),
        ("NO - Norge", "NO"), ("Norway (NO)", "NO"), ("Norge/Norway", "NO"), ("Noreg", "NO"),
        ("El Salvador", "SV"), ("Sør-Korea", "KR"), ("Irland", "IE"), ("Island", "IS"),
        ("sverige ", "SE"), ("", "NO"),
    ],
)  # fmt: skip
def test_a_country_is_read_as_people_write_it(text: str, code: str) -> None:
    assert read_country(text) == code


@pytest.mark.parametrize(
    "text",
    ["XX", "SV", "sv", "EU", "ZZ", "47", "D", "SE - Norge", "Norge, Sverige", "Kongo", "Korea",
     "YU", "Utopia", "se/no", "Oslo", "-"],
)  # fmt: skip
def test_what_is_no_country_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_country(text)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_country_is_known_by_its_norwegian_and_its_english_name(language: str) -> None:
    names = Locale(language).territories
    wanted = {code: name for code, name in names.items() if code.isalpha() and len(code) == 2}
    unknown = {}
    for code, name in wanted.items():
        try:
            assert read_country(name) == code
        except BadCell:
            unknown[code] = name
    assert unknown.keys() <= {
        "AC", "CP", "CQ", "CD", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ",
    }  # fmt: skip


@given(st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True), st.sampled_from(["DE", "FI", "EE", "PL"]))
def test_a_postal_code_is_completed_to_its_countrys_length_or_left_as_it_is(
    text: str, country: str
) -> None:
    code, doubt = complete_postal_code(text, country, is_number=True)
    assert code.lstrip("0") == text
    assert code == text or len(code) == 5
    assert not (doubt and code != text)
    assert complete_postal_code(text, country, is_number=False)[0] == text
