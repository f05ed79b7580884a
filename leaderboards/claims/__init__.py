"""The claims of Best-of-Q (arXiv 2601.22701), and what this project asks beside them, each tried out and judged.

A file a claim: its sentence, what it needs to be run, the effect that decides it, and its figure. `claims.every` lists
them, `needs` has the words for what is run, `workshop` makes each of these once whichever claims ask for it, `verdict`
has the one rule, and `python -m leaderboards.reproduce` runs all of it.
"""
