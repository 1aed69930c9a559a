"""A file is put beside the company that it is of, and beside no other."""

from __future__ import annotations

import datetime as dt

import pytest

from so24.ledger.saft.company import KnownCompanies, find_wrong_company, newest_numbers
from so24.ledger.saft.postings import SaftHead

OURS, OTHER, STRANGE = "923609016", "974760673", "971032081"
NORD, SOUTH = 1, 2


def head(number: str = OURS) -> SaftHead:
    """The head of a file of this company."""
    day = dt.date(2026, 11, 1)
    return SaftHead("1.30", number, "Nord AS", "NOK", day, day)


def judge(
    number: str = OURS,
    *,
    said: dict[int, str] | None = None,
    own: tuple[str, ...] = (),
    clients: tuple[int, ...] = (NORD, SOUTH),
    stated: str = "",
    corrects: bool = False,
) -> str:
    """What is said of a file that is put beside Nord."""
    known = KnownCompanies(said or {}, own, clients, {NORD: "Nord AS (1)", SOUTH: "Sør AS (2)"})
    return find_wrong_company(head(number), NORD, "Nord AS (1)", known, stated, corrects=corrects)


def test_a_typed_number_contradicts_none_that_is_known() -> None:
    refused = judge(OTHER, said={NORD: OURS}, stated=OTHER)
    assert "and not of Nord AS (1), whose organization number is 923609016" in refused
    assert "If 923609016 is wrong, a System Administrator corrects it" in refused


def test_a_typed_number_is_not_taken_from_the_company_that_has_it() -> None:
    for stated in (OURS, ""):
        refused = judge(said={SOUTH: OURS}, stated=stated)
        assert "as the organization number of Sør AS (2), not of Nord AS (1)" in refused
        assert "a System Administrator corrects it" in refused


def test_a_correction_says_which_number_is_right_and_is_held_to_the_file_and_the_house() -> None:
    assert judge(OTHER, said={NORD: OURS}, stated=OTHER, corrects=True) == ""
    assert judge(said={SOUTH: OURS}, stated=OURS, corrects=True) == ""
    assert judge(OTHER, said={NORD: OURS}, corrects=True) != ""
    assert "not of 974760673" in judge(said={NORD: OTHER}, stated=OTHER, corrects=True)
    strange = judge(STRANGE, own=(OURS,), stated=STRANGE, corrects=True)
    assert "none of your own companies" in strange


def test_a_number_is_that_of_the_company_it_was_last_said_of_and_of_no_other() -> None:
    assert newest_numbers([(NORD, OTHER), (NORD, OURS), (SOUTH, OURS)]) == {
        NORD: OTHER, SOUTH: OURS,
    }  # fmt: skip
    assert newest_numbers([(NORD, OURS), (SOUTH, OURS), (SOUTH, OTHER)]) == {NORD: OURS}
    assert newest_numbers([(NORD, ""), (SOUTH, OURS)]) == {SOUTH: OURS}


def test_the_number_that_was_said_before_is_expected() -> None:
    assert judge(said={NORD: OURS}) == ""
    assert "and not of Nord AS (1), whose organization number is 923609016" in judge(
        OTHER, said={NORD: OURS}
    )


def test_the_only_own_number_is_that_of_the_only_company() -> None:
    assert judge(own=(OURS,), clients=(NORD,)) == ""
    assert "does not know yet" in judge(own=(OURS,), clients=(NORD, SOUTH))
    assert "does not know yet" in judge(own=(OURS, OTHER), clients=(NORD,))


def test_a_number_that_is_not_ones_own_is_refused_whatever_is_typed() -> None:
    assert "none of your own companies" in judge(STRANGE, own=(OURS,), stated=STRANGE)


def test_an_unknown_number_is_asked_for_and_what_is_typed_must_be_the_files() -> None:
    assert "give this organization number, once" in judge()
    assert judge(stated="NO 923 609 016 MVA") == ""
    assert "and not of 974760673" in judge(stated=OTHER)


def test_a_company_whose_number_another_company_has_is_not_guessed() -> None:
    known = KnownCompanies({SOUTH: OURS}, (), (NORD, SOUTH))
    assert known.client_with(OURS) == SOUTH
    assert known.client_with(OTHER) is None
    assert "of Nord AS, 923609016" in find_wrong_company(head(), NORD, "Nord AS (1)", known, "")


@pytest.mark.parametrize("number", ["", "923609017", "000000000", "abc", "01019012345"])
def test_a_file_without_an_organization_number_is_nobodys(number: str) -> None:
    assert "is no organization number" in judge(number, stated=number)
