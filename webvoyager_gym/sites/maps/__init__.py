"""The map of an invented city: places to find, ways between them, lists to keep them in."""
