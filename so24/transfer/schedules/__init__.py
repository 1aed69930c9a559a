"""What is done by itself at its time, held to the checks that people see.

::

    times        when: weekdays and a time of Oslo, each of them once (pure)
    rules        what may go, how much, and what stops a schedule (pure)
    settings     set and turned off by a System Administrator
    claiming     a time that has come is claimed in the store, and its job queued
    working      what is claimed is done: fetched, or sent by preview and confirmation
    standing     how schedules stand: the next time, the last one, what is left for people
    sentences    what is told of that; records: the same for interfaces
"""
