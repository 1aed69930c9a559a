"""Files as sheets, and sheets as cells: what is read is what people see, or it is refused.

::

    archive | spreadsheet      bytes become sheets: by package, xml_stream | delimited
    xlsx_parts | xlsx_cells    what a workbook's parts hold; known_rows: rows that are alike
    rows | which_table | tables    sheets become tables with headings, rows and cells
         | repeated            what stands more than once
    cells                      a cell becomes an amount, a date, a text
"""
