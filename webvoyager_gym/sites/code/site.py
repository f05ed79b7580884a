"""The code host's pages."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from markupsafe import Markup

from webvoyager_gym.sites.code import names, search
from webvoyager_gym.sites.code.files import lines_of
from webvoyager_gym.sites.code.search import Query
from webvoyager_gym.sites.code.state import WATCHING, CodeState, OwnIssue, Standing, issue_key
from webvoyager_gym.sites.code.tasks import TEMPLATES
from webvoyager_gym.sites.code.world import Issue, Repository, World, build_world, day_text, size_text
from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Template, Visit, page
from webvoyager_gym.sites.kit.account import AccountSite, wall
from webvoyager_gym.sites.kit.paging import cut

ISSUE_SORTS = {"": "Newest", "old": "Oldest", "comments": "Most commented"}
NOBODY = "No one"


class Code(AccountSite[World, CodeState]):
    """A code host: search, files, issues, releases, contributors, stars, forks and accounts."""

    name: ClassVar[str] = "code"
    title: ClassVar[str] = "Forgeyard"
    welcome: ClassVar[str] = "Sign in to Forgeyard"
    templates: ClassVar[tuple[Template[Any, Any], ...]] = TEMPLATES

    def build_world(self, split: str, seed: int) -> World:
        return build_world(split, seed)

    def new_state(self, world: World) -> CodeState:
        return CodeState(world)

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "day": day_text,
            "size": size_text,
            "face": face,
            "paint": lambda colour: names.COLOURS[colour],
        }

    def common(self, visit: Visit) -> dict[str, Any]:
        return {
            "query": Query(),
            "watching": list(WATCHING.items()),
            "languages": tuple(names.LANGUAGES),
            "all_labels": names.LABELS,
        }

    @page("/")
    def home(self, visit: Visit) -> Reply:
        trending = sorted(visit.world.sources, key=lambda repository: repository.stars % 97)[:4]
        languages = Counter(repository.language for repository in visit.world.sources)
        return visit.render("home.html", trending=trending, projects=sorted(languages.items()))

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        query = Query(
            words=visit.arg("q").strip()[:100],
            language=visit.choice("language", ("", *names.LANGUAGES)),
            stars=visit.choice("stars", search.STARS),
            updated=visit.choice("updated", search.UPDATED),
            forks=visit.arg("forks") == "1",
            sort=visit.choice("sort", search.SORTS),
        )
        results = cut(search.find(visit.world, query), visit.integer("page", 1, 1), search.PAGE_SIZE)
        return visit.render("search.html", query=query, results=results, search=search)

    @page("/stars")
    def stars(self, visit: Visit) -> Reply:
        return visit.render("stars.html", shown=[visit.world.by_key[key] for key in visit.state.stars])

    @page("/assigned")
    def assigned(self, visit: Visit) -> Reply:
        if not visit.state.signed_in:
            return wall("/assigned")
        label = visit.choice("label", ("", *names.LABELS))
        shown = [
            (repository, issue)
            for repository, issue, standing in assigned_issues(visit.world, visit.state)
            if standing.open and (not label or label in standing.labels)
        ]
        return visit.render("assigned.html", shown=shown, label=label)

    @page("/r/{owner}/{name}")
    def repository(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        return visit.render("files.html", repository=repository, tab="code", path="")

    @page("/r/{owner}/{name}/tree")
    def tree(self, visit: Visit, owner: str, name: str) -> Reply:
        repository, path = _repository(visit, owner, name), visit.arg("path")
        if path not in repository.tree.folders:
            raise NotHere("There is no such folder.")
        return visit.render("files.html", repository=repository, tab="code", path=path)

    @page("/r/{owner}/{name}/file")
    def file(self, visit: Visit, owner: str, name: str) -> Reply:
        repository, path = _repository(visit, owner, name), visit.arg("path")
        if path not in repository.tree.files:
            raise NotHere("There is no such file.")
        lines = lines_of(path, repository.tree.files[path], repository.description)
        return visit.render("file.html", repository=repository, tab="code", path=path, lines=lines)

    @page("/r/{owner}/{name}/releases")
    def releases(self, visit: Visit, owner: str, name: str) -> Reply:
        return visit.render("releases.html", repository=_repository(visit, owner, name), tab="releases")

    @page("/r/{owner}/{name}/contributors")
    def contributors(self, visit: Visit, owner: str, name: str) -> Reply:
        return visit.render("contributors.html", repository=_repository(visit, owner, name), tab="contributors")

    @page("/r/{owner}/{name}/issues")
    def issues(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        closed = visit.arg("closed") == "1"
        label = visit.choice("label", ("", *names.LABELS))
        sort = visit.choice("sort", ISSUE_SORTS)
        standings = [(issue, visit.state.standing(repository, issue)) for issue in repository.issues]
        found = [
            (issue, standing)
            for issue, standing in standings
            if standing.open != closed and (not label or label in standing.labels)
        ]
        if sort == "old":
            found.reverse()
        elif sort == "comments":
            found.sort(key=lambda pair: -len(pair[0].comments))
        results = cut(found, visit.integer("page", 1, 1), search.ISSUES_A_PAGE)
        numbers = [sum(standing.open != shut for _, standing in standings) for shut in (False, True)]
        return visit.render("issues.html", repository=repository, tab="issues", closed=closed, label=label, sort=sort,
            sorts=list(ISSUE_SORTS.items()), results=results, numbers=numbers,
        )  # fmt: skip

    @page("/r/{owner}/{name}/issues/{number}")
    def issue(self, visit: Visit, owner: str, name: str, number: str) -> Reply:
        repository, issue = _issue(visit, owner, name, number)
        return visit.render("issue.html", repository=repository, tab="issues", issue=issue, nobody=NOBODY,
            standing=visit.state.standing(repository, issue), people=team(repository),
            own=visit.state.comments.get(issue_key(repository, issue), ""),
        )  # fmt: skip

    @page("/r/{owner}/{name}/issues/{number}", "POST")
    def change_issue(self, visit: Visit, owner: str, name: str, number: str) -> Reply:
        repository, issue = _issue(visit, owner, name, number)
        place = f"{repository.href}/issues/{issue.number}"
        if not visit.state.signed_in:
            return wall(place)
        now: Standing = visit.state.standing(repository, issue)
        change, value = visit.field("change"), visit.field("value")
        if change == "open":
            now = replace(now, open=value == "1")
        elif change == "label":
            label = visit.field_choice("value", names.LABELS)
            now = replace(now, labels=tuple(one for one in names.LABELS if (one in now.labels) != (one == label)))
        elif change == "assignee":
            now = replace(now, assignee=visit.field_choice("value", ("", *team(repository))))
        elif change == "comment":
            text = " ".join(value.split())[:200]
            visit.state.comments.pop(issue_key(repository, issue), None)
            if text:
                visit.state.comments[issue_key(repository, issue)] = text
        else:
            raise BadRequest("There is no such change.")
        visit.state.set_standing(repository, issue, now)
        return Redirect(place)

    @page("/r/{owner}/{name}/new")
    def new_issue(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        if not visit.state.signed_in:
            return wall(f"{repository.href}/new")
        return self._new(visit, repository, OwnIssue("", "", ""), "")

    @page("/r/{owner}/{name}/new", "POST")
    def open_issue(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        if not visit.state.signed_in:
            return wall(f"{repository.href}/new")
        if visit.field("change") == "delete":
            visit.state.opened.pop(repository.key, None)
            return Redirect(f"{repository.href}/issues")
        issue = OwnIssue(
            visit.field_line("title", 80),
            visit.field_choice("label", ("", *names.LABELS)),
            visit.field_choice("assignee", ("", *team(repository))),
        )
        if not issue.title or repository.key in visit.state.opened:
            wrong = "You have opened an issue here already." if issue.title else "An issue needs a title."
            return self._new(visit, repository, issue, wrong)
        visit.state.opened[repository.key] = issue
        return Redirect(f"{repository.href}/issues")

    @page("/r/{owner}/{name}/fork")
    def fork(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        if not visit.state.signed_in:
            return wall(f"{repository.href}/fork")
        accounts = [(account, account) for account in (visit.world.user, *visit.world.groups)]
        return visit.render("fork.html", repository=repository, tab="", accounts=accounts)

    @page("/r/{owner}/{name}/mine", "POST")
    def change_mine(self, visit: Visit, owner: str, name: str) -> Reply:
        repository = _repository(visit, owner, name)
        back, state, value = visit.go_back(repository.href), visit.state, visit.field("value")
        if not state.signed_in:
            return wall(back.location)
        change = visit.field_choice("change", ("star", "watch", "fork"))
        if change == "star":
            if repository.key in state.stars:
                state.stars.remove(repository.key)
            if value == "1":
                state.stars.append(repository.key)
        elif change == "watch":
            state.watching.pop(repository.key, None)
            if visit.field_choice("value", WATCHING):
                state.watching[repository.key] = value
        else:
            state.forks.pop(repository.key, None)
            if visit.field_choice("value", ("", visit.world.user, *visit.world.groups)):
                state.forks[repository.key] = value
        return back

    def _new(self, visit: Visit, repository: Repository, issue: OwnIssue, wrong: str) -> str:
        return visit.render("new.html", repository=repository, tab="issues", issue=issue, wrong=wrong, nobody=NOBODY,
            people=team(repository),
        )  # fmt: skip


def team(repository: Repository) -> tuple[str, ...]:
    """The people that an issue can be assigned to."""
    return tuple(person for person, _ in repository.contributors)


def assigned_issues(world: World, state: CodeState) -> list[tuple[Repository, Issue, Standing]]:
    """All issues assigned to the visitor, newest first."""
    found = [
        (repository, issue, state.standing(repository, issue))
        for repository in world.repositories
        for issue in repository.issues
    ]
    return sorted((row for row in found if row[2].assignee == world.user), key=lambda row: row[1].opened, reverse=True)


def face(person: str) -> Markup:
    """A picture for an account: five by five squares, the same on both sides."""
    bits = zlib.crc32(person.encode())
    spots = [(x, y) for x in range(3) for y in range(5) if bits >> (x * 5 + y) & 1]
    spots += [(4 - x, y) for x, y in spots if x < 2]
    squares = "".join(f"M{x} {y}h1v1h-1z" for x, y in spots)
    hue = bits // 32768 * 47 % 360
    return Markup(
        f'<svg class="face" viewBox="-.6 -.6 6.2 6.2" aria-hidden="true"><path fill="oklch(0.6 0.13 {hue})" '
        f'd="{squares}"/></svg>'
    )


def _repository(visit: Visit, owner: str, name: str) -> Repository:
    repository: Repository | None = visit.world.by_key.get(f"{owner}/{name}")
    if repository is None:
        raise NotHere("There is no such repository.")
    return repository


def _issue(visit: Visit, owner: str, name: str, number: str) -> tuple[Repository, Issue]:
    repository = _repository(visit, owner, name)
    issue = repository.issue(int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else None
    if issue is None:
        raise NotHere("There is no such issue.")
    return repository, issue
