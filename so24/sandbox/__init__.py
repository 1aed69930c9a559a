"""A 24SevenOffice on this machine, over real SOAP and HTTP, for newcomers and for tests.

::

    serve      one sandbox shared by all processes of a folder, or in the foreground
      runner     one in a ``with``
      server     HTTP: connections, answers that get lost       admin, edits, control  for tests
        service    one exchange: quota, latency, faults, session, handler, recording
          codec      envelopes <-> values by the interface description, not by the client's library
          operations   identities, companies, products, lists, orders, order_search: handlers
            books        everything remembered, in SQLite

What is documented, what has been seen, and what is assumed stands in each module's docstring. Not
imitated: stock, payments, factoring, what a currency's rate does to the books, rounding factors,
closed periods, and the service's habit of rounding times to the minute.
"""
