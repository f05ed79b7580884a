"""Three small worlds: a chain, a tree where walks must be put together, and one that does not propose everything."""

from __future__ import annotations

from tests.algorithms.tabular import END, Walk, World

ON, QUIT = 0, 1
CHAIN = World(
    {(s, a): (s + 1 if a == ON and s < 2 else END, float(a == ON and s == 2)) for s in range(3) for a in (ON, QUIT)}
)
"""Three states in a row; going on through all of them succeeds."""

CHAIN_WALKS = [Walk(0, [QUIT])] * 2 + [
    Walk(0, [ON, QUIT]),
    Walk(0, [ON, ON, QUIT]),
    Walk(1, [QUIT]),
    Walk(1, [ON, ON]),
    Walk(2, [QUIT]),
    Walk(2, [ON]),
]
"""Either action in half of the cases: each of the 6 pairs of state and action is there twice."""

GO, DETOUR = 0, 1
TREE = World(
    {
        (0, GO): (2, 0.0),
        (0, DETOUR): (3, 0.0),
        (1, GO): (2, 0.0),
        (2, GO): (END, 1.0),
        (2, QUIT): (END, 0.0),
        (3, GO): (4, 0.0),
        (4, GO): (END, 1.0),
    }
)
"""Two ways from state 0 to success: short through 2, long through 3 and 4. Walks from 0 that took the short one quit in
2, walks from 1 went on there: that the short way is best is seen only by putting the two together."""
TREE_WALKS = [Walk(0, [GO, QUIT]), Walk(1, [GO, GO]), Walk(0, [DETOUR, GO, GO])] * 2

WIN, SLOW = 2, 3
MISSING = World(
    {
        (0, GO): (1, 0.0),
        (0, WIN): (END, 1.0),
        (0, QUIT): (END, 0.0),
        (1, SLOW): (2, 0.0),
        (1, QUIT): (END, 0.0),
        (2, SLOW): (0, 0.0),
    }
)
"""Three states with three, two and one candidates. "win" succeeds at once, but only state 0 ever proposes it."""
MISSING_WALKS = [
    Walk(0, [GO, SLOW, SLOW, WIN]),
    Walk(0, [GO, QUIT]),
    Walk(0, [QUIT]),
    Walk(1, [SLOW, SLOW, GO, SLOW, SLOW, WIN]),
    Walk(2, [SLOW, WIN]),
]
