"""By what a firm is known: its name and its number.

::

    names.py               names that mean the same firm, and words that many firms share
    numbers.py             organization numbers, each in its country
    norwegian_numbers.py   those of Norway, and personal numbers, which are shown nowhere
"""
