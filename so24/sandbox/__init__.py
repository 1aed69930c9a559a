"""A 24SevenOffice on this machine, over real SOAP and HTTP, for newcomers and for tests.

::

    serve      one sandbox shared by all processes of a folder, or in the foreground
      runner     one in a ``with``, and its own addresses for tests
      server     HTTP: connections, answers that get lost       admin   what tests change in it
        service    one exchange: quota, latency, faults, session, handler, recording
          wire       envelopes <-> values by the interface description, not by the client's library
          books      everything remembered, in SQLite, and the handlers of the operations

What is documented, what has been seen, and what is assumed stands in each module's docstring. Not
imitated: stock, payments, factoring, what a currency's rate does to the books, rounding factors,
closed periods, and the service's habit of rounding times to the minute.
"""
