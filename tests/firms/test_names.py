"""By which words a name tells whose it is."""

from __future__ import annotations

import pytest

from so24.firms.names import ends_in_legal_form, name_words, share_a_word, telling_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Nordvik Logistikk A/S", {"nordvik", "logistikk"}),
        ("NORDVIK  LOGISTIKK ASA", {"nordvik", "logistikk"}),
        ("Müller Maschinenbau GmbH & Co. KG", {"müller", "maschinenbau"}),
        ("Hansen og Sønn", {"hansen", "sønn"}),
        ("Hansen Norge Holding AS", {"hansen"}),
        ("Norsk Bygg AS", {"norsk", "bygg"}),
        ("H & M AS", {"hmas"}),
        ("AS", {"as"}),
        ("", set()),
        ("Ｎｏｒｄ\u200bvik", {"nordvik"}),
    ],
)
def test_legal_forms_small_words_and_letters_tell_nothing_unless_there_is_nothing_else(
    name: str, words: set[str]
) -> None:
    assert telling_words(name) == words


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Fjelltopp Bygg AS", "FJELLTOPP BYGG", True),
        ("Fjelltopp Bygg AS", "Fjelltopp Holding ASA", True),
        ("Fjellheim Regnskap AS", "Müller Maschinenbau GmbH", False),
        ("Alfa AS", "Beta AS", False),
        ("Alfa Norge AS", "Beta Norge AS", False),
        ("Alfa Bygg AS", "Beta Bygg AS", False),
        ("Alfa Norge AS", "Alfa Sverige AB", True),
        ("Norsk Bygg AS", "NORSK BYGG", True),
        ("Norsk Bygg AS", "Hansen Bygg AS", False),
        ("Alfa Ltd", "Beta Ltd.", False),
        ("Berg og Dal", "Hansen og Sønn", False),
        ("A B Consult Inc", "A B Transport Inc", False),
        ("AS", "AS", True),
        ("", "", False),
    ],
)
def test_two_names_share_a_word_only_where_it_tells_something(
    one: str, other: str, shared: bool
) -> None:
    assert share_a_word(one, other) is share_a_word(other, one) is shared


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kunde 1 AS", "KUNDE 1", True),
        ("Kunde 1 AS", "Kunde 2 AS", False),
        ("Ola Nordmann", "Nordmann, Ola", True),
        ("Ola Nordmann", "Ola B. Nordmann", False),
    ],
)
def test_two_names_are_one_where_all_words_are(one: str, other: str, same: bool) -> None:
    assert (name_words(one) == name_words(other)) is same


@pytest.mark.parametrize(
    ("name", "firm"),
    [
        ("Nordvik Logistikk AS", True),
        ("Nordvik A/S", True),
        ("Müller Maschinenbau GmbH & Co. KG", True),
        ("Ola Nordmann", False),
        ("As Nordmann", False),
        ("AS", False),
        ("", False),
    ],
)
def test_a_firm_is_told_by_the_legal_form_at_the_end(name: str, firm: bool) -> None:
    assert ends_in_legal_form(name) is firm
