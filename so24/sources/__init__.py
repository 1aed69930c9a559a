"""Where documents come from: RecMan's reports, EHF files and RecMan's API.

::

    bytes | sheets | reports      a report becomes documents
          | ehf                   an e-invoice becomes a document
    recman                        answers of RecMan's API become documents
    documents                     what each of these yields
          | landing | store       every document lands once; a change is seen

    reading, intake               the face: which reader a file goes to, and one import as a whole
    nearest                       which headings a file without a table may have meant
    garbage                       what Python need not look through while files come in
    import_reports                what became of each import, kept and read again
"""
