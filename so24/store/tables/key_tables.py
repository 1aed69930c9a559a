"""Tables of departments, of keys to 24SevenOffice and what they serve, and of the one to RecMan."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Field

from so24.language.said import say
from so24.store.tables.ground import (
    Money,
    SaidWords,
    Stored,
    Table,
    enum_column,
    now,
    searched_column,
)


class KeyState(enum.StrEnum):
    """Whether a key may be used."""

    USABLE = say("usable")
    DISABLED = say("disabled")
    DELETED = say("deleted")


class KeyMode(enum.StrEnum):
    """What becomes of an order: booked at once, or left for the accountant's approval."""

    INVOICE = say("invoice")
    APPROVAL = say("approval")


class Numbers(enum.StrEnum):
    """By whose numbers a key's documents are booked."""

    OWN = say("own")  # 24SevenOffice's own; RecMan's travel as references
    SAME = say("same")  # the very numbers of RecMan, or nothing is booked


class Department(Stored, table=True):
    """A RecMan department; its number series names the documents in 24SevenOffice."""

    __tablename__ = "department"

    number: str = Field(unique=True, max_length=32)
    number_folded: str = searched_column("number")
    name: str = Field(default="", max_length=200)
    name_folded: str = searched_column("name")
    series: str = Field(max_length=20)
    active: bool = True

    @property
    def label(self) -> str:
        """Number and name, as people know the department."""
        return f"{self.number} {self.name}".strip()


class Key(Stored, table=True):
    """One credential: an Organization ID and the 24SevenOffice account that reaches it.

    ``carried`` lists, with commas, the optional fields that travel with an order;
    ``tax_codes`` is a JSON object from a VAT rate, or a VAT category without VAT, to the account's
    tax code, empty where 24SevenOffice decides about VAT. New products go to the category of
    ``category_id``, unless ``categories`` has one for their kind of VAT: a JSON object like
    ``tax_codes``, to id and name. Lines without a product number have ``default_product``.

    ``next_number`` is what 24SevenOffice gives next, as a person has said when the company's newest
    transfer was ``numbered_after``; None where nobody has.

    ``companies`` is how many the account reaches, as last seen; 0 where nobody has looked.

    ``login_until``: a login is under way, and ends by then. ``login_refused_at`` and
    ``wrong_company_at``: when 24SevenOffice refused the present password, or the company, and
    ``refusal`` is how; see :mod:`so24.keys.routing`.
    """

    __tablename__ = "office_key"
    __table_args__ = (
        sa.Index(
            "uq_office_key_living_name",
            "name",
            unique=True,
            sqlite_where=sa.text("state <> 'deleted'"),
            postgresql_where=sa.text("state <> 'deleted'"),
        ),
    )

    name: str = Field(max_length=100)
    organization_id: int = Field(sa_type=sa.BigInteger)
    client_id: int = Field(sa_type=sa.BigInteger)
    client_name: str = Field(default="", max_length=200)
    username: str = Field(max_length=200)
    password_sealed: str
    all_departments: bool = False
    state: KeyState = Field(default=KeyState.USABLE, sa_type=enum_column(KeyState))
    mode: KeyMode = Field(default=KeyMode.INVOICE, sa_type=enum_column(KeyMode))
    category_id: int | None = None
    category_name: str = Field(default="", max_length=200)
    categories: str = ""
    default_product: str = Field(default="", max_length=100)
    tolerance: Decimal = Field(default=Decimal("0.00"), sa_type=Money)
    credit_notes: bool = False
    carried: str = Field(default="", max_length=200)
    tax_codes: str = ""
    update_customers: bool = False
    numbers: Numbers = Field(default=Numbers.OWN, sa_type=enum_column(Numbers))
    next_number: int | None = None
    numbered_after: int = 0
    session_sealed: str = ""
    companies: int = 0
    password_set_at: dt.datetime = Field(default_factory=now)
    password_set_by: str = Field(default="", max_length=96)
    pinned_by: str = Field(default="", max_length=96)
    tested_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None
    last_login_at: dt.datetime | None = None
    login_until: dt.datetime | None = None
    login_refused_at: dt.datetime | None = None
    wrong_company_at: dt.datetime | None = None
    refusal: str = Field(default="", sa_type=SaidWords)
    created_at: dt.datetime = Field(default_factory=now)


class KeyDepartment(Table, table=True):
    """A key for specific departments serves this one."""

    __tablename__ = "key_department"

    key_id: int = Field(foreign_key="office_key.id", primary_key=True)
    department_id: int = Field(foreign_key="department.id", primary_key=True, index=True)


class OfficeDepartment(Table, table=True):
    """The department of 24SevenOffice that a RecMan department is for one key."""

    __tablename__ = "office_department"

    key_id: int = Field(foreign_key="office_key.id", primary_key=True)
    department_id: int = Field(foreign_key="department.id", primary_key=True, index=True)
    office_id: int
    office_name: str = Field(default="", max_length=200)


class RecManConnection(Table, table=True):
    """The one connection to RecMan's API; at most one row.

    ``address`` is where the key may be sent. ``findings`` is a JSON object from a scope to what
    the key reads there (:class:`so24.sources.recman.findings.ScopeFinding`), ``field_map`` one
    from our fields to RecMan's members. Nothing is imported unless ``confirmed_at`` is set;
    ``sample`` says what was reconciled then. Invoices dated before ``since`` are left out.
    ``fetch_calls`` is what the last fetch has cost.
    """

    __tablename__ = "recman_connection"

    id: int = Field(default=1, primary_key=True)
    address: str = Field(max_length=200)
    key_sealed: str
    connected_at: dt.datetime = Field(default_factory=now)
    connected_by: str = Field(max_length=96)
    tested_at: dt.datetime | None = None
    findings: str = "{}"
    field_map: str = "{}"
    since: dt.date | None = None
    confirmed_at: dt.datetime | None = None
    confirmed_by: str = Field(default="", max_length=96)
    sample: str = Field(default="", sa_type=SaidWords)
    fetched_at: dt.datetime | None = None
    fetch_calls: int = 0


class RecManCalls(Table, table=True):
    """How many calls were made to RecMan on one day of Oslo, by whichever process."""

    __tablename__ = "recman_calls"

    day: dt.date = Field(primary_key=True)
    calls: int = 0
