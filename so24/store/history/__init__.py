"""The history of transfers, which cannot be changed without its being seen.

::

    events | hashes            an event for each move, chained; an anchor over all chains
           | verification      every chain and every anchor, in one pass
"""
