"""The paper archive's pages."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Site, Visit, page, slug_of
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.papers.acts import ACTS
from webvoyager_gym.sites.papers.citing import cite
from webvoyager_gym.sites.papers.facts import FACTS
from webvoyager_gym.sites.papers.lists import LISTS
from webvoyager_gym.sites.papers.search import FIELDS, PAGE_SIZE, SORTS, Query, find
from webvoyager_gym.sites.papers.state import (
    COLOURS,
    LONGEST_COMMENT,
    LONGEST_FOLDER,
    MOST_COMMENTS,
    MOST_FOLDERS,
    STYLES,
    TOPICS,
    Desk,
    new_desk,
)
from webvoyager_gym.sites.papers.world import FREQUENCIES, YEARS, Archive, Author, Paper, build_archive

TABS = ("Abstract", "Versions", "References", "Metrics", "Cite", "Comments")
LISTING_SORTS = ("newest", "oldest", "cited")
PROBLEMS = {
    "full": f"You can keep {MOST_FOLDERS} folders; delete one first.",
    "name": "Please type a name for the folder.",
    "taken": "You have a folder of that name already.",
    "subject": "Please choose a subject.",
    "text": "Please write a comment first.",
    "many": f"You can leave {MOST_COMMENTS} comments on a paper; withdraw one first.",
}


class Papers(Site[Archive, Desk]):
    """An archive of preprints, with a reader's library, alerts and comments."""

    name = "papers"
    title = "Quire"
    templates = (*FACTS, *LISTS, *ACTS)
    closers = ("survey-no",)

    def build_world(self, split: str, seed: int) -> Archive:
        return build_archive(split, seed)

    def new_state(self, world: Archive) -> Desk:
        return new_desk(world)

    def filters(self) -> dict[str, Any]:
        return {"day": lambda date: f"{date.day} {date:%B %Y}", "month": lambda date: f"{date:%b %Y}"}

    def common(self, visit: Visit) -> dict[str, Any]:
        field = visit.arg("field", "all")
        return {
            "q": visit.arg("q"),
            "field": field if field in FIELDS else "all",
            "fields": list(FIELDS.items()),
            "problem": PROBLEMS.get(visit.arg("problem"), ""),
        }

    # ---- finding ------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        archive: Archive = visit.world
        counts = [(subject, len(archive.of_subject(subject))) for subject in archive.subjects]
        cited: Counter[int] = Counter()
        for paper in archive.papers:
            cited.update(dict(paper.citations))
        return visit.render("home.html", counts=counts, newest=archive.papers[:3], cited=sorted(cited.items()))

    @page("/subject/{subject}")
    def subject(self, visit: Visit, subject: str) -> Reply:
        name = _subject(visit.world, subject)
        sort = visit.choice("sort", LISTING_SORTS, "newest")
        papers = find(visit.world, Query(subject=name), sort)
        options = [(key, SORTS[key]) for key in LISTING_SORTS]
        results = visit.part(papers, PAGE_SIZE)
        return visit.render("listing.html", results=results, heading=name, subject=name, sort=sort, sorts=options)

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        archive: Archive = visit.world
        query = _query(visit)
        sort = visit.choice("sort", SORTS, "match")
        anywhere = find(archive, _query(visit, subject=False), sort)
        papers = [paper for paper in anywhere if query.subject in ("", paper.subject)]
        counts = [(name, sum(paper.subject == name for paper in anywhere)) for name in archive.subjects]
        number = f"{len(papers)} paper{'' if len(papers) == 1 else 's'}"
        return visit.render(
            "listing.html",
            results=visit.part(papers, PAGE_SIZE),
            heading=f"{number} for “{query.text}”" if query.text else f"{number} found",
            facets=[(name, count, _facet(visit, name)) for name, count in counts if count],
            chosen=query.subject,
            asked=_asked(query),
            sort=sort,
            sorts=list(SORTS.items()),
        )

    @page("/advanced")
    def advanced(self, visit: Visit) -> Reply:
        subjects = [("", "Any subject"), *((slug_of(name), name) for name in visit.world.subjects)]
        years = [(str(year), str(year)) for year in YEARS]
        return visit.render("advanced.html", subjects=subjects, years=years)

    # ---- papers and authors -------------------------------------------------------------------------------------

    @page("/paper/{paper}")
    def paper(self, visit: Visit, paper: str) -> Reply:
        archive: Archive = visit.world
        shown = _paper(archive, paper)
        tab = visit.choice("tab", tuple(map(str.lower, TABS)), "abstract")
        style = visit.choice("style", STYLES, STYLES[0])
        return visit.render(
            "paper.html",
            paper=shown,
            authors=[archive.author_by_id[author] for author in shown.authors],
            tab=tab,
            tabs=TABS,
            references=[archive.paper_by_id[reference] for reference in shown.references],
            colours=COLOURS,
            topics=TOPICS,
            style=style,
            styles=STYLES,
            citation=cite(shown, archive.names(shown), style),
            comments=[
                (n, topic, text) for n, (about, topic, text) in enumerate(visit.state.comments) if about == shown.id
            ],
            survey=visit.state.survey,
        )

    @page("/author/{author}")
    def author(self, visit: Visit, author: str) -> Reply:
        shown = _author(visit.world, author)
        papers = visit.world.papers_by_author[shown.id]
        cited = sum(paper.cited for paper in papers)
        results = visit.part(papers, PAGE_SIZE)
        return visit.render("author.html", results=results, author=shown, cited=cited)

    @page("/author/{author}/follow", "POST")
    def follow(self, visit: Visit, author: str) -> Reply:
        followed = _author(visit.world, author)
        if visit.field_choice("follow", ("yes", "no")) == "yes":
            visit.state.following.add(followed.id)
        else:
            visit.state.following.discard(followed.id)
        return Redirect(f"/author/{followed.id}")

    @page("/paper/{paper}/save", "POST")
    def save(self, visit: Visit, paper: str) -> Reply:
        saved = _paper(visit.world, paper)
        folder = _folder(visit.state, visit.field("folder"))
        if saved.id in folder:
            folder.remove(saved.id)
        else:
            folder.append(saved.id)
        return Redirect(f"/paper/{saved.id}")

    @page("/paper/{paper}/label", "POST")
    def label(self, visit: Visit, paper: str) -> Reply:
        labelled = _paper(visit.world, paper)
        colour = visit.field_choice("colour", COLOURS)
        if visit.state.labels.get(labelled.id) == colour:
            del visit.state.labels[labelled.id]
        else:
            visit.state.labels[labelled.id] = colour
        return Redirect(f"/paper/{labelled.id}")

    @page("/paper/{paper}/bibliography", "POST")
    def cite(self, visit: Visit, paper: str) -> Reply:
        cited = _paper(visit.world, paper)
        style = visit.field_choice("style", ("", *STYLES))
        if style:
            visit.state.bibliography[cited.id] = style
        else:
            visit.state.bibliography.pop(cited.id, None)
        return Redirect(f"/paper/{cited.id}?tab=cite" + (f"&style={style}" if style else ""))

    @page("/paper/{paper}/comment", "POST")
    def comment(self, visit: Visit, paper: str) -> Reply:
        about = _paper(visit.world, paper)
        topic = visit.field_choice("topic", TOPICS)
        text = visit.field_line("text", LONGEST_COMMENT)
        there = sum(paper_id == about.id for paper_id, _, _ in visit.state.comments)
        problem = "text" if not text else "many" if there >= MOST_COMMENTS else ""
        if not problem:
            visit.state.comments.append((about.id, topic, text))
        return Redirect(f"/paper/{about.id}?tab=comments" + (f"&problem={problem}" if problem else ""))

    @page("/comment/{number}/withdraw", "POST")
    def withdraw(self, visit: Visit, number: str) -> Reply:
        comments = visit.state.comments
        if not number.isascii() or not number.isdecimal() or len(number) > 4 or int(number) >= len(comments):
            raise NotHere("There is no such comment.")
        about, _, _ = comments.pop(int(number))
        return Redirect(f"/paper/{about}?tab=comments")

    # ---- the reader's own ---------------------------------------------------------------------------------------

    @page("/library")
    def library(self, visit: Visit) -> Reply:
        desk: Desk = visit.state
        name = visit.arg("folder") or next(iter(desk.folders))
        papers = [visit.world.paper_by_id[paper] for paper in _folder(desk, name)]
        own = name not in dict(visit.world.folders)
        return visit.render("library.html", folder=name, papers=papers, own=own)

    @page("/library/new", "POST")
    def new_folder(self, visit: Visit) -> Reply:
        folders = visit.state.folders
        name = visit.field_line("name", LONGEST_FOLDER)
        if not fold(name):
            return Redirect("/library?problem=name")
        if fold(name) in map(fold, folders):
            return Redirect("/library?problem=taken")
        if len(folders) >= MOST_FOLDERS:
            return Redirect("/library?problem=full")
        folders[name] = []
        return Redirect(_library(name))

    @page("/library/remove", "POST")
    def remove(self, visit: Visit) -> Reply:
        name = visit.field("folder")
        folder = _folder(visit.state, name)
        paper = _paper(visit.world, visit.field("paper"))
        if paper.id in folder:
            folder.remove(paper.id)
        return Redirect(_library(name))

    @page("/library/delete", "POST")
    def delete_folder(self, visit: Visit) -> Reply:
        name = visit.field("folder")
        _folder(visit.state, name)
        if name in dict(visit.world.folders):
            raise BadRequest("Only folders that you made yourself can be deleted.")
        del visit.state.folders[name]
        return Redirect("/library")

    @page("/alerts")
    def alerts(self, visit: Visit) -> Reply:
        desk: Desk = visit.state
        chosen = visit.arg("subject")
        if chosen:
            _subject(visit.world, chosen)
        subjects = [("", "Choose a subject"), *((slug_of(name), name) for name in visit.world.subjects)]
        following = sorted(
            (visit.world.author_by_id[author] for author in desk.following), key=lambda author: author.name
        )
        return visit.render(
            "alerts.html",
            chosen=chosen,
            subjects=subjects,
            frequencies=FREQUENCIES,
            alerts=sorted(desk.alerts.items()),
            following=following,
        )

    @page("/alerts", "POST")
    def save_alert(self, visit: Visit) -> Reply:
        frequency = visit.field_choice("frequency", FREQUENCIES)
        if not visit.field("subject"):
            return Redirect("/alerts?problem=subject")
        visit.state.alerts[_subject(visit.world, visit.field("subject"))] = frequency
        return Redirect("/alerts")

    @page("/alerts/delete", "POST")
    def delete_alert(self, visit: Visit) -> Reply:
        visit.state.alerts.pop(_subject(visit.world, visit.field("subject")), None)
        return Redirect("/alerts")

    @page("/survey")
    def survey(self, visit: Visit) -> Reply:
        return visit.render("survey.html")

    @page("/survey", "POST")
    def close_survey(self, visit: Visit) -> Reply:
        visit.state.survey = False
        return visit.go_back()


