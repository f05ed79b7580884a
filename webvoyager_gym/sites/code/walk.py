"""How someone who knows the code host moves about in it. Each step gives the next action, or None if one is there."""

from __future__ import annotations

from webvoyager_gym.sites.code.search import ISSUES_A_PAGE, PAGE_SIZE, SORTS, STARS, UPDATED, Query, find, words_of
from webvoyager_gym.sites.code.state import CodeState
from webvoyager_gym.sites.code.world import Issue, Repository, World
from webvoyager_gym.sites.kit import Hand
from webvoyager_gym.sites.kit.ways import Next, plainest, turn_pages

CodeHand = Hand[World, CodeState]


def on(hand: CodeHand, repository: Repository) -> bool:
    """Whether the page is one of the repository's."""
    return hand.path == repository.href or hand.path.startswith(f"{repository.href}/")


def go_to(hand: CodeHand, repository: Repository, tab: str = "") -> Next | None:
    """Towards a repository's page, or the first page of one of its tabs."""
    if on(hand, repository):
        if not tab or (hand.path == f"{repository.href}/{tab}".removesuffix("/code")):
            return None
        return hand.click(key=f"tab-{tab}")
    if hand.there(key=f"repo-{repository.key}"):
        return hand.click(key=f"repo-{repository.key}")
    current = current_query(hand)
    words = f"{repository.owner} {repository.name}" if repository.parent else repository.name
    if current is not None and repository.parent and not current.forks and _same(current.words, words):
        return hand.click(key="forks")
    return hand.type(words, enter=True, key="search")


def current_query(hand: CodeHand) -> Query | None:
    """The search whose results the page shows, or None."""
    if hand.path != "/search" or not hand.there(key="sort"):
        return None
    words, language, stars, updated, sort = (
        hand.query.get(name, "") for name in ("q", "language", "stars", "updated", "sort")
    )
    return Query(words, language, stars, updated, hand.query.get("forks") == "1", sort)


def show(hand: CodeHand, query: Query) -> Next | None:
    """Towards the results of a query with exactly its filters and order."""
    current = current_query(hand)
    if current is None or not _same(current.words, query.words):
        return hand.type(query.words, enter=True, key="search") if query.words else hand.click(key="explore")
    changes = []
    if current.language != query.language:
        changes.append(hand.select(query.language or "Any language", key="language"))
    if current.stars != query.stars:
        changes.append(hand.select(STARS[query.stars], key="stars"))
    if current.updated != query.updated:
        changes.append(hand.select(UPDATED[query.updated], key="updated"))
    if current.forks != query.forks:
        changes.append(hand.click(key="forks"))
    if current.sort != query.sort:
        changes.append(hand.select(SORTS[query.sort], key="sort"))
    return plainest(changes)


def turn_to(hand: CodeHand, query: Query, repository: Repository) -> Next | None:
    """Towards the page of the query's results, which are already shown, that holds the repository."""
    return turn_pages(hand, f"repo-{repository.key}", find(hand.world, query).index(repository), PAGE_SIZE)


def show_issues(
    hand: CodeHand, repository: Repository, *, closed: bool = False, label: str = "", sort: str = ""
) -> Next | None:
    """Towards a repository's list of issues with exactly that state, label and order."""
    step = go_to(hand, repository, "issues")
    if step is not None:
        return step
    if (hand.query.get("closed", "0") == "1") != closed:
        return hand.click(key="closed-issues" if closed else "open-issues")
    changes = []
    if hand.query.get("label", "") != label:
        changes.append(hand.select(label or "Any label", key="label"))
    if hand.query.get("sort", "") != sort:
        changes.append(hand.select({"": "Newest", "old": "Oldest", "comments": "Most commented"}[sort], key="sort"))
    return plainest(changes)


def go_to_issue(hand: CodeHand, repository: Repository, issue: Issue) -> Next | None:
    """Towards an issue's page."""
    if hand.path == f"{repository.href}/issues/{issue.number}":
        return None
    closed = not hand.state.standing(repository, issue).open
    key = f"issue-{issue.number}"
    if hand.path == f"{repository.href}/issues" and hand.there(key=key):
        return hand.click(key=key)
    step = show_issues(hand, repository, closed=closed, sort=hand.query.get("sort", ""))
    if step is not None:
        return step
    order = [one for one in repository.issues if hand.state.standing(repository, one).open != closed]
    if hand.query.get("sort") == "old":
        order.reverse()
    elif hand.query.get("sort") == "comments":
        order.sort(key=lambda one: -len(one.comments))
    return turn_pages(hand, key, order.index(issue), ISSUES_A_PAGE)


def go_to_file(hand: CodeHand, repository: Repository, path: str) -> Next | None:
    """Towards a file, folder by folder."""
    at = hand.query.get("path", "")
    if hand.path == f"{repository.href}/file" and at == path:
        return None
    if hand.path == f"{repository.href}/file":
        return hand.click(key="up")
    if hand.path not in (repository.href, f"{repository.href}/tree"):
        return go_to(hand, repository, "code")
    if at and not path.startswith(f"{at}/"):
        return hand.click(key="up")
    rest = path.removeprefix(f"{at}/") if at else path
    return hand.click(key=f"entry-{rest.partition('/')[0]}")


def _same(words: str, others: str) -> bool:
    return words_of(words) == words_of(others)
