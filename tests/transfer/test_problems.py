"""The one rule: what is an open problem now, whose it is, and what has ceased to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from so24.reasons import ACCOUNTANT, ADMIN, FINANCE, WAIT, WAITING, Reason
from so24.states import OPEN, Since, State
from so24.store.transfers.standings import StandingFacts
from so24.transfer.problems import OF_THE_KEY, Whose, find_notice, find_problem, tell_since

NEVER = StandingFacts(None)
F, A, O = Whose.FINANCE, Whose.ADMINISTRATOR, Whose.ACCOUNTANT  # noqa: E741 - as the tables are read
W = Whose.WAIT
CASES = [
    # what has ended, and who mends it
    (State.BLOCKED, Reason.CUSTOMER_INCOMPLETE, {}, F),
    (State.BLOCKED, Reason.NO_CATEGORY, {}, A),
    (State.BLOCKED, Reason.ORDER_GONE, {}, O),
    (State.REFUSED, Reason.REFUSED_CUSTOMER, {}, F),
    (State.DIFFERS, Reason.DRAFT_DIFFERS, {}, O),
    (State.EXISTS, Reason.EXISTS_REFERENCE, {}, F),
    (State.EXISTS, Reason.EXISTS_PROBABLY, {}, F),
    (State.BLOCKED, Reason.stored("of another release"), {}, F),
    # 24SevenOffice does not answer: nobody can do more than wait
    (State.NOT_SENT, Reason.UNREACHABLE, {}, W),
    (State.NOT_SENT, Reason.THROTTLED, {}, W),
    # so24 tries again by itself: nobody's, but for what is asked of it meanwhile
    (State.NOT_SENT, Reason.UNREACHABLE, {"tried_later": True}, None),
    (State.NOT_SENT, Reason.UNREACHABLE, {"tried_later": True, "asked": True}, F),
    (State.NOT_SENT, Reason.UNREACHABLE, {"tried_later": True, "left_out": True}, None),
    # excluded, or its details are purged: decided, whatever it was
    (State.BLOCKED, Reason.CUSTOMER_INCOMPLETE, {"left_out": True}, None),
    (State.EXISTS, Reason.EXISTS_REFERENCE, {"left_out": True}, None),
    (None, Reason.NONE, {"left_out": True, "date_assumed": True}, None),
    # decided otherwise: only to be sent
    (State.EXISTS, Reason.EXISTS_PROBABLY, {"declared": True}, None),
    (State.BLOCKED, Reason.CREDIT_UNLINKED, {"declared": True}, None),
    (State.BLOCKED, Reason.HELD, {}, None),
    (State.BLOCKED, Reason.HELD, {"asked": True}, F),
    (State.BLOCKED, Reason.DATE_ASSUMED, {}, None),
    (State.BLOCKED, Reason.DATE_ASSUMED, {"date_assumed": True}, F),
    (State.BLOCKED, Reason.EXCLUDED, {}, None),
    (State.BLOCKED, Reason.CHANGED_AFTER_EXPORT, {"changed": True}, F),
    # the key was mended since; a key that is not stands in the way of the whole department
    (State.LOGIN, Reason.NO_KEY, {}, None),
    (State.LOGIN, Reason.NO_KEY, {"blockade": Reason.NO_KEY}, A),
    (State.LOGIN, Reason.LOGIN_REFUSED, {}, None),
    (None, Reason.NONE, {"blockade": Reason.NO_KEY}, A),
    (State.CANCELLED, Reason.CANCELLED, {"blockade": Reason.LOGIN_REFUSED}, A),
    (State.TRANSFERRED, Reason.NONE, {"blockade": Reason.NO_KEY}, None),
    # only not transferred
    (None, Reason.NONE, {}, None),
    (State.CANCELLED, Reason.CANCELLED, {}, None),
    (State.CANCELLED, Reason.CANCELLED_ABSENT, {}, None),
    (State.BLOCKED, Reason.IN_OTHER_RUN, {}, None),
    # stopped, but something is left
    (State.CANCELLED, Reason.CANCELLED_DRAFT, {}, F),
    (State.CANCELLED, Reason.CANCELLED_UNSEEN, {}, O),
    (State.CANCELLED, Reason.RESTORED, {}, F),
    # under way, and done
    (State.INVOICING, Reason.NONE, {}, None),
    (State.UNKNOWN, Reason.LOOKING_UP, {}, None),
    (State.UNKNOWN, Reason.WAITS_FOR_PASSWORD, {}, A),
    (State.TRANSFERRED, Reason.NONE, {}, None),
    (State.TRANSFERRED, Reason.WAITS_APPROVAL, {}, None),
    # a question wants its answer, whatever has become of the document
    (None, Reason.NONE, {"asked": True}, F),
    (None, Reason.NONE, {"date_assumed": True}, F),
    (State.TRANSFERRED, Reason.NONE, {"asked": True}, F),
    (State.TRANSFERRED, Reason.NONE, {"date_assumed": True}, None),
]


@pytest.mark.parametrize(("state", "reason", "facts", "whose"), CASES)
def test_whose_a_document_is(
    state: State | None, reason: Reason, facts: dict[str, object], whose: Whose | None
) -> None:
    blockade = facts.get("blockade", Reason.NONE)
    assert isinstance(blockade, Reason)
    rest = {name: bool(value) for name, value in facts.items() if name != "blockade"}
    found = find_problem(StandingFacts(state, reason, **rest), blockade)
    assert (found.whose if found else None) is whose


# how long an example takes tells how busy the machine is
patient = settings(suppress_health_check=[HealthCheck.too_slow])
standings = st.builds(
    StandingFacts,
    state=st.sampled_from([None, *State]),
    reason=st.sampled_from(list(Reason)),
    asked=st.booleans(),
    date_assumed=st.booleans(),
    changed=st.booleans(),
    declared=st.booleans(),
    tried_later=st.booleans(),
    left_out=st.booleans(),
)
blockades = st.sampled_from([Reason.NONE, *sorted(OF_THE_KEY)])


@patient
@given(standings, blockades)
def test_zero_can_be_reached_from_everywhere(now: StandingFacts, blockade: Reason) -> None:
    """By leaving it out; and by sending it, once what is asked is answered and the key works."""
    assert find_problem(replace(now, left_out=True), blockade) is None
    sent = replace(now, state=State.TRANSFERRED, reason=Reason.NONE, asked=False)
    assert find_problem(sent, blockade) is None


@patient
@given(standings, blockades)
def test_a_problem_says_what_it_is_and_is_given_to_who_can_mend_it(
    now: StandingFacts, blockade: Reason
) -> None:
    found = find_problem(now, blockade)
    if found is None:
        return
    told = found.reason.card.who
    if found.whose is Whose.ADMINISTRATOR and found.reason is not now.reason:
        assert found.reason is blockade
    if told in (ADMIN, ACCOUNTANT, FINANCE, WAIT) and found.reason is not Reason.HELD:
        expected = {ADMIN: {A}, ACCOUNTANT: {O, A}, FINANCE: {F, A}, WAIT: {W, A}}[told]
        assert found.whose in expected


@patient
@given(standings, blockades)
def test_what_is_under_way_is_nobodys_unless_its_key_waits_for_somebody(
    now: StandingFacts, blockade: Reason
) -> None:
    calm = replace(now, asked=False, left_out=False)
    for state in OPEN:
        found = find_problem(replace(calm, state=state), blockade)
        assert (found is not None) == (calm.reason in WAITING.values())


@patient
@given(standings, blockades)
def test_no_document_is_both_a_problem_and_a_notice(now: StandingFacts, blockade: Reason) -> None:
    assert find_problem(now, blockade) is None or find_notice(now) is None


@patient
@given(st.sampled_from([each for each in State if not each.is_live]), standings, blockades)
def test_on_a_receipt_it_is_a_problem_as_long_as_it_is_one_now(
    then: State, now: StandingFacts, blockade: Reason
) -> None:
    since = tell_since(then, now, blockade)
    if since in (Since.LEFT_OUT, Since.MENDED):
        assert find_problem(now, blockade) is None
    if then.is_failed and find_problem(now, blockade) is None:
        assert since is not Since.NOTHING
