"""Who works the lanes, where and when.

::

    engine           the durable engine as whoever hands it work knows it: queue and jobs
    workflows        what the engine runs: lanes, later looks, alerts, payments, schedules
    queue_worker     runs the engine's jobs in this process
    housekeeping     what is given back, taken up and looked at again, round by round
    worker           the process's worker: the lock or the heartbeat, and all its rounds
    who_runs_jobs    whether this process may run jobs, who else does, and how long a worker may
    rounds           the kind of thread that everything in the background is
"""
