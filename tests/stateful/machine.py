"""The histories: every deed is a rule, and at each quiet point all that was promised must hold.

Whatever a rule picks, it picks by number from what is there at that moment, so that a history is
told by its numbers alone and can be told again. Threads may run in another order then; the named
points do not, and they are what a deed amid a pass is timed by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from so24 import crashpoints
from so24.errors import So24Error
from so24.keys.activation import activate, deactivate
from so24.keys.upkeep import disable_key, enable_key, list_keys
from so24.people.desk import Desk
from so24.people.roles import Actor
from so24.sandbox.books.identities import expire_sessions
from so24.sandbox.wire.faults import Fault
from so24.store.tables.people_tables import Role
from so24.transfer.history import recent_runs
from so24.transfer.runs import retry_run, start_run, stop_run
from tests.crash.invariants import copy_history, find_breaches
from tests.stateful.crew import Ambush, at_once, come_to_rest, keep_house, strike, work_lanes
from tests.stateful.hand import Hand
from tests.stateful.mishaps import MISHAPS, Mishap
from tests.stateful.recman import DOCUMENTS, VERSIONS, Paper, issue
from tests.stateful.scene import ADMIN, FINANCE, Scene

OTHER = Actor("finn", Role.FINANCE)
INDEX = st.integers(0, len(DOCUMENTS) - 1)
CHOSEN = st.sets(INDEX, min_size=1)
NUMBER = st.integers(0, 7)
CREW = st.sampled_from((1, 1, 2, 0))
MOSTLY = st.sampled_from((True, True, True, False))


class AnyHistory(RuleBasedStateMachine):
    """One installation, one sandbox, documents of two departments, and whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.hand = Hand(self.scene)
        self.told = copy_history(self.scene.installation)
        self.said: list[str] = []

    def teardown(self) -> None:
        """Every history ends with a quiet point."""
        try:
            self.come_to_rest()
        finally:
            crashpoints.arm(None)
            self.scene.close()

    # -- RecMan and the button ----------------------------------------------------------------

    @rule(index=INDEX, version=st.integers(0, VERSIONS - 1))
    def import_again(self, index: int, version: int) -> None:
        issue(self.scene.installation, FINANCE, [Paper(index, version)])

    @initialize(chosen=CHOSEN, crew=CREW, mishaps=MISHAPS)
    def begin(self, chosen: set[int], crew: int, mishaps: Sequence[Mishap]) -> None:
        self.export(chosen, crew, mishaps)

    @rule(chosen=CHOSEN, crew=CREW, mishaps=MISHAPS)
    def export(self, chosen: set[int], crew: int, mishaps: Sequence[Mishap]) -> None:
        self._press(FINANCE, chosen)
        self.work(crew, mishaps)

    @rule(first=CHOSEN, second=CHOSEN, crew=CREW, mishaps=MISHAPS)
    def export_by_two_users_at_once(
        self, first: set[int], second: set[int], crew: int, mishaps: Sequence[Mishap]
    ) -> None:
        at_once([lambda: self._press(FINANCE, first), lambda: self._press(OTHER, second)])
        self.work(crew, mishaps)

    @rule(number=NUMBER, crew=CREW, mishaps=MISHAPS)
    def retry(self, number: int, crew: int, mishaps: Sequence[Mishap]) -> None:
        run = self._run(number)
        if run:
            self._try(lambda: retry_run(Desk(self.scene.installation, FINANCE), run, _enqueue))
        self.work(crew, mishaps)

    @rule(number=NUMBER)
    def cancel(self, number: int) -> None:
        run = self._run(number)
        if run:
            self._try(lambda: stop_run(Desk(self.scene.installation, FINANCE), run))

    @rule(active=MOSTLY)
    def switch_activation(self, active: bool) -> None:
        (activate if active else deactivate)(Desk(self.scene.installation, ADMIN))

    @rule(number=NUMBER, usable=MOSTLY)
    def switch_key(self, number: int, usable: bool) -> None:
        keys = list_keys(Desk(self.scene.installation, ADMIN))
        switch = enable_key if usable else disable_key
        switch(Desk(self.scene.installation, ADMIN), keys[number % len(keys)].id)

    # -- workers and 24SevenOffice ------------------------------------------------------------

    @rule(crew=CREW, mishaps=MISHAPS)
    def work(self, crew: int, mishaps: Sequence[Mishap]) -> None:
        for mishap in mishaps:
            self._prepare(mishap)
        if crew:
            work_lanes(self.scene, crew)

    @rule()
    def restart(self) -> None:
        crashpoints.arm(None)
        self.scene.restart()

    @rule()
    def keep_house(self) -> None:
        keep_house(self.scene)

    @rule()
    def recover(self) -> None:
        self.scene.server.faults.clear()

    @rule()
    def let_late_writes_land(self) -> None:
        self.scene.server.sandbox.land()

    @rule()
    def expire_the_sessions(self) -> None:
        self.scene.note_secrets()
        books = self.scene.server.sandbox.books
        with books.transaction():
            expire_sessions(books)

    # -- a hand inside the sandbox ------------------------------------------------------------

    @rule(number=NUMBER)
    def delete_a_draft_by_hand(self, number: int) -> None:
        self.hand.delete_draft(number)

    @rule(number=NUMBER)
    def invoice_our_draft_by_hand(self, number: int) -> None:
        self.hand.invoice_draft(number, amid=False)

    @rule(index=INDEX, with_reference=st.booleans())
    def invoice_the_document_by_hand(self, index: int, with_reference: bool) -> None:
        self.hand.enter_invoice(index, with_reference=with_reference, amid=False)

    # -- what must hold -----------------------------------------------------------------------

    @rule()
    def come_to_rest(self) -> None:
        """A quiet point: everything has landed, nothing is open, housekeeping has looked."""
        come_to_rest(self.scene)
        breaches = self.hand.breaches() + find_breaches(
            self.scene.installation,
            self.scene.books(),
            by_hand=self.hand.orders,
            before=self.told,
            secrets=self.scene.secrets,
            texts={"the log": self.scene.log.text, "what was said": "\n".join(self.said)},
        )
        assert not breaches, "\n".join(breaches)
        self.told = copy_history(self.scene.installation)

    # -- how ----------------------------------------------------------------------------------

    def _press(self, actor: Actor, chosen: Collection[int]) -> None:
        ids = [self.scene.invoice_ids[index] for index in sorted(chosen)]
        self._try(lambda: start_run(Desk(self.scene.installation, actor), ids, _enqueue))

    def _try(self, deed: Callable[[], object]) -> None:
        """Do what a person does; a refusal in words is no failure, but it is read for secrets."""
        try:
            deed()
        except So24Error as refusal:
            self.said.append(str(refusal))

    def _run(self, number: int) -> str | None:
        runs = recent_runs(Desk(self.scene.installation, ADMIN))
        return runs[number % len(runs)].run_id if runs else None

    def _prepare(self, mishap: Mishap) -> None:
        if isinstance(mishap, Fault):
            self.scene.server.faults.arm(mishap)
        else:
            deed = self._deed(mishap.deed, mishap.number)
            crashpoints.arm(Ambush(mishap.point, mishap.nth, deed))

    def _deed(self, name: str, number: int) -> Callable[[], None]:
        """What happens in the midst of a pass."""
        index = number % len(DOCUMENTS)
        deeds: dict[str, Callable[[], None]] = {
            "crash": strike,
            "take over": lambda: work_lanes(self.scene),
            "stop": lambda: self.cancel(0),
            "land": self.let_late_writes_land,
            "expire": self.expire_the_sessions,
            "edit": lambda: self.import_again(index, 1),
            "delete draft": lambda: self.hand.delete_draft(number),
            "invoice draft": lambda: self.hand.invoice_draft(number, amid=True),
            "enter with reference": lambda: self.hand.enter_invoice(
                index, with_reference=True, amid=True
            ),
            "enter without reference": lambda: self.hand.enter_invoice(
                index, with_reference=False, amid=True
            ),
        }
        return deeds[name]


def _enqueue(session: object, lane: object) -> None:
    """The history itself decides when a lane is worked."""
