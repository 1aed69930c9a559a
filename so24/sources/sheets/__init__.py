"""Files as sheets, and sheets as cells: what is read is what people see, or it is refused.

::

    archive | open_sheets      bytes become sheets: xlsx_parts, xlsx_cells, xml_stream | delimited
    spreadsheet | tables       sheets become tables with headings, rows and cells
    numbers, cell_values       a cell becomes an amount, a date, a text
"""
