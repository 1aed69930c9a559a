"""``so24 customers …``: which cards in 24SevenOffice they are, and updates of these."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands import explain, in_paragraphs
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import KeyOption, choose_key
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import (
    NEEDS_A_PERSON,
    end_with,
    print_json,
    print_line,
    print_table,
    remark,
)
from so24.customer_cards.differences import ChosenField, Differences
from so24.customer_cards.link import (
    LinkQuestion,
    create_new_card,
    link_customer,
    open_questions,
    read_match,
    unlink_customer,
)
from so24.customer_cards.update import read_differences, update_customers
from so24.errors import WrongUse
from so24.invoices.questions import answer_customer_question, open_customer_questions
from so24.keys.upkeep import KeyView
from so24.language.said import join_said, say, say_count
from so24.store.transfers.said_cards import Word

group = typer.Typer(
    help=explain("customers"),
    no_args_is_help=True,
    rich_markup_mode=None,
)
CustomerNumber = Annotated[
    str, typer.Argument(metavar=say("NUMBER"), help=say("The customer's number."))
]
Why = Annotated[
    str, typer.Option("--why", metavar=say("TEXT"), help=say("The reason, which is kept."))
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="customers")


@group.command(
    help=say(
        "Show field by field where cards in 24SevenOffice differ from RecMan; nothing is written."
    )
)
def diff(key: KeyOption = None, as_json: AsJson = False) -> None:
    """Print the differences of a company's cards, with their fingerprint."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        found = read_differences(desk, chosen.id)
    if as_json:
        print_json({
            "fingerprint": found.fingerprint,
            "customers": found.customers,
            "left_alone": found.left_alone,
        })  # fmt: skip
        return
    _print_differences(found, chosen)


