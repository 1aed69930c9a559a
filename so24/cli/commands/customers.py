"""``so24 customers …``: how customers differ in 24SevenOffice, and bringing them up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import NEEDS_A_PERSON, end_with, print_json, print_table, say
from so24.customer_cards.differences import Differences
from so24.customer_cards.update import read_differences, update_customers
from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.invoices.questions import answer_customer_question, open_customer_questions
from so24.keys.upkeep import KeyView, key_named, list_keys
from so24.people.desk import Desk

group = typer.Typer(
    help="Customers as RecMan and 24SevenOffice have them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

KeyOption = Annotated[
    str | None, typer.Option("--key", metavar="NAME", help="The key; needed where there are more.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="customers")


@group.command()
def diff(key: KeyOption = None, as_json: AsJson = False) -> None:
    """Show field by field where cards in 24SevenOffice differ from RecMan; nothing is written."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = _choose_key(desk, key)
        found = read_differences(desk, chosen.id)
    if as_json:
        print_json({
            "fingerprint": found.fingerprint,
            "customers": found.customers,
            "left_alone": found.left_alone,
        })  # fmt: skip
        return
    _print_differences(found, chosen)


@group.command()
def update(
    seen: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="What `so24 customers diff` has shown.")
    ],
    key: KeyOption = None,
) -> None:
    """Write the differences that were shown into 24SevenOffice, unless they have changed."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = _choose_key(desk, key)
        done = update_customers(desk, chosen.id, seen)
    typer.echo(f"Updated: {', '.join(done.numbers) or 'none'}")
    for refusal in done.refused:
        say(f"Refused: {refusal}")
    if done.refused:
        end_with(NEEDS_A_PERSON)


@group.command()
def questions(as_json: AsJson = False) -> None:
    """List the customers whose number a list gives to another firm; exit code 1 if there are."""
    with open_desk() as desk:
        found = open_customer_questions(desk)
    if as_json:
        print_json(found)
    else:
        for each in found:
            typer.echo(each.question)
        say(f"{len(found)} questions. Answer: so24 customers answer NUMBER --right or --wrong.")
    if found:
        end_with(NEEDS_A_PERSON)


@group.command()
def answer(
    number: Annotated[str, typer.Argument(help="The customer's number.")],
    right: Annotated[
        bool, typer.Option("--right/--wrong", help="Whether what the list says is right.")
    ],
) -> None:
    """Say whether a list is right about whose a customer's number is."""
    with open_desk() as desk:
        answer_customer_question(desk, tidy_identifier(number), right=right)
    say("Import the list again for the rest." if right else "The customer stays as it is.")


def _choose_key(desk: Desk, name: str | None) -> KeyView:
    if name is not None:
        return key_named(desk, name)
    keys = list_keys(desk)
    if len(keys) != 1:
        known = ", ".join(f"“{each.name}”" for each in keys) or "none yet"
        raise WrongUse(f"Say which key's company is meant, with --key. Keys: {known}.")
    return keys[0]


def _print_differences(found: Differences, key: KeyView) -> None:
    print_table(
        ("Customer", "Name", "Field", "In 24SevenOffice", "In RecMan"),
        [
            (customer.number, customer.name, each.title, each.theirs, each.ours)
            for customer in found.customers
            for each in customer.fields
        ],
    )
    for sentence in found.left_alone:
        say(f"Left alone: {sentence}")
    if found.fingerprint:
        say(f"To write them: so24 customers update --key “{key.name}” --seen {found.fingerprint}")
    else:
        say("Nothing differs.")
