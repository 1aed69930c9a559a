"""Alerts in the store.

::

    choices.py      who wants to be told of what, by which way
    standing.py     what stands wrong now, beside what stood wrong at the last look
    deliveries.py   each message that is owed, from its making to its end
"""
