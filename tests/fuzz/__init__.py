"""Hostile input: every reader and every output under millions of mutated inputs.

`python -m tests.fuzz --help`; what was found and fixed is in `docs/evidence/fuzzing.md`.
"""
