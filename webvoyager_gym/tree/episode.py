"""An episode that is walked in a tree as far as the tree is known, and in a browser from there on."""

from __future__ import annotations

from typing import Any, Literal

from webvoyager_gym.episode import Move, Played, RunningEpisode
from webvoyager_gym.errors import InfrastructureFailure, MissingDependency
from webvoyager_gym.tasks import Outcome, Task
from webvoyager_gym.tree.facts import State, TaskFacts, first_key, next_key, page_key
from webvoyager_gym.tree.suite import known_task
from webvoyager_gym.tree.tree import TransitionTree
from webvoyager_gym.types import PageView

Unknown = Literal["browser", "truncate"]
"""What to do where nobody has been: open a browser, or end the episode with the failure "tree"."""


class TreeEpisode(RunningEpisode):
    """As `RunningEpisode`; what the tree knows of is not done again.

    The browser's page stays behind while steps are known. Where one is not, the page is brought to the present state
    first: along the same moves, from where it is if that is on the way, else from the task's first page.

    Attributes:
        state: the present state, None while an infrastructure failure hides it.

    Args:
        tree: is grown by what is seen.
        unknown: what to do where nobody has been.
        arguments: those of `RunningEpisode`.
    """

    def __init__(self, tree: TransitionTree, unknown: Unknown, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.state: State | None = None
        self._tree, self._unknown = tree, unknown
        self._moves: list[Move] = []
        self._walked: list[Move] | None = None
        self._walked_view: PageView | None = None
        self._ahead: State | None = None

    @property
    def away(self) -> bool:
        """Whether the browser's page, if there is one, shows another state than the present one."""
        return self._walked != self._moves or self.page is None or self._session is None

    def recall(self, move: Move | None) -> State | None:
        """What is known of a move, or of the first page; the view is then the one that it leads to."""
        state = self._tree.first(self.task.id) if move is None else self._after(move.text, move.error)
        view = self._tree.view(state) if state is not None else None
        if state is None or view is None:
            return None
        self._view = view
        if self.page is not None:
            self.page.seconds = {}
        return state

    # The books.

    def start(self, task: Task) -> None:
        """As `RunningEpisode.start`."""
        super().start(task)
        self.state, self._ahead, self._moves, self._walked = None, None, [], None

    def read(self, text: object) -> Move:
        """As `RunningEpisode.read`; where the tree knows the action, the page's elements are not looked at."""
        known = self._after(text) if isinstance(text, str) else None
        return known.move if known is not None and known.move is not None else super().read(text)

    def opened(self, result: InfrastructureFailure | None) -> Outcome:
        """As `RunningEpisode.opened`; a first page that is new becomes part of the tree."""
        if result is None:
            self.state = self._tree.first(self.task.id)
            if self.state is None:
                task = self.task
                facts = TaskFacts(task.id, task.site, task.split, task.goal, task.template)
                self.state = State(first_key(task.id), page_key(self.view), task=facts)
                self._tree.keep_state(self.state, self.view)
            elif self.state.task is not None and self.state.task.goal != self.task.goal:
                # Some pages word their task's goal only once they are open.
                self._task = known_task(self.state.task, self._suite.name)
        return super().opened(result)

    def played(self, move: Move, result: Played | InfrastructureFailure) -> Outcome:
        """As `RunningEpisode.played`; a step that is new becomes part of the tree, unless something failed in it."""
        after = None
        if isinstance(result, Played) and not result.outcome.failure and self.state is not None:
            after = self._after(move.text, move.error)
            if after is None:
                key = next_key(self.state.key, move.text, move.error)
                after = State(key, page_key(self.view), self.state.key, move, result)
                self._tree.keep_state(after, self.view)
        self.state = after
        self._moves.append(move)
        return super().played(move, result)

    # On the browser's loop.

    async def open(self) -> None:
        """As `RunningEpisode.open`, unless the first page is known.

        Raises:
            InfrastructureFailure: part "tree"; nobody has been there, and no browser is to be opened.
        """
        if self.recall(None) is None:
            if self._unknown == "truncate":
                raise InfrastructureFailure(
                    "tree", f"The tree {self._tree.name} does not know the task {self.task.id}."
                )
            await self._open_first()

    async def play(self, move: Move) -> Played:
        """As `RunningEpisode.play`, unless the move is known.

        Raises:
            InfrastructureFailure: part "tree" where the move is unknown and there is no browser; or another.
        """
        if self.broken is not None:
            raise self.broken
        known = self.recall(move)
        if known is not None and known.played is not None:
            return known.played
        await self.reach()
        walked, self._walked = [*self._moves, move], None
        played = await super().play(move)
        self._walked, self._walked_view = walked, self._view
        return played

    async def reach(self) -> None:
        """Bring the browser's page to the present state.

        Raises:
            InfrastructureFailure: part "tree" if there is no browser, or the page there is another than it was; or
                whatever part failed on the way.
        """
        if not self.away:
            return
        if self._unknown == "truncate":
            raise InfrastructureFailure("tree", f"Nobody has tried this in the tree {self._tree.name}.")
        try:
            await self._walk()
        except MissingDependency as error:
            raise InfrastructureFailure(
                "tree",
                f"Nobody has tried this in the tree {self._tree.name}, and there is no browser to try it in: {error}",
            ) from error
        if self.state is not None and page_key(self.view) != self.state.page:
            self._walked = None
            raise InfrastructureFailure(
                "tree",
                f"The page after {len(self._moves)} actions on {self.task.id} is not the one in the tree "
                f"{self._tree.name}; see `webvoyager-gym tree verify`, and walk it anew.",
            )

    async def _walk(self) -> None:
        walked, self._walked = self._walked, None
        if walked is None or self._moves[: len(walked)] != walked or self.page is None or self._session is None:
            await self._open_first()
            walked, self._walked = [], None
        else:
            self._view = self._walked_view
        for move in self._moves[len(walked) :]:
            await super().play(move)
        self._walked, self._walked_view = list(self._moves), self._view

    async def _open_first(self) -> None:
        self._walked = None
        await super().open()
        self._walked, self._walked_view = [], self._view

    def _after(self, text: str, error: str = "") -> State | None:
        """The state that an action leads to, if it is known."""
        if self.state is None:
            return None
        key = next_key(self.state.key, text, error)
        if self._ahead is None or self._ahead.key != key:
            self._ahead = self._tree.state(key)
        return self._ahead
