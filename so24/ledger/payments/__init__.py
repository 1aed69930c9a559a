"""Whether invoices are paid, as 24SevenOffice states it: read back in bulk, never changed.

::

    schedule    which companies are due, once for all processes; a press makes one due now
       | reading     a portion of a company's invoices, in as few requests as can be
            | states     what a date of payment and a due date mean (pure)
    words       how that is said, and as of when (pure)
"""
