"""Two leagues of team sport: tables, matches, teams and players, and what a fan keeps of them."""
