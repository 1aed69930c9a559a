"""What somebody has chosen to see on a list is remembered for the next login.

Whoever asks is known by the secret of an open login. What was searched for is of the moment and is
not remembered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from so24.installation import Installation
from so24.people.own_logins import known_login

Choices = Mapping[str, Sequence[str]]


def recall_filters(installation: Installation, secret: str, page: str) -> dict[str, list[str]]:
    """The choices of a page's filters, by their names; raises :class:`NotAllowed` without login."""
    with installation.db.reading() as session:
        _, user = known_login(installation, session, secret)
        found: dict[str, dict[str, list[str]]] = json.loads(user.list_filters)
    return found.get(page, {})


def remember_filters(installation: Installation, secret: str, page: str, chosen: Choices) -> None:
    """Keep the choices of a page's filters; raises as :func:`recall_filters`."""
    with installation.db.lane_writing() as session:
        _, user = known_login(installation, session, secret)
        kept = {**json.loads(user.list_filters), page: {name: [*chosen[name]] for name in chosen}}
        user.list_filters = json.dumps(kept, ensure_ascii=False, sort_keys=True)
