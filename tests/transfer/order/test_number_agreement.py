"""Which documents go by RecMan's numbers: told by tables, and held for any documents at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from so24.reasons import Reason
from so24.store.transfers.numbers import NextNumber
from so24.transfer.order.number_agreement import Agreement, Numbered, agree, read_number

GAP, PASSED = Reason.NUMBER_GAP, Reason.NUMBER_PASSED
SERIES, BEHIND = Reason.NUMBER_SERIES, Reason.NUMBER_BEHIND


def doc(
    written: str, *, booked_as: int | None = None, series: str = "10", kind: str = "invoice"
) -> Numbered:
    return Numbered((series, kind, written), written, series, kind, written, booked_as)


def decide(
    expected: NextNumber, *documents: Numbered, taken: tuple[int, ...] = ()
) -> tuple[list[str], dict[str, Reason]]:
    """The numbers that go, and the reasons of the others."""
    found = agree(expected, documents, dict.fromkeys(taken, "order 1"))
    names = {each.id: each.written for each in documents}
    reasons = {names[each]: refusal.reason for each, refusal in found.refused.items()}
    return [names[each] for each in found.goes], reasons


@pytest.mark.parametrize(
    ("expected", "numbers", "taken", "goes", "refused"),
    [
        pytest.param(7, "7 8 9", (), "7 8 9", {}, id="all agree"),
        pytest.param(9, "10 9 11", (), "9 10 11", {}, id="ordered as numbers"),
        pytest.param(7, "007 8", (), "007 8", {}, id="leading zeros are none"),
        pytest.param(7, "7 9 10", (), "7", {"9": GAP, "10": BEHIND}, id="a gap"),
        pytest.param(7, "8", (), "", {"8": GAP}, id="a gap at once"),
        pytest.param(7, "6 7", (), "", {"6": PASSED, "7": BEHIND}, id="passed"),
        pytest.param(7, "7 8", (7,), "", {"7": PASSED, "8": BEHIND}, id="taken by a hand"),
        pytest.param(7, "8 9", (7,), "8 9", {}, id="taken, and that document is not here"),
        pytest.param(7, "7 8 9", (8,), "7", {"8": PASSED, "9": BEHIND}, id="taken further on"),
        pytest.param(7, "7 A8", (), "7", {"A8": SERIES}, id="no number"),
        pytest.param(7, "7 07", (), "07", {"7": PASSED}, id="one number twice"),
        pytest.param(7, "0 7", (), "7", {"0": SERIES}, id="nought is none"),
        pytest.param(7, "٧", (), "", {"٧": SERIES}, id="figures of another script"),
    ],
)
def test_only_the_number_that_is_expected_next_goes(
    expected: int, numbers: str, taken: tuple[int, ...], goes: str, refused: dict[str, Reason]
) -> None:
    documents = [doc(each) for each in numbers.split()]
    found = decide(NextNumber(expected), *documents, taken=taken)
    assert found == (goes.split(), refused)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (doc("9"), GAP),
        (doc("9", series="20"), SERIES),
        (doc("3", series="20"), SERIES),
        (doc("9", kind="credit_note"), GAP),
        (doc("9001", kind="credit_note"), SERIES),
        (doc("3"), PASSED),
    ],
)
def test_beside_the_last_document_it_is_told_whether_a_number_is_missing_or_of_another_series(
    document: Numbered, reason: Reason
) -> None:
    _, refused = decide(NextNumber(7, "10", "invoice"), document)
    assert refused == {document.written: reason}


def test_of_whichever_series_and_kind_the_expected_number_goes() -> None:
    note = doc("8", series="20", kind="credit_note")
    assert decide(NextNumber(7, "10", "invoice"), doc("7"), note) == (["7", "8"], {})


def test_what_is_booked_under_its_number_counts_and_is_not_decided_about() -> None:
    found = decide(NextNumber(7), doc("7", booked_as=7), doc("8"), taken=(7,))
    assert found == (["8"], {})


def test_behind_one_that_is_booked_under_another_number_nothing_goes() -> None:
    found = decide(NextNumber(7), doc("7", booked_as=9), doc("10"), taken=(9,))
    assert found == ([], {"10": BEHIND})


def test_digits_only_and_no_more_than_24sevenoffice_can_give() -> None:
    assert [read_number(each) for each in ("1001", "01001", "2147483647")] == [
        1001,
        1001,
        2147483647,
    ]
    assert not any(map(read_number, ("", "0", "A1", "1-2", "-1", "1.0", "2147483648", "²")))


NUMBERS = st.integers(1, 30)
TEXTS = st.one_of(NUMBERS.map(str), NUMBERS.map("{:04d}".format), st.text("A1-", max_size=3))


@given(
    st.integers(1, 12),
    st.lists(st.tuples(TEXTS, st.sampled_from(["10", "20"])), unique=True, max_size=12),
    st.sets(NUMBERS, max_size=6),
)
def test_an_office_that_counts_on_gives_each_document_that_goes_its_own_number(
    expected: int, written: list[tuple[str, str]], taken: set[int]
) -> None:
    documents = [doc(number, series=series) for number, series in written]
    found = agree(NextNumber(expected), documents, dict.fromkeys(taken, "order 1"))
    given_next = iter(each for each in range(expected, 100) if each not in taken)
    numbers = {each.id: each.number for each in documents}
    assert [numbers[each] for each in found.goes] == [next(given_next) for _ in found.goes]
    decided_once(documents, found)
    stopped = [refusal.reason for refusal in found.refused.values()]
    assert all(each is BEHIND for each in stopped[1:])
    assert not stopped or stopped[0] is not BEHIND


def test_a_document_without_a_name_stops_what_comes_after_it() -> None:
    found = agree(NextNumber(1), [doc("", series="10"), doc("A", series="10")], {})
    assert [each.reason for each in found.refused.values()] == [Reason.NUMBER_SERIES, BEHIND]


def decided_once(documents: list[Numbered], found: Agreement) -> None:
    assert {*found.goes} | {*found.refused} == {each.id for each in documents}
    assert not {*found.goes} & {*found.refused}


@given(st.integers(1, 5), st.lists(NUMBERS, unique=True, max_size=8), st.randoms())
def test_in_whichever_order_documents_are_given_the_same_is_decided(
    expected: int, numbers: list[int], random: object
) -> None:
    documents = [doc(str(each)) for each in numbers]
    once = agree(NextNumber(expected), documents, {})
    random.shuffle(documents)  # type: ignore[attr-defined]
    assert agree(NextNumber(expected), documents, {}) == once
