"""WebVoyager-BestOfQ-Tree-v0: what has been seen before without a browser, what has not with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from webvoyager_gym.actions import Action, CandidateMask, parse
from webvoyager_gym.best_of_q import BestOfQEnv, Recalled
from webvoyager_gym.browser.loop import together
from webvoyager_gym.env import Browsed, Observation
from webvoyager_gym.episode import CLOSE_DEADLINE, GRACE, OPEN_DEADLINE, PLAY_DEADLINE, Played
from webvoyager_gym.errors import InfrastructureFailure, not_found
from webvoyager_gym.proposals import Proposals
from webvoyager_gym.tasks import NoExpert, Outcome, TaskSession
from webvoyager_gym.tree.episode import TreeEpisode, Unknown
from webvoyager_gym.tree.facts import Advice, Said, State, next_key
from webvoyager_gym.tree.models import described, on_standby
from webvoyager_gym.tree.settings import Settings
from webvoyager_gym.tree.suite import TreeSuite
from webvoyager_gym.tree.tree import TransitionTree
from webvoyager_gym.vlm.standby import StandbyProposer


class TreeEnv(BestOfQEnv):
    """As `BestOfQEnv`, but what a transition tree knows is not looked at, proposed or embedded again.

    A step that somebody has taken before, after the same actions, costs neither browser nor model: page, candidates,
    embeddings, verdict and the expert's advice are as they were then. Where nobody has been, the known actions are
    repeated in a browser and the step is taken there; it then is part of the tree. `info["known"]`, (N,) int8, says
    which candidates somebody has tried; `action_space.sample(info["known"])` stays within the tree.

    Of `info["cost"]` tokens and passes are what they were when the models were asked, seconds those that pass now.

    Args:
        tree: id or folder of a finished tree, or a folder that a tree grows in, made if missing.
        screenshots: whether observations have `screenshot`; decoding one takes twenty times as long as the rest.
        unknown: "browser" to open one where nobody has been; "truncate" to end the episode there with the failure
            "tree", which is also what happens where there is no browser.
        arguments: those of `BestOfQEnv`; those not given are the tree's, and episodes then are of tasks that it knows.

    Raises:
        WebVoyagerError: the tree was walked with other settings than those given.
        NotFound, MissingDependency, InvalidFile: as `BestOfQEnv` and `TransitionTree` do.
    """

    episode: TreeEpisode

    def __init__(
        self,
        tree: str | Path,
        *,
        screenshots: bool = False,
        unknown: Unknown = "browser",
        **arguments: Any,
    ) -> None:
        if unknown not in ("browser", "truncate"):
            raise not_found("way to treat what is unknown", str(unknown), ["browser", "truncate"])
        if arguments.get("record_network") is not None:
            raise ValueError("In a tree no network can be recorded: what the tree knows is not asked for again.")
        self.tree = TransitionTree(tree)
        filled = arguments if self.tree.settings is None else _filled(self.tree, self.tree.settings, arguments)
        super().__init__(**filled)
        assert isinstance(self.observation_space, gym.spaces.Dict)
        height, width, _ = self.observation_space["screenshot"].shape or (0, 0, 0)
        self.tree.begin(self._settings((width, height), arguments))
        self.screenshots = screenshots
        if not screenshots:
            spaces = {name: space for name, space in self.observation_space.items() if name != "screenshot"}
            self.observation_space = gym.spaces.Dict(spaces)
        self.episode = TreeEpisode(
            self.tree, unknown, self.suite, (width, height), self.max_steps, arguments.get("browser")
        )

    @property
    def session(self) -> TaskSession:
        """The running episode, in a browser whose page is brought to the present state for it."""
        self._reach()
        return super().session

    @property
    def episode_seed(self) -> int:
        """0: in a tree, a model that draws says the same of a state in every episode."""
        return 0

    @property
    def known(self) -> CandidateMask:
        """(N,) int8, 1 where somebody has tried the candidate."""
        state = self.episode.state
        known = np.zeros(self.n_candidates, np.int8)
        if state is not None:
            for index, candidate in enumerate(self.candidates):
                known[index] = self.tree.knows(next_key(state.key, candidate.text))
        return known

    def best_actions(self) -> tuple[Action, ...]:
        """The expert's next actions, asked for once in every state; see `WebVoyagerEnv.best_actions`."""
        state = self.episode.state
        advice = self.tree.advice(state.key) if state is not None else None
        if advice is None:
            advice = self._ask_expert()
            if state is not None:
                self.tree.keep_advice(state.key, advice)
        if advice.refusal:
            raise NoExpert(advice.refusal)
        return tuple(parse(text) for text in advice.actions)

    def check_answer(self, answer: str) -> Outcome:
        """What the task's check would say of an answer given now; see `WebVoyagerEnv.check_answer`."""
        # To give the answer is to have it checked: what comes of that is a step like any other.
        move, state = self.episode.read(Action("answer", argument=answer).text), self.episode.state
        if state is None:
            return super().check_answer(answer)
        key = next_key(state.key, move.text, move.error)
        known = self.tree.state(key)
        if known is not None and known.played is not None:
            return known.played.outcome
        outcome = super().check_answer(answer)
        if not outcome.failure:
            self.tree.keep_state(State(key, state.page, state.key, move, Played(outcome)), self.view)
        return outcome

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start an episode; see `BestOfQEnv.reset`."""
        observation, info = super().reset(seed=seed, options=options)
        info["known"] = self.known
        return observation, info

    def step(self, action: int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:  # type: ignore[override]
        """Execute a candidate by its index; see `BestOfQEnv.step`."""
        result = super().step(action)
        result[4]["known"] = self.known
        return result

    def branch(self, actions: Sequence[str]) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Run the present task anew along these actions; see `BestOfQEnv.branch`."""
        result = super().branch(actions)
        result[4]["known"] = self.known
        return result

    def close(self) -> None:
        """Close the page, and the tree with all that was seen."""
        super().close()
        self.tree.close()

    # In parts, as in `BestOfQEnv`.

    def prepare(self, seed: int | None, options: dict[str, Any] | None) -> None:
        """The part of `reset` before the browser's: what was seen is put on the disk, what others saw is looked at."""
        self.tree.flush()
        self.tree.refresh()
        super().prepare(seed, options)

    @property
    def deadline(self) -> float:
        """Seconds after which `browse` is given up; all actions so far may have to be repeated."""
        return GRACE + 2 * OPEN_DEADLINE + CLOSE_DEADLINE + (len(self.taken) + 1) * PLAY_DEADLINE

    def recall(self) -> Recalled | None:
        """What the models are known to say of the present state."""
        state = self.episode.state
        said = self.tree.said(state.key) if state is not None else None
        if said is None:
            return None
        proposals = Proposals(said.candidates, said.state_embedding, said.candidate_embeddings)
        return proposals, {**said.cost, "seconds": 0.0}

    def remember(self, said: Proposals, cost: Mapping[str, float]) -> None:
        """Keep what the models say, and what is known for sure of it while the page is there to ask."""
        state = self.episode.state
        if state is None:
            return
        taken = {name: value for name, value in cost.items() if name != "seconds"}
        self.tree.keep_said(state.key, Said(said.candidates, said.state_embedding, said.candidate_embeddings, taken))
        # Out of steps, nothing can follow.
        if not (self.episode.away or self.episode.over):
            self._ask_about(said)
        self.tree.flush()

    def observe(self) -> Observation:
        """The present state as an observation; see `BestOfQEnv.observe`."""
        return super().observe() if self.screenshots else self._texts() | self._proposed()

    def _ask_about(self, said: Proposals) -> None:
        """Have the expert say what it would do, and the task's check what answers are right."""
        try:
            self.best_actions()
            for candidate in said.candidates:
                if candidate.action.kind == "answer":
                    self.check_answer(candidate.action.argument)
        except (NoExpert, InfrastructureFailure):
            # Where there is no expert, checking may have effects; and what failed is asked for when it is needed.
            return

    def _ask_expert(self) -> Advice:
        try:
            return Advice(tuple(action.text for action in self.session.best_actions(self.view)))
        except NoExpert as refusal:
            return Advice(refusal=str(refusal) or "There is no expert.")

    def _browsed(self) -> Browsed:
        if self.episode.broken is None and (known := self.episode.recall(self._move)) is not None:
            return known.played
        return super()._browsed()

    def _reach(self) -> None:
        """Have the page at the present state. Raises InfrastructureFailure."""
        if self.episode.away:
            (failure,) = together([self.episode.reach()], self.deadline)
            if failure is not None:
                raise failure

    def _settings(self, viewport: tuple[int, int], arguments: Mapping[str, Any]) -> Settings:
        """What the environment walks with; a model on standby is the tree's own."""
        there = self.tree.settings
        asked = arguments.get("proposer", "pocket")
        proposer = described(asked, self.proposer)
        embedder = None
        if self.embedder is not None:
            also = arguments.get("embedder", "same")
            embedder = described(asked if also == "same" else also, self.embedder, size=self.embedder.size)
        if there is not None and isinstance(self.proposer, StandbyProposer):
            proposer, embedder = there.proposer, there.embedder
        return Settings(self.suite.name, viewport, self.max_steps, self.n_candidates, proposer, embedder)


def walking(options: Mapping[str, Any], tree: str | Path | None) -> BestOfQEnv:
    """The environment of a rollout: in a tree if there is one to walk in.

    Args:
        options: arguments of `BestOfQEnv`.
    """
    return BestOfQEnv(**options) if tree is None else TreeEnv(tree, **options)


def _filled(tree: TransitionTree, settings: Settings, arguments: dict[str, Any]) -> dict[str, Any]:
    """An environment's arguments, those that are not given as the tree has them."""
    filled: dict[str, Any] = {
        "viewport": settings.viewport,
        "max_steps": settings.max_steps,
        "n_candidates": settings.n_candidates,
    }
    if "suite" not in arguments:
        suite = TreeSuite(settings.suite, tree.tasks())
        filled |= {"suite": suite, "split": "train" if "train" in suite.splits else suite.splits[0]}
    return filled | arguments | on_standby(settings, arguments)
