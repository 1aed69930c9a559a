"""Every word for people, in the language of who reads it: English, and Norwegian (bokmål).

::

    said.py        a text as it is said, in English and with its parts: say, say_count, pack
    listing.py     several things in a sentence: one and two, one or two
    reader.py      who reads now: the language of this thread, this user, this message
    telling.py     the text in the reader's language: tell, tell_count, through gettext's catalogue
    nb/*.po        the Norwegian texts, by the part of the product where they stand
    nb.mo          the same, compiled: ``python -m tests.make_catalogue``

What is said deep inside (a refusal, a question, the words of a transfer) is said once, by
:func:`so24.language.said.say`. It is an ordinary English ``str`` that remembers its template and
values; so it is stored, logged and compared in English, and told at the edge – page, command line,
file, message – by :func:`so24.language.telling.tell`.
"""
