"""The books after a whole export of the demo and all cases: nothing twice, nobody else's card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from so24.demo import DEMO_FILES
from so24.firms.names import share_a_word
from so24.identifiers import likeness
from so24.sandbox.books.seed import DEMO_WORLD, OSLO
from so24.sandbox.runner import Control
from so24.sandbox.serve import SandboxServer
from tests.cli.cases.papers import ABSENT, Brought, Case, Outcome, sent
from tests.cli.cases.table import CASES, ELSEWHERE
from tests.cli.conftest import CommandLine, live_environment
from tests.conftest import put_database
from tests.sources.report_files import as_grid, as_workbook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
Documents = Mapping[str, Mapping[str, Any]]
ANSWERS = (
    ("answer", "f-77033", "--another"),
    ("answer", "#77054", "11-77061", "--same"),
    ("answer", "--all", "--department", "Oslo sentrum", "--same"),
    ("answer", "10-77071", "RM-10-77072", "№77073", "Faktura nr. 77074", "20-77075", "--same"),
    ("answer", "77034", "--another"),
    ("answer", "77081", "--another-firm"),
    ("answer", "77038", "--same-firm"),
    ("customers", "answer", "7302", "--wrong"),
)
SAID_TO_BE_ANOTHER = {"RM-10-f-77033"}
# which card a person says is whose: of this name, or a new one where there is none
LINKS = {"6004": "", "6121": "", "7304": "", "16022": "Flytting AS", "6023": "Kari Privat"}
AFTERWARDS = {
    "f-77033": sent("Orden AS"),
    "#77054": Outcome(ABSENT),
    "11-77061": Outcome(ABSENT),
    "RM-10-77072": Outcome(ABSENT),
    "77081": Outcome(ABSENT),
    "11-77062": Outcome(ABSENT),
    "10-77061": sent("Orden AS"),
    "77034": sent("Orden AS"),
    "77038": sent("Epsilon AS"),
    "77137": sent("Gamma Elektro AS"),
    "77104": sent("Lyngdal Maskin AS"),
    "77139": sent("Eta Snekker AS"),
    "77122": sent("Flytting AS"),
    "97022": sent("Flytting AS"),
    "77023": sent("Kari Privat"),
    "77121": sent("Sentrum Sykehjem AS avd. kjøkken"),
}


@dataclass(frozen=True)
class Books:
    """What an export of everything said, and what stands in Oslo's books afterwards."""

    code: int
    dry_run: int
    receipt: int
    documents: Documents
    orders: tuple[Mapping[str, Any], ...]
    cards: Mapping[int, str]


@pytest.fixture(scope="module")
def so24(tmp_path_factory: pytest.TempPathFactory, migrated_file: bytes) -> Iterator[CommandLine]:
    """The demo and all cases, imported in two steps, with a hand at the cards in between."""
    folder = tmp_path_factory.mktemp("cases")
    with pytest.MonkeyPatch.context() as patch, SandboxServer(world=DEMO_WORLD) as office:
        patch.chdir(folder)
        put_database(folder / "data", migrated_file)
        for name, value in live_environment(folder, office).items():
            patch.setenv(name, value)
        so24 = CommandLine(folder, Control(office.address))
        so24.well("activate")
        so24.add_key()
        so24.well("keys", "set", "Oslo", "--credit-notes")
        for card in (card for case in CASES for card in case.cards):
            so24.office.edit("edit_company", OSLO, **{"Type": "Business", **card})
        so24.well("import", *map(str, DEMO_FILES))
        bring(so24, "before", [case.before for case in CASES])
        so24("export", "--all", "--wait", "--json")
        known = {each["Name"]: each["Id"] for each in so24.office.books()[OSLO]["companies"]}
        for name, change in ((n, c) for case in CASES for n, c in case.edits.items()):
            so24.office.edit("edit_company", OSLO, **{"Id": known[name], "Name": name, **change})
        bring(so24, "now", [case.now for case in CASES])
        yield so24


@pytest.fixture(scope="module")
def books(so24: CommandLine) -> Books:
    """The books after everything was exported."""
    return export_everything(so24)


@pytest.fixture(scope="module")
def answered(so24: CommandLine, books: Books) -> Books:
    """The books after each question was answered, and everything exported again."""
    for command in ANSWERS:
        so24.well(*command)
    for number, name in LINKS.items():
        cards = [each for each, card in books.cards.items() if card == name]
        card = str(cards[0]) if cards else "--new"
        so24.well("customers", "link", number, card, "--why", "Rung up")
    return export_everything(so24)


