"""A news site: sections two levels deep, a live ticker, rankings, weather, a reading list and comments."""
