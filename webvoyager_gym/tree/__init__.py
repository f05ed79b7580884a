"""The transition tree: whatever a rollout has seen, so that a step walked once need never be walked again.

On a suite whose pages follow from task and actions, such as "local", (task, actions so far, proposer, embedder)
determines everything. A `TransitionTree` keeps what came of every step: page, candidates, embeddings, outcome and what
the expert would do. `TreeEnv` walks in it and opens a browser only where nobody has been.
"""

from webvoyager_gym.tree.tree import TransitionTree

__all__ = ["TransitionTree"]
