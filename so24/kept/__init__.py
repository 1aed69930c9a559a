"""What so24 keeps: of whom, why, how long, given out to those who ask, and purged in time.

::

    holdings     every table of the store: what is in it, why, how long it is kept
    about        all that is kept about one customer, or about one user, as one file
    purge        details whose time is over; a customer who has none to be kept

Originals of imported files are kept and purged by :mod:`so24.sources.originals`.
"""
