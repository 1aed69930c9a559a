"""The simulated world: the product's own lanes in one thread, on a virtual clock.

::

    schedule   who goes next, and what time it is      clock      where so24 asks for the time
    site       an installation: its store, in memory   processes  the engine: jobs, processes
    server     the office as it answers                books      what it holds
    wire       what happens to calls on their way      habits     what may go wrong, by name
    people     who presses, and hands in the office    world      one seed: made, lived, judged
    history    the product put into a world            checker    the judge: books and receipts
    search     many seeds; a failing one made small    mutations  faults of the protocol

``python -m tests.simulation --help`` says how to run it.
"""
