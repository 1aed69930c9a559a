"""By which words a name tells whose it is."""

from __future__ import annotations

import pytest

from so24.company_names import share_a_word, telling_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Nordvik Logistikk A/S", {"nordvik", "logistikk"}),
        ("NORDVIK  LOGISTIKK ASA", {"nordvik", "logistikk"}),
        ("Müller Maschinenbau GmbH & Co. KG", {"müller", "maschinenbau"}),
        ("Hansen og Sønn", {"hansen", "sønn"}),
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
