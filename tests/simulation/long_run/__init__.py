"""More histories than one sitting has time for: played on and on, added up in a small file.

::

    sitting   plays on where the file ends, until all are played or somebody interrupts
    totals    what the file holds, and its table
    code      which version of the code has played them
"""
