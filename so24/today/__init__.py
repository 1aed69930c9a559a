"""What needs whom now: the first page, and ``so24 today``.

::

    store.transfers.standings | transfer.problems     documents that stand alike, and whose they are
                              | piles                 counted and summed up
    store.payments            | unpaid                booked invoices that are not known to be paid
        | today                                       with runs, keys, import, ledger and jobs
        | lists                                       the documents of one pile, the oldest first
"""
