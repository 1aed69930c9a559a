"""EHF files, which are Peppol BIS Billing 3.0: UBL 2.1 invoices and credit notes as XML.

::

    content | markup            safely parsed, the SBDH envelope taken off   -> element
            | bill_reading      by path                                      -> Bill
            | rules             the official rules, each with its code       -> what is broken
            | mapping, buyers   what so24 makes of it                        -> SourceDocument
                                and what a person must look at first         -> its ``held``

A document that breaks a rule is refused as a whole, with the code of every rule that it breaks.
"""
