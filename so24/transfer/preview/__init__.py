"""What would happen if the button were pressed, without a single write.

::

    preview          planned from the store alone, in a moment
    look             the lane's own look in 24SevenOffice, taken by its very steps
      read_only_pass   the pass whose recorder keeps everything in memory
      forecast         what would become of each document
    requests_and_time, request_view      how many calls and seconds, and the very XML
    confirmation     *Send* is bound to what was shown
"""
