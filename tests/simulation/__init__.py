"""The simulated world: the product's own lanes in one thread, on a virtual clock.

::

    schedule   who goes next, and what time it is      clock      where so24 asks for the time
    beginning  what there was before                   site       an installation: its store
    jobs       the engine                              processes  what runs them, and may die
    server     the office as it answers                books      what it holds
    wire       what happens to calls on their way      habits     what may go wrong, by name
    people     who presses, and hands in the office    world      one seed: made, lived, judged
    history    the product put into a world            search     many seeds; a failing one small
    judgement  books and receipts, for the judge       checker    the judge, who sees only these
    evidence   what these two are made of
    long_run   a million, in several sittings
    quick      the store in memory, the short way      broken     faults of the protocol

``python -m tests.simulation --help`` says how to run it.
"""
