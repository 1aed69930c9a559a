"""The invoice overview: documents in the store, searched, decided upon and counted.

::

    overview         the documents with how they stand, filtered and paged
    number_series    the gaps in the series of numbers
    questions        what waits for a person's word, and answers, which says it
    decisions        dates, kinds, what is left out of exports
    declarations     which order in 24SevenOffice is this document, another, or the one credited
"""
