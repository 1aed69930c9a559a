"""What people have said of products, and which numbers wait for somebody to say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from so24.language.said import SaidText, say
from so24.letters import norwegian_order
from so24.reasons import PRODUCT_QUESTIONS
from so24.store.database.dialects import among
from so24.store.links.product_links import LinkedProduct, product_values
from so24.store.tables.document_tables import Invoice, InvoiceLine
from so24.store.tables.ground import now
from so24.store.tables.key_tables import Key
from so24.store.tables.transfer_tables import ProductLink, State, Transfer
from so24.store.transfers.said_cards import Word
from so24.store.transfers.transfer_list import standing_join
from so24.store.transfers.transfers import IS_OPEN


def say_product(
    session: Session,
    organization_id: int,
    number: str,
    product: LinkedProduct | None,
    by: str,
    why: str,
) -> None:
    """Keep a person's word in place of the link: the product meant, or None for none yet."""
    unlink_number(session, organization_id, number)
    row = {"organization_id": organization_id, "product_number": number}
    said = {"said_by": by, "said_why": why, "said_at": now()}
    session.execute(sa.insert(ProductLink).values(**row, **said, **product_values(product)))


def word_about_product(session: Session, organization_id: int, number: str) -> Word | None:
    """What a person has said of the product number, None where nobody has."""
    row = session.get(ProductLink, (organization_id, number))
    if row is None or row.said_at is None:
        return None
    return Word(row.said_by, row.said_at, row.said_why)


def unlink_number(session: Session, organization_id: int, number: str) -> bool:
    """Drop the link and what was said of it; False where there is none."""
    row = session.get(ProductLink, (organization_id, number))
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def going_with_product(session: Session, number: str, *, by_default: bool) -> list[str]:
    """The numbers of the documents in transfer that have a line of this product.

    ``by_default``: it is a key's default product, which lines without a number have.
    """
    numbers = (number, "") if by_default else (number,)
    rows = session.exec(
        select(Invoice.number)
        .join(Transfer, col(Transfer.invoice_id) == Invoice.id)
        .join(InvoiceLine, col(InvoiceLine.invoice_id) == Invoice.id)
        .where(IS_OPEN, among(InvoiceLine.product_number, numbers))
        .distinct()
    )
    return sorted(rows, key=norwegian_order)


def name_of_product(session: Session, number: str) -> str | None:
    """What the newest document calls the product of this number; None where none has it."""
    return session.exec(
        select(InvoiceLine.product_name)
        .where(InvoiceLine.product_number == number)
        .order_by(col(InvoiceLine.id).desc())
        .limit(1)
    ).first()


def asked_products(
    session: Session, organization_id: int, default: str
) -> list[tuple[str, list[int], str]]:
    """The product numbers about which documents wait for an answer, in their order.

    With each the ids of its documents whose newest transfer asks, and the newest question.
    ``default`` is the number that lines without one have.
    """
    newer = sa.orm.aliased(Transfer)
    is_newest = ~sa.exists().where(
        col(newer.invoice_id) == col(Transfer.invoice_id), col(newer.id) > col(Transfer.id)
    )
    rows = session.exec(
        select(Transfer.id, Transfer.invoice_id, Transfer.words, InvoiceLine.product_number)
        .join(InvoiceLine, col(InvoiceLine.invoice_id) == Transfer.invoice_id)
        .where(
            Transfer.organization_id == organization_id,
            sa.or_(*(col(Transfer.reason) == each for each in PRODUCT_QUESTIONS)),
            is_newest,
        )
        .distinct()
    )
    return _gather_questions(
        (id_ or 0, invoice_id, words, number or default) for id_, invoice_id, words, number in rows
    )


def answered_products(session: Session) -> list[int]:
    """The documents blocked for products of which a person has said since which each one is."""
    number = sa.case(
        (col(InvoiceLine.product_number) != "", col(InvoiceLine.product_number)),
        else_=sa.func.coalesce(col(Key.default_product), ""),
    )
    said = sa.exists().where(
        col(ProductLink.organization_id) == col(Transfer.organization_id),
        col(ProductLink.product_number) == number,
        col(ProductLink.said_at) > col(Transfer.updated_at),
    )
    rows = session.execute(
        sa.select(col(Transfer.invoice_id), col(Transfer.words), number, said)
        .select_from(Transfer)
        .join(Invoice, col(Invoice.id) == col(Transfer.invoice_id))
        .join(InvoiceLine, col(InvoiceLine.invoice_id) == col(Invoice.id))
        .outerjoin(Key, col(Key.id) == col(Transfer.key_id))
        .where(
            col(Transfer.state) == State.BLOCKED,
            col(Transfer.reason).in_(PRODUCT_QUESTIONS),
            standing_join(),
        )
        .distinct()
    )
    asked = [
        (invoice_id, is_said) for invoice_id, words, ours, is_said in rows
        if name_asked(ours) in words
    ]  # fmt: skip
    return sorted({each for each, is_said in asked if is_said} - {
        each for each, is_said in asked if not is_said
    })  # fmt: skip


def _gather_questions(
    rows: Iterable[tuple[int, int, str, str]],
) -> list[tuple[str, list[int], str]]:
    """A transfer's words name each product that it asks about by :func:`name_asked`."""
    told: dict[int, str] = {}
    documents: dict[int, int] = {}
    asked: dict[int, set[str]] = defaultdict(set)
    asking: dict[str, set[int]] = defaultdict(set)
    for transfer_id, invoice_id, words, number in rows:
        if name_asked(number) in words:
            told[transfer_id], documents[transfer_id] = words, invoice_id
            asked[transfer_id].add(number)
            asking[number].add(transfer_id)
    questions = []
    for number in sorted(asking, key=norwegian_order):
        newest = max(asking[number])
        sentence = _cut_question(told[newest], number, asked[newest])
        waiting = [documents[each] for each in sorted(asking[number], reverse=True)]
        questions.append((number, waiting, sentence))
    return questions


def _cut_question(words: str, number: str, asked: Iterable[str]) -> str:
    """What is asked about one of the products that the words ask about."""
    begin = words.index(name_asked(number))
    others = (words.find(name_asked(each), begin + 1) for each in asked if each != number)
    end = min((place for place in others if place > begin), default=len(words))
    if (begin, end) == (0, len(words)):
        return words
    parts = [each for each in _parts_of(words) if each.startswith(name_asked(number))]
    return min(parts, key=len) if parts else words[begin:end].strip()


def _parts_of(words: str) -> Iterator[str]:
    """What a text was made of, and what that was made of."""
    for each in words.values.values() if isinstance(words, SaidText) else ():
        yield each
        yield from _parts_of(each)


def ask_about(number: str, question: str) -> str:
    """A question about a product number, which begins by :func:`name_asked`."""
    return say("Product {product}: {question}", product=number, question=question)


def name_asked(number: str) -> str:
    """How a question about a product number begins, by which it is found among other words."""
    return ask_about(number, "")
