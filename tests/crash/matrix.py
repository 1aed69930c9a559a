"""The matrix: every strike in its turn, several at once, and the figure at the end."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from so24.errors import ConfigurationError
from tests.crash.ground import Ground, forkserver, prepare_ground
from tests.crash.plan import KILL, NONE, POSTGRESQL, SQLITE, Strike
from tests.crash.striking import Outcome, carry_out
from tests.postgres import Cluster, find_postgres

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@dataclass
class Figure:
    """What the matrix gave; a place that was not reached is no strike."""

    strikes: int = 0
    kills: int = 0
    lost_answers: int = 0
    unreached: list[str] = field(default_factory=list)
    breached: dict[str, tuple[str, ...]] = field(default_factory=dict)
    duplicates: int = 0
    lost: int = 0
    stuck: int = 0
    began: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count a strike."""
        line = outcome.strike.line
        if outcome.breaches:
            self.breached[line] = outcome.breaches
        if not outcome.reached:
            self.unreached.append(line)
            return
        self.strikes += 1
        self.kills += outcome.strike.kind == KILL
        self.lost_answers += outcome.strike.kind == NONE
        self.duplicates += sum(" is booked " in each for each in outcome.breaches)
        self.lost += outcome.count("lost")
        self.stuck += outcome.count("I4")

    @property
    def minutes(self) -> float:
        """How long it has taken so far."""
        return (time.monotonic() - self.began) / 60

    @property
    def words(self) -> str:
        """The figure in one line."""
        return (
            f"{self.strikes} strikes ({self.kills} SIGKILLs, {self.lost_answers} answers lost "
            f"alone), {self.duplicates} duplicates, {self.lost} lost, {self.stuck} stuck, "
            f"{len(self.breached)} with a breach, {len(self.unreached)} not reached, "
            f"{self.minutes:.1f} minutes"
        )


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder for strikes, in memory where the system has such folders."""
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="so24-crash-", dir=where) as folder:
        yield Path(folder)


@contextmanager
def prepared_grounds(databases: Iterable[str]) -> Iterator[tuple[Path, Mapping[str, Ground]]]:
    """A folder for the strikes, and the prepared scene on each of the databases.

    Raises :class:`ConfigurationError` where PostgreSQL is asked for and not installed.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(folder_in_memory())
        grounds = {}
        for database in dict.fromkeys(databases):
            url = ""
            if database == POSTGRESQL:
                url = stack.enter_context(Cluster(_postgres())).create_database()
            grounds[database] = prepare_ground(folder / f"ground-{database}", url)
        yield folder, grounds


def _postgres() -> Path:
    programs = find_postgres()
    if programs is None:
        raise ConfigurationError(
            "PostgreSQL is not installed here (Debian's package: postgresql); "
            f"--database {SQLITE} does without."
        )
    return programs


def strike_all(
    strikes: Sequence[Strike], folder: Path, grounds: Mapping[str, Ground], at_once: int
) -> Generator[Outcome, None, None]:
    """Carry the strikes out, so many at once, each in a folder of its own; as they end."""
    with ProcessPoolExecutor(at_once, mp_context=forkserver) as pool:
        jobs = [
            pool.submit(carry_out, grounds[strike.database], strike, folder / f"strike-{number}")
            for number, strike in enumerate(strikes)
        ]
        try:
            for job in as_completed(jobs):
                yield job.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
