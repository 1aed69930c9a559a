"""Mutated inputs by the hundred thousand: files, RecMan's JSON, 24SevenOffice's answers.

``python -m tests.fuzz --inputs N --seed S`` prints a table. Each input is a good one that was bent
in a few places; it is given to the real reader, or to the real gateway in place of what comes over
the wire. Whatever the input is, there comes a value or one of our errors, in bounded time, without
a secret in its words; and what the value says is what another reader finds in the same input.

``good`` makes the inputs that are bent, ``bending`` bends them, ``files``, ``recman`` and
``gateway`` read them and compare, ``running`` counts and keeps what went wrong.
"""
