"""Which document goes by which key, or why it does not go: decided before anything is sent.

::

    plan            eligible or blocked, with a reason; the eligible ones grouped into lanes
    known_numbers   which do not get RecMan's numbers, by what was booked so far
    credit_notes    what each credit note credits, and how much of it is left to be credited
"""
