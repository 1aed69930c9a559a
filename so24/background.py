"""What works behind the pages: the sandbox, the demo, the job worker of the app's process."""

from __future__ import annotations

from so24.demo import load_demo_once
from so24.installation import Installation
from so24.office.address import sandbox_folder
from so24.sandbox.serve import SandboxHandle, open_sandbox
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

    def stop(self) -> None:
        """Stop at once; what was under way is taken up at the next start."""
        self._keeper.stop()
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
            return False, f"The data folder cannot be used ({type(error).__name__})."
        except Exception as error:
            # any trouble with the database means: not ready, whatever its class
            return False, f"The database does not answer ({type(error).__name__})."
        trouble = self._keeper.trouble or self.worker.trouble
        if trouble:
            return False, trouble
        if self.worker.running:
            return True, "runs jobs"
        if others:
            return True, "another process runs the jobs"
        return True, "no process runs the jobs: start `so24 worker`"

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
