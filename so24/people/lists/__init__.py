"""What somebody has chosen on the lists, for that person alone.

::

    filters    as they were last, for the next login
    views      filters under names of one's own
    ticks      what is ticked in a tab, for when its page is loaded anew
"""
