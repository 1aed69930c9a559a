"""What 24SevenOffice states of payments, in the store.

::

    stated.py      of each booked invoice: written by sets, shown beside lists, counted
    readings.py    of each company: what is under way, when it was last read, when it is due
"""
