"""What the page *Help* draws.

::

    library.py     the pages as files, their sections, what is found in them
    reading.py     a page on the screen: chosen, searched, a place brought in sight
    glossary.py    the catalogue of reasons, as rows
"""
