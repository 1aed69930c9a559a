"""A SAF-T Financial export of 24SevenOffice as a second witness, which needs no connection.

The standard is the Norwegian Tax Administration's (Skatteetaten), release 1.30, and 1.20 where that
does not differ. What is read, each from its own element and by its type::

    Header                     AuditFileVersion, Company (RegistrationNumber, Name),
                               DefaultCurrencyCode, SelectionCriteria (days, or months)
    MasterFiles                Account (AccountID, GroupingCategory; 1.20: StandardAccountID),
                               Customer (CustomerID, RegistrationNumber where it is a firm's)
    Journal, Transaction       JournalID, TransactionID, TransactionDate
    Line with a CustomerID     the customers' ledger: ReferenceNumber, which is the invoice's number
                               (SourceDocumentID where there is none), and its amounts
    Line without one           TaxInformation, which is the document's VAT

A voucher is a document's, and no payment, where a line of it has TaxInformation or is on an account
of income. Descriptions and other free texts are never read.

::

    files.py      one export's files, packed or not  ->  streams
    reader.py     stream -> head and vouchers        ->  postings.py   what the file says, typed
                  places.py, voucher.py: where what is read stands, and what it adds up to
    compare.py    postings beside our documents      ->  lines.py      what is said of each
    company.py    whose file it is
    witness.py    the service: read, compare, keep
"""
