"""The original of what was imported: every file as it came, kept for the time that the law asks.

::

    keeping          bytes | pieces | the store: once, however often the same bytes come
    finding          of an import, of a document; read back in pieces, and held against its hash
    document_files   an EHF document's own XML, out of its archive, and what is attached to it
    retention        how long, and what goes when that time is over

They are in the store and not beside it. A back-up is one file of one moment: it has them with the
documents that they brought, on both databases, and no folder can be forgotten, lag behind, or be
missing on another machine's worker. What they cost is small: a month's report is about a megabyte,
an EHF file some kilobytes packed.
"""
