"""What people choose of products on a key: categories for new ones, the one for bare lines."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from so24.errors import WrongUse
from so24.identifiers import BadIdentifier, read_identifier
from so24.keys.account import find_category
from so24.keys.change import KeyAccount, Setting
from so24.keys.key_categories import categories_of, write_categories
from so24.keys.key_fields import TaxKind, format_kind, name_kind, read_kind
from so24.language.said import join_said, say
from so24.office.values import Category
from so24.store.tables.key_tables import Key

Wanted = Category | int | str  # a category as the store has it, or by id, number or name


def keep_category(session: Session, key: Key, category: Category | None) -> str:
    """Create new products in this category; None: in none."""
    key.category_id = category.id if category else None
    key.category_name = category.name[:200] if category else ""
    return f"{category.name} ({category.id})" if category else say("none")


def _read_categories(session: Session, key: Key) -> dict[str, Wanted]:
    return {format_kind(kind): each for kind, each in categories_of(key).of_kinds}


def _check_categories(chosen: Mapping[str, Wanted], account: KeyAccount) -> dict[TaxKind, Category]:
    offered = account.categories if chosen else ()
    found = {
        read_kind(text): find_category(offered, each.id if isinstance(each, Category) else each)
        for text, each in chosen.items()
    }
    return {kind: category for kind, category in found.items() if category is not None}


def _keep_categories(session: Session, key: Key, chosen: Mapping[TaxKind, Category]) -> str:
    key.categories = write_categories(chosen)
    pairs = (
        say(
            "{kind} = {chosen}",
            kind=name_kind(format_kind(kind)),
            chosen=f"{each.name} ({each.id})",
        )
        for kind, each in chosen.items()
    )
    return join_said(pairs, by=", ") or say("none")


def _check_default(wanted: str, account: KeyAccount) -> str:
    """The product number in canonical form; raises where not one active product has it."""
    try:
        number = read_identifier(wanted)
    except BadIdentifier as refusal:
        raise WrongUse(say("The product number {why}.", why=refusal.words)) from None
    if not number:
        return ""
    exact = [each for each in account.products if (each.number or "").strip() == number]
    active = [each for each in exact if each.active]
    if len(active) == 1:
        return number
    if active:
        raise WrongUse(
            say("Several products of the account have the number {number}.", number=number[:40])
        )
    if exact:
        raise WrongUse(
            say(
                "Product {product} is expired in 24SevenOffice. Choose another.",
                product=exact[0].label,
            )
        )
    raise WrongUse(
        say(
            "The account has no product {number}. Create it in 24SevenOffice, with account and "
            "VAT as the lines need them.",
            number=number[:40],
        )
    )


def _keep_default(session: Session, key: Key, number: str) -> str:
    key.default_product = number
    return number or say("none")


WITHOUT_CATEGORY = say(
    "Without a category, invoices with products that 24SevenOffice lacks are blocked."
)
CATEGORY: Setting[int | str | None, Category | None] = Setting(
    "category", say("Category for new products"), say("key category set"), idle=True,
    tab=say("Booking"),
    read=lambda session, key: key.category_id, apply=keep_category,
    check=lambda wanted, account: find_category(account.categories if wanted else (), wanted),
    help=say("It decides account and VAT. Without one, invoices with a new product are blocked."),
)  # fmt: skip
CATEGORIES_BY_VAT: Setting[Mapping[str, Wanted], Mapping[TaxKind, Category]] = Setting(
    "categories", say("Categories by VAT"), say("key categories chosen"), idle=True, tab=say("VAT"),
    read=_read_categories, check=_check_categories, apply=_keep_categories,
    help=say("A product that has to be created goes to the category for its line's VAT, and "
             "without one to the category for new products. 24SevenOffice does not tell a "
             "category's VAT, so that so24 cannot check the choice."),
)  # fmt: skip
DEFAULT_PRODUCT: Setting[str, str] = Setting(
    "default_product", say("Product for lines without a number"), say("key default product set"),
    idle=True,
    read=lambda session, key: key.default_product, check=_check_default, apply=_keep_default,
    tab=say("Booking"),
    help=say("The number of a product in 24SevenOffice, for lines that have an amount and no "
             "product number. Without one, their invoices are blocked."),
)  # fmt: skip
