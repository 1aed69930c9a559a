"""What keeps whole departments from sending at present: no key, or one that nothing is done by."""

from __future__ import annotations

from sqlmodel import Session

from so24.keys.routing import route, scopes_of, why_parked
from so24.reasons import Reason
from so24.store.keys import keys as store
from so24.vault import Vault


def find_blockades(session: Session, vault: Vault) -> dict[int, Reason]:
    """The reason by department id, of those departments from which nothing can be sent now."""
    keys = store.living_keys(session)
    scopes = scopes_of(keys, store.served_departments(session))
    parked = {key.row_id: why_parked(key, vault) for key in keys}
    found: dict[int, Reason] = {}
    for department in store.all_departments(session):
        scope = route(department.row_id, scopes)
        if scope is None:
            found[department.row_id] = Reason.NO_KEY
        elif (why := parked[scope.key_id]) is not None:
            found[department.row_id] = why.reason
    return found
