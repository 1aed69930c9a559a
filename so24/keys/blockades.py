"""What keeps whole departments from sending at present: no key, or one that nothing is done by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from so24.keys.routing import route, scopes_of, why_no_way, why_parked
from so24.reasons import Reason
from so24.store.keys import keys as store
from so24.vault import Vault


@dataclass(frozen=True)
class Blockade:
    """Why nothing can be sent from a department; ``key_id`` is the key that is to be mended."""

    reason: Reason
    key_id: int | None = None


def find_blockades(session: Session, vault: Vault) -> dict[int, Blockade]:
    """By department id, of those departments from which nothing can be sent now."""
    keys = store.living_keys(session)
    scopes = scopes_of(keys, store.served_departments(session))
    parked = {key.row_id: why_parked(key, vault) for key in keys}
    found: dict[int, Blockade] = {}
    for department in store.all_departments(session):
        scope = route(department.row_id, scopes)
        if scope is None:
            no_way = why_no_way(department.row_id, scopes)
            key_id = no_way.disabled.key_id if no_way.disabled else None
            found[department.row_id] = Blockade(no_way.reason, key_id)
        elif (why := parked[scope.key_id]) is not None:
            found[department.row_id] = Blockade(why.reason, scope.key_id)
    return found
