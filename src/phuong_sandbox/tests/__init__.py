"""Tests of the sandbox, from outside: the program runs, and is spoken to over its protocols."""