def export_everything(so24: CommandLine) -> Books:
    """Export all that there is, and read what became of it."""
    dry_run = so24("export", "--all", "--dry-run").code
    said = so24("export", "--all", "--wait", "--json")
    receipt = so24("receipt", "--all").code
    office = so24.office.books()[OSLO]
    orders = tuple(each for each in office["orders"] if each["OrderStatus"] == "Invoiced")
    cards = {each["Id"]: each["Name"] for each in office["companies"]}
    documents = by_name(so24, said.json, office["orders"], cards)
    return Books(said.code, dry_run, receipt, documents, orders, cards)


def bring(so24: CommandLine, stage: str, brought: list[Brought]) -> None:
    """Import one workbook and the EHF files of this stage, all cases together."""
    sheets = {
        "Customers": [row for each in brought for row in each.customers],
        "Invoice lines": [row for each in brought for row in each.lines],
        "Credit notes": [row for each in brought for row in each.notes],
    }
    grids = {name: as_grid(rows) for name, rows in sheets.items() if rows}
    files = [so24.folder / f"{stage}.xlsx"]
    files[0].write_bytes(as_workbook(grids))
    for place, bill in enumerate(bill for each in brought for bill in each.bills):
        files.append(so24.folder / f"{stage}-{place}.xml")
        files[-1].write_bytes(bill)
    said = so24("import", *map(str, files), "--department", "10")
    assert said.code in (0, 1), said.err


def by_name(
    so24: CommandLine,
    lines: list[dict[str, Any]],
    orders: list[dict[str, Any]],
    cards: Mapping[int, str],
) -> Documents:
    """What is said of each document, with its card's name, by its number with and without series.

    What a person has excluded is not among them.
    """
    found: dict[str, dict[str, Any]] = {}
    owners = {each["OrderId"]: each["CustomerId"] for each in orders}
    series = {
        (each["number"], each["department"]): each["series"]
        for each in so24.well("invoices", "--json").json
    }
    for line in lines:
        line["card"] = cards.get(owners.get(line["order_id"], 0), "")
        name = f"{series[line['number'], line['department']]}-{line['number']}"
        found[name] = found[line["number"]] = line
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_document_of_a_case_ends_as_it_should(books: Books, case: Case) -> None:
    for number, outcome in case.ends.items():
        assert_ends(books.documents.get(number), number, outcome)


def assert_ends(line: Mapping[str, Any] | None, number: str, outcome: Outcome) -> None:
    if outcome.state == ABSENT:
        assert line is None, number
        return
    assert line is not None, number
    assert line["state"] == outcome.state, line
    assert outcome.words in f"{line['card']} {line['reason']}", line


@pytest.fixture(params=["books", "answered"])
def either(request: pytest.FixtureRequest) -> Books:
    """The books before and after the questions were answered."""
    found: Books = request.getfixturevalue(request.param)
    return found


def test_nothing_is_booked_twice(either: Books) -> None:
    references = Counter(each["ReferenceNumber"] for each in ours(either))
    assert [name for name, count in references.items() if count > 1] == []
    alike = Counter(
        (likeness(each["ReferenceNumber"].rpartition("-")[2]), each["CustomerId"])
        for each in ours(either)
        if each["ReferenceNumber"] not in SAID_TO_BE_ANOTHER
    )
    assert [each for each, count in alike.items() if count > 1] == []


def test_no_order_stands_on_a_strangers_card(either: Books) -> None:
    renamed = {name for case in CASES for name in case.edits}
    for order in either.orders:
        card, named = either.cards[order["CustomerId"]], order["CustomerName"]
        assert named in renamed or share_a_word(named, card), (order, card)


def test_the_command_line_says_that_something_waits(books: Books) -> None:
    assert (books.code, books.dry_run, books.receipt) == (1, 1, 1)


@pytest.mark.parametrize(("number", "outcome"), AFTERWARDS.items(), ids=str)
def test_what_was_answered_goes_as_it_was_answered(
    answered: Books, number: str, outcome: Outcome
) -> None:
    assert_ends(answered.documents.get(number), number, outcome)


@pytest.mark.parametrize("paths", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_held_elsewhere_is_there(paths: tuple[str, ...]) -> None:
    assert all((ROOT / path).is_file() for path in paths)


def test_nothing_is_asked_any_more(so24: CommandLine, answered: Books) -> None:
    assert answered.documents
    waiting = so24.well("invoices", "--asked", "--json").json
    assert not any(each["question"] for each in waiting), "only kinds are left to be said"
    assert so24.well("customers", "questions", "--json").json == []
    assert so24.well("customers", "candidates", "--json").json == []


def ours(books: Books) -> list[Mapping[str, Any]]:
    """The invoiced orders with our reference."""
    return [each for each in books.orders if each.get("ReferenceNumber", "").startswith("R")]
