"""A document in 24SevenOffice's terms: pure rules, which neither read nor write anything.

::

    mapping          a document becomes the order that is written
    key_fields       the fields that a key carries besides: texts, projects, departments, VAT codes
    whose_card       which card there is the customer's, perhaps, or none
    which_product    which product there a product number is, perhaps, or none
    vat_doubts       where the VAT there may be another than the line's
    what_is_there    which of the customer's orders are this document already
    compare          the order as 24SevenOffice shows it, beside what RecMan says
"""
