"""What links our ids to 24SevenOffice's, for each company.

::

    links            customers' cards, and orders: a document's is bound by compare-and-set
    product_links    our product numbers beside 24SevenOffice's products
"""
