"""EHF files, which are Peppol BIS Billing 3.0: UBL 2.1 invoices and credit notes as XML.

::

    content | markup            safely parsed, the SBDH envelope taken off   -> element
            | kinds             what it is by its own word, told by its name -> refused, warned of
            | bill_reading      by path, VAT by tax_reading                  -> Bill
            | form_rules, amount_rules, vat_rules                            -> what is broken
            | second_opinion    the operator's rule files, in judge          -> Opinions
            | mapping, buyers   what so24 makes of it                        -> SourceDocument
                                and what a person must look at first         -> its ``held``

``rule_table`` says what each rule is, of which release, and what becomes of who breaks it. A
document that breaks one is refused as a whole, with the code of every rule that it breaks.
``files`` does all this for many at once, ``check_files`` without importing them.
"""
