"""``so24 products …``: which products in 24SevenOffice RecMan's numbers are."""

from __future__ import annotations

from typing import Annotated

import typer

from so24.cli.commands import explain
from so24.cli.commands.customers import Why, show_questions, tell_word
from so24.cli.terminal.asking import AsJson
from so24.cli.terminal.choosing import KeyOption, choose_key
from so24.cli.terminal.opening import open_desk, reach_office
from so24.cli.terminal.printing import (
    print_json,
    print_line,
    print_table,
    remark,
)
from so24.customer_cards.link_products import (
    create_new_product,
    link_product,
    open_product_questions,
    read_product_match,
    unlink_product,
)
from so24.errors import WrongUse
from so24.language.said import join_said, say

group = typer.Typer(
    help=explain("products"),
    no_args_is_help=True,
    rich_markup_mode=None,
)

ProductNumber = Annotated[
    str, typer.Argument(metavar=say("NUMBER"), help=say("RecMan's product number."))
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(group, name="products")


@group.command(
    help=say(
        "Show which products a number may mean, or which numbers wait for somebody to say it."
    ),
)
def candidates(
    number: Annotated[
        str | None,
        typer.Argument(metavar=say("NUMBER"), help=say("A product; else what waits is listed.")),
    ] = None,
    key: KeyOption = None,
    as_json: AsJson = False,
) -> None:
    """Print the products that a number may mean, or the numbers that wait."""
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if number is None:
            waiting = open_product_questions(desk, chosen.id)
            show_questions(
                say("Product"), waiting, say("No document waits for a product."), as_json
            )
            return
        found = read_product_match(desk, chosen.id, number)
    if as_json:
        print_json(found)
        return
    print_table(
        (say("Product"), say("Number"), say("Name"), say("Active"), say("How")),
        [(row.id, row.number, row.name, row.active, row.how) for row in found.candidates],
    )
    product = say("Product {number} {name}.", number=found.number, name=found.name)
    remark(join_said([product, found.sentence, tell_word(found.word)]))


@group.command(
    help=say("Say which product in 24SevenOffice a number is, or with --new that none is.")
)
def link(
    number: ProductNumber,
    product: Annotated[
        int | None,
        typer.Argument(metavar=say("PRODUCT"), help=say("The product's id in 24SevenOffice.")),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help=say("None of the products: the next export creates one."))
    ] = False,
    why: Why = "",
    key: KeyOption = None,
) -> None:
    """Link the number to a product, or have a new one created."""
    if (product is None) is not new:
        raise WrongUse(say("Say either the product's id or --new."))
    with open_desk() as desk, reach_office(desk.installation.settings):
        chosen = choose_key(desk, key)
        if product is None:
            create_new_product(desk, chosen.id, number, why)
            print_line(say("Product {number}: the next export creates it.", number=number))
            return
        linked = link_product(desk, chosen.id, number, product, why)
    print_line(say("Product {number}: {linked}", number=number, linked=linked))


@group.command(help=say("Forget which product a number is; the next export looks for it again."))
def unlink(number: ProductNumber, why: Why = "", key: KeyOption = None) -> None:
    """Take the link away."""
    with open_desk() as desk:
        unlink_product(desk, choose_key(desk, key).id, number, why)
    print_line(say("Product {number}: no link any more.", number=number))
