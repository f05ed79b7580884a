"""A preprint archive: search, subject listings, papers, authors, a library with folders, alerts and comments."""
