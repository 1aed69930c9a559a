"""The way of an invoice into 24SevenOffice, exactly once.

::

    store | transfer.plan                which invoice by which key, or why not
          | transfer.lane                session, guard, customers, products, look up, draft,
                                         bind, compare, invoice, confirm
          | store | transfer.receipt     what the user sees is what the store says, with its tally
                  | transfer.history     the same of all runs
"""
