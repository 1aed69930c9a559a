"""A document in 24SevenOffice's terms: pure rules, which neither read nor write anything.

::

    mapping          a document becomes the order that is written
    key_fields       the fields that a key carries besides: texts, projects, departments, VAT codes
    what_is_there    which of the customer's orders are this document already
    compare          the order as 24SevenOffice shows it, beside what RecMan says
"""
