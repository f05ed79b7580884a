"""Numera, an answer engine: arithmetic, units, dates, equations, facts about an invented world, and notebooks."""
