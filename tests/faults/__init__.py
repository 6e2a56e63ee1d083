"""Work that is killed (SIGKILL) at random moments, and PostgreSQL under it: nothing lost, nothing doubled.

A play has acts, done by children of their own until they are killed. Tests play a few rounds against the PostgreSQL of
the tests; ``make bench-faults`` plays as many as one likes on a home of its own, where PostgreSQL is killed as well.
"""
