"""The paper archive without a browser: its worlds, its search, its pages over HTTP, and the checks of its tasks."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sites.visiting import ServedSite, Visitor, words
from webvoyager_gym.sites import load_site
from webvoyager_gym.sites.kit import slug_of
from webvoyager_gym.sites.kit.world import TODAY, split_of
from webvoyager_gym.sites.papers.changes import Change, changes
from webvoyager_gym.sites.papers.citing import cite
from webvoyager_gym.sites.papers.search import PAGE_SIZE, Query, find
from webvoyager_gym.sites.papers.state import MOST_COMMENTS, MOST_FOLDERS, new_desk
from webvoyager_gym.sites.papers.world import Archive, build_archive
from webvoyager_gym.tasks.local import LocalTask, open_session

SITE = "papers"
TEMPLATES = load_site(SITE).templates


@pytest.fixture(scope="module")
def world() -> Archive:
    return build_archive("train", 0)


# ---- worlds ------------------------------------------------------------------------------------------------------


def names_of(world: Archive) -> set[str]:
    papers = {paper.title for paper in world.papers}
    people = {author.name for author in world.authors} | {author.affiliation for author in world.authors}
    return papers | people | {name for name, _ in world.folders} | set(world.spare_folders)


def test_splits_share_no_names() -> None:
    for split in ("train", "validation", "test"):
        for seed in range(5):
            assert {split_of(name) for name in names_of(build_archive(split, seed))} == {split}


@pytest.mark.parametrize("seed", range(20))
def test_a_world_is_consistent(seed: int) -> None:
    world = build_archive("validation", seed)
    papers = world.papers
    assert 48 <= len(papers) <= 60
    for values in (
        [p.id for p in papers],
        [p.title for p in papers],
        [p.submitted for p in papers],
        [p.cited for p in papers],
    ):
        assert len(set(values)) == len(papers)
    assert [p.submitted for p in papers] == sorted((p.submitted for p in papers), reverse=True)
    for paper in papers:
        dates = [version.date for version in paper.versions]
        assert dates == sorted(set(dates))
        assert dates[-1] < TODAY
        assert len(set(paper.authors)) == len(paper.authors)
        assert all(world.paper_by_id[cited].submitted < paper.submitted for cited in paper.references)
        assert paper.citations[0][0] == paper.submitted.year
    assert all(len(world.of_subject(subject)) > PAGE_SIZE for subject in world.subjects)
    assert len({slug_of(name) for name in world.spare_folders} | {slug_of(name) for name, _ in world.folders}) == 7


# ---- search ------------------------------------------------------------------------------------------------------


def test_a_title_finds_its_paper_first_and_near_misses_after_it(world: Archive) -> None:
    for paper in world.papers:
        for field in ("all", "title"):
            found = find(world, Query(text=paper.title.upper(), field=field))
            assert found[0] is paper
            assert len(found) > 1


def test_an_authors_name_finds_their_papers_before_those_of_namesakes(world: Archive) -> None:
    for author in world.authors:
        own = world.papers_by_author[author.id]
        assert tuple(find(world, Query(text=author.name, field="author"))[: len(own)]) == own


def test_filters_narrow_the_search(world: Archive) -> None:
    subject = world.subjects[0]
    found = find(world, Query(subject=subject, first=2022, last=2024, open_data=True))
    assert found
    assert found == [
        paper
        for paper in world.papers
        if paper.subject == subject and 2022 <= paper.submitted.year <= 2024 and paper.open_data
    ]
    author = world.authors[0]
    assert tuple(find(world, Query(author=author.name.lower()))) == world.papers_by_author[author.id]
    assert find(world, Query(title="of")) == list(world.papers)
    assert find(world, Query(text="the of")) == find(world, Query(text="zzzz")) == []


def test_orders(world: Archive) -> None:
    papers = {sort: find(world, Query(), sort) for sort in ("newest", "oldest", "cited")}
    assert papers["newest"] == list(world.papers) == papers["oldest"][::-1]
    cited = [paper.cited for paper in papers["cited"]]
    assert cited == sorted(cited, reverse=True)


def test_citations_name_authors_year_and_title(world: Archive) -> None:
    paper = world.papers[3]
    names = world.names(paper)
    for style in ("APA", "MLA", "BibTeX"):
        text = cite(paper, names, style)
        assert all(word in text for word in (paper.title, str(paper.submitted.year), paper.id, names[0].split()[-1]))


# ---- pages over HTTP ---------------------------------------------------------------------------------------------


def test_every_page_can_be_read(visitor: Visitor) -> None:
    paper, author = visitor.world.papers[0], visitor.world.authors[0]
    tabs = [f"/paper/{paper.id}?tab={tab}" for tab in ("versions", "references", "metrics", "cite", "comments")]
    for path in ("/advanced", "/library", "/alerts", "/survey", f"/author/{author.id}", f"/paper/{paper.id}", *tabs):
        assert "Quire" in visitor.get(path)
    assert paper.title in visitor.get("/")
    assert paper.title in visitor.get(f"/subject/{slug_of(paper.subject)}")
    assert paper.title in visitor.get(f"/search?q={paper.title}")


def test_a_list_is_paged_without_loss(visitor: Visitor) -> None:
    subject = visitor.world.subjects[0]
    pages = [visitor.get(f"/subject/{slug_of(subject)}?sort=cited&page={number}") for number in (1, 2)]
    shown = [re.findall(r'data-key="paper-([^"]+)"', page) for page in pages]
    assert [*shown[0], *shown[1]] == [paper.id for paper in find(visitor.world, Query(subject=subject), "cited")]
    assert visitor.request("GET", f"/subject/{slug_of(subject)}?page=3")[0] == 404


def test_the_library(visitor: Visitor) -> None:
    before = visitor.state.effects()
    paper = next(
        p.id for p in visitor.world.papers if not any(p.id in saved for saved in visitor.state.folders.values())
    )
    assert visitor.post("/library/new", name="  Quiet   & clean ") == "/library?folder=Quiet+%26+clean"
    visitor.post(f"/paper/{paper}/save", folder="Quiet & clean")
    assert visitor.state.folders["Quiet & clean"] == [paper]
    assert "Quiet &amp; clean" in visitor.get("/library?folder=Quiet+%26+clean")
    visitor.post(f"/paper/{paper}/save", folder="Quiet & clean")
    assert visitor.state.folders["Quiet & clean"] == []
    visitor.post(f"/paper/{paper}/save", folder="Quiet & clean")
    visitor.post("/library/remove", folder="Quiet & clean", paper=paper)
    visitor.post("/library/delete", folder="Quiet & clean")
    assert visitor.state.effects() == before


@pytest.mark.parametrize(("name", "problem"), [("  ", "name"), ("!?", "name"), ("{first}", "taken")])
def test_a_folder_needs_a_name_of_its_own(visitor: Visitor, name: str, problem: str) -> None:
    before = visitor.state.effects()
    first = visitor.world.folders[0][0].upper()
    place = visitor.post("/library/new", name=name.format(first=first))
    assert place == f"/library?problem={problem}"
    assert 'class="notice bad"' in visitor.get(place)
    assert visitor.state.effects() == before


def test_there_is_a_limit_to_folders_and_comments(visitor: Visitor) -> None:
    for number in range(10):
        visitor.post("/library/new", name=f"Folder {number}")
        visitor.post(f"/paper/{visitor.world.papers[0].id}/comment", topic="Typo", text=f"Page {number}")
    assert len(visitor.state.folders) == MOST_FOLDERS
    assert len(visitor.state.comments) == MOST_COMMENTS


def test_everything_else_can_be_undone(visitor: Visitor) -> None:
    before = visitor.state.effects()
    paper = visitor.world.papers[0].id
    author = next(author.id for author in visitor.world.authors if author.id not in visitor.state.following)
    subject = next(name for name in visitor.world.subjects if name not in visitor.state.alerts)
    for colour in ("red", "blue", "blue"):
        visitor.post(f"/paper/{paper}/label", colour=colour)
    for follow in ("yes", "yes", "no"):
        visitor.post(f"/author/{author}/follow", follow=follow)
    visitor.post("/alerts", subject=slug_of(subject), frequency="Daily")
    visitor.post("/alerts", subject=slug_of(subject), frequency="Weekly")
    assert visitor.state.alerts[subject] == "Weekly"
    visitor.post("/alerts/delete", subject=slug_of(subject))
    visitor.post(f"/paper/{paper}/bibliography", style="MLA")
    assert visitor.state.bibliography == {paper: "MLA"}
    visitor.post(f"/paper/{paper}/bibliography", style="")
    visitor.post(f"/paper/{paper}/comment", topic="Question", text="  Why\nnot? ")
    assert visitor.state.comments == [(paper, "Question", "Why not?")]
    assert visitor.post("/comment/0/withdraw") == f"/paper/{paper}?tab=comments"
    assert visitor.state.effects() == before


def test_an_alert_needs_a_subject_and_a_comment_needs_words(visitor: Visitor) -> None:
    before = visitor.state.effects()
    assert "choose a subject" in visitor.get(visitor.post("/alerts", subject="", frequency="Daily"))
    paper = visitor.world.papers[0].id
    assert "write a comment" in visitor.get(visitor.post(f"/paper/{paper}/comment", topic="Typo", text=" "))
    assert visitor.state.effects() == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/paper/0000.0000", 404),
        ("GET", "/author/nobody", 404),
        ("GET", "/subject/alchemy", 404),
        ("GET", "/search?subject=alchemy", 404),
        ("GET", "/search?page=2&q=zzzz", 404),
        ("GET", "/library?folder=nowhere", 404),
        ("GET", "/alerts?subject=alchemy", 404),
        ("POST", "/comment/0/withdraw", 404),
        ("POST", "/comment/-1/withdraw", 404),
        ("POST", "/paper/0000.0000/save", 404),
        ("POST", "/paper/{paper}/save", 404),
        ("POST", "/library/remove", 404),
        ("POST", "/library/delete", 404),
        ("GET", "/search?page=0", 400),
        ("GET", "/search?page=one", 400),
        ("GET", "/search?sort=magic", 400),
        ("GET", "/search?field=colour", 400),
        ("GET", "/search?from=1066", 400),
        ("GET", "/paper/{paper}?tab=secrets", 400),
        ("GET", "/paper/{paper}?tab=cite&style=Latin", 400),
        ("GET", "/paper/{paper}/label", 400),
        ("POST", "/paper/{paper}/label", 400),
        ("POST", "/paper/{paper}/comment", 400),
        ("POST", "/author/{author}/follow", 400),
        ("POST", "/alerts", 400),
        ("POST", "/search", 400),
    ],
)
def test_malformed_requests(visitor: Visitor, method: str, path: str, status: int) -> None:
    before = visitor.state.effects()
    path = path.format(paper=visitor.world.papers[0].id, author=visitor.world.authors[0].id)
    assert visitor.request(method, path)[0] == status
    assert visitor.state.effects() == before


def test_first_folders_stay(visitor: Visitor) -> None:
    name = visitor.world.folders[0][0]
    assert visitor.request("POST", "/library/delete", {"folder": name})[0] == 400
    assert name in visitor.state.folders


def test_typed_text_is_escaped(visitor: Visitor) -> None:
    paper = visitor.world.papers[0].id
    visitor.post("/library/new", name="<b>x</b>")
    visitor.post(f"/paper/{paper}/comment", topic="Typo", text="<b>x</b>")
    for path in ("/search?q=<b>x</b>", "/search?author=<b>x</b>", "/library", f"/paper/{paper}?tab=comments"):
        assert "&lt;b&gt;" in visitor.get(path)
        assert "<b>x</b>" not in visitor.get(path)
    assert visitor.post("/survey", back="//evil.test/") == "/"


def test_looks_change_no_text(web: ServedSite, world: Archive) -> None:
    paper = world.papers[0]
    paths = ("/", f"/search?q={paper.title}", f"/paper/{paper.id}", "/library")

    def seen(look: int) -> list[str]:
        visitor = web.visitor(world, look)
        return [words(visitor.get(path)) for path in paths]

    assert all(seen(look) == seen(0) for look in range(1, 5))


def test_visitors_do_not_see_each_other(web: ServedSite, world: Archive) -> None:
    visitors = [web.visitor(world) for _ in range(8)]
    names = [f"Only of {number}" for number in range(8)]

    def visit(number: int) -> None:
        visitors[number].post("/library/new", name=names[number])
        for _ in range(5):
            visitors[number].get("/library")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(8)))
    for number, visitor in enumerate(visitors):
        page = visitor.get("/library")
        assert [name in page for name in names] == [other == number for other in range(8)]


# ---- tasks -------------------------------------------------------------------------------------------------------


def test_changes_lead_from_one_desk_to_another(world: Archive) -> None:
    folder, (paper, *rest) = world.folders[0]
    have, want = new_desk(world), new_desk(world)
    assert changes(have.effects(), want.effects()) == []
    have.folders["Extra"] = [paper]
    have.folders[folder] = rest
    have.comments += [("1", "Typo", "x"), ("1", "Typo", "x")]
    want.comments.append(("1", "Typo", "x"))
    have.labels["1"] = "red"
    want.labels["1"] = "blue"
    assert changes(have.effects(), want.effects()) == [
        Change("folders", False, ("Extra",)),
        Change("comments", False, ("1", "Typo", "x")),
        Change("saved", True, (paper, folder)),
        Change("labels", True, ("1", "blue")),
    ]


@pytest.mark.parametrize("template", [template.name for template in TEMPLATES if template.kind != "act"])
def test_an_answer_from_a_changed_desk_fails(template: str) -> None:
    session = open_session(LocalTask("papers", template, "train", 3))
    assert session.expected is not None
    right = session.expected.text
    assert session.judge(right).success
    session.episode.state.following.clear()
    assert not session.judge(right).success


@pytest.mark.parametrize("template", [template.name for template in TEMPLATES if template.kind == "act"])
def test_an_act_with_a_side_effect_fails(template: str) -> None:
    session = open_session(LocalTask("papers", template, "train", 3))
    desk, wanted = session.episode.state, session.wanted
    desk.folders = {name: list(papers) for name, papers in wanted["folders"].items()}
    desk.labels, desk.alerts, desk.bibliography = (
        dict(wanted["labels"]),
        dict(wanted["alerts"]),
        dict(wanted["bibliography"]),
    )
    desk.following, desk.comments = set(wanted["following"]), list(wanted["comments"])
    assert session.judge(None).success
    desk.folders["Extra"] = []
    assert not session.judge("done").success
