"""What an export takes: requests, quota and time, of one lane and of all together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from so24.office.values import Quota
from so24.settings import Settings
from so24.store.tables.ground import now
from so24.transfer.preview.look_result import LookedUp
from so24.transfer.preview.preview import PreviewLane
from so24.transfer.preview.request_count import finish_of, reckon_seconds

MINUTE = 60


@dataclass(frozen=True)
class Estimate:
    """What one lane takes. ``looked_up``: reckoned after a look, else the most that is planned.

    ``quota`` is what 24SevenOffice announced last, unknown before a look; ``seconds`` include
    waiting for its reset where it does not suffice.
    """

    key_id: int
    client_id: int
    requests: int
    looked_up: bool
    quota: Quota
    seconds: float

    @property
    def suffices(self) -> bool:
        """Whether the quota is known not to be used up on the way."""
        return self.quota.remaining is None or self.quota.remaining >= self.requests


def estimate_lane(settings: Settings, lane: PreviewLane, looked: LookedUp | None) -> Estimate:
    """The lane's estimate, by the look where there was one without a problem."""
    if looked is None or looked.problem:
        return Estimate(lane.key_id, lane.client_id, lane.requests, False, Quota(), lane.seconds)
    pace = settings.pace_per_second, settings.pace_burst
    seconds = reckon_seconds(looked.requests, looked.round_trip, *pace)
    quota = looked.quota
    estimate = Estimate(lane.key_id, lane.client_id, looked.requests, True, quota, seconds)
    if estimate.suffices or quota.resets_at is None:
        return estimate
    wait = max(0.0, (quota.resets_at - now()).total_seconds())
    return Estimate(
        lane.key_id, lane.client_id, looked.requests, True, quota, seconds=seconds + wait
    )


def finish_seconds(settings: Settings, estimates: Iterable[Estimate]) -> float:
    """Seconds until all lanes are done, worked as one process works them."""
    lanes = [(each.client_id, each.seconds) for each in estimates]
    return finish_of(lanes, settings.lanes_at_once)


def describe_seconds(seconds: float) -> str:
    """``less than a second``, ``about 12 seconds``, ``about 3 minutes``."""
    if seconds < 1:
        return "less than a second"
    if seconds < 2 * MINUTE:
        return f"about {round(seconds)} second{'' if round(seconds) == 1 else 's'}"
    return f"about {round(seconds / MINUTE)} minutes"


def describe_requests(estimate: Estimate) -> str:
    """How many requests, and how many are left, in one sentence."""
    most = "" if estimate.looked_up else "at most "
    words = f"{most}{estimate.requests} requests"
    if estimate.quota.remaining is None:
        return f"{words}."
    words += f", {estimate.quota.remaining} left"
    return f"{words}." if estimate.suffices else f"{words}: the run waits for the next period."
