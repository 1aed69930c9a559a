"""Departments, series, products and projects get the form that people see, as documents did before.

What is called otherwise in two places changes in all of them at once: a department and its
documents' series, a product with its lines, links and keys, a credit note's invoice. Where two would
become one, nothing is merged: it is told in the audit trail, and a person decides. A series by
which something was sent stays, for 24SevenOffice knows documents by it.

Documents that look like an earlier one, and came in before such ones were held, are held as well,
unless something was sent of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212\ufe63", "-"))
_NUMBER_LENGTH = 32
_PRODUCTS = (
    "product.number",
    "invoice_line.product_number",
    "product_link.product_number",
    "office_key.default_product",
)
_LEFT, _BROUGHT = "number left as it is", "number brought to its form"


def upgrade() -> None:
    """Go forward."""
    _bring_departments()
    _bring_series()
    _bring_together("product", _PRODUCTS)
    _bring_together("project", ("invoice.project_number",))
    _bring_credits()
    _hold_look_alikes()


def _bring_departments() -> None:
    rows = _table("department", "id", "number", "name")
    found = op.get_bind().execute(sa.select(rows)).all()
    taken = {number for _, number, _ in found}
    for row_id, number, name in found:
        nameless = number == _shorten(name)
        shown = _canonical(name)
        form = _shorten(shown) if nameless else _canonical(number)
        if form == number and shown == name:
            continue
        subject = f"department {number!a}"
        if form != number and form in taken:
            _tell(_LEFT, subject, f"There is another department {form}: are they one?")
            continue
        taken.add(form)
        change = sa.update(rows).where(rows.c.id == row_id)
        op.get_bind().execute(change.values(number=form, name=shown))
        if form != number:
            _tell(_BROUGHT, subject, f"It is {form} from here on.")


def _bring_series() -> None:
    departments = _table("department", "id", "series")
    papers = _table("invoice", "id", "tenant", "kind", "series", "number")
    connection = op.get_bind()
    known = connection.execute(sa.select(departments.c.series)).scalars().all()
    used = connection.execute(sa.select(papers.c.series).distinct()).scalars().all()
    everywhere = {*known, *used}
    for series in sorted(each for each in everywhere if _canonical(each) != each):
        form, subject = _canonical(series), f"number series {series!a}"
        if form in everywhere:
            _tell(_LEFT, subject, f"There is another series {form}: are they one?")
        elif _was_sent(papers, series):
            _tell(_LEFT, subject, f"Documents of it were sent; people see it as {form}.")
        else:
            everywhere.add(form)
            _rename(departments, "series", series, form)
            _rename(papers, "series", series, form)
            _tell(_BROUGHT, subject, f"It is {form} from here on.")


def _was_sent(papers: sa.TableClause, series: str) -> bool:
    mine = sa.select(papers.c.id).where(papers.c.series == series)
    sent = [_table("transfer", "invoice_id"), _table("order_link", "invoice_id")]
    counts = [sa.select(sa.func.count()).where(each.c.invoice_id.in_(mine)) for each in sent]
    return any(op.get_bind().execute(each).scalar_one() for each in counts)


def _bring_together(what: str, places: Iterable[str]) -> None:
    """Give a number that stands in several columns its form in all of them, or in none."""
    columns = [tuple(each.split(".")) for each in places]
    everywhere: set[str] = set()
    for name, column in columns:
        rows = _table(name, column)
        everywhere.update(op.get_bind().execute(sa.select(rows.c[column]).distinct()).scalars())
    for number in sorted(each for each in everywhere if _canonical(each) != each):
        form, subject = _canonical(number), f"{what} {number!a}"
        if form in everywhere:
            _tell(_LEFT, subject, f"There is another {what} {form}: are they one?")
            continue
        everywhere.add(form)
        for name, column in columns:
            _rename(_table(name, column), column, number, form)
        _tell(_BROUGHT, subject, f"It is {form} from here on.")


def _bring_credits() -> None:
    """What credit notes name follows the documents and customers that have their form by now."""
    papers = _table("invoice", "id", "number")
    connection = op.get_bind()
    here = set(connection.execute(sa.select(papers.c.number)).scalars())
    _follow("invoice", "credited_number", stays=here.__contains__)
    _follow("credit_statement", "credited_number", stays=here.__contains__)
    columns = ("id", "tenant", "number", "customer_number")
    rows = _table("credit_statement", *columns)
    found = connection.execute(sa.select(rows)).all()
    taken = {tuple(each[1:]) for each in found}
    for row_id, tenant, number, customer in found:
        wanted = (tenant, _canonical(number), _canonical(customer))
        if wanted == (tenant, number, customer):
            continue
        subject = f"credit note {number!a} of customer {customer!a}"
        if wanted in taken:
            _tell(_LEFT, subject, "The report states it twice: are they one?")
            continue
        taken.add(wanted)
        change = sa.update(rows).where(rows.c.id == row_id)
        connection.execute(change.values(number=wanted[1], customer_number=wanted[2]))


def _follow(name: str, column: str, *, stays: Callable[[str], bool]) -> None:
    rows = _table(name, column)
    named = op.get_bind().execute(sa.select(rows.c[column]).distinct()).scalars().all()
    for number in named:
        if _canonical(number) != number and not stays(number):
            _rename(rows, column, number, _canonical(number))


def _hold_look_alikes() -> None:
    names = ("id", "tenant", "kind", "series", "number", "number_likeness", "customer_id",
             "currency", "total", "invoice_date", "excluded", "resembles")  # fmt: skip
    paper, earlier = _table("invoice", *names), _table("invoice", *names).alias("earlier")
    content = ("customer_id", "currency", "total", "invoice_date")
    sent = [_table("transfer", "invoice_id"), _table("order_link", "invoice_id")]
    alike = sa.select(paper.c.id, earlier.c.kind, earlier.c.series, earlier.c.number).where(
        *(paper.c[name] == earlier.c[name] for name in ("tenant", "kind", "number_likeness")),
        sa.or_(
            paper.c.series == earlier.c.series,
            sa.and_(*(paper.c[name] == earlier.c[name] for name in content)),
        ),
        earlier.c.id < paper.c.id,
        ~paper.c.excluded,
        ~earlier.c.excluded,
        paper.c.resembles == "",
        *(paper.c.id.not_in(sa.select(each.c.invoice_id)) for each in sent),
    )
    for row_id, kind, series, number in op.get_bind().execute(alike).all():
        like = f"It is like {kind.replace('_', ' ')} {series}-{number}, which came in before."
        question = f"{like} Is it the same document, or another one?"
        op.get_bind().execute(
            sa.update(paper).where(paper.c.id == row_id).values(resembles=question)
        )


def _rename(rows: sa.TableClause, column: str, before: str, after: str) -> None:
    change = sa.update(rows).where(rows.c[column] == before)
    op.get_bind().execute(change.values({column: after}))


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns))


def _tell(action: str, subject: str, detail: str) -> None:
    event = sa.table(
        "audit_event",
        sa.column("at", sa.DateTime(timezone=True)),
        *map(sa.column, ("actor", "action", "subject", "detail")),
    )
    values = {"actor": "upgrade", "action": action, "subject": subject[:200], "detail": detail}
    op.get_bind().execute(sa.insert(event).values(at=dt.datetime.now(dt.UTC), **values))


def _canonical(text: str) -> str:
    """As :func:`so24.identifiers.tidy_identifier` was when this was written, but for rare signs."""
    if text.isascii() and text.isalnum():
        return text
    text = "".join(
        chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign
        for sign in _UNSEEN.sub("", text)
    )
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cc" or sign.isspace())
    text = unicodedata.normalize("NFC", " ".join(text.split())).translate(_HYPHENS)
    formula = re.fullmatch(r'="((?:[^"]|"")*)"', text)
    return formula[1].replace('""', '"').strip() if formula else text


def _shorten(text: str) -> str:
    """As :func:`so24.sources.documents.documents.shorten` was, for a department's number."""
    if len(text) <= _NUMBER_LENGTH:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{text[: _NUMBER_LENGTH - 7]}-{digest}"
