"""A drop folder: what is put there is imported, once, and moved away with a note beside it.

::

    arrivals     what lies in the folder, and which of it is written to its end
    places       the folder itself: its mark, where files go, how they get there
    taking_in    a claim in the store | the import | where it goes | note, move, claim dropped
    notes        what is written beside a file that was taken in or refused
    watch        look after look, one process at a time

Files that lie ready in one look come in together, as those of one ``so24 import`` do: the reports
of a month belong together. EHF files state no department: those in a subfolder ``department 10``
are of department 10 (its number or its name), those in the folder itself of the department that
is named ``org-`` and the seller's number, where there is one.

A file is known by its path and its bytes. It is claimed in the store before it is read; its
imports are named there in the transaction that opens them, its destination when they have ended.
So whoever begins after a kill knows: what has a destination is moved and not imported again; what
has ended imports gets its destination; all else is begun anew, and what of it has landed does not
land twice. A file that was begun with too often without coming to an end is refused.
"""
