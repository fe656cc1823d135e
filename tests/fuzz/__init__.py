"""Hostile input: every reader and every output under millions of mutated inputs.

`python -m tests.fuzz --help`. Run by hand: not all that it finds is fixed yet.
"""