@group.command(
    help=say("Write the differences that were shown into 24SevenOffice, unless they have changed.")
)
def update(
    seen: Annotated[
        str,
        typer.Option(metavar=say("FINGERPRINT"), help=say("What `so24 customers diff` has shown.")),
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("NUMBER"), help=say("Only this customer; may be given several times.")
        ),
    ] = None,
    key: KeyOption = None,
) -> None:
    """Write the differences of that fingerprint; ends with 1 where some are refused."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        fields = _fields_of(read_differences(desk, chosen.id), only) if only else None
        done = update_customers(desk, chosen.id, seen, fields)
    if done.numbers:
        print_line(say("Updated: {numbers}", numbers=", ".join(done.numbers)))
    else:
        print_line(say("Updated: none"))
    for refusal in done.refused:
        remark(say("Refused: {refusal}", refusal=refusal))
    if done.refused:
        end_with(NEEDS_A_PERSON)


@group.command(
    help=say(
        "List the customers whose number a list gives to another firm; exit code 1 if there are."
    )
)
def questions(as_json: AsJson = False) -> None:
    """Print the open questions about whose numbers are; ends with 1 where there are any."""
    with open_desk() as desk:
        found = open_customer_questions(desk)
    if as_json:
        print_json(found)
    else:
        for each in found:
            print_line(each.question)
        remark(
            say_count(
                "{number} question. Answer: so24 customers answer NUMBER --right or --wrong.",
                "{number} questions. Answer: so24 customers answer NUMBER --right or --wrong.",
                len(found),
            )
        )
    if found:
        end_with(NEEDS_A_PERSON)


@group.command(
    help=in_paragraphs(
        say("Say whether a list is right about whose a customer's number is."),
        say(
            "Exit code 1 where documents of the customer are then made out to another "
            "firm, and wait."
        ),
    )
)
def answer(
    number: Annotated[str, typer.Argument(help=say("The customer's number."))],
    right: Annotated[
        bool, typer.Option("--right/--wrong", help=say("Whether what the list says is right."))
    ],
) -> None:
    """Answer one of them; ends with 1 where documents wait because of it."""
    with open_desk() as desk:
        waiting = answer_customer_question(desk, number, right=right)
    remark(
        say("Import the list again for the rest.") if right else say("The customer stays as it is.")
    )
    if waiting:
        remark(
            say_count(
                "{number} document of the customer is made out to another firm and waits: "
                "so24 invoices --asked.",
                "{number} documents of the customer are made out to another firm and wait: "
                "so24 invoices --asked.",
                waiting,
            )
        )
        end_with(NEEDS_A_PERSON)


@group.command(
    help=say(
        "Show which cards may be a customer's, or which customers wait for somebody to say it."
    )
)
def candidates(
    number: Annotated[
        str | None,
        typer.Argument(metavar=say("NUMBER"), help=say("A customer; else who waits is listed.")),
    ] = None,
    key: KeyOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the cards that may be a customer's, or the customers that wait."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if number is None:
            waiting = open_questions(desk, chosen.id)
            show_questions(say("Customer"), waiting, say("No customer waits for a card."), as_json)
            return
        found = read_match(desk, chosen.id, number)
    if as_json:
        print_json(found)
        return
    print_table(
        (
            say("Card"),
            say("Name"),
            say("Organization number"),
            say("Country"),
            say("Address"),
            say("How"),
        ),
        [
            (row.id, row.name, row.organization_number, row.country, row.address, row.how)
            for row in found.candidates
        ],
    )
    customer = say("Customer {number} {name}.", number=found.number, name=found.name)
    remark(join_said([customer, found.sentence, tell_word(found.word)]))


@group.command(
    help=say("Say which card in 24SevenOffice is the customer's, or with --new that none is.")
)
def link(
    number: CustomerNumber,
    card: Annotated[
        int | None,
        typer.Argument(metavar=say("CARD"), help=say("The card's number in 24SevenOffice.")),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help=say("None of the cards: the next export creates one."))
    ] = False,
    why: Why = "",
    key: KeyOption = None,
) -> None:
    """Link the customer to a card, or have a new one created."""
    if (card is None) is not new:
        raise WrongUse(say("Say either the card's number or --new."))
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if card is None:
            create_new_card(desk, chosen.id, number, why)
            print_line(say("Customer {number}: the next export creates a card.", number=number))
            return
        linked = link_customer(desk, chosen.id, number, card, why)
    print_line(say("Customer {number}: {linked}", number=number, linked=linked))


@group.command(help=say("Forget which card is the customer's; the next export looks for it again."))
def unlink(number: CustomerNumber, why: Why = "", key: KeyOption = None) -> None:
    """Take the link away."""
    with open_desk() as desk:
        unlink_customer(desk, choose_key(desk, key).id, number, why)
    print_line(say("Customer {number}: no link any more.", number=number))


def show_questions(
    thing: str, found: list[LinkQuestion], nothing_waits: str, as_json: bool
) -> None:
    """Print which customers or products (``thing``) wait for somebody to say what they are."""
    if as_json:
        print_json(found)
        return
    print_table(
        (thing, say("Name"), say("Documents"), say("Question")),
        [(each.number, each.name, each.documents, each.words) for each in found],
    )
    if not found:
        remark(nothing_waits)


def tell_word(word: Word | None) -> str:
    return say("{name} has said so: {why}", name=word.by, why=word.why) if word else ""


def _fields_of(found: Differences, numbers: list[str]) -> list[ChosenField]:
    """All that differs of the customers with these numbers; WrongUse for one of which nothing."""
    by_number = {each.number: each for each in found.customers}
    for number in numbers:
        if number not in by_number:
            raise WrongUse(say("Customer {number} is not among those that differ.", number=number))
    chosen = (by_number[number] for number in numbers)
    return [(each.customer_id, one.field) for each in chosen for one in each.fields]


def _print_differences(found: Differences, key: KeyView) -> None:
    print_table(
        (say("Customer"), say("Name"), say("Field"), say("In 24SevenOffice"), say("In RecMan")),
        [
            (customer.number, customer.name, each.title, each.theirs, each.ours)
            for customer in found.customers
            for each in customer.fields
        ],
    )
    for sentence in found.left_alone:
        remark(say("Left alone: {sentence}", sentence=sentence))
    if found.fingerprint:
        remark(
            say(
                "To write them, where the key allows customer updates: so24 customers update "
                "--key “{name}” --seen {fingerprint}",
                name=key.name,
                fingerprint=found.fingerprint,
            )
        )
    else:
        remark(say("Nothing differs."))
