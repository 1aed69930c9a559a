"""RecMan's API as a source of documents.

::

    transport  one call (so24.calls); the key is kept out of every sentence
    client     counted calls, page after page        answers    RecMan's answers as rows, their
                                                                members as text, amount, date
    targets    the fields that we want, and which members rows have
    findings   what the key reads, per scope,        field_map  our fields -> RecMan's members
               and whether a map is credible         registers  companies, projects, departments
    row_reading, invoices    a row as a document, and whether its totals hold
    connection the administrator's part              fetch      the import

What the invoice scope's members are called is not public. So they are found, mapped by an
administrator and confirmed by a sample whose totals reconcile, before anything is imported.
"""
