"""Bent inputs are read or refused, and what should not be is noticed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from so24.errors import UnreadableFile
from tests.fuzz import running
from tests.fuzz.__main__ import known_targets, run
from tests.fuzz.running import Tally, Target, make_input, try_input
from tests.fuzz.totals import Totals, mark_code

SEED = 24
TARGETS = {each.name: each for each in known_targets()}
MANY = int(os.environ.get("SO24_TEST_FUZZ", "20000"))


def faults_of(tallies: dict[str, Tally]) -> list[tuple[str, int, str]]:
    return [
        (fault.target, fault.number, fault.words)
        for each in tallies.values()
        for fault in each.faults
    ]


@pytest.mark.parametrize("inputs", [300, pytest.param(MANY, marks=pytest.mark.long)])
def test_whatever_comes_is_read_or_refused_and_means_what_others_read_in_it(inputs: int) -> None:
    tallies = run(list(TARGETS.values()), inputs, SEED)
    assert faults_of(tallies) == []
    assert sum(each.inputs for each in tallies.values()) == inputs
    assert all(each.read for each in tallies.values()), "it is bent, not broken"
    assert sum(each.read for each in tallies.values()) < inputs


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_not_bent_is_read_and_not_contradicted(name: str) -> None:
    target = TARGETS[name]
    read = 0
    for number, content in enumerate(target.good):
        tally = Tally()
        try_input(target, number, content, tally)
        assert tally.faults == []
        read += tally.read
    assert read > 0


@pytest.mark.parametrize("name", TARGETS)
def test_an_input_is_made_again_by_its_number(name: str) -> None:
    target = TARGETS[name]
    inputs = [make_input(target, SEED, number) for number in range(20)]
    assert inputs == [make_input(target, SEED, number) for number in range(20)]
    assert len(set(inputs)) > 15


def words_of(target: Target, content: bytes, read: Callable[[bytes], Any]) -> str:
    """What is noticed of one input that is read in this way."""
    tally = Tally()
    try_input(replace(target, read=read), 0, content, tally)
    return "".join(fault.words for fault in tally.faults)


def test_a_sitting_goes_on_where_the_last_one_of_this_code_has_ended(tmp_path: Path) -> None:
    file, chosen = tmp_path / "totals.json", [TARGETS["EHF files"]]
    for sitting in range(2):
        totals = Totals(file, "this code")
        assert totals.next_number(SEED) == 5 * sitting
        run(chosen, 5, SEED, first=totals.next_number(SEED), keep=partial(totals.keep, SEED))
    assert Totals(file, "this code").describe() == "10 of this code (this code), 10 in all"
    later = Totals(file, "later code")
    assert later.next_number(SEED) == 0, "what has changed is tried anew"
    assert later.next_number(SEED + 1) == 0
    run(chosen, 5, SEED, keep=partial(later.keep, SEED))
    assert later.describe() == "5 of this code (later code), 15 in all"


def test_what_is_kept_each_minute_is_counted_once(tmp_path: Path) -> None:
    totals, tally = Totals(tmp_path / "totals.json", "code"), Tally(inputs=5, read=2)
    for then in (5, 10):
        tally.inputs = then
        totals.keep(SEED, then, {"EHF files": tally})
    assert totals.describe() == "10 of this code (code), 10 in all"


def test_another_reader_is_another_code(tmp_path: Path) -> None:
    reader = tmp_path / "so24" / "sources" / "reader.py"
    reader.parent.mkdir(parents=True)
    marks = set()
    for text in ("a", "a", "b"):
        reader.write_text(text)
        marks.add(mark_code(tmp_path))
    assert len(marks) == 2


def test_another_error_than_ours_is_noticed() -> None:
    target = TARGETS["workbooks"]
    assert "ZeroDivisionError" in words_of(target, b"", lambda _content: 1 // 0)


def test_a_secret_in_an_error_or_in_what_it_came_from_is_noticed() -> None:
    target = replace(TARGETS["workbooks"], secrets=["correct-horse"])

    def shown(_content: bytes) -> None:
        raise UnreadableFile("It says correct-horse.")

    def beneath(_content: bytes) -> None:
        try:
            raise ValueError("correct-horse")
        except ValueError as error:
            raise UnreadableFile("It cannot be read.") from error

    assert "shows a secret" in words_of(target, b"", shown)
    assert "shows a secret" in words_of(target, b"", beneath)


def test_what_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LONGEST_SECONDS", 0.05)

    def read(_content: bytes) -> None:
        while True:
            pass

    assert words_of(TARGETS["workbooks"], b"", read) == "more than 0.05 s"


@pytest.mark.parametrize("name", ["workbooks", "CSV files", "EHF files"])
def test_a_sum_that_does_not_stand_in_the_file_is_noticed(name: str) -> None:
    target = TARGETS[name]

    def read(content: bytes) -> Any:
        (source,) = target.read(content)
        document = source.documents[0]
        changed = document.lines[0]._replace(net=document.lines[0].net + Decimal("0.01"))
        lines = (changed, *document.lines[1:])
        return [replace(source, documents=(replace(document, lines=lines),))]

    assert "says" in words_of(target, target.good[0], read)


def test_a_sum_that_recman_has_not_stated_is_noticed() -> None:
    target = TARGETS["RecMan answers"]

    def read(content: bytes) -> Any:
        source = target.read(content)
        first = source.documents[0]
        total = replace(first.particulars, total=Decimal("1250.01"))
        return replace(source, documents=(replace(first, particulars=total),))

    assert "no object says 1001" in words_of(target, target.good[0], read)


@pytest.mark.parametrize("operation", [b"SaveInvoices 200", b"GetInvoices 200"])
def test_an_order_that_the_answer_does_not_name_is_noticed(operation: bytes) -> None:
    target = TARGETS["24SevenOffice answers"]
    content = next(each for each in target.good if each.startswith(operation))

    def read(content: bytes) -> Any:
        first, *rest = target.read(content)
        name = "id" if operation.startswith(b"Save") else "order_id"
        return [replace(first, **{name: 10}), *rest]

    assert "no record says" in words_of(target, content, read)
