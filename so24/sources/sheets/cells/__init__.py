"""One cell is read: a text, a name, an amount or a date, or the reason why it is none.

::

    number_formats | cell_values    what a workbook's cell holds, and what its format shows of it
    cell                            what a cell is then, and why it cannot be read
      texts, numbers, dates         what is read of it
"""
