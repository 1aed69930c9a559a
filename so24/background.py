"""What works behind the pages: sandbox, demo, drop folder, the job worker of the app's process."""

from __future__ import annotations

from collections.abc import Callable

from so24.demo import load_demo_once
from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.language.said import say
from so24.letters import show_in_a_line
from so24.office.address import sandbox_folder
from so24.sandbox.serve import SandboxHandle, open_sandbox
from so24.sources.inbox.taking_in import Taken
from so24.sources.inbox.watch import STANDBY_SECONDS, Inbox, log
from so24.store.upkeep.upkeep import explain_outage
from so24.transfer.jobs.rounds import Rounds
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.jobs.worker import JobWorker

RETRY_SECONDS = 2.0


class Background:
    """Starts with the app and goes on by itself, whether anybody opens a page or not."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.worker = JobWorker(installation)
        self._sandbox: SandboxHandle | None = None
        self._inbox = InboxKeeper(installation, lambda: self.worker.running)
        self._keeper = Rounds("so24-keeper", self._keep, RETRY_SECONDS, installation.db.outage)

    def start(self) -> None:
        """Join or serve the sandbox, load the demo into an empty store, begin to run jobs.

        Raises :class:`ConfigurationError` where the database cannot be used.
        """
        with explain_outage():
            if self.installation.settings.own_sandbox:
                self._sandbox = open_sandbox(sandbox_folder(self.installation.settings))
                if self.installation.settings.demo:
                    load_demo_once(self.installation)
            if self._runs_jobs:
                self.worker.start()
        self._keeper.start()
        if self._runs_jobs:
            self._inbox.start()

    def stop(self) -> None:
        """Stop at once; what was under way is taken up at the next start."""
        self._keeper.stop()
        self._inbox.stop()
        self.worker.stop()
        if self._sandbox is not None:
            self._sandbox.close()
        self.installation.close()

    def ready(self) -> tuple[bool, str]:
        """Whether work can be taken on and what works behind the pages does so, and why not.

        Where all is well, a word on who runs the jobs.
        """
        try:
            with self.installation.db.reading() as session:
                session.connection()
            others = not self.worker.running and jobs_are_run(self.installation)
        except OSError as error:
            return False, say("The data folder cannot be used ({why}).", why=type(error).__name__)
        except Exception as error:
            # any trouble with the database means: not ready, whatever its class
            return False, say("The database does not answer ({why}).", why=type(error).__name__)
        trouble = self._keeper.trouble or self.worker.trouble
        if trouble:
            return False, trouble
        if self.worker.running:
            return True, say("runs jobs")
        if others:
            return True, say("another process runs the jobs")
        return True, say("no process runs the jobs: start `so24 worker`")

    @property
    def _runs_jobs(self) -> bool:
        """On PostgreSQL the web processes are clients only; `so24 worker` runs the jobs."""
        return self.installation.db.embedded and self.installation.settings.worker == "auto"

    def _keep(self) -> None:
        """Try for the lock and the sandbox: the process that has them may go."""
        try:
            if self._sandbox is not None:
                self._sandbox.keep()
        finally:
            if self._runs_jobs:
                self.worker.start()


class InboxKeeper:
    """Watches the drop folder of ``SO24_INBOX``, where there is one, as the jobs are run."""

    def __init__(self, installation: Installation, may_run: Callable[[], bool]) -> None:
        """``may_run`` says at each look whether this process runs the installation's jobs."""
        self._installation = installation
        self._may_run = may_run
        self._inbox: Inbox | None = None
        self._told = ""
        seconds = installation.settings.inbox_seconds
        self._rounds = Rounds("so24-inbox", self._look, seconds, installation.db.outage)

    def start(self) -> InboxKeeper:
        """Begin to look, where the setting names a folder."""
        if self._installation.settings.inbox is not None:
            self._rounds.start()
        return self

    def stop(self) -> None:
        """End after what is being taken in, and let another process watch."""
        self._rounds.stop()
        if self._inbox is not None:
            self._inbox.close()
            self._inbox = None

    def _look(self) -> float:
        path = self._installation.settings.inbox
        if path is None or not self._may_run():
            return STANDBY_SECONDS
        if self._inbox is None:
            try:
                self._inbox = Inbox(self._installation, path, tell_taken=_tell_taken)
            except ConfigurationError as error:  # a share that is not mounted yet, perhaps
                if str(error) != self._told:
                    self._told = str(error)
                    log.warning("%s", error)
                return STANDBY_SECONDS
        return self._inbox.look()


def _tell_taken(taken: Taken) -> None:
    log.info("%s", show_in_a_line(str(taken)))
