"""How documents land in the store: each once, changes seen, look-alikes held.

::

    documents | stored_documents   what is here that each of them may be
              | identify           the one decision (pure): known, new, changed, held or refused
                  look_alikes      by what people take one document for another
                  wording          what is asked, and what is said of what stays out
              | landing | store    what follows from it; stated_columns: what is written
                  flags            what is noted where it stays as it is

    departments, parties, whose    which department, and whose a customer's number is
    buyers                         whom a document is made out to, compared again and again
    credit_notes                   what the *Credit notes* report states reaches its credit notes
"""
