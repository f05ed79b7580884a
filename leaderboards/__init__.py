"""Leaderboards: which way of choosing among a frozen VLM's proposals is best, by how much, and at what cost?

Run from a checkout: `python -m leaderboards.evaluate` makes a run, `submit` adds it to `results/`, `build` makes
tables, figures and page anew from the runs there. `PROTOCOL.md` says what a run has to be.
"""
