"""A drop folder that is looked into again and again, by one process at a time.

On SQLite a lock of the operating system in the data folder says which process it is, on PostgreSQL
one of the server; the others take over when it goes. Nothing is asked of the store while nothing
lies in the folder: an idle look is a listing of the folder.
"""

from __future__ import annotations

import fcntl
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from so24.installation import Installation
from so24.language.said import change_values, say
from so24.letters import show_in_a_line
from so24.people.desk import Desk, process_user
from so24.people.roles import Actor
from so24.sources.inbox.arrivals import DroppedFile, find_ready, look_into
from so24.sources.inbox.places import InboxFolder
from so24.sources.inbox.taking_in import Taken, TakingIn
from so24.sources.originals.finding import show_name
from so24.sources.sheets.spreadsheet import MEGABYTE
from so24.store.database.engine import OUTAGES
from so24.store.documents.inbox import FolderLock
from so24.store.people.origins import DROP_FOLDER
from so24.store.tables.people_tables import Role

MOST_TOGETHER = 500
STANDBY_SECONDS = 10.0  # between two tries for a lock that another process has
TRY_AGAIN_SECONDS = (10.0, 60.0, 300.0)  # for what could not be read or moved
LONGEST_ACTOR = 96

log = logging.getLogger("so24.inbox")


def inbox_actor() -> Actor:
    """Under whom files of a drop folder are imported: it may what finance may, and no more.

    The name says that they came by the folder, and as which user of the operating system so24
    runs there; whose file each is, as far as the file system tells, stands in its note.
    """
    return Actor(f"inbox:{process_user()}"[:LONGEST_ACTOR], Role.FINANCE, origin=DROP_FOLDER)


class Inbox:
    """Takes in what is dropped into a folder."""

    def __init__(
        self,
        installation: Installation,
        path: Path,
        *,
        tell_taken: Callable[[Taken], None] = lambda taken: None,
        tell_trouble: Callable[[str], None] = log.warning,
    ) -> None:
        """``tell_taken`` is told of each file, ``tell_trouble`` of what is left, once each.

        Raises :class:`ConfigurationError` where the folder cannot be watched.
        """
        self.folder = InboxFolder(path)
        self._installation = installation
        self._work = TakingIn(Desk(installation, inbox_actor()), self.folder)
        self._tell_taken = tell_taken
        self._tell_trouble = tell_trouble
        self._lock = _open_lock(installation, self.folder.id)
        self._before: dict[str, DroppedFile] = {}
        self._told: dict[str, str] = {}
        self._failed: dict[str, tuple[int, float]] = {}  # how often, and when to try again
        self._excused: set[str] = set()
        self._left = True  # an earlier process, or look, may have left something
        self._take_up_at = 0.0

    def look(self) -> float:
        """One look, and all that is ready taken in; the seconds until the next look.

        Raises what a lost database raises. Anything else that stops a file is told, and costs the
        others nothing: what failed is tried again by itself, after longer and longer pauses.
        """
        if not self._lock.take():
            self._left = True
            return STANDBY_SECONDS
        if self._left and _clock() >= self._take_up_at:
            self._take_up()
        sight = look_into(self.folder.path)
        ready = list(find_ready(self.folder.path, sight.arrivals, self._before))
        self._before = sight.arrivals
        self._failed = {path: each for path, each in self._failed.items() if path in self._before}
        self._told = {
            path: words
            for path, words in self._told.items()
            if path in self._failed or path in sight.complaints
        }
        for path, words in sight.complaints.items():
            self._tell(path, words)
        for batch in self._batches(ready):
            self._take_in(batch)
        return self._installation.settings.inbox_seconds

    @property
    def waiting(self) -> bool:
        """Whether the last look saw files that are neither taken in nor left for a reason."""
        return any(
            path not in self._failed and self.folder.still_is(each)
            for path, each in self._before.items()
        )

    def close(self) -> None:
        """Let another process watch the folder."""
        self._lock.release()

    def _take_up(self) -> None:
        taken, errors = self._work.take_up()
        for each in taken:
            self._tell_taken(each)
        for path in self._work.begun():
            # whoever was stopped by one of them may have been stopped by this one: alone
            self._failed.setdefault(path, (1, 0.0))
        for path, error in errors.items():
            self._put_off({path})
            self._tell(path, _explain(path, error))
        self._left = bool(errors)
        self._take_up_at = _clock() + TRY_AGAIN_SECONDS[0]

    def _batches(self, ready: Sequence[DroppedFile]) -> list[list[DroppedFile]]:
        """Files of one department together, within bounds; those that failed before each alone.

        Those of no department come first: a report may bring the department that others are of.
        """
        due = [each for each in ready if self._failed.get(each.path, (0, 0.0))[1] <= _clock()]
        most = 2 * self._installation.settings.upload_megabytes * MEGABYTE
        batches: list[list[DroppedFile]] = []
        size = 0
        for each in sorted(due, key=lambda each: (each.department, each.path in self._failed)):
            last = batches[-1] if batches else []
            fits = len(last) < MOST_TOGETHER and size + each.size <= most
            together = last and last[0].department == each.department and fits
            if together and each.path not in self._failed:
                last.append(each)
                size += each.size
            else:
                batches.append([each])
                size = each.size
        return batches

    def _take_in(self, batch: Sequence[DroppedFile]) -> None:
        paths = {each.path for each in batch}
        try:
            for taken in self._work.take_in(batch, self._excused & paths):
                self._tell_taken(taken)
        except OUTAGES:
            self._leave(paths)
            self._excused |= paths
            raise
        except OSError as error:
            self._leave(paths)
            self._excused |= paths
            self._tell(min(paths), _explain(min(paths), error))
        except Exception as error:
            # a bug must not keep the other files out; the store counts how often it stopped this
            self._leave(paths)
            log.error("the drop folder: %s", error, exc_info=error)
        else:
            self._excused -= paths

    def _leave(self, paths: set[str]) -> None:
        """Try these again later; what was taken in of them is moved first."""
        self._left, self._take_up_at = True, 0.0
        self._put_off(paths)

    def _put_off(self, paths: set[str]) -> None:
        for path in paths:
            times = self._failed.get(path, (0, 0.0))[0]
            pause = TRY_AGAIN_SECONDS[min(times, len(TRY_AGAIN_SECONDS) - 1)]
            self._failed[path] = times + 1, _clock() + pause

    def _tell(self, path: str, words: str) -> None:
        """Tell a sentence, unless it was told and still holds."""
        if self._told.get(path) != words:
            self._told[path] = words
            self._tell_trouble(change_values(show_name(words), show_in_a_line))


class _FileLock:
    """The lock of the process that watches a folder for a SQLite installation."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: IO[str] | None = None

    def take(self) -> bool:
        if self._opened is None:
            opened = self._file.open("a")
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                opened.close()
                return False
            self._opened = opened
        return True

    def release(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _open_lock(installation: Installation, folder: str) -> _FileLock | FolderLock:
    if installation.db.embedded:
        return _FileLock(installation.settings.data_dir / f"inbox-{folder[:16]}.lock")
    return FolderLock(installation.db, folder)


def _explain(path: str, error: OSError) -> str:
    return say(
        "“{path}” is left where it is ({reason}); so24 tries again, and imports nothing twice. See "
        "to it that this user may read it, that the folder may be written, and that the disk has "
        "room.",
        path=path,
        reason=error.strerror,
    )


def _clock() -> float:
    return time.monotonic()
