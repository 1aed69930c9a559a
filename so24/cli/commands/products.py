"""``so24 products …``: which product is which in 24SevenOffice, said by a person."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands.customers import Why, show_questions
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import KeyOption, choose_key
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import print_json, print_line, print_table, say
from so24.customer_cards.link_products import (
    create_new_product,
    link_product,
    open_product_questions,
    read_product_match,
    unlink_product,
)
from so24.errors import WrongUse

group = typer.Typer(
    help="Products as RecMan and 24SevenOffice have them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ProductNumber = Annotated[str, typer.Argument(metavar="NUMBER", help="RecMan's product number.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="products")


@group.command()
def candidates(
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
            show_questions("Product", waiting, "No document waits for a product.", as_json)
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
    say(f"Product {found.number} {found.name}. {found.sentence}{said}")


@group.command()
def link(
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


@group.command()
def unlink(number: ProductNumber, why: Why = "", key: KeyOption = None) -> None:
    """Forget which product a number is; the next export looks for it again."""
    with open_desk() as desk:
        unlink_product(desk, choose_key(desk, key).id, number, why)
    print_line(f"Product {number}: no link any more.")