def _query(visit: Visit, *, subject: bool = True) -> Query:
    """The search that the address asks for, with or without its subject. Raises BadRequest."""
    first, last = YEARS[0], YEARS[-1]
    return Query(
        text=visit.arg("q").strip(),
        field=visit.choice("field", FIELDS, "all"),
        title=visit.arg("title").strip(),
        author=visit.arg("author").strip(),
        subject=_subject(visit.world, visit.arg("subject")) if subject and visit.arg("subject") else "",
        first=visit.integer("from", first, first, last),
        last=visit.integer("to", last, first, last),
        open_data=visit.arg("data") == "open",
    )


def _asked(query: Query) -> str:
    """The advanced search in words."""
    years = "" if (query.first, query.last) == (YEARS[0], YEARS[-1]) else f"{query.first} to {query.last}"
    parts = (query.title, query.author, years, "open data" if query.open_data else "")
    return ", ".join(part for part in parts if part)


def _facet(visit: Visit, subject: str) -> str:
    """The address with that subject chosen, or without it if it is."""
    kept = {name: values for name, values in visit.query.items() if name not in ("subject", "page")}
    chosen = {} if visit.arg("subject") == slug_of(subject) else {"subject": [slug_of(subject)]}
    return f"{visit.path}?{urlencode({**kept, **chosen}, doseq=True)}"


def _library(folder: str) -> str:
    return f"/library?{urlencode({'folder': folder})}"


def _paper(archive: Archive, paper: str) -> Paper:
    if paper not in archive.paper_by_id:
        raise NotHere("There is no paper of that number.")
    return archive.paper_by_id[paper]


def _author(archive: Archive, author: str) -> Author:
    if author not in archive.author_by_id:
        raise NotHere("There is no author of that name.")
    return archive.author_by_id[author]


def _subject(archive: Archive, subject: str) -> str:
    if subject not in archive.subject_by_slug:
        raise NotHere("There is no such subject.")
    return archive.subject_by_slug[subject]


def _folder(desk: Desk, name: str) -> list[str]:
    if name not in desk.folders:
        raise NotHere("There is no folder of that name.")
    return desk.folders[name]
