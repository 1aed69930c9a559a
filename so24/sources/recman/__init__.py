"""RecMan's API as a source of documents.

::

    transport  one bounded call over HTTPS           secrecy    what never carries the key
    envelope   RecMan's answer as rows               client     counted calls, page after page
    members    which members rows have               findings   what the key reads, per scope
    targets    the fields that we want               field_map  our fields -> RecMan's members
    values     a member as text, amount, date        registers  companies, projects, departments
    invoices   a row as a document                   reconcile  do its totals hold
    connection the administrator's part              fetch      the import

What the invoice scope's members are called is not public. So they are found, mapped by an
administrator and confirmed by a sample whose totals reconcile, before anything is imported.
"""
