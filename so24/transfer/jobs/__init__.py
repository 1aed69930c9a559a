"""Who works the lanes, where and when.

::

    engine           the only module that knows DBOS: queue, workflows, versions
    worker           what a job does, and the housekeeping around it
    who_runs_jobs    whether this process may run jobs, who else does, and how long a worker may
    rounds           the kind of thread that everything in the background is
"""
