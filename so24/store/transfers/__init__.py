"""What the store knows of runs and transfers: they are moved, asked for, listed and counted.

::

    runs | transfers          a run with its transfers; each moved by compare-and-set
         | open_lanes         what is open, by lane
         | standings          how documents stand by their transfers
         | lost_writes, retries, numbers    what is looked at or tried again, and what comes next
    transfer_list, receipt_line             transfers beside their documents, as people read them
    tallies, ledger, courses, search        sums, what was booked, each document's course, searching
    said_cards, said_products               what people have said, and what waits for a word
    workers                   who is alive and who leads
"""
