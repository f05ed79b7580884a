"""The dictionary's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from webvoyager_gym.sites.dictionary.acts import ACTS
from webvoyager_gym.sites.dictionary.art import usage_chart
from webvoyager_gym.sites.dictionary.find import PAGE_SIZE, exact, nearby, respelt, suggestions
from webvoyager_gym.sites.dictionary.lookups import LOOKUPS
from webvoyager_gym.sites.dictionary.relations import RELATIONS
from webvoyager_gym.sites.dictionary.searches import SEARCHES
from webvoyager_gym.sites.dictionary.state import (
    BETWEEN,
    LONGEST_NAME,
    MOST_LISTS,
    MOST_SECTIONS,
    MOST_WORDS,
    NOTATIONS,
    Study,
    new_study,
)
from webvoyager_gym.sites.dictionary.words import PARTS
from webvoyager_gym.sites.dictionary.world import LEVELS, Entry, Lexicon, build_lexicon
from webvoyager_gym.sites.kit import BadRequest, NotHere, Redirect, Reply, Site, Visit, page, slug_of
from webvoyager_gym.sites.kit.answers import fold

MORE_TABS = ("Thesaurus", "Translations", "Usage", "Origin")
SORTS = {"az": "A to Z", "level": "Level"}
PROBLEMS = {
    "name": "Please type a name.",
    "taken": "There is one of that name already.",
    "full": f"A list holds {MOST_SECTIONS} sections, a section {MOST_WORDS} words; you can have {MOST_LISTS} lists.",
    "member": "That name or password is not right.",
    "quiz": "Please answer every question.",
}


class Dictionary(Site[Lexicon, Study]):
    """A dictionary with a thesaurus, translations, word lists and a quiz."""

    name = "dictionary"
    title = "Wordhoard"
    templates = (*LOOKUPS, *RELATIONS, *SEARCHES, *ACTS)

    def build_world(self, split: str, seed: int) -> Lexicon:
        return build_lexicon(split, seed)

    def new_state(self, world: Lexicon) -> Study:
        return new_study(world)

    def filters(self) -> dict[str, Any]:
        return {"respelt": respelt, "usage_chart": usage_chart}

    def common(self, visit: Visit) -> dict[str, Any]:
        return {"problem": PROBLEMS.get(visit.arg("problem"), "")}

    # ---- words --------------------------------------------------------------------------------------------------

    @page("/")
    def home(self, visit: Visit) -> Reply:
        lexicon: Lexicon = visit.world
        counts = [(topic, len(lexicon.of_topic(topic))) for topic in lexicon.topics]
        chief = lexicon.entries[lexicon.seed % len(lexicon.entries)]
        return visit.render("home.html", chief=chief, counts=counts, confused=lexicon.entries[:4])

    @page("/search")
    def search(self, visit: Visit) -> Reply:
        asked = visit.arg("q").strip()
        entry = exact(visit.world, asked)
        if entry is not None:
            return Redirect(f"/word/{entry.word}")
        return visit.render("search.html", asked=asked, results=visit.part(suggestions(visit.world, asked), PAGE_SIZE))

    @page("/word/{word}")
    def word(self, visit: Visit, word: str) -> Reply:
        entry = _entry(visit.world, word)
        tabs = (*entry.parts, *map(str.lower, MORE_TABS))
        tab = visit.choice("tab", tabs, tabs[0])
        saved = [
            (name, section) for name, own in visit.state.lists.items() for section, kept in own.items() if word in kept
        ]
        return visit.render(
            "word.html",
            entry=entry,
            tab=tab,
            tabs=tabs,
            use=entry.use(tab) if tab in entry.parts else None,
            nearby=nearby(visit.world, entry),
            translations=list(zip(visit.world.languages, entry.translations, strict=True)),
            saved=saved,
            between=BETWEEN,
        )

    @page("/word/{word}/save", "POST")
    def save(self, visit: Visit, word: str) -> Reply:
        entry = _entry(visit.world, word)
        name, _, section = visit.field("place").partition(BETWEEN)
        kept = _section(visit.state, name, section)
        if entry.word in kept:
            kept.remove(entry.word)
        elif len(kept) >= MOST_WORDS:
            return Redirect(f"{_list(name)}&problem=full")
        else:
            kept.append(entry.word)
        return visit.go_back(f"/word/{entry.word}")

    @page("/topic/{topic}")
    def topic(self, visit: Visit, topic: str) -> Reply:
        name = next((name for name in visit.world.topics if slug_of(name) == topic), None)
        if name is None:
            raise NotHere("There is no such topic.")
        part = visit.choice("part", ("", *PARTS))
        level = visit.choice("level", ("", *LEVELS))
        sort = visit.choice("sort", SORTS, "az")
        found = visit.world.of_topic(name, part, level)
        if sort == "level":
            found.sort(key=lambda entry: entry.level)
        return visit.render(
            "topic.html",
            topic=name,
            part=part,
            level=level,
            parts=PARTS,
            levels=LEVELS,
            sort=sort,
            sorts=list(SORTS.items()),
            results=visit.part(found, PAGE_SIZE),
        )

    # ---- word lists ---------------------------------------------------------------------------------------------

    @page("/lists")
    def lists(self, visit: Visit) -> Reply:
        name = visit.arg("list") or next(iter(visit.state.lists))
        sections = _own_list(visit.state, name)
        own = name not in dict(visit.world.lists)
        return visit.render("lists.html", name=name, sections=sections, own=own)

    @page("/lists/new", "POST")
    def new_list(self, visit: Visit) -> Reply:
        name, problem = _new_name(visit, visit.state.lists, MOST_LISTS)
        if problem:
            return Redirect(f"/lists?problem={problem}")
        visit.state.lists[name] = {}
        return Redirect(_list(name))

    @page("/lists/delete", "POST")
    def delete_list(self, visit: Visit) -> Reply:
        name = visit.field("list")
        _own_list(visit.state, name)
        if name in dict(visit.world.lists):
            raise BadRequest("Only lists that you made yourself can be deleted.")
        del visit.state.lists[name]
        return Redirect("/lists")

    @page("/lists/section")
    def section(self, visit: Visit) -> Reply:
        name, section = visit.arg("list"), visit.arg("section")
        return visit.render("section.html", name=name, section=section, kept=_section(visit.state, name, section))

    @page("/lists/section", "POST")
    def new_section(self, visit: Visit) -> Reply:
        sections = _own_list(visit.state, visit.field("list"))
        name, problem = _new_name(visit, sections, MOST_SECTIONS)
        if problem:
            return Redirect(f"{_list(visit.field('list'))}&problem={problem}")
        sections[name] = []
        return Redirect(_list(visit.field("list")))

    @page("/lists/section/rename", "POST")
    def rename(self, visit: Visit) -> Reply:
        name, old = visit.field("list"), visit.field("section")
        _section(visit.state, name, old)
        sections = visit.state.lists[name]
        new, problem = _new_name(visit, [other for other in sections if other != old], MOST_SECTIONS)
        if problem:
            query = urlencode({"list": name, "section": old, "problem": problem})
            return Redirect(f"/lists/section?{query}")
        visit.state.lists[name] = {new if other == old else other: kept for other, kept in sections.items()}
        return Redirect(_list(name))

    @page("/lists/section/delete", "POST")
    def delete_section(self, visit: Visit) -> Reply:
        name, section = visit.field("list"), visit.field("section")
        _section(visit.state, name, section)
        del visit.state.lists[name][section]
        return Redirect(_list(name))

    # ---- quiz and account ---------------------------------------------------------------------------------------

    @page("/quiz")
    def quiz(self, visit: Visit) -> Reply:
        right = sum(visit.state.quiz.get(question.key) == question.right for question in visit.world.quiz)
        return visit.render("quiz.html", right=right)

    @page("/quiz", "POST")
    def send_quiz(self, visit: Visit) -> Reply:
        chosen = {}
        for question in visit.world.quiz:
            if not visit.field(question.key):
                return Redirect("/quiz?problem=quiz")
            chosen[question.key] = visit.field_choice(question.key, question.choices)
        visit.state.quiz = chosen
        return Redirect("/quiz")

    @page("/quiz/again", "POST")
    def quiz_again(self, visit: Visit) -> Reply:
        visit.state.quiz = {}
        return Redirect("/quiz")

    @page("/account")
    def account(self, visit: Visit) -> Reply:
        return visit.render("account.html", notations=NOTATIONS, saved=bool(visit.arg("saved")))

    @page("/account", "POST")
    def save_account(self, visit: Visit) -> Reply:
        visit.state.settings = {
            "language": visit.field_choice("language", visit.world.languages),
            "notation": visit.field_choice("notation", NOTATIONS),
            "mail": "yes" if visit.field("mail") else "no",
        }
        return Redirect("/account?saved=1")

    @page("/signin", "POST")
    def sign_in(self, visit: Visit) -> Reply:
        if (visit.field("name").strip(), visit.field("password").strip()) != visit.world.member:
            return visit.go_back("/", problem="member")
        visit.state.member = True
        return visit.go_back("/")

    @page("/signout", "POST")
    def sign_out(self, visit: Visit) -> Reply:
        visit.state.member = False
        return Redirect("/account")

    @page("/offer")
    def offer(self, visit: Visit) -> Reply:
        return visit.render("offer.html")


def _new_name(visit: Visit, taken: Sequence[str] | dict[str, Any], most: int) -> tuple[str, str]:
    """The name in a form, and what is wrong with it: a key of PROBLEMS, or ""."""
    name = visit.field_line("name", LONGEST_NAME)
    if not fold(name):
        return name, "name"
    if fold(name) in map(fold, taken):
        return name, "taken"
    return name, "full" if len(taken) >= most else ""


def _list(name: str) -> str:
    return f"/lists?{urlencode({'list': name})}"


def _entry(lexicon: Lexicon, word: str) -> Entry:
    if word not in lexicon.by_word:
        raise NotHere("There is no such word in this dictionary.")
    return lexicon.by_word[word]


def _own_list(study: Study, name: str) -> dict[str, list[str]]:
    if name not in study.lists:
        raise NotHere("You have no such word list.")
    return study.lists[name]


def _section(study: Study, name: str, section: str) -> list[str]:
    if section not in _own_list(study, name):
        raise NotHere("The list has no such section.")
    return study.lists[name][section]
