"""What makes histories quick and changes none: the store in memory, asked and told the short way.

::

    memory      the product's database on one connection     remembered  questions asked before
    shortcut    statements straight to SQLite            answers     what they bring
    written_out functions that fill and read them
"""
