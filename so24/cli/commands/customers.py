"""``so24 customers …`` and ``so24 products …``: what they are in 24SevenOffice, and updates."""

from __future__ import annotations

from typing import Annotated

import typer

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
from so24.customer_cards.link_products import (
    create_new_product,
    link_product,
    open_product_questions,
    read_product_match,
    unlink_product,
)
from so24.customer_cards.update import read_differences, update_customers
from so24.errors import WrongUse
from so24.invoices.questions import answer_customer_question, open_customer_questions
from so24.keys.upkeep import KeyView

group = typer.Typer(
    help="Customers as RecMan and 24SevenOffice have them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

products = typer.Typer(
    help="Products as RecMan and 24SevenOffice have them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ProductNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="RecMan's product number.")]
CustomerNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="The customer's number.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, which is kept.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="customers")
    app.add_typer(products, name="products")


@group.command()
def diff(key: KeyOption = None, as_json: AsJson = False) -> None:
    """Show field by field where cards in 24SevenOffice differ from RecMan; nothing is written."""
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


@group.command()
def update(
    seen: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="What `so24 customers diff` has shown.")
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Only this customer; may be given several times."),
    ] = None,
    key: KeyOption = None,
) -> None:
    """Write the differences that were shown into 24SevenOffice, unless they have changed."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        fields = _fields_of(read_differences(desk, chosen.id), only) if only else None
        done = update_customers(desk, chosen.id, seen, fields)
    print_line(f"Updated: {', '.join(done.numbers) or 'none'}")
    for refusal in done.refused:
        remark(f"Refused: {refusal}")
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
            print_line(each.question)
        count = "1 question" if len(found) == 1 else f"{len(found)} questions"
        remark(f"{count}. Answer: so24 customers answer NUMBER --right or --wrong.")
    if found:
        end_with(NEEDS_A_PERSON)


@group.command()
def answer(
    number: Annotated[str, typer.Argument(help="The customer's number.")],
    right: Annotated[
        bool, typer.Option("--right/--wrong", help="Whether what the list says is right.")
    ],
) -> None:
    """Say whether a list is right about whose a customer's number is.

    Exit code 1 where documents of the customer are then made out to another firm, and wait.
    """
    with open_desk() as desk:
        waiting = answer_customer_question(desk, number, right=right)
    remark("Import the list again for the rest." if right else "The customer stays as it is.")
    if waiting:
        remark(
            f"{waiting} documents of the customer are made out to another firm and wait: so24 "
            "invoices --asked."
        )
        end_with(NEEDS_A_PERSON)


@group.command()
def candidates(
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="A customer; else who waits is listed.")
    ] = None,
    key: KeyOption = None,
    as_json: AsJson = False,
) -> None:
    """Show which cards may be a customer's, or which customers wait for somebody to say it."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if number is None:
            waiting = open_questions(desk, chosen.id)
            _show_questions("Customer", waiting, "No customer waits for a card.", as_json)
            return
        found = read_match(desk, chosen.id, number)
    if as_json:
        print_json(found)
        return
    print_table(
        ("Card", "Name", "Organization number", "Country", "Address", "How"),
        [
            (row.id, row.name, row.organization_number, row.country, row.address, row.how)
            for row in found.candidates
        ],
    )
    said = f" {found.word.by} has said so: {found.word.why}" if found.word else ""
    remark(f"Customer {found.number} {found.name}. {found.sentence}{said}")


@group.command()
def link(
    number: CustomerNumber,
    card: Annotated[
        int | None, typer.Argument(metavar="CARD", help="The card's number in 24SevenOffice.")
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="None of the cards: the next export creates one.")
    ] = False,
    why: Why = "",
    key: KeyOption = None,
) -> None:
    """Say which card in 24SevenOffice is the customer's, or with --new that none is."""
    if (card is None) is not new:
        raise WrongUse("Say either the card's number or --new.")
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if card is None:
            create_new_card(desk, chosen.id, number, why)
            print_line(f"Customer {number}: the next export creates a card.")
            return
        linked = link_customer(desk, chosen.id, number, card, why)
    print_line(f"Customer {number}: {linked}")


@group.command()
def unlink(number: CustomerNumber, why: Why = "", key: KeyOption = None) -> None:
    """Forget which card is the customer's; the next export looks for it again."""
    with open_desk() as desk:
        unlink_customer(desk, choose_key(desk, key).id, number, why)
    print_line(f"Customer {number}: no link any more.")


@products.command("candidates")
def product_candidates(
    number: Annotated[
        str | None, typer.Argument(metavar="NUMBER", help="A product; else what waits is listed.")
    ] = None,
    key: KeyOption = None,
    as_json: AsJson = False,
) -> None:
    """Show which products a number may mean, or which numbers wait for somebody to say it."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if number is None:
            waiting = open_product_questions(desk, chosen.id)
            _show_questions("Product", waiting, "No document waits for a product.", as_json)
            return
        found = read_product_match(desk, chosen.id, number)
    if as_json:
        print_json(found)
        return
    print_table(
        ("Product", "Number", "Name", "Active", "How"),
        [(row.id, row.number, row.name, row.active, row.how) for row in found.candidates],
    )
    said = f" {found.word.by} has said so: {found.word.why}" if found.word else ""
    remark(f"Product {found.number} {found.name}. {found.sentence}{said}")


@products.command("link")
def product_link(
    number: ProductNumber,
    product: Annotated[
        int | None, typer.Argument(metavar="PRODUCT", help="The product's id in 24SevenOffice.")
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="None of the products: the next export creates one.")
    ] = False,
    why: Why = "",
    key: KeyOption = None,
) -> None:
    """Say which product in 24SevenOffice a number is, or with --new that none is."""
    if (product is None) is not new:
        raise WrongUse("Say either the product's id or --new.")
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if product is None:
            create_new_product(desk, chosen.id, number, why)
            print_line(f"Product {number}: the next export creates it.")
            return
        linked = link_product(desk, chosen.id, number, product, why)
    print_line(f"Product {number}: {linked}")


@products.command("unlink")
def product_unlink(number: ProductNumber, why: Why = "", key: KeyOption = None) -> None:
    """Forget which product a number is; the next export looks for it again."""
    with open_desk() as desk:
        unlink_product(desk, choose_key(desk, key).id, number, why)
    print_line(f"Product {number}: no link any more.")


def _show_questions(
    thing: str, found: list[LinkQuestion], nothing_waits: str, as_json: bool
) -> None:
    """Print which customers or products (``thing``) wait for somebody to say what they are."""
    if as_json:
        print_json(found)
        return
    print_table(
        (thing, "Name", "Documents", "Question"),
        [(each.number, each.name, each.documents, each.words) for each in found],
    )
    if not found:
        remark(nothing_waits)


def _fields_of(found: Differences, numbers: list[str]) -> list[ChosenField]:
    """All that differs of the customers with these numbers; WrongUse for one of which nothing."""
    by_number = {each.number: each for each in found.customers}
    for number in numbers:
        if number not in by_number:
            raise WrongUse(f"Customer {number} is not among those that differ.")
    chosen = (by_number[number] for number in numbers)
    return [(each.customer_id, one.field) for each in chosen for one in each.fields]


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
        remark(f"Left alone: {sentence}")
    if found.fingerprint:
        remark(
            "To write them, where the key allows customer updates: so24 customers update "
            f"--key “{key.name}” --seen {found.fingerprint}"
        )
    else:
        remark("Nothing differs.")
