"""The protocol broken on purpose, which the search must notice.

::

    faults     which part, by what, among which habits     mutations  each one tried
    parts      what is put in a part's place               looks      the same of looks and proofs
"""
