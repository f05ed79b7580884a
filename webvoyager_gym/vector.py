"""WebVoyager-BestOfQ-v0 as a vector environment: many pages, one browser, one batched VLM call a step."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any, cast

import gymnasium as gym
import numpy as np
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array
from numpy.typing import ArrayLike, NDArray

from webvoyager_gym.best_of_q import BestOfQEnv, look_around
from webvoyager_gym.browser.loop import together
from webvoyager_gym.env import Arrival, Observation
from webvoyager_gym.episode import CLOSE_DEADLINE, GRACE
from webvoyager_gym.vlm import Embedder, Proposer

Flags = NDArray[np.bool_]
"""(K,) bool."""
Rewards = NDArray[np.float64]
"""(K,) float64."""

Seeds = int | np.integer[Any] | Sequence[int | np.integer[Any] | None] | NDArray[np.integer[Any]] | None
"""One, or one for each."""


def _autoreset() -> dict[str, Any]:
    """How environments are reset, for `metadata`. Gymnasium 1.0 has one way only and no name for it."""
    modes = getattr(gym.vector, "AutoresetMode", None)
    return {} if modes is None else {"autoreset_mode": modes.NEXT_STEP}


class BestOfQVectorEnv(gym.vector.VectorEnv[Observation, ArrayLike, Any]):
    """K pages that are stepped together; what `BestOfQEnv` observes, batched as Gymnasium batches it.

    All pages live in one browser, each in a context of its own, and the browser works for all of them at the same time.
    Then the frozen VLM is asked about all their states in one call. A page or a site that fails or stalls truncates its
    own episode; a call of the VLM that fails is made again for each state alone, and truncates those that fail again.

    An environment whose episode is over is reset by the next `step`, which ignores its action and gives it reward 0, as
    in Gymnasium's own vector environments ("next step"). Observations and infos are theirs too: the same seeds and
    actions give what `SyncVectorEnv` would give of K `BestOfQEnv`s. Of `info["cost"]` each has its share of the batch.

    Attributes:
        envs: the K environments. Agents choose on them, as in `agent.choose(envs.envs[0], random)`; only a step of the
            vector environment should move them.

    Args:
        num_envs: K.
        task_id: for every environment, or one for each (None: any task that `reset` draws).
        proposer, embedder: a name or an object, as for `BestOfQEnv`; shared by all K.
        arguments: those of `BestOfQEnv` and `WebVoyagerEnv`.

    Raises:
        NotFound, MissingDependency, InvalidFile: as `BestOfQEnv` does.
    """

    metadata: dict[str, Any] = {**BestOfQEnv.metadata, **_autoreset()}  # noqa: RUF012 - declared so in gymnasium

    def __init__(
        self,
        num_envs: int = 1,
        *,
        task_id: str | Sequence[str | None] | None = None,
        proposer: str | Proposer = "pocket",
        embedder: str | Embedder | None = "same",
        **arguments: Any,
    ) -> None:
        if num_envs < 1:
            raise ValueError(f"num_envs is {num_envs}; at least one environment is needed.")
        self.num_envs = num_envs
        envs = []
        for each in self._for_each("task_id", task_id):
            envs.append(BestOfQEnv(task_id=each, proposer=proposer, embedder=embedder, **arguments))
            # Loaded once, by the first.
            proposer, embedder = envs[0].proposer, envs[0].embedder
        self.envs: tuple[BestOfQEnv, ...] = tuple(envs)
        self.render_mode = envs[0].render_mode
        self.single_observation_space = envs[0].observation_space
        self.single_action_space = envs[0].action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._over = np.zeros(num_envs, np.bool_)

    def reset(
        self,
        *,
        seed: Seeds = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observation, dict[str, Any]]:
        """Start an episode on every page.

        Args:
            seed: of the first environment, with seed + 1 for the second and so on; or one for each.
            options: {"task_id": …} with a task for all, or one for each (None: what the constructor said).

        Raises:
            EnvClosed, MissingDependency, NotFound: as `WebVoyagerEnv.reset`.
            ValueError: there are not K seeds or tasks.
        """
        seeds = self._seeds(_listed(seed))
        tasks = self._for_each("task_id", _listed((options or {}).get("task_id")))
        for task_id in filter(None, tasks):
            # Before anything is moved: an unknown task leaves all as it was.
            self.envs[0].suite.task(task_id)
        for env, one, task_id in zip(self.envs, seeds, tasks, strict=True):
            env.prepare(one, None if task_id is None else {"task_id": task_id})
        arrivals = self._arrive()
        self._over = np.zeros(self.num_envs, np.bool_)
        return self._observations(), self._infos(arrivals)

    def step(self, actions: ArrayLike) -> tuple[Observation, Rewards, Flags, Flags, dict[str, Any]]:
        """Execute a candidate on every page by its index; (K,) integers.

        Raises:
            EnvClosed: the environment was closed or never reset.
            ValueError: there are not K actions.
        """
        chosen = np.asarray(actions)
        if chosen.shape != (self.num_envs,):
            raise ValueError(f"The actions have the shape {chosen.shape}; ({self.num_envs},) is needed.")
        for env, action, over in zip(self.envs, chosen, self._over, strict=True):
            if over:
                env.prepare(None, None)
            else:
                env.choose(int(action))
        arrivals = self._arrive()
        rewards = np.array([arrival.reward for arrival in arrivals], np.float64)
        terminations = np.array([arrival.terminated for arrival in arrivals], np.bool_)
        truncations = np.array([arrival.truncated for arrival in arrivals], np.bool_)
        self._over = terminations | truncations
        return self._observations(), rewards, terminations, truncations, self._infos(arrivals)

    def render(self) -> tuple[Any, ...]:
        """What `BestOfQEnv.render` gives, for each."""
        return tuple(env.render() for env in self.envs)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The result of each environment's method of that name, or its attribute."""
        found = [getattr(env, name) for env in self.envs]
        return tuple(each(*args, **kwargs) if callable(each) else each for each in found)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """The attribute of each environment."""
        return tuple(getattr(env, name) for env in self.envs)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of all environments to a value, or to one value each if `values` is a list or a tuple."""
        for env, value in zip(self.envs, self._for_each(name, values), strict=True):
            setattr(env, name, value)

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The random number generator of each."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """The seed of each one's generator."""
        return self.get_attr("np_random_seed")

    def close_extras(self, **kwargs: Any) -> None:
        """Close all pages at the same time."""
        together([env.episode.close() for env in self.envs], CLOSE_DEADLINE + GRACE)
        for env in self.envs:
            env.close()

    def __del__(self) -> None:
        """Nothing: to wait for the browser while the interpreter ends would be to wait in vain."""

    def _arrive(self) -> list[Arrival]:
        """Let the browser do what was prepared or chosen, everywhere at once, and the models look at what it led to."""
        browsed = together([env.browse() for env in self.envs], max(env.deadline for env in self.envs))
        return look_around(self.envs, [env.arrive(each) for env, each in zip(self.envs, browsed, strict=True)])

    def _observations(self) -> Observation:
        space = self.single_observation_space
        batch = create_empty_array(space, self.num_envs)
        return cast(Observation, concatenate(space, [env.observe() for env in self.envs], batch))

    def _infos(self, arrivals: Sequence[Arrival]) -> dict[str, Any]:
        infos: dict[str, Any] = {}
        for at, arrival in enumerate(arrivals):
            infos = self._add_info(infos, arrival.info, at)
        return infos

    def _seeds(self, seed: Any) -> list[int | None]:
        if isinstance(seed, Integral):
            return [int(seed) + at for at in range(self.num_envs)]
        # Gymnasium takes no integers but Python's.
        return [int(each) if isinstance(each, Integral) else each for each in self._for_each("seed", seed)]

    def _for_each(self, name: str, values: Any) -> list[Any]:
        """A value for each environment: those given, or the one given. Raises ValueError."""
        if not isinstance(values, list | tuple):
            return [values] * self.num_envs
        if len(values) != self.num_envs:
            raise ValueError(
                f"{name} has {len(values)} values; one for each of {self.num_envs} environments is needed."
            )
        return list(values)


def _listed(values: Any) -> Any:
    """An array as a list; everything else as it is."""
    return values.tolist() if isinstance(values, np.ndarray) else values
