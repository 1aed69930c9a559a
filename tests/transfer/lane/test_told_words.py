"""What a lane says of a document is kept with what it was made of, and told in any language."""

from __future__ import annotations

import gettext
import io

import pytest

from so24.language import telling
from so24.language.reader import BOKMAL, speaking
from so24.language.said import say
from so24.language.telling import tell
from so24.people.desk import Desk
from so24.reasons import Reason
from so24.store.history.verification import verify_history
from so24.store.transfers.lost_writes import note_late_drafts
from so24.transfer.history import read_events
from tests.make_catalogue import compile_catalogue
from tests.transfer.by_hand import enter_twin
from tests.transfer.world import ADMIN, World


@pytest.fixture
def bokmal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Norwegian texts as they stand now, compiled or not."""
    known = gettext.GNUTranslations(io.BytesIO(compile_catalogue(BOKMAL)))
    monkeypatch.setattr(telling, "catalogue", lambda _wanted: known)


@pytest.fixture
def ids(world: World) -> list[int]:
    department = world.add_department()
    world.add_key([department])
    return world.add_invoices(department, 4)


@pytest.mark.usefixtures("bokmal")
def test_the_words_of_a_lane_come_back_from_the_store_and_are_told_in_bokmal(
    world: World, ids: list[int]
) -> None:
    order = enter_twin(world, ids)
    run = world.start(ids[3:4])
    [row] = world.work(run)
    with world.installation.db.writing() as session:
        late = say("A second draft, order {order}, was set inactive.", order=77)
        note_late_drafts(session, {row.row_id: late}, "sweep of key 1")

    [line] = world.receipt(run)
    invoice = row.office_invoice_id
    assert line.reason is Reason.EXISTS_PROBABLY
    assert line.words == (
        f"Order {order}, invoice {invoice}. The total agrees. "
        "A second draft, order 77, was set inactive."
    )
    events = read_events(Desk(world.installation, ADMIN), ids[3])
    with speaking(BOKMAL):
        told = tell(line.words)
        assert told == (
            f"Ordre {order}, faktura {invoice}. Beløpet stemmer. "
            "En kladd til, ordre 77, ble satt inaktiv."
        )
        assert tell(events[-1].words) == told
        assert tell(line.explanation).startswith("Finnes trolig allerede: samme kunde, dato og ")
        assert told in tell(line.explanation)
        assert tell(line.status) == "✖ finnes allerede"
    with world.installation.db.reading() as session:
        verdict = verify_history(session)
    assert (verdict.breaks, verdict.chains) == ((), 4)
