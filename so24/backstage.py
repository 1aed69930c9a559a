"""What works behind the pages: the sandbox, the demo, the job worker of the app's process."""

from __future__ import annotations

import logging
import threading

from so24.demo import load_demo_once
from so24.errors import ConfigurationError
from so24.installation import Installation
from so24.office.address import sandbox_folder
from so24.sandbox.serve import SandboxHandle, open_sandbox
from so24.store.database.outage import OUTAGES
from so24.store.upkeep.upkeep import explain_outage
from so24.transfer.jobs.who_runs_jobs import jobs_are_run
from so24.transfer.jobs.worker import JobWorker

RETRY_SECONDS = 2.0

log = logging.getLogger("so24.backstage")


class Backstage:
    """Starts with the app and goes on by itself, whether anybody opens a page or not."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.worker = JobWorker(installation)
        self._sandbox: SandboxHandle | None = None
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None

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
        self._keeper = threading.Thread(target=self._keep, name="so24-backstage", daemon=True)
        self._keeper.start()

    def stop(self) -> None:
        """Stop at once; what was under way is taken up at the next start."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
        self.worker.stop()
        if self._sandbox is not None:
            self._sandbox.close()
        self.installation.close()

    def ready(self) -> tuple[bool, str]:
        """Whether work can be taken on, and a word on who runs the jobs."""
        try:
            with self.installation.db.reading() as session:
                session.connection()
        except Exception as error:
            # any trouble with the database means: not ready, whatever its class
            return False, f"The database does not answer ({type(error).__name__})."
        if self.worker.running:
            return True, "runs jobs"
        if jobs_are_run(self.installation):
            return True, "another process runs the jobs"
        return True, "no process runs the jobs: start `so24 worker`"

    @property
    def _runs_jobs(self) -> bool:
        """On PostgreSQL the web processes are clients only; `so24 worker` runs the jobs."""
        return self.installation.db.embedded and self.installation.settings.worker == "auto"

    def _keep(self) -> None:
        """Keep trying for the lock and the sandbox: the process that has them may go."""
        while not self._stopping.wait(RETRY_SECONDS):
            try:
                if self._sandbox is not None:
                    self._sandbox.keep()
                if self._runs_jobs:
                    self.worker.start()
            except OUTAGES as error:
                self.installation.db.outage.begin(error)
            except ConfigurationError as error:
                log.warning("%s", error)
