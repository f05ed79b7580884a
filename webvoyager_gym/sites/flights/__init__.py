"""Flights between the cities of a small country: to search, compare, book and watch."""
