"""24SevenOffice: the session, the calls, and what travels through them.

::

    gateway      Office: what the rest of so24 calls, in the words of ``values``
      calls      one call: pace, quota, before_call, secrets kept out of errors
        soap       parameters -> request (zeep writes it, our schema checks it)
        transport  request -> bounded answer, or how far it came (bounded, limits)
        answers    answer -> plain Python, by our description
      writing    values -> fields          outcomes   answers of a Save -> its items
      reading    fields -> values          paging     the list of all companies
      lists      what the company has set up (account_values)
      cards      customers' cards, to be compared and corrected
    order_statuses  an order's statuses, as words for people
    interface    our description of the operations and fields that are used

zeep writes the requests only. Answers are read by our own reader: zeep refuses an answer with
one element it does not expect, and with it the order number of an invoice that was just saved.
"""
