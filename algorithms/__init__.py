"""Learning from recorded candidate sets: one file an algorithm, all of them d3rlpy algorithms.

Run from a checkout: `python -m algorithms.train --help`. What acting needs is in `webvoyager_gym`.
"""
