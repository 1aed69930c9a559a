"""Filters of a list under names of one's own, to be applied by one press.

Whoever asks is known by the secret of an open login: nobody sees or changes those of others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from so24.errors import WrongUse
from so24.identifiers import tidy_identifier
from so24.installation import Installation
from so24.language.said import say
from so24.letters import fold, norwegian_order
from so24.people.own_logins import known_login
from so24.store.people import own_lists as store
from so24.store.tables.people_tables import ListView

LONGEST_NAME = 40
MOST_VIEWS = 50  # of one user on one page
Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class SavedView:
    """Choices of a page's filters, by their names, under a name of their user's."""

    name: str
    choices: dict[str, list[str]]


def list_views(installation: Installation, secret: str, page: str) -> list[SavedView]:
    """One's own views of a page, by name; raises :class:`NotAllowed` without a login."""
    with installation.db.reading() as session:
        _, user = known_login(installation, session, secret)
        rows = store.views_of(session, user.row_id, page)
    found = [SavedView(row.name, json.loads(row.choices)) for row in rows]
    return sorted(found, key=lambda each: norwegian_order(each.name))


def save_view(
    installation: Installation, secret: str, page: str, name: str, choices: Choices
) -> SavedView:
    """Keep the choices under this name, in place of those that had it, whatever the case.

    Raises :class:`WrongUse` for a name that is empty or too long and for more than fifty views,
    and :class:`NotAllowed` without a login.
    """
    name = _tidy_name(name)
    view = SavedView(name, {each: [*choices[each]] for each in sorted(choices)})
    with installation.db.writing() as session:
        _, user = known_login(installation, session, secret)
        rows = store.views_of(session, user.row_id, page)
        row = _find(rows, name)
        if row is None:
            if len(rows) >= MOST_VIEWS:
                raise WrongUse(
                    say(
                        "There are {most} views already. Delete one that is not used.",
                        most=MOST_VIEWS,
                    )
                )
            row = ListView(user_id=user.row_id, page=page, name=name, choices="")
        row.name, row.choices = name, json.dumps(view.choices, ensure_ascii=False)
        session.add(row)
    return view


def rename_view(
    installation: Installation, secret: str, page: str, name: str, new_name: str
) -> None:
    """Give a view another name.

    Raises as :func:`save_view`, and :class:`WrongUse` where another view has the new name, or none
    has the old one any more.
    """
    new_name = _tidy_name(new_name)
    with installation.db.writing() as session:
        row, others = _choose(installation, session, secret, page, name)
        if _find(others, new_name) is not None:
            raise WrongUse(say("Another view has the name {name} already.", name=new_name))
        row.name = new_name
        session.add(row)


def delete_view(installation: Installation, secret: str, page: str, name: str) -> None:
    """Forget a view; raises :class:`WrongUse` where none has this name any more."""
    with installation.db.writing() as session:
        row, _ = _choose(installation, session, secret, page, name)
        session.delete(row)


def _choose(
    installation: Installation, session: Session, secret: str, page: str, name: str
) -> tuple[ListView, list[ListView]]:
    """The view of this name, and the user's others on the page."""
    _, user = known_login(installation, session, secret)
    rows = store.views_of(session, user.row_id, page)
    row = _find(rows, name)
    if row is None:
        raise WrongUse(say("There is no view {name} any more.", name=name))
    return row, [each for each in rows if each is not row]


def _find(rows: Sequence[ListView], name: str) -> ListView | None:
    return next((each for each in rows if fold(each.name) == fold(name)), None)


def _tidy_name(name: str) -> str:
    name = tidy_identifier(name)
    if not name:
        raise WrongUse(say("Give the view a name."))
    if len(name) > LONGEST_NAME:
        raise WrongUse(
            say(
                "The name of a view has at most {longest} characters.",
                longest=LONGEST_NAME,
            )
        )
    return name
