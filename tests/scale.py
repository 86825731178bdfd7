"""How much each long test tries: a selection in every run, everything with FULL=1 (`make faults`)."""

import os

FULL = bool(os.environ.get("FULL"))


def some(small, full):
    """`small` in every run, `full` in the long ones; a number of rounds or a list of cases."""
    return full if FULL else small


# Walks by chance through the nine steps (the catalogue's B-P; 2,000 take half an hour of a core).
WALKS = some(50, int(os.environ.get("WALKS", "1000")))
# Rounds of two officers for every pair of moves of every step; 57 pairs.
PAIR_ROUNDS = some(1, int(os.environ.get("PAIR_ROUNDS", "20")))
# Guesses at passwords (L-01).
GUESSES = some(2000, 10_000)
