"""Showing results: a table for the terminal, and one self-contained HTML page with the table and some episodes."""

from webvoyager_gym.report.page import write_page
from webvoyager_gym.report.pick import Pick, pick_episodes
from webvoyager_gym.report.table import summary_table

__all__ = ["Pick", "pick_episodes", "summary_table", "write_page"]
